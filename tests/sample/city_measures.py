"""The measures of a city that the targets in ``data/sources.yaml`` name, read off its two files.

Written beside the levy kernel, not with it (docs/levy.md, as if nobody moved), so that a mistake in
one shows in the other.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.law import Band, for_fiscal_year

PARTS = 10_000


def _income(revenue: pl.Expr, bands: tuple[Band, ...]) -> pl.Expr:
    result = pl.lit(None, dtype=pl.Int64)
    for band in reversed(bands):
        row = (revenue // band.step * band.step * band.percent // 100 - band.subtract).clip(0)
        fits = pl.lit(True) if band.upto is None else revenue <= band.upto
        result = pl.when(fits).then(row).otherwise(result)
    return result


def judged(persons: pl.DataFrame, fiscal_year: int) -> pl.DataFrame:
    """Base, judged income and earner of each person (docs/levy.md §2)."""
    law = for_fiscal_year(fiscal_year)
    elder = pl.col("birth_date") <= date(fiscal_year - 65, 1, 1)
    zero = pl.col("salary_revenue", "pension_revenue").fill_null(0)
    frame = persons.with_columns(zero).with_columns(
        salary=(
            pl.coalesce("salary_income", _income(pl.col("salary_revenue"), law.salary_bands))
            - pl.col("adjustment_deduction")
        ).clip(0),
        family_salary=_income(
            pl.col("salary_revenue") - pl.col("family_worker_salary"), law.salary_bands
        ),
        ordinary=pl.sum_horizontal(
            "business", "farming", "real_estate", "interest", "dividend", "miscellaneous",
            "other_income", "transfer_short",
        )
        + (pl.col("transfer_long") + pl.col("occasional")) // 2,
        separate=pl.sum_horizontal(
            "separate_transfer_short", "separate_transfer_long", "shares", "listed_dividend",
            "futures", "forestry",
        ),
    )  # fmt: skip
    other = (pl.col("salary") + pl.col("ordinary")).clip(0) + pl.col("separate")
    pension = pl.lit(None, dtype=pl.Int64)
    for (old, number), bands in law.pension_bands.items():
        low = 0 if number == 0 else law.pension_other_income[number - 1] + 1
        high = [*law.pension_other_income, 2**53][number]
        fits = (elder == old) & other.is_between(low, high)
        pension = pl.when(fits).then(_income(pl.col("pension_revenue"), bands)).otherwise(pension)
    frame = frame.with_columns(pension=pl.coalesce("pension_income", pension))
    gross = (pl.col("salary") + pl.col("pension") + pl.col("ordinary")).clip(0)
    deducted = pl.min_horizontal(
        "separate_transfer_deduction",
        pl.col("separate_transfer_short") + pl.col("separate_transfer_long"),
    )
    basic = pl.lit(0)
    for bracket in reversed(law.basic_deduction):
        fits = pl.lit(True) if bracket.upto is None else gross + pl.col("separate") <= bracket.upto
        basic = pl.when(fits).then(bracket.amount).otherwise(basic)
    worker = pl.col("family_worker_salary") > 0
    pay = pl.when(worker).then("family_salary").otherwise("salary")
    pay = (
        pl.when(pl.col("involuntary_unemployment_from").is_not_null())
        .then(pay * 3 // 10)
        .otherwise(pay)
    )
    term = law.judgement
    old_pension = (pl.col("pension") - term.pension_deduction_65).clip(0)
    judged_pension = pl.when(elder).then(old_pension).otherwise("pension")
    limit = (
        pl.when(elder).then(term.earner_pension_revenue_65).otherwise(term.earner_pension_revenue)
    )
    carried = pl.col("loss_carried_over")
    return frame.with_columns(
        total_income=gross + pl.col("separate"),
        base=(gross + pl.col("separate") - deducted - carried - basic).clip(0),
        judged=(
            (pay + judged_pension + pl.col("ordinary") + pl.col("family_worker_deduction")).clip(0)
            + pl.col("separate")
            - carried
            - pl.col("casualty_loss_carried_over")
        ).clip(0),
        earner=(
            (pl.col("salary_revenue") - pl.col("family_worker_salary") > term.earner_salary_revenue)
            | ((pl.col("salary_revenue") == 0) & (pl.col("salary") > 0))
            | (pl.col("pension_revenue") > limit)
            | ((pl.col("pension_revenue") == 0) & (judged_pension > 0))
        ).cast(pl.Int64),
    )


def reduced(persons: pl.DataFrame, households: pl.DataFrame, fiscal_year: int) -> pl.DataFrame:
    """One row a household: its bases and its reduction in tenths, as if nobody moved."""
    term = for_fiscal_year(fiscal_year).judgement
    frame = (
        judged(persons, fiscal_year)
        .group_by("household_id")
        .agg(
            pl.col("insured").sum().cast(pl.Int64),
            pl.col("judged", "earner").sum(),
            income=pl.col("total_income").filter("insured").sum(),
            base=pl.col("base").filter("insured").sum(),
            undeclared=(pl.col("declared") == "undeclared").any(),
            uninsured_head=(pl.col("head") & ~pl.col("insured")).any(),
        )
        .join(households, on="household_id", how="inner", validate="1:1")
        .with_columns(
            judged=pl.col("judged") + pl.col("elders_income"),
            earner=pl.col("earner") + pl.col("elders_earners"),
        )
    )
    heads = pl.col("insured") + pl.col("same_household_elders")
    basic = term.basic + term.earner_term * (pl.col("earner") - 1).clip(0)
    return frame.with_columns(
        reduction=pl.when("undeclared")
        .then(0)
        .when(pl.col("judged") <= basic)
        .then(7)
        .when(pl.col("judged") <= basic + term.per_head_5 * heads)
        .then(5)
        .when(pl.col("judged") <= basic + term.per_head_2 * heads)
        .then(2)
        .otherwise(0)
    )


def age_on_1_april(fiscal_year: int) -> pl.Expr:
    """Completed years on 1 April, birthdays of that day included."""
    born = pl.col("birth_date")
    late = (born.dt.month() > 4) | ((born.dt.month() == 4) & (born.dt.day() > 1))
    return fiscal_year - born.dt.year() - late.cast(pl.Int32)


def measure(persons: pl.DataFrame, households: pl.DataFrame, fiscal_year: int) -> dict[str, int]:
    """Every measure by its name in ``data/sources.yaml``."""
    first, last = date(fiscal_year, 4, 1), date(fiscal_year + 1, 3, 31)
    homes = reduced(persons, households, fiscal_year)
    insured = persons.filter("insured").with_columns(age=age_on_1_april(fiscal_year))
    foreign = insured.filter(pl.col("nationality") != "JPN")

    def share(frame: pl.DataFrame, which: pl.Expr) -> int:
        return frame.filter(which).height * PARTS // frame.height

    def in_year(column: str) -> pl.Expr:
        return pl.col(column).is_between(first, last)

    measures = {
        "insured_per_100_households": insured.height * 100 // households.height,
        "insured_foreign": share(insured, pl.col("nationality") != "JPN"),
        "households_with_uninsured_head": share(homes, pl.col("uninsured_head")),
        "mean_household_income": int(homes["income"].sum()) // homes.height,
        "mean_household_base": int(homes["base"].sum()) // homes.height,
        "mean_person_base": int(homes["base"].sum()) // insured.height,
        "households_without_base": share(homes, pl.col("base") == 0),
        "households_undeclared": share(homes, pl.col("undeclared")),
        "households_specific": share(homes, pl.col("specific_from").is_not_null()),
        "insured_joined_in_year": share(insured, in_year("joined_on")),
        "insured_left_in_year": share(insured, in_year("left_on")),
    }
    for low, high in ((60, 74), (65, 74)):
        measures[f"insured_aged_{low}_to_{high}"] = share(
            insured, pl.col("age").is_between(low, high)
        )
    for low, high in ((0, 19), (20, 39), (40, 64), (65, 74)):
        measures[f"foreign_aged_{low}_to_{high}"] = share(
            foreign, pl.col("age").is_between(low, high)
        )
    for tenths in (7, 5, 2):
        measures[f"households_reduced_{tenths}"] = share(homes, pl.col("reduction") == tenths)
    for name, column in (
        ("involuntary", "involuntary_unemployment_from"),
        ("maternity", "maternity_from"),
        ("former_dependant", "former_dependant_from"),
    ):
        measures[f"insured_{name}"] = share(insured, pl.col(column).is_not_null())
    return measures
