"""Claims (レセプト): count, medical cost, high-cost benefits, and the foreign share of each."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from kokuho.statistics.catalogue import catalogue
from kokuho.statistics.cells import by_cell, empty_cells
from kokuho.statistics.figures import Figure, count, figure_id, ratio

KINDS = ("medical", "dpc", "dispensing")
"""Kinds of claims (医科・DPC・調剤), a closed list: the scope that the measures' names say."""

SCOPE = "medical_dpc_dispensing"
PATIENTS, FOREIGN_PATIENTS = f"patients_{SCOPE}", f"foreign_patients_{SCOPE}"

CLAIMS: dict[str, pl.DataType] = {
    "insurer_code": pl.String(),
    "month": pl.Date(),
    "kind": pl.String(),
    "cost": pl.Int64(),
    "high_cost": pl.Int64(),
    "foreign": pl.Boolean(),
}
"""Columns of claims, a row for each.

``month`` is the first day of the month of treatment (診療年月), ``cost`` the whole cost in yen
(医療費, 10割), ``high_cost`` the high-cost benefit in yen (高額療養費支給額), ``foreign`` whether
the person was a foreign national at the end of that month.
"""

_FIRST_MONTH = 3
_VALUES = {
    "claims": "claims",
    "cost": "cost",
    "high_cost_count": "high_cost_claims",
    "high_cost_amount": "high_cost",
}
"""Measure to its column in what :func:`summed` gives."""


def claims_year(month: str = "month") -> pl.Expr:
    """The fiscal year of a month of treatment: from March of it to the next February."""
    at = pl.col(month)
    return at.dt.year() - (at.dt.month() < _FIRST_MONTH).cast(pl.Int32)


def summed(claims: pl.LazyFrame) -> pl.LazyFrame:
    """Claims summed by insurer, year, kind and foreign or not: all that the measures need.

    Returns:
        ``insurer_code, year, kind, foreign``; ``claims``, ``cost``, ``high_cost_claims``,
        ``high_cost``.
    """
    return (
        claims.filter(pl.col("kind").is_in(KINDS))
        .with_columns(year=claims_year(), foreign=pl.col("foreign").fill_null(value=False))
        .group_by("insurer_code", "year", "kind", "foreign")
        .agg(
            claims=pl.len().cast(pl.Int64),
            cost=pl.col("cost").sum(),
            high_cost_claims=(pl.col("high_cost") > 0).sum().cast(pl.Int64),
            high_cost=pl.col("high_cost").sum(),
        )
        .with_columns(pl.col("year").cast(pl.String))
    )


def claims_figures(sums: pl.DataFrame, insurer: str, years: range) -> Iterator[Figure]:
    """The figures of one insurer from :func:`summed`, of the years that have claims."""
    own = sums.filter(insurer_code=insurer)
    for year in years:
        rows = own.filter(year=str(year))
        if rows.height:
            yield from _year(rows, year)


def seen(claims: pl.LazyFrame) -> pl.LazyFrame:
    """Who has claims (``person_id``) by insurer, year, kind and foreign or not, each once."""
    return (
        claims.filter(pl.col("kind").is_in(KINDS))
        .select(
            "insurer_code",
            "kind",
            "person_id",
            year=claims_year(),
            foreign=pl.col("foreign").fill_null(value=False),
        )
        .unique()
        .with_columns(pl.col("year").cast(pl.String))
    )


def patients_cells(people: pl.DataFrame) -> pl.DataFrame:
    """:func:`seen` by cell of both measures of persons with claims: ``insurer_code, id, number``.

    They are what says whether a figure is of too few people to be published.
    """
    number = {"number": pl.col("person_id").n_unique().cast(pl.Int64)}
    some = ((FOREIGN_PATIENTS, people.filter("foreign")), (PATIENTS, people))
    return pl.concat([by_cell(rows, catalogue()[measure], number) for measure, rows in some])


def patients_figures(cells: pl.DataFrame, insurer: str, years: range) -> Iterator[Figure]:
    """Persons with claims of one insurer from :func:`patients_cells`, of the years with claims."""
    own = dict(cells.filter(insurer_code=insurer).select("id", "number").iter_rows())
    for measure in (FOREIGN_PATIENTS, PATIENTS):
        for year in map(str, years):
            if figure_id(PATIENTS, {"year": year}) in own:
                names = empty_cells(catalogue()[measure], {"year": year})
                yield from (count(name, own.get(name, 0)) for name in names)


def _year(rows: pl.DataFrame, year: int) -> Iterator[Figure]:
    cell = {"year": str(year)}
    for name, column in _VALUES.items():
        totals = []
        for measure, some in (
            (f"foreign_{name}_{SCOPE}", rows.filter("foreign")),
            (f"{name}_{SCOPE}", rows),
        ):
            definition = catalogue()[measure]
            found = dict.fromkeys(empty_cells(definition, cell), 0)
            cells = by_cell(some, definition, {"value": pl.col(column).sum()})
            found |= dict(cells.select("id", "value").iter_rows())
            totals.append(found[figure_id(measure, cell)])
            yield from (count(key, value, definition.unit) for key, value in found.items())
        share = f"foreign_share_{name}_{SCOPE}"
        yield ratio(figure_id(share, cell), *totals, places=catalogue()[share].places)
