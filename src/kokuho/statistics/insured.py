"""Insured persons (被保険者数): in all and foreign, by age and sex, nationality and status."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.statistics.catalogue import catalogue
from kokuho.statistics.cells import by_cell, empty_cells
from kokuho.statistics.figures import Figure, count, figure_id, ratio

JAPAN = "JPN"

PERSONS: dict[str, pl.DataType] = {
    "insurer_code": pl.String(),
    "sex": pl.String(),
    "birth_first": pl.Date(),
    "birth_last": pl.Date(),
    "nationality": pl.String(),
    "status": pl.String(),
}
"""Columns of the persons insured on a day, a row for each.

``birth_first`` and ``birth_last`` are the first and the last day on which somebody may have been
born; they differ where a part of the date is unknown. Texts are empty where nothing is recorded.
"""

_OLDEST, _STEP = 75, 5
_UNKNOWN = "unknown"


def is_foreign(nationality: str = "nationality") -> pl.Expr:
    """Whether a recorded nationality is not Japanese; what nobody recorded is not foreign."""
    return ~pl.col(nationality).fill_null("").is_in(["", JAPAN])


def age_class(day: date) -> pl.Expr:
    """The five-year class of the age that a person has on a day (その日までに迎えた誕生日の数).

    Unknown where the unknown part of the date of birth decides it.
    """
    first, last = (_class(pl.col(name), day) for name in ("birth_first", "birth_last"))
    return pl.when(first == last).then(first).otherwise(pl.lit(_UNKNOWN)).fill_null(_UNKNOWN)


def _class(born: pl.Expr, day: date) -> pl.Expr:
    later = born.dt.month().cast(pl.Int32) * 100 + born.dt.day() > day.month * 100 + day.day
    age = day.year - born.dt.year() - later.cast(pl.Int32)
    low = age // _STEP * _STEP
    return (
        pl.when(age >= _OLDEST)
        .then(pl.lit(f"{_OLDEST}+"))
        .otherwise(pl.format("{}-{}", low, low + _STEP - 1))
    )


_WHO = {
    "insured": pl.lit(value=True),
    "foreign_insured": is_foreign(),
    "japanese_insured": pl.col("nationality") == JAPAN,
}
"""Measure to whom it counts."""


def summed(persons: pl.LazyFrame, measure: str, year: int) -> pl.LazyFrame:
    """The persons whom a measure counts, summed by insurer and all dimensions: ``number``.

    Args:
        persons: those insured on the measure's day of the year (:class:`Days`).
        measure: ``insured``, ``foreign_insured`` or ``japanese_insured``.
        year: the fiscal year.
    """
    status = pl.col("status").fill_null("")
    return (
        persons.filter(_WHO[measure])
        .with_columns(
            year=pl.lit(str(year)),
            age=age_class(Days(year).by_measure()[measure]),
            sex=pl.when(pl.col("sex").is_in(["M", "F"])).then("sex").otherwise(pl.lit("X")),
            status=pl.when(status == "").then(pl.lit(_UNKNOWN)).otherwise(status),
        )
        .group_by("insurer_code", "year", "age", "sex", "nationality", "status")
        .agg(number=pl.len().cast(pl.Int64))
    )


def cells(sums: pl.DataFrame, measure: str) -> pl.DataFrame:
    """:func:`summed` by cell of the measure: ``insurer_code, id, number``."""
    return by_cell(sums, catalogue()[measure], {"number": pl.col("number").sum()})


@dataclass(frozen=True)
class Days:
    """The days of a fiscal year on which persons are counted; see the definitions' date rules."""

    year: int

    @property
    def september(self) -> date:
        """9月末日."""
        return date(self.year, 9, 30)

    @property
    def end(self) -> date:
        """年度末日."""
        return date(self.year + 1, 3, 31)

    @property
    def next_day(self) -> date:
        """年度末の翌日."""
        return date(self.year + 1, 4, 1)

    def by_measure(self) -> Mapping[str, date]:
        """Measure to day."""
        return {
            "insured": self.end,
            "foreign_insured": self.next_day,
            "japanese_insured": self.september,
        }


def insured_figures(persons: Mapping[tuple[str, int], pl.DataFrame]) -> Iterator[Figure]:
    """All figures of one insurer.

    Args:
        persons: measure and fiscal year to the persons insured on that measure's day; a year or
            measure that is not there has no figure.
    """
    totals: dict[tuple[str, int], int] = {}
    for (measure, year), frame in persons.items():
        rows = cells(summed(frame.lazy(), measure, year).collect(), measure)
        found = dict.fromkeys(empty_cells(catalogue()[measure], {"year": str(year)}), 0)
        found |= dict(rows.select("id", "number").iter_rows())
        totals[measure, year] = found[figure_id(measure, {"year": year})]
        yield from (count(name, number) for name, number in found.items())
    yield from _ratios(totals)


def _ratios(totals: Mapping[tuple[str, int], int]) -> Iterator[Figure]:
    for (measure, year), number in totals.items():
        yoy = f"{measure}_yoy"
        before = totals.get((measure, year - 1))
        if yoy in catalogue() and before is not None:
            yield _percent(yoy, year, number, before)
    for (measure, year), number in totals.items():
        whole = totals.get(("insured", year))
        if measure == "foreign_insured" and whole is not None:
            yield _percent("foreign_share", year, number, whole)


def _percent(measure: str, year: int, above: int, below: int) -> Figure:
    places = catalogue()[measure].places
    return ratio(figure_id(measure, {"year": year}), above, below, places=places)
