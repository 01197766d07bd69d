"""Worksheets on their way out: cells, heights, formulas; what the room of papers writes as XLSX."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from kokuho.plan.grid import GridCell

LINE = 15
"""Height of a line of text, in points."""


@dataclass
class Page:
    """A worksheet: its name, widths of columns, cells, heights of rows.

    ``counts`` are ranges of amounts (first row, first column, last row, last column) that take
    whole numbers only; ``printed`` is the number of columns that are printed (0: all of them);
    ``frozen`` rows stay in view, and the last of them is printed on each page; ``hidden`` sheets
    are for the program.
    """

    name: str
    widths: tuple[float, ...]
    cells: list[GridCell] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)
    counts: list[tuple[int, int, int, int]] = field(default_factory=list)
    printed: int = 0
    frozen: int = 0
    hidden: bool = False

    def put(
        self,
        row: int,
        column: int,
        value: Any,
        style: str,
        *,
        to: int | None = None,
        rows: int = 1,
        number_format: str = "",
        formula: str = "",
    ) -> None:
        """One cell, or several merged into one; ``to`` is its last column."""
        columns = 1 if to is None else to - column + 1
        self.cells.append(
            GridCell(row, column, value, style, number_format, formula, rows, columns)
        )

    def width(self, first: int, last: int) -> float:
        """The width of some columns together."""
        return sum(self.widths[first : last + 1])

    def as_dict(self) -> dict[str, Any]:
        """The worksheet as data for the room that writes workbooks."""
        return asdict(self)


def place(row: int, column: int, absolute: bool = False) -> str:
    """The name of a cell: ``D8``, or ``$D$8``."""
    letter = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[column]
    return f"${letter}${row + 1}" if absolute else f"{letter}{row + 1}"


def pointing(cell: str) -> str:
    """A formula that shows another cell, and nothing where that one is empty."""
    return f'=IF({cell}="","",{cell})'


def known(formula: str, *cells: str) -> str:
    """A formula of some cells that stays empty while one of them is."""
    return f'=IF(COUNT({",".join(cells)})={len(cells)},{formula.format(*cells)},"")'


def summed(first: str, last: str, count: int) -> str:
    """The sum of a range of so many cells, empty while one of them is."""
    return f'=IF(COUNT({first}:{last})={count},SUM({first}:{last}),"")'


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in so many characters of a worksheet.

    Reckoned for faces in which all Japanese characters have one width: rather too many than cut.
    """
    room = max(1.0, width * 0.95)
    taken = (sum(1.05 if sign.isascii() else 1.9 for sign in line) for line in text.split("\n"))
    return sum(max(1, -int(-length // room)) for length in taken)
