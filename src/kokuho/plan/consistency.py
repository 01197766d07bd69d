"""Could these printed ratios and totals come from these printed counts, all of them rounded?

A ratio or total is tested alone, against its own cells; nothing is inferred from other cells.
Exact throughout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import add
from pathlib import Path

from kokuho.base.intervals import Interval
from kokuho.base.messages import translator
from kokuho.plan.findings import Finding
from kokuho.plan.table_cells import Key, TableCell, read_cells

_ = translator("plan")

Cells = Mapping[Key, TableCell]


def check_table(path: Path) -> list[Finding]:
    """Read a check-table file and test the rows that can be used.

    Raises:
        TableError: the file cannot be read as a table, or lacks a column.
    """
    return check_cells(read_cells(path).cells)


def check_cells(cells: Cells) -> list[Finding]:
    """Ratios and totals that cannot follow from their printed parts; notes on breaks of series."""
    found: list[Finding] = []
    for cell in cells.values():
        if cell.kind == "count":
            continue
        possible = possible_values(cells, cell)
        if possible is None or cell.interval is None:
            found.append(Finding("not-testable", cell.place, cell.printed or None))
        elif not cell.interval.overlaps(possible):
            code = "ratio-impossible" if cell.kind == "percent" else "total-impossible"
            # a ratio with one decimal more, so that the ends differ from what is printed
            expected = possible.text(cell.decimals + (cell.kind == "percent"))
            found.append(Finding(code, cell.place, cell.printed, expected))
    return [*found, *_breaks(cells)]


def tested(cells: Cells) -> int:
    """How many ratios and totals can be tested."""
    return sum(
        cell.interval is not None and possible_values(cells, cell) is not None
        for cell in cells.values()
        if cell.kind != "count"
    )


def possible_values(cells: Cells, cell: TableCell) -> Interval | None:
    """What a ratio or total may be, from the intervals of its parts; None if they do not say."""
    above = _sum(cells, cell.above)
    if above is None or cell.kind == "total":
        return None if above is None else above.times(cell.factor)
    below = _sum(cells, cell.below)
    if below is None or below.low == 0:
        return None
    return (above / below).times(cell.factor)


def _sum(cells: Cells, keys: tuple[Key, ...]) -> Interval | None:
    intervals = [cells[key].interval if key in cells else None for key in keys]
    known = [interval for interval in intervals if interval is not None]
    return reduce(add, known) if known and len(known) == len(intervals) else None


def _breaks(cells: Cells) -> Iterator[Finding]:
    """Ratios whose two counts differ in source or date, those of one column together."""
    breaks: dict[tuple[str, str, str], list[str]] = {}
    for cell in cells.values():
        parts = [cells[key] for key in (*cell.above, *cell.below) if key in cells]
        for name, values in (
            (_("source"), [part.source for part in parts]),
            (_("date"), [part.as_of for part in parts]),
        ):
            if len(set(values)) > 1:
                what = f"{name}: " + " / ".join(value or "-" for value in dict.fromkeys(values))
                breaks.setdefault((cell.key[0], cell.key[2], what), []).append(cell.key[1])
    for (table, column, what), rows in breaks.items():
        span = rows[0] if len(rows) == 1 else f"{rows[0]}..{rows[-1]}"
        yield Finding("series-break", f"{table}/{span}/{column}", what)
