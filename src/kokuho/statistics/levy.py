"""The levy of a year (賦課): amounts in all, a head and a household; reductions."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from kokuho.statistics.catalogue import catalogue
from kokuho.statistics.cells import by_cell, empty_cells
from kokuho.statistics.figures import Figure, count, figure_id, ratio

PARTS = ("medical", "support", "care", "child")

ASSESSED: dict[str, pl.DataType] = {
    "insurer_code": pl.String(),
    "household_id": pl.String(),
    "since": pl.Date(),
    "reduction": pl.Int64(),
    **{part: pl.Int64() for part in PARTS},
}
"""Columns of the assessments of a year, a row for each payer's part of the year of a household.

``reduction`` is 7, 5, 2 or 0 tenths; a part that the year has not is empty.
"""


def by_household(assessments: pl.DataFrame) -> pl.DataFrame:
    """One row a household: its amounts together, its reduction as it was last."""
    return (
        assessments.sort("since")
        .group_by("insurer_code", "household_id")
        .agg(pl.col("reduction").last(), *(pl.col(part).sum() for part in PARTS))
    )


def levy_figures(assessments: pl.DataFrame, year: int, insured: int | None) -> Iterator[Figure]:
    """The figures of one insurer and year; ``insured`` is the number that is levied a head."""
    if assessments.is_empty():
        return
    fixed = {"year": str(year)}
    households = by_household(assessments).with_columns(
        year=pl.lit(str(year)), reduction=pl.col("reduction").cast(pl.String)
    )
    levied = households.unpivot(
        PARTS, index=["insurer_code", "year"], variable_name="part", value_name="amount"
    ).drop_nulls("amount")
    amounts = by_cell(levied, catalogue()["assessed"], {"amount": pl.col("amount").sum()})
    given = dict(amounts.select("id", "amount").iter_rows())
    there = {part for part in PARTS if assessments[part].null_count() < assessments.height}
    for name, amount in given.items():
        part = name.rpartition("part=")[2].rstrip("]") if "part=" in name else None
        if part is None or part in there:
            yield count(name, amount, "yen")
    total = given[figure_id("assessed", fixed)]
    if insured is not None:
        name = figure_id("assessed_per_insured", fixed)
        yield ratio(name, total, insured, places=0, unit="yen")
    name = figure_id("assessed_per_household", fixed)
    yield ratio(name, total, households.height, places=0, unit="yen")
    yield from _reductions(households, fixed)


def _reductions(households: pl.DataFrame, fixed: dict[str, str]) -> Iterator[Figure]:
    definition = catalogue()["households_by_reduction"]
    found = dict.fromkeys(empty_cells(definition, fixed), 0)
    cells = by_cell(households, definition, {"number": pl.len().cast(pl.Int64)})
    found |= dict(cells.select("id", "number").iter_rows())
    yield from (count(name, number) for name, number in found.items())
    whole = found[figure_id(definition.id, fixed)]
    share = catalogue()["reduced_share"]
    own = {code: found[figure_id(definition.id, {**fixed, "reduction": code})] for code in "752"}
    yield ratio(figure_id(share.id, fixed), sum(own.values()), whole, places=share.places)
    for code, number in own.items():
        name = figure_id(share.id, {**fixed, "reduction": code})
        yield ratio(name, number, whole, places=share.places)
