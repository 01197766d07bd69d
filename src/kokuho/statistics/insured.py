"""Insured persons (被保険者数): in all and foreign, by age and sex, nationality and status."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.law.eligibility import JAPANESE
from kokuho.statistics.catalogue import catalogue
from kokuho.statistics.cells import by_cell, empty_cells, wholes
from kokuho.statistics.figures import Figure, count, figure_id, parse_id, ratio

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
    return ~pl.col(nationality).fill_null("").is_in(["", JAPANESE])


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
    "japanese_insured": pl.col("nationality") == JAPANESE,
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


def cells(sums: pl.DataFrame, measure: str, year: int, insurers: Iterable[str]) -> pl.DataFrame:
    """:func:`summed` by cell of the measure: ``insurer_code, id, number``.

    Args:
        sums: of one measure and year.
        measure, year: which.
        insurers: those with persons on the measure's day; where one has nobody whom the measure
            counts, the whole of it is 0.
    """
    whole = pl.DataFrame({"insurer_code": list(insurers)}, schema={"insurer_code": pl.String})
    nobody = whole.select(
        "insurer_code",
        id=pl.lit(figure_id(measure, {"year": year})),
        number=pl.lit(0, pl.Int64),
    )
    found = by_cell(sums, catalogue()[measure], {"number": pl.col("number").sum()})
    return pl.concat([found, nobody]).group_by("insurer_code", "id").agg(pl.col("number").sum())


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
    parts = [
        cells(
            summed(frame.lazy(), measure, year).collect(),
            measure,
            year,
            frame["insurer_code"].unique(),
        )
        for (measure, year), frame in persons.items()
    ]
    if parts:
        yield from figures_of(pl.concat(parts))


def figures_of(counted: pl.DataFrame) -> Iterator[Figure]:
    """All figures of one insurer, or of several together, from their :func:`cells`.

    A ratio is of the insurers that have both of its parts.
    """
    sums: dict[tuple[str, int], dict[str, int]] = {}
    for name, number in counted.group_by("id").agg(pl.col("number").sum()).sort("id").iter_rows():
        measure, cell = parse_id(name)
        sums.setdefault((measure, int(dict(cell)["year"])), {})[name] = number
    totals = wholes(counted)
    for measure, year in totals:
        found = dict.fromkeys(empty_cells(catalogue()[measure], {"year": str(year)}), 0)
        found |= sums[measure, year]
        yield from (count(name, number) for name, number in found.items())
    yield from _ratios(totals)


def _ratios(totals: Mapping[tuple[str, int], Mapping[str, int]]) -> Iterator[Figure]:
    for name, definition in catalogue().items():
        if definition.group != "insured" or definition.parts is None:
            continue
        above, below = definition.parts
        for measure, year in totals:
            if measure == above and (below, year - definition.shift) in totals:
                parts = totals[above, year], totals[below, year - definition.shift]
                both = parts[0].keys() & parts[1].keys()
                numbers = (sum(part[insurer] for insurer in both) for part in parts)
                yield ratio(figure_id(name, {"year": year}), *numbers, places=definition.places)
