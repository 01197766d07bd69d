"""Steps of persons: months, classes, and the two definitions of income (docs/levy.md §1–2).

The *base* is what the income component is levied on (所得割の算定基礎); the *judged income* decides
the statutory reduction (軽減判定所得). They differ in what income-tax law lets an owner deduct for
family workers and in the special deduction on land and buildings, both undone only in the second,
and in carried-over casualty losses, deducted only in the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from kokuho.base.money import floor_to, mul_floor
from kokuho.law import Band, LawYear
from kokuho.levy import months
from kokuho.levy.few import for_few
from kokuho.levy.method import Method
from kokuho.levy.steps import Step, choose, not_negative, smaller

ORDINARY_KINDS = (
    "business",
    "farming",
    "real_estate",
    "interest",
    "dividend",
    "miscellaneous",
    "other_income",
    "transfer_short",
)
SEPARATE_KINDS = (
    "separate_transfer_short",
    "separate_transfer_long",
    "shares",
    "listed_dividend",
    "futures",
    "forestry",
)


def _yen(column: str) -> pl.Expr:
    return pl.col(column)


def _sum(columns: Sequence[str]) -> pl.Expr:
    total = pl.col(columns[0])
    for column in columns[1:]:
        total = total + pl.col(column)
    return total


def band_income(
    revenue: pl.Expr, *tables: Sequence[Band], number: pl.Expr | None = None
) -> pl.Expr:
    """Income after the statutory deduction: the band that ``revenue`` lies in, applied to it.

    With several tables of equally many bands, ``number`` says which of them holds for whom. It is
    0 without revenue, and nothing is computed for those many persons; unknown where that is.
    """

    def of_all(columns: Sequence[pl.Series]) -> pl.Series:
        rows = (columns[0] > 0).arg_true()
        some = pl.DataFrame(
            {"revenue": columns[0].gather(rows), "number": columns[-1].gather(rows)}
        )
        if number is None:
            some = some.with_columns(number=pl.lit(0, dtype=pl.UInt8))
        zeros = pl.zeros(len(columns[0]), dtype=pl.Int64, eager=True)
        income = zeros.scatter(rows, _in_bands(some, tables))
        return income.set(columns[0].is_null(), None) if columns[0].null_count() else income

    inputs = [revenue] if number is None else [revenue, number]
    return pl.map_batches(inputs, of_all, return_dtype=pl.Int64)


def _in_bands(some: pl.DataFrame, tables: Sequence[Sequence[Band]]) -> pl.Series:
    """The income of rows of ``revenue`` and the ``number`` of their table."""
    kind = pl.UInt8
    bands = [band for table in tables for band in table]
    revenue, number = pl.col("revenue"), pl.col("number")
    band = number.cast(kind) * len(tables[0])
    for lower in zip(*(table[:-1] for table in tables), strict=True):
        band = band + (revenue > _upto(lower, number)).cast(kind)
    stepped = revenue
    for step in sorted({b.step for b in bands} - {1}):
        in_steps = pl.lit(pl.Series([b.step == step for b in bands])).gather("band")
        stepped = pl.when(in_steps).then(floor_to(revenue, step)).otherwise(stepped)
    percent = pl.lit(pl.Series([b.percent for b in bands], dtype=pl.Int64)).gather("band")
    subtract = pl.lit(pl.Series([b.subtract for b in bands], dtype=pl.Int64)).gather("band")
    income = not_negative(mul_floor(stepped, percent, 100) - subtract)
    return some.with_columns(band=band).select(income.alias("income")).to_series()


def _upto(bands: Sequence[Band], number: pl.Expr) -> pl.Expr:
    """Where a band ends: one figure if it is the same in all tables, else that of each."""
    ends = [band.upto for band in bands]
    if len(set(ends)) == 1:
        return pl.lit(ends[0], dtype=pl.Int64)
    return pl.lit(pl.Series(ends, dtype=pl.Int64)).gather(number)


def _bracket(value: pl.Expr, brackets: Sequence[tuple[int | None, int]]) -> pl.Expr:
    """The amount of the bracket that ``value`` lies in; brackets ascend, the last has no end."""
    *bounded, (_, last) = brackets
    cases = [(value <= upto, pl.lit(amount, dtype=pl.Int64)) for upto, amount in bounded]
    return choose(cases, pl.lit(last, dtype=pl.Int64))


def _pension_income(law: LawYear, other: pl.Expr) -> pl.Expr:
    classes = len(law.pension_other_income) + 1
    number = pl.col("elder_65").cast(pl.UInt8) * classes
    for upto in law.pension_other_income:
        number = number + (other > upto).cast(pl.UInt8)
    tables = [law.pension_bands[elder, n] for elder in (False, True) for n in range(classes)]
    return band_income(pl.col("pension_revenue"), *tables, number=number)


def month_steps(law: LawYear) -> list[Step]:
    """Months insured and the months with a relief, and the classes by birth (docs/levy.md §1)."""
    year, ages = law.fiscal_year, law.ages
    in_household = pl.when(pl.col("insured")).then(
        months.joined(year) & months.left(year) & months.before_birthday(year, ages.leave_at)
    )
    return [
        Step("insured_mask", in_household.otherwise(pl.lit(0, dtype=months.MASK))),
        Step(
            "care_mask",
            pl.col("insured_mask")
            & months.reaches(year, ages.care_from, month_of_reaching=True)
            & months.reaches(year, ages.care_until, month_of_reaching=False),
        ),
        Step("maternity_mask", months.maternity(year, law.maternity_first_month)),
        Step("involuntary_mask", months.to_end_of_next_year(year, "involuntary_unemployment_from")),
        Step("former_mask", months.onwards(year, "former_dependant_from")),
        Step(
            "former_half_mask",
            months.onwards(year, "former_dependant_from")
            if law.former_dependant_months is None
            else months.span(year, "former_dependant_from", 0, law.former_dependant_months),
        ),
        Step("preschool", pl.col("birth_date") >= date(year - ages.preschool, 4, 2)),
        Step("child", pl.col("birth_date") >= date(year - ages.child, 4, 2)),
        Step("elder_65", pl.col("birth_date") <= date(year - ages.elder, 1, 1)),
    ]


def income_steps(law: LawYear, method: Method) -> list[Step]:
    """Incomes of the year before and the base of the income component (docs/levy.md §2)."""
    involuntary = law.involuntary
    zero = pl.lit(0, dtype=pl.Int64)

    def base(salary: pl.Expr) -> pl.Expr:
        income = not_negative(salary + pl.col("pension") + pl.col("ordinary"))
        taxed = income + pl.col("separate") - pl.col("loss_carried_over")
        after: pl.Expr = floor_to(not_negative(taxed - pl.col("basic_deduction")), method.base_unit)
        return after

    return [
        Step(
            "salary",
            not_negative(
                pl.coalesce(
                    "salary_income", band_income(pl.col("salary_revenue"), law.salary_bands), zero
                )
                - _yen("adjustment_deduction")
            ),
        ),
        Step(
            "ordinary",
            _sum(ORDINARY_KINDS) + (_yen("transfer_long") + _yen("occasional")) // 2,
        ),
        Step("separate_gross", _sum(SEPARATE_KINDS)),
        Step(
            "separate",
            pl.col("separate_gross")
            - smaller(
                _yen("separate_transfer_deduction"),
                _yen("separate_transfer_short") + _yen("separate_transfer_long"),
            ),
        ),
        Step(
            "income_beside_pension",
            not_negative(pl.col("salary") + pl.col("ordinary")) + pl.col("separate_gross"),
        ),
        Step(
            "pension",
            pl.coalesce(
                "pension_income", _pension_income(law, pl.col("income_beside_pension")), zero
            ),
        ),
        Step(
            "gross_income",
            not_negative(pl.col("salary") + pl.col("pension") + pl.col("ordinary"))
            + pl.col("separate_gross"),
        ),
        Step(
            "basic_deduction",
            _bracket(pl.col("gross_income"), [(b.upto, b.amount) for b in law.basic_deduction]),
        ),
        Step("base", base(pl.col("salary"))),
        Step(
            "base_involuntary",
            base(
                mul_floor(
                    pl.col("salary"),
                    pl.lit(involuntary.numerator, dtype=pl.Int64),
                    involuntary.denominator,
                )
            ),
        ),
    ]


def judged_steps(law: LawYear) -> list[Step]:
    """Each person's judged income and whether he or she counts as an earner (軽減判定)."""
    judgement, involuntary = law.judgement, law.involuntary
    own_salary_revenue = pl.col("salary_revenue") - _yen("family_worker_salary")
    some_family = (pl.col("family_worker_salary") > 0) & pl.col("salary_revenue").is_not_null()
    without_family = not_negative(
        band_income(own_salary_revenue, law.salary_bands) - _yen("adjustment_deduction")
    )
    relieved = (pl.col("involuntary_mask") & pl.col("insured_mask")) != 0
    pension_limit = (
        pl.when(pl.col("elder_65"))
        .then(judgement.earner_pension_revenue_65)
        .otherwise(judgement.earner_pension_revenue)
    )
    if judgement.earner_term:
        earns_salary = (
            pl.when(pl.col("salary_revenue").is_null())
            .then(pl.col("salary") > 0)
            .otherwise(own_salary_revenue > judgement.earner_salary_revenue)
        )
        earns_pension = (
            pl.when(pl.col("pension_revenue").is_null())
            .then(pl.col("pension_judged") > 0)
            .otherwise(pl.col("pension_revenue") > pension_limit)
        )
        earner = earns_salary | earns_pension
    else:
        earner = pl.lit(False)
    return [
        Step("salary_own", for_few(some_family, without_family, pl.col("salary"))),
        Step(
            "salary_judged",
            for_few(
                relieved,
                mul_floor(
                    pl.col("salary_own"),
                    pl.lit(involuntary.numerator, dtype=pl.Int64),
                    involuntary.denominator,
                ),
                pl.col("salary_own"),
            ),
        ),
        Step(
            "pension_judged",
            pl.when(pl.col("elder_65"))
            .then(not_negative(pl.col("pension") - judgement.pension_deduction_65))
            .otherwise(pl.col("pension")),
        ),
        Step(
            "judged",
            not_negative(
                not_negative(
                    pl.col("salary_judged")
                    + pl.col("pension_judged")
                    + pl.col("ordinary")
                    + _yen("family_worker_deduction")
                )
                + pl.col("separate_gross")
                - pl.col("loss_carried_over")
                - pl.col("casualty_loss_carried_over")
            ),
        ),
        Step("earner", earner),
        Step(
            "starts_on",
            pl.when(pl.col("insured_mask") != 0).then(
                pl.max_horizontal(
                    pl.col("joined_on").fill_null(date(law.fiscal_year, 4, 1)),
                    pl.lit(date(law.fiscal_year, 4, 1)),
                )
            ),
        ),
    ]
