"""What a page shows of a measure: its published tables, laid out by their dimensions (表の構成).

Nothing here knows a measure by name. Points in time go down, with a short dimension along the top;
a long one goes down with years along the top; where there are several, the latest time is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from kokuho.publish.words import TOTAL
from kokuho.statistics import Cell, Definition, Figure, MeasureFile, catalogue, dimensions, parse_id

Key = tuple[str, ...]
"""A code for each dimension of the rows; :data:`TOTAL` where it is summed over."""

FEW = 4
"""So many codes of a dimension fit along the top of a table, beside the total."""

RECENT = 4
"""So many years stand along the top where the rows are something else."""

LONGEST = 24
"""So many points in time are shown; downloads have all of them."""

_RANGE = re.compile(r"(\d+)-(\d+)")


@dataclass(frozen=True)
class View:
    """A published table of a measure.

    Attributes:
        fixed: the dimensions of which one code is shown (the latest year).
        down: dimensions of the rows, ``rows`` their codes; ``across`` and ``columns`` those of the
            top, None where there is one column.
        figures: every figure of the measure, by its cell.
    """

    definition: Definition
    table: tuple[str, ...]
    fixed: Cell
    down: tuple[str, ...]
    rows: tuple[Key, ...]
    across: str | None
    columns: tuple[str, ...]
    figures: Mapping[Cell, Figure]

    def cell_of(self, row: Key, column: str = TOTAL) -> Cell:
        """The cell of a row and a column, dimensions in the order of the definition."""
        given = dict(self.fixed) | dict(zip(self.down, row, strict=True))
        if self.across is not None:
            given[self.across] = column
        return tuple(
            (name, given[name]) for name in self.definition.dimensions if given.get(name, TOTAL)
        )

    def figure(self, row: Key, column: str = TOTAL) -> Figure | None:
        """The figure of a row and a column; None where the file has none."""
        return self.figures.get(self.cell_of(row, column))

    def value(self, row: Key, column: str = TOTAL) -> Decimal | None:
        """Its value; None where there is none or it is suppressed."""
        figure = self.figure(row, column)
        return None if figure is None else figure.value

    @property
    def by_time(self) -> bool:
        """Whether the rows are points in time."""
        return bool(self.down) and all(map(is_time, self.down))

    @property
    def parts(self) -> tuple[Key, ...]:
        """The rows that are no sum of others and stand in no other row."""
        inside = {row for row in self.rows if TOTAL in row}
        if len(self.down) == 1:
            inside |= {(code,) for code in overlapping(row[0] for row in self.rows)}
        return tuple(row for row in self.rows if row not in inside)

    @cached_property
    def shown(self) -> tuple[Figure, ...]:
        """Every figure that the table shows."""
        return tuple(
            figure
            for row in self.rows
            for column in self.columns or (TOTAL,)
            if (figure := self.figure(row, column)) is not None
        )

    @property
    def suppressed(self) -> int:
        """How many of them are suppressed."""
        return sum(figure.suppressed for figure in self.shown)

    @property
    def ratio(self) -> bool:
        """Whether numerator and denominator have columns of their own."""
        return self.across is None and self.definition.numerator is not None


@dataclass(frozen=True)
class Measure:
    """A measure of a file: its definition, its figures and the tables that show them."""

    definition: Definition
    figures: Mapping[Cell, Figure]
    views: tuple[View, ...]


def measures_of(file: MeasureFile) -> dict[str, Measure]:
    """The measures that a file has figures of, in the order of the catalogue."""
    by_measure: dict[str, dict[Cell, Figure]] = {}
    for figure in file.measures:
        measure, cell = parse_id(figure.id)
        by_measure.setdefault(measure, {})[cell] = figure
    return {
        name: Measure(definition, by_measure[name], _views(definition, by_measure[name]))
        for name, definition in catalogue().items()
        if name in by_measure
    }


def is_time(dimension: str) -> bool:
    """Whether a dimension's codes follow one another in time."""
    return dimensions()[dimension].kind in ("year", "month")


def overlapping(codes: Iterable[str]) -> set[str]:
    """Ranges that contain other ranges (再掲): 20-39 beside 20-24, 25-29, …"""
    ranges = {
        code: (int(found[1]), int(found[2])) for code in codes if (found := _RANGE.fullmatch(code))
    }
    ranges = {code: (low, high) for code, (low, high) in ranges.items() if low <= high}
    return {
        code
        for code, (low, high) in ranges.items()
        if any(low <= a and b <= high and (a, b) != (low, high) for a, b in ranges.values())
    }


def _views(definition: Definition, figures: Mapping[Cell, Figure]) -> tuple[View, ...]:
    made = (_view(definition, table, figures) for table in definition.tables or ((),))
    return tuple(view for view in made if view is not None)


def _view(
    definition: Definition, table: tuple[str, ...], figures: Mapping[Cell, Figure]
) -> View | None:
    cells = [dict(cell) for cell in figures if set(dict(cell)) <= set(table)]
    if not any(set(cell) == set(table) for cell in cells):
        return None
    codes = {name: _codes(name, cells) for name in table}
    fixed, down, across = _axes(table, codes)
    points: Cell = ()
    if fixed:
        whole = [cell for cell in cells if set(cell) == set(table)]
        points = tuple((name, cell) for name, cell in _latest(fixed, codes, whole))
        cells = [cell for cell in cells if all(cell.get(name) == code for name, code in points)]
        codes = {name: _codes(name, cells) for name in table}
    columns = codes[across] if across is not None else ()
    if across is not None and is_time(across):
        columns = columns[-RECENT:]
    rows: list[Key] = [()]
    for name in down:
        rows = [(*row, code) for row in rows for code in codes[name]]
    empty = View(definition, table, points, down, (), across, (), figures)
    there = [row for row in rows if any(empty.figure(row, one) for one in columns or (TOTAL,))]
    if down and all(map(is_time, down)):
        there = there[-LONGEST:]
    # people and claims by size; accounts stay in the order of the books
    open_list = len(down) == 1 and dimensions()[down[0]].kind in ("country", "open")
    if open_list and definition.unit == "count":
        there = _largest_first(empty, there, columns)
    columns = tuple(one for one in columns if any(empty.figure(row, one) for row in there))
    return View(definition, table, points, down, tuple(there), across, columns, figures)


def _axes(
    table: Sequence[str], codes: Mapping[str, Key]
) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
    """Which dimensions are shown at their latest code, which go down and which goes across."""
    time = tuple(name for name in table if is_time(name))
    rest = tuple(name for name in table if not is_time(name))
    if not rest:
        return (), time, None
    if len(rest) == 1:
        [one] = rest
        if time and sum(map(bool, codes[one])) <= FEW:
            return (), time, one
        if len(time) == 1:
            return (), rest, time[0]
        return time, rest, None
    return time, rest[:-1], rest[-1]


def _latest(
    fixed: Sequence[str], codes: Mapping[str, Key], whole: Sequence[Mapping[str, str]]
) -> list[tuple[str, str]]:
    """The latest point in time that has figures."""
    last = max(whole, key=lambda cell: [codes[name].index(cell[name]) for name in fixed])
    return [(name, last[name]) for name in fixed]


def _codes(name: str, cells: Iterable[Mapping[str, str]]) -> Key:
    """The codes of a dimension that have figures, in their order; the margin comes last.

    Time has no margin. What stands in other codes as well (20-39) comes after the margin.
    """
    found = {cell.get(name, TOTAL) for cell in cells}
    known = dimensions()[name]
    order = {code: place for place, code in enumerate(known.labels)}
    if known.kind in ("year", "month"):
        found.discard(TOTAL)
    numbered = known.kind in ("year", "month", "number")

    def place(code: str) -> tuple[bool, bool, int, int, str]:
        # labelled codes (the settlement, what is outside the terms) come after numbered ones
        number = int(code) if numbered and code.isdigit() else 0
        return (
            code == TOTAL,
            code in overlap,
            order.get(code, -1 if numbered else len(order)),
            number,
            code,
        )

    overlap = set() if is_time(name) else overlapping(found)
    inside = sorted(found - overlap, key=place)
    return (*inside, *sorted(overlap))


def _largest_first(view: View, rows: list[Key], columns: Sequence[str]) -> list[Key]:
    """Rows of an open list by the latest value; suppressed ones after them, the rest, the total."""
    latest = columns[-1] if columns and is_time(view.across or "") else TOTAL
    residual = {"other", "unknown", TOTAL}

    def place(row: Key) -> tuple[bool, bool, bool, Decimal, Key]:
        value = view.value(row, latest)
        return (row[0] == TOTAL, row[0] in residual, value is None, -(value or Decimal(0)), row)

    return sorted(rows, key=place)
