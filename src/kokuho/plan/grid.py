"""Cells of a worksheet, on their way out and on their way in, and how they are displayed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any

from kokuho.base.calendar import era_date
from kokuho.plan.characters import plain

_NUMBER = re.compile(r"(?P<before>.*?)(?P<digits>[#0][#0.,]*)(?P<after>.*)", re.DOTALL)
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')


@dataclass(frozen=True)
class GridCell:
    """A cell, or several merged into one; rows and columns are counted from 0.

    ``value`` is a whole number, a rate, a text, a date or None; of a ``formula`` it is the result.
    ``style`` names a style of the room that writes workbooks; a cell that was read has none.
    """

    row: int
    column: int
    value: Any = None
    style: str = ""
    number_format: str = ""
    formula: str = ""
    rows: int = 1
    columns: int = 1

    @cached_property
    def text(self) -> str:
        """What a person reads in the cell, in characters of one width."""
        return shown(self.value, self.number_format)

    @property
    def is_number(self) -> bool:
        """Whether it holds a number, not text that looks like one."""
        return isinstance(self.value, int | float | Decimal) and not isinstance(self.value, bool)

    @property
    def is_rate(self) -> bool:
        """Whether it holds a number that is displayed as a percentage."""
        return self.is_number and "%" in self.number_format


class Grid:
    """The filled cells of a worksheet, by place."""

    def __init__(self, cells: Iterable[GridCell]) -> None:
        self.cells = sorted(
            (cell for cell in cells if cell.text), key=lambda cell: (cell.row, cell.column)
        )

    @cached_property
    def rows(self) -> dict[int, list[GridCell]]:
        """The cells by the row that they start in, from top to bottom and left to right."""
        return {row: list(cells) for row, cells in groupby(self.cells, attrgetter("row"))}

    def between(self, first: int, last: int | None = None) -> list[list[GridCell]]:
        """The filled rows of ``first <= row < last``; without ``last``, to the end."""
        return [
            cells
            for row, cells in self.rows.items()
            if first <= row and (last is None or row < last)
        ]

    def right_of(self, cell: GridCell) -> GridCell | None:
        """The filled cell that touches a cell on its right side."""
        return self._at(cell.row, cell.column + cell.columns)

    def below(self, cell: GridCell) -> GridCell | None:
        """The filled cell that touches a cell from below."""
        return self._at(cell.row + cell.rows, cell.column)

    def _at(self, row: int, column: int) -> GridCell | None:
        for cell in self.cells:
            if (
                cell.row <= row < cell.row + cell.rows
                and cell.column <= column < cell.column + cell.columns
            ):
                return cell
        return None


def shown(value: Any, number_format: str = "") -> str:
    """A value as a worksheet displays it, but no digit of an amount is ever hidden.

    Percentages are rounded as displayed. Dates are given in the Japanese calendar.
    """
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return era_date(value)
    if isinstance(value, int | float | Decimal):
        return plain(_number(Decimal(str(value)), number_format))
    return plain(str(value)).strip()


def _number(value: Decimal, number_format: str) -> str:
    first = number_format.split(";")[0]
    # what stands in quotes is kept aside, so that a quoted % or comma means nothing
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[1] or found[2] or "")
        return "\0"

    pattern = _NUMBER.fullmatch(_LITERAL.sub(keep, first))
    if pattern is None:
        return f"{_exact(value):,f}"
    digits, after = pattern["digits"], pattern["after"]
    if "%" in after:
        value *= 100
    value /= Decimal(1000) ** (len(digits) - len(digits.rstrip(",")))
    decimals = len(digits.rstrip(",").partition(".")[2])
    exact = _exact(value)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    number = f"{rounded if exact == rounded or '%' in first else exact:,f}"
    literals = iter(kept)
    before = re.sub("\0", lambda _found: next(literals), pattern["before"])
    return before + number + re.sub("\0", lambda _found: next(literals), after)


def _exact(value: Decimal) -> Decimal:
    """The number without zeros at its end."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
