"""What the people of a fictional city earned in the calendar year before, and what is known of it.

Incomes that depend on revenue (salary, pension) are computed from the law of the fiscal year, so
that an income given beside a revenue agrees with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import polars as pl

from kokuho.law import Band, LawYear, for_fiscal_year
from kokuho.sample import structure
from kokuho.sample.chance import SHARES, draw, happens
from kokuho.sample.lookups import choose, look, lookups, place

PLAIN = (
    "business", "farming", "real_estate", "interest", "dividend", "transfer_short",
    "transfer_long", "occasional", "miscellaneous", "separate_transfer_short",
    "separate_transfer_long", "separate_transfer_deduction", "shares", "listed_dividend",
    "futures", "forestry", "retirement", "family_worker_salary", "family_worker_deduction",
    "adjustment_deduction", "loss_carried_over", "casualty_loss_carried_over", "other_income",
    "asset_tax",
)  # fmt: skip
"""Columns of yen that are 0 where there is nothing."""

REPORTED = ("salary_revenue", "salary_income", "pension_revenue", "pension_income")
"""Columns of yen that are empty where there is nothing, or where nothing was reported."""

_ROW = "row_of_some"


def by_bands(revenue: pl.Expr, bands: tuple[Band, ...]) -> pl.Expr:
    """The income that a table of the law makes of a revenue."""
    income = pl.lit(0, dtype=pl.Int64)
    for band in reversed(bands):
        cut = revenue // band.step * band.step if band.step > 1 else revenue
        amount = (cut * band.percent // 100 - band.subtract).clip(lower_bound=0)
        if band.upto is not None:
            amount = pl.when(revenue <= band.upto).then(amount).otherwise(income)
        income = amount
    return income


def for_some(
    people: pl.DataFrame,
    which: pl.Expr,
    columns: Mapping[str, pl.Expr],
    before: Mapping[str, pl.Expr] | None = None,
) -> pl.DataFrame:
    """Add columns that are worked out for some people alone; the others have null there.

    Most incomes are rare, and most of the time would go into computing them for everyone.
    ``before`` names columns that these are made from, and that are dropped again.
    """
    before = before or {}
    exprs = [*columns.values(), *before.values()]
    needed = {root for expr in exprs for root in expr.meta.root_names()} - before.keys()
    marked = people.select(which.alias(_ROW)).to_series()
    some = people.select(needed).filter(marked).with_columns(**before).select(**columns)
    rows = pl.DataFrame({_ROW: marked}).select(
        pl.when(_ROW).then(pl.col(_ROW).cum_sum() - 1).cast(pl.UInt32)
    )
    return people.with_columns(some[name].gather(rows[_ROW]).alias(name) for name in columns)


def earned(people: pl.DataFrame, fiscal_year: int) -> pl.DataFrame:
    """Add all columns of incomes, and ``declared_code``; an undeclared person has no incomes."""
    law, tables = for_fiscal_year(fiscal_year), lookups()
    declared = choose(tables.declared.codes, pl.col("own"), "declared", pl.col("occupation"))
    # Who deducts a family worker's pay has filed a return (所得税法57条).
    filed = pl.col("in_business") & pl.col("family_owner")
    always = pl.lit(tables.declared.names.index("declared"), dtype=pl.UInt8)
    people = people.with_columns(declared_code=pl.when(filed).then(always).otherwise(declared))
    known = pl.col("declared_code") != tables.declared.names.index("undeclared")
    people = _means(_occupations(people, known), known)
    people = _pensions_and_assets(_family_business(people, known), known)
    people = people.with_columns(
        pl.lit(0, dtype=pl.Int64).alias(name) for name in PLAIN if name not in people.columns
    )
    people = people.with_columns(pl.col(name).fill_null(0) for name in PLAIN)
    return _reported(_agreed(people, law))


def _codes(rows: Sequence[structure.Income | None]) -> pl.Series:
    """The distributions of each row, for men and for women."""
    names = lookups().amount_names
    return pl.Series([names.index(row.for_sex(sex)) if row else 0 for row in rows for sex in "MF"])


def _amount(rows: Sequence[structure.Income | None], row: pl.Expr, place_column: str) -> pl.Expr:
    """Yen by the distribution of a row, cut to the distribution's unit."""
    tables, amounts = lookups(), structure.incomes().amounts
    names = {found.for_sex(sex) for found in rows if found for sex in "MF"}
    if len(names) == 1:
        yen = tables.amount(pl.col(place_column), tables.amount_names.index(next(iter(names))))
    else:
        woman = (~pl.col("man")).cast(pl.UInt32)
        yen = tables.amount(pl.col(place_column), look(_codes(rows), row * 2 + woman))
    unit = max(amounts[name].unit for name in names)
    return yen if unit == 1 else yen // unit * unit


def _occupations(people: pl.DataFrame, known: pl.Expr) -> pl.DataFrame:
    """The incomes of the occupations, column by column."""
    names, occupations = lookups().occupations.names, structure.incomes().occupations
    columns = dict.fromkeys(name for row in occupations.values() for name in row.incomes)
    own, occupation = pl.col("own"), pl.col("occupation")
    for column in columns:
        rows = [occupations[name].incomes.get(column) for name in names]
        chances = look(pl.Series([row.chance if row else 0 for row in rows]), occupation)
        people = for_some(
            people,
            known & (chances > 0) & happens(own, column, chances),
            {column: _amount(rows, occupation, "place")},
            {"place": place(own, f"{column}-amount")},
        )
    return people


def _at_ages(rows: Sequence[structure.AtAges], purpose: str) -> pl.Expr:
    """The amount of the row that the age fits, if chance has it, else null."""
    chance, number = pl.lit(0), pl.lit(0, dtype=pl.UInt32)
    for place_in_rows, row in enumerate(rows):
        fits = pl.col("age").is_between(*row.ages)
        chance = pl.when(fits).then(row.chance).otherwise(chance)
        number = pl.when(fits).then(place_in_rows).otherwise(number)
    here = happens(pl.col("own"), purpose, chance)
    return pl.when(here).then(_amount(rows, number, f"{purpose}-place"))


def _places(purposes: Iterable[str]) -> dict[str, pl.Expr]:
    return {f"{name}-place": place(pl.col("own"), f"{name}-amount") for name in purposes}


def _youngest(rows: Iterable[structure.AtAges]) -> int:
    return min(row.ages[0] for row in rows)


def _means(people: pl.DataFrame, known: pl.Expr) -> pl.DataFrame:
    """Rarer incomes of people with means, beside what their occupation gave."""
    means, rule = structure.incomes().means, structure.incomes().transfer_deduction
    rows: dict[str, list[structure.Extra]] = {}
    for extra in means.extras:
        rows.setdefault(extra.column, []).append(extra)
    adult = pl.col("age") >= _youngest(means.extras)
    people = for_some(
        people,
        known & adult & happens(pl.col("own"), "means", means.share),
        {f"{name} beside": _at_ages(extras, f"{name}-beside") for name, extras in rows.items()},
        _places(f"{name}-beside" for name in rows),
    )
    both = {
        name: [found for found in (name, f"{name} beside") if found in people.columns]
        for name in rows
    }
    people = people.with_columns(
        pl.coalesce(found).alias(name) for name, found in both.items()
    ).drop(f"{name} beside" for name in rows)
    gains = pl.sum_horizontal("separate_transfer_short", "separate_transfer_long")
    deducted = (gains > 0) & happens(pl.col("own"), "transfer-deduction", rule.share)
    # columns are after set-off: who has a loss left has no gain left beside it
    loss = pl.min_horizontal("business", "farming", "real_estate") < 0
    return people.with_columns(
        separate_transfer_deduction=pl.when(deducted).then(gains.clip(upper_bound=rule.limit)),
        **{
            name: pl.when(loss).then(None).otherwise(name)
            for name in ("transfer_long", "occasional")
        },
    )


def _pensions_and_assets(people: pl.DataFrame, known: pl.Expr) -> pl.DataFrame:
    """Pensions by age and sex, and the fixed-asset tax of the insured."""
    incomes, names = structure.incomes(), lookups().occupations.names
    without = [code for code, name in enumerate(names) if not incomes.occupations[name].pension]
    old = pl.col("age") >= _youngest(incomes.pensions)
    owner = pl.col("insured") & (pl.col("age") >= _youngest(incomes.asset_tax))
    people = for_some(
        people,
        known & old & ~pl.col("occupation").is_in(without),
        {"pension_revenue": _at_ages(incomes.pensions, "pension")},
        _places(["pension"]),
    )
    return for_some(
        people,
        known & owner,
        {"asset_tax": _at_ages(incomes.asset_tax, "asset_tax")},
        _places(["asset_tax"]),
    )


def _family_business(people: pl.DataFrame, known: pl.Expr) -> pl.DataFrame:
    """What the owner pays the family worker: the same yen in both their rows (専従者給与)."""
    worker = pl.col("occupation") == lookups().occupations.names.index("family_worker")
    pay = structure.Income(chance=SHARES, amounts=structure.incomes().family_business.amounts)
    people = for_some(
        people,
        known & pl.col("in_business") & pl.col("arrived_on").is_null(),
        {"family_pay": _amount([pay], pl.lit(0), "place")},
        {"place": place(pl.col("state"), "family-worker")},
    )
    paid = pl.col("family_pay")
    return people.with_columns(
        family_worker_salary=pl.when(worker).then(paid),
        family_worker_deduction=pl.when("family_owner").then(paid),
        salary_revenue=pl.when(worker)
        .then(paid + pl.col("salary_revenue").fill_null(0))
        .otherwise("salary_revenue"),
    )


def _agreed(people: pl.DataFrame, law: LawYear) -> pl.DataFrame:
    """Add the incomes that the law makes of salary and pension, and 所得金額調整控除.

    ``usual`` says that the pension's table is that of people without other incomes above its first
    bound.
    """
    elder = pl.col("birth_date") <= date(law.fiscal_year - law.ages.elder, 1, 1)
    salary, pension = pl.col("salary_revenue"), pl.col("pension_revenue")
    of_pension = (
        pl.when(elder)
        .then(by_bands(pension, law.pension_bands[True, 0]))
        .otherwise(by_bands(pension, law.pension_bands[False, 0]))
    )
    people = for_some(people, salary.is_not_null(), {"salary": by_bands(salary, law.salary_bands)})
    others = pl.sum_horizontal(
        "salary", "business", "farming", "real_estate", "interest", "dividend", "miscellaneous",
        "other_income", "transfer_short", "transfer_long", "occasional",
    )  # fmt: skip
    separate = pl.sum_horizontal(
        "separate_transfer_short", "separate_transfer_long", "shares", "listed_dividend",
        "futures", "forestry",
    )  # fmt: skip
    bounds = law.pension_other_income
    usual = others.clip(lower_bound=0) + separate <= bounds[0] if bounds else pl.lit(True)
    people = for_some(people, pension.is_not_null(), {"pension": of_pension, "usual": usual})
    limit = law.adjustment_pension_limit
    both = pl.col("salary").clip(upper_bound=limit) + pl.col("pension").clip(upper_bound=limit)
    return people.with_columns(adjustment_deduction=(both - limit).clip(lower_bound=0).fill_null(0))


def _reported(people: pl.DataFrame) -> pl.DataFrame:
    """What the tax data show: revenue, income, or both. A family worker's revenue always shows."""
    rule = structure.incomes().reporting
    own = pl.col("own")
    salary, pension = draw(own, "salary-reported"), draw(own, "pension-reported")
    salary_alone = (salary >= SHARES - rule.salary_income_only) & (
        pl.col("family_worker_salary") == 0
    )
    # Beside high other incomes the pension's table is another: there revenue stands alone.
    pension_alone = (pension >= SHARES - rule.pension_income_only) & pl.col("usual")
    pension_both = (pension < rule.pension_both) & pl.col("usual")
    return people.with_columns(
        salary_income=pl.when((salary < rule.salary_both) | salary_alone).then("salary"),
        salary_revenue=pl.when(~salary_alone).then("salary_revenue"),
        pension_income=pl.when(pension_both | pension_alone).then("pension"),
        # `usual` is empty without a pension, and then nothing is withheld.
        pension_revenue=pl.when(~pension_alone).then("pension_revenue"),
    )
