"""What a source prints, before anything is believed: cells, lines and sheets as they stand.

Each way into the plan (noisy text, the official form as XLSX) ends here; :mod:`kokuho.plan.reading`
takes it from here on, whatever it came from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kokuho.plan.model import Plan

_RATE = re.compile(r"\d{1,9}(\.\d{1,4})?", re.ASCII)


@dataclass(frozen=True)
class Cell:
    """One printed cell: its text, the amount in thousands of yen and the rate that it says.

    ``amount`` is None for an empty cell and for one that cannot be read as an amount;
    ``rate_text`` is what stands in the parentheses, empty where the form is blank.
    """

    text: str = ""
    amount: int | None = None
    rate_text: str = ""

    @property
    def blank(self) -> bool:
        """Nothing is printed."""
        return not self.text

    @property
    def rate(self) -> Decimal | None:
        """The rate in percent, None where it is blank or no number of at most four decimals."""
        return Decimal(self.rate_text) if _RATE.fullmatch(self.rate_text) else None


@dataclass(frozen=True)
class Line:
    """A printed line of amounts. ``slot`` tells its label: 1 法定外繰入, 2 繰上充用, 3 合計,
    4 赤字削減予定額 (the second half of the label of 合計); None if the label cannot be read."""

    label: str
    slot: int | None
    cells: tuple[Cell, ...]

    @property
    def filled(self) -> bool:
        """At least one cell has something in it."""
        return any(not cell.blank for cell in self.cells)


@dataclass(frozen=True)
class Value:
    """A printed value outside the table of amounts: its text, and what it reads as (or None)."""

    text: str
    value: Any


@dataclass(frozen=True)
class PrintedMeasure:
    """A measure as a sheet prints it: 名称【金額】 and the lines under it."""

    name: str
    amount: Value | None
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class PrintedSheet:
    """A sheet: header cells (第n年次 and 年度; None for one that cannot be read), lines, values.

    ``values`` maps a field of the plan, such as ``occurrence.total``, to what this sheet prints;
    a field that the sheet names without a readable value has a :class:`Value` of None.
    """

    ordinals: tuple[Value, ...]
    years: tuple[Value, ...]
    lines: tuple[Line, ...]
    values: dict[str, Value] = field(default_factory=dict)
    measures: tuple[PrintedMeasure, ...] = ()


@dataclass(frozen=True)
class PrintedResult:
    """A settled year as the progress sheet has it; a Value of None cannot be read."""

    year: int
    other_transfer: Value
    advance_increase: Value
    reason: str
    source: str


@dataclass(frozen=True)
class PrintedPlan:
    """The sheets of a plan in the order of the source.

    Attributes:
        typed: the characters are those that a person typed; no machine read them off a page.
        results: the rows of a progress sheet, where the source has one.
        kept: the plan that the source was made from, and what the source printed then.
    """

    source: str
    sheets: tuple[PrintedSheet, ...]
    typed: bool = False
    results: tuple[PrintedResult, ...] = ()
    kept: Kept | None = None


@dataclass(frozen=True)
class Kept:
    """What a form that we wrote keeps of the plan that it was made from."""

    plan: Plan
    printed: PrintedPlan
