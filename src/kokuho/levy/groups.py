"""Figures of households made from those of their persons.

Persons are sorted by household, so a household is a run of rows: its last person, the one before
for those households that have one, and so on. The figure of a household is joined along these
*places*, each shorter than the one before: exact on integers, and many times faster than a hashed
grouping, because the runs are short.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from kokuho.base.errors import LevyError
from kokuho.base.messages import translator

_ = translator("levy")


@dataclass(frozen=True)
class Gathered:
    """One figure of a household: ``expr`` of each person, summed, or united bit by bit."""

    name: str
    expr: pl.Expr
    union: bool = False


@dataclass(frozen=True)
class Runs:
    """The households of a frame of persons as runs of rows.

    ``last`` marks the last person of each. ``places`` lead on from there towards the first: which
    households of the place before reach this one, and the rows of their persons there.
    """

    last: pl.Series
    places: tuple[tuple[pl.Series, pl.Series], ...]

    @classmethod
    def of(cls, hh: pl.Series) -> Runs:
        """The runs of ``hh``, the number of each person's household, ascending without a gap."""
        last = (hh != hh.shift(-1)).fill_null(True)
        rows = pl.int_range(0, len(hh), dtype=pl.Int64, eager=True).filter(last)
        sizes = rows - rows.shift(1, fill_value=-1)
        rows = rows.cast(pl.UInt32)
        places: list[tuple[pl.Series, pl.Series]] = []
        while len(rows):
            houses = (sizes > len(places) + 1).arg_true()
            sizes, rows = sizes.gather(houses), rows.gather(houses) - 1
            places.append((houses, rows))
        return cls(last, tuple(places))

    def gather(self, persons: pl.DataFrame, wanted: Iterable[Gathered]) -> pl.DataFrame:
        """One row a household, in the order of the runs.

        Raises:
            LevyError: a figure of a person is empty; an empty figure is never counted as 0.
        """
        wanted = list(wanted)
        rows = persons.lazy().select(item.expr.alias(item.name) for item in wanted).collect()
        if empty := [name for name in rows.columns if rows[name].null_count()]:
            raise LevyError(
                _("Some persons have no value in columns that {names} need.").format(
                    names=", ".join(empty)
                )
            )
        return pl.DataFrame([self._joined(rows[item.name], item.union) for item in wanted])

    def _joined(self, column: pl.Series, union: bool) -> pl.Series:
        """The figure of each household, joined from the innermost place outwards."""
        outer = [column.filter(self.last), *(column.gather(rows) for _, rows in self.places)]
        inner = outer.pop()
        for (houses, _rows), figures in zip(self.places[::-1], outer[::-1], strict=True):
            own = figures.gather(houses)
            inner = figures.scatter(houses, own | inner if union else own + inner)
        return inner
