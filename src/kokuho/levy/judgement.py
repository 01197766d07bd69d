"""Steps of households before any rate: who is judged, and the statutory reduction (7/5/2割軽減).

Sources: 国民健康保険法施行令29条の7第6項 and 地方税法703条の5; docs/levy.md §3.
"""

from __future__ import annotations

import polars as pl

from kokuho.base.calendar import first_day_of_year, last_day_of_year
from kokuho.law import LawYear
from kokuho.levy import months
from kokuho.levy.groups import Gathered
from kokuho.levy.steps import Step, not_negative


def judging_steps() -> list[Step]:
    """Who is judged: the head, insured or not, and the members on the household's first day."""
    on_the_day = (pl.col("starts_on") <= pl.col("judgement_day")) & (
        pl.col("left_on").is_null() | (pl.col("left_on") > pl.col("judgement_day"))
    )
    member = (pl.col("insured_mask") != 0) & on_the_day.fill_null(False)
    return [
        Step("member_judged", member),
        Step("judging", member | pl.col("head")),
    ]


def household_sums() -> list[Gathered]:
    """What a household sums up over its persons for the judgement."""
    judging = pl.col("judging")
    return [
        Gathered("insured_count", pl.col("member_judged").cast(pl.Int64)),
        Gathered("persons_judged_income", pl.when(judging).then("judged").otherwise(0)),
        Gathered("persons_earners", (judging & pl.col("earner")).cast(pl.Int64)),
        Gathered("undeclared", judging & (pl.col("declared") == "undeclared"), union=True),
        Gathered("insured_union", pl.col("insured_mask"), union=True),
        Gathered("care_union", pl.col("care_mask"), union=True),
        Gathered(
            "others_union",
            months.without(pl.col("insured_mask"), pl.col("former_half_mask")),
            union=True,
        ),
    ]


def specific_insured(
    persons: pl.DataFrame, households: pl.DataFrame, insured_count: pl.Series, fiscal_year: int
) -> pl.Series:
    """How many are insured when a household is judged to be a 特定世帯.

    That is the day of the judgement of the reduction or, where the other member left within the
    year, the month in which that happened; later joiners change nothing before the next 1 April.
    """
    first, last = first_day_of_year(fiscal_year), last_day_of_year(fiscal_year)
    became = households["specific_from"]
    late = ((became > first) & (became <= last)).fill_null(False)
    if not late.any():
        return insured_count
    people = (
        persons.select("hh", "insured_mask", "judgement_day")
        .filter(late.gather(persons["hh"]))
        .with_columns(specific_from=pl.lit(became).gather("hh"))
    )
    day = pl.max_horizontal("specific_from", pl.col("judgement_day").fill_null(first))
    month = (day.dt.month().cast(pl.Int16) + 8) % months.MONTHS
    then = (pl.col("insured_mask") // pl.lit(2, dtype=pl.Int16).pow(month)) % 2
    counted = people.group_by("hh").agg(then.cast(pl.Int64).sum().alias("counted"))
    return insured_count.scatter(counted["hh"], counted["counted"])


def reduction_steps(law: LawYear) -> list[Step]:
    """The reduction of a household and the months of its per-household amount."""
    judgement = law.judgement
    terms = judgement.earner_term * not_negative(pl.col("earners") - 1)

    def threshold(per_head: int) -> pl.Expr:
        return judgement.basic + per_head * pl.col("heads") + terms

    income = pl.col("judged_income")
    by_income = (
        pl.when(income <= pl.col("threshold_7"))
        .then(7)
        .when(income <= pl.col("threshold_5"))
        .then(5)
        .when(income <= pl.col("threshold_2"))
        .then(2)
        .otherwise(0)
        .cast(pl.Int64)
    )
    barred = pl.col("undeclared") | (pl.col("insured_union") == 0)
    alone = pl.col("specific_insured") <= 1
    none = pl.lit(0, dtype=months.MASK)

    def specific(first: int, length: int) -> pl.Expr:
        span = months.span(law.fiscal_year, "specific_from", first, length)
        return pl.when(alone).then(span).otherwise(none)

    return [
        Step("judged_income", pl.col("persons_judged_income") + pl.col("elders_income")),
        Step("earners", pl.col("persons_earners") + pl.col("elders_earners")),
        Step("heads", pl.col("insured_count") + pl.col("same_household_elders")),
        Step("threshold_7", threshold(0)),
        Step("threshold_5", threshold(judgement.per_head_5)),
        Step("threshold_2", threshold(judgement.per_head_2)),
        Step("reduction_judged", pl.when(barred).then(0).otherwise(by_income).cast(pl.Int64)),
        Step("reduction", pl.coalesce("forced_reduction", "reduction_judged")),
        Step("former_union", months.without(pl.col("insured_union"), pl.col("others_union"))),
        Step("specific_half", specific(0, law.specific_half_months)),
        Step(
            "specific_three_quarters",
            specific(law.specific_half_months, law.specific_continuing_months),
        ),
    ]
