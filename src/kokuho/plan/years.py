"""Runs of years, and how a finding names them as a place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from kokuho.base.calendar import fiscal_year_name


def span(years: Sequence[int]) -> str:
    """Years as a place: ``years.2026`` or ``years.2026-2029``."""
    return f"years.{years[0]}" if len(years) == 1 else f"years.{years[0]}-{years[-1]}"


def runs(years: Sequence[int]) -> Iterator[list[int]]:
    """Years that follow each other, together."""
    for _key, run in groupby(enumerate(years), key=lambda pair: pair[1] - pair[0]):
        yield [year for _at, year in run]


def year_name(year: int | None) -> str:
    """令和8年度 for 2026, nothing for a year that is not known."""
    return "" if year is None else fiscal_year_name(year)
