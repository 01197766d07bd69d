"""Winners and losers (負担増減): the same people of a year, levied under two sets of rates."""

from __future__ import annotations

import polars as pl

from kokuho.plan.forecast.city import age_on_1_april
from kokuho.plan.forecast.course import Year
from kokuho.plan.scenario.rates import Vector

DECILES = 10
GROUPS = ("all", "income_decile", "household_type", "reduction")
"""By what households are grouped: 所得十分位, 世帯類型, 軽減区分."""

TYPES = ("with_children", "single_elder", "single", "elders", "adults")
"""With a child up to 18 · one insured of 65 or older · one insured below 65 · several, all of 65 or
older · several, some below 65. Of the insured alone; the first that holds counts."""

IMPACT = {
    "group": pl.String,
    "member": pl.String,
    "households": pl.Int64,
    "insured": pl.Int64,
    "before": pl.Int64,
    "after": pl.Int64,
    "mean_before": pl.Int64,
    "mean_after": pl.Int64,
    "largest_rise": pl.Int64,
    "rising": pl.Int64,
    "falling": pl.Int64,
    "unchanged": pl.Int64,
}
"""The columns of an impact table. Yen; means are cut to the yen."""


def impact(made: Year, before: Vector, after: Vector) -> pl.DataFrame:
    """What each group of households owes under ``before`` and ``after``, rows of :data:`IMPACT`."""
    amounts = made.relevy.households([before, after])
    old, new = (amounts.filter(vector=n).sort("hh")["total"] for n in (0, 1))
    frame = _grouped(made).with_columns(before=old, after=new)
    tables = []
    for group in GROUPS:
        by = pl.lit("all") if group == "all" else pl.col(group)
        tables.append(
            frame.with_columns(member=by.cast(pl.String))
            .group_by("member")
            .agg(_figures())
            .with_columns(group=pl.lit(group))
            .sort("member")
            .select(list(IMPACT))
        )
    return pl.concat(tables).cast(IMPACT)  # type: ignore[arg-type]


def _figures() -> list[pl.Expr]:
    rise = pl.col("after") - pl.col("before")
    return [
        pl.len().alias("households"),
        pl.col("insured").sum(),
        pl.col("before").sum().alias("before"),
        pl.col("after").sum().alias("after"),
        (pl.col("before").sum() // pl.len()).alias("mean_before"),
        (pl.col("after").sum() // pl.len()).alias("mean_after"),
        rise.max().alias("largest_rise"),
        (rise > 0).sum().alias("rising"),
        (rise < 0).sum().alias("falling"),
        (rise == 0).sum().alias("unchanged"),
    ]


def _grouped(made: Year) -> pl.DataFrame:
    """Each household with its groups: income decile (1 the lowest), type, reduction."""
    persons = made.city.persons.with_columns(
        mask=made.relevy.judged.persons["insured_mask"], age=age_on_1_april(made.city.year)
    ).filter(pl.col("mask") != 0)
    people = persons.group_by("hh").agg(
        insured=pl.len().cast(pl.Int64),
        child=(pl.col("age") < 18).any(),
        elders=(pl.col("age") >= 65).all(),
    )
    houses = (
        made.relevy.judged.households.select("household_id", "judged_income", "reduction")
        .with_row_index("hh")
        .join(people, on="hh", how="left", maintain_order="left")
        .with_columns(pl.col("insured").fill_null(0), pl.col("child", "elders").fill_null(False))
    )
    alone = pl.col("insured") <= 1
    kind = (
        pl.when("child")
        .then(pl.lit("with_children"))
        .when(alone & pl.col("elders"))
        .then(pl.lit("single_elder"))
        .when(alone)
        .then(pl.lit("single"))
        .when("elders")
        .then(pl.lit("elders"))
        .otherwise(pl.lit("adults"))
    )
    # equal incomes are told apart by the household's number, so that deciles are of equal size
    rank = pl.struct("judged_income", "household_id").rank("ordinal").cast(pl.Int64)
    decile = (rank - 1) * DECILES // pl.len() + 1
    return houses.with_columns(
        household_type=kind,
        income_decile=decile.cast(pl.String).str.zfill(2),
    )
