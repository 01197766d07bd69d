"""The national series beside a view: on the same axis, or in a column of its own (全国の値)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kokuho.publish.views import Key, View
from kokuho.publish.words import Words
from kokuho.statistics import Series, Text, series


@dataclass(frozen=True)
class Beside:
    """Points of a national series, by rows of a view."""

    series: Series
    points: Mapping[Key, Decimal]

    @property
    def name(self) -> str:
        """What a column or a line of it is called (a message)."""
        return "nation" if self.series.id.startswith("national_") else "reference"

    @property
    def title(self) -> Text:
        """The title of the series."""
        return self.series.title


def day_of(point: Key, words: Words) -> str:
    """The year of a loose point, or its month where the series is of one."""
    return words.code(("year", "until")[len(point) - 1], point[-1])


def beside_rows(view: View, *, loose: bool = False) -> Beside | None:
    """The national points that belong to the rows of a view of points in time.

    ``loose`` takes a series of other points in time too (December of another year): it may stand
    as a bar of its own or in a note with its own day (:func:`day_of`), never in the line of a view.
    """
    name = view.definition.reference
    if name is None:
        return None
    found = series(name)
    if loose:
        points = {
            tuple(code for name, code in cell if name in ("year", "until")): value
            for cell, value in found.points.items()
        }
        return Beside(found, points) if points else None
    if not view.by_time or view.fixed:
        return None
    points = {
        tuple(dict(cell)[one] for one in view.down): value
        for cell, value in found.points.items()
        if tuple(one for one, _code in cell) == view.down
    }
    if len(view.down) > 1:
        points = {row: value for row, value in points.items() if row in view.rows}
    return Beside(found, points) if points else None
