"""Could these printed ratios and totals come from these printed counts, all of them rounded?

Every printed number stands for an interval: what is printed as 97 with no decimals was, before it
was rounded half up, at least 96.5 and less than 97.5. A ratio is tested alone, against its own two
counts; nothing is inferred from other cells. Exact throughout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.plan.characters import plain
from kokuho.plan.findings import Finding

_ = translator("plan")

Key = tuple[str, str, str]
"""A cell: table, row, column."""


@dataclass(frozen=True)
class Interval:
    """The numbers that a printed one may stand for: ``low`` or more, less than ``high``.

    Of a quotient neither end is reached; that makes no difference, because two such intervals
    either overlap in a stretch of numbers or not at all.
    """

    low: Fraction
    high: Fraction

    def overlaps(self, other: Interval) -> bool:
        """Whether some number lies in both."""
        return max(self.low, other.low) < min(self.high, other.high)

    def times(self, factor: Fraction) -> Interval:
        """Every number of it times a factor above 0."""
        return Interval(self.low * factor, self.high * factor)

    def text(self, decimals: int) -> str:
        """``4.06 to 4.10``: both ends, rounded half up."""
        return _("{low} to {high}").format(
            low=_rounded(self.low, decimals), high=_rounded(self.high, decimals)
        )


@dataclass(frozen=True)
class TableCell:
    """One cell of a printed table, as the check-table file has it."""

    key: Key
    line: int
    kind: str
    printed: str
    value: Fraction
    decimals: int
    numerator: str
    denominator: str
    factor: Fraction
    source: str
    as_of: str

    @property
    def place(self) -> str:
        """``table/row/column``."""
        return "/".join(self.key)

    @property
    def interval(self) -> Interval:
        """What the printed number may stand for; counts and ratios are never below 0."""
        half = Fraction(1, 2 * 10**self.decimals)
        return Interval(max(Fraction(0), self.value - half), self.value + half)


def read_cells(path: Path) -> dict[Key, TableCell]:
    """The cells of a check-table file, by table, row and column.

    Raises:
        TableError: the file cannot be read as a table, or lacks a column.
        PlanError: a cell is no number, stands twice, or names one that is not there.
    """
    from kokuho.tables import LINE, Column, read_table

    columns = [
        Column("table", "text", "表", required=True),
        Column("row", "text", "行", required=True),
        Column("column", "text", "列", required=True),
        Column("kind", "text", "種類", required=True),
        Column("printed", "text", "印刷値", required=True),
        Column("decimals", "text", "小数桁", required=True, nullable=True),
        Column("numerator", "text", "分子", required=True, nullable=True),
        Column("denominator", "text", "分母", required=True, nullable=True),
        Column("factor", "text", "倍率", required=True, nullable=True),
        Column("source", "text", "出典", nullable=True),
        Column("as_of", "text", "時点", nullable=True),
    ]
    table = read_table(path, columns)
    if table.refusals:
        raise PlanError("\n".join(refusal.message() for refusal in table.refusals))
    cells: dict[Key, TableCell] = {}
    for row in table.frame.iter_rows(named=True):
        cell = _cell(path, row[LINE], {name: row[name] or "" for name in row if name != LINE})
        if cell.key in cells:
            raise PlanError(_at(path, cell.line, _("the cell stands twice in the file")))
        cells[cell.key] = cell
    for cell in cells.values():
        for name in _names(cell):
            if _find(cells, cell, name) is None:
                wrong = _("there is no cell {name}").format(name=name)
                raise PlanError(_at(path, cell.line, wrong))
    return cells


def _at(path: Path, line: int, wrong: str) -> str:
    return _("{file}, line {line}: {wrong}").format(file=path, line=line, wrong=wrong)


def _cell(path: Path, line: int, row: Mapping[str, Any]) -> TableCell:
    kind = row["kind"]
    if kind not in ("count", "percent", "total"):
        raise PlanError(
            _at(path, line, _("kind is count, percent or total, not {kind}").format(kind=kind))
        )
    printed = plain(row["printed"]).replace(",", "").strip().removesuffix("%")
    decimals = row["decimals"] or str(len(printed.partition(".")[2]))
    factor = row["factor"] or ("100" if kind == "percent" else "1")
    if not _is_number(printed) or not decimals.isdigit() or not _is_number(factor):
        raise PlanError(_at(path, line, _("printed, decimals and factor are numbers from 0 up")))
    if len(printed.partition(".")[2]) > int(decimals):
        raise PlanError(_at(path, line, _("more decimals are printed than stated")))
    return TableCell(
        key=(row["table"], row["row"], row["column"]),
        line=line,
        kind=kind,
        printed=row["printed"],
        value=Fraction(printed),
        decimals=int(decimals),
        numerator=row["numerator"],
        denominator=row["denominator"],
        factor=Fraction(factor),
        source=row.get("source", ""),
        as_of=row.get("as_of", ""),
    )


def _is_number(text: str) -> bool:
    whole, dot, fraction = text.partition(".")
    digits = whole + fraction
    return digits.isascii() and digits.isdigit() and bool(whole) and (not dot or bool(fraction))


def _names(cell: TableCell) -> list[str]:
    """The cells that a ratio or total is of, as the file names them."""
    if cell.kind == "count":
        return []
    both = f"{cell.numerator}+{cell.denominator}"
    return [name.strip() for name in both.split("+") if name.strip()]


def _find(cells: Mapping[Key, TableCell], cell: TableCell, name: str) -> TableCell | None:
    """``column`` (of the same row), ``row/column`` or ``table/row/column``."""
    parts = tuple(name.split("/"))
    if len(parts) > 3:
        return None
    key = (*cell.key[: 3 - len(parts)], *parts)
    return cells.get((key[0], key[1], key[2]))


def check_cells(cells: Mapping[Key, TableCell]) -> list[Finding]:
    """Ratios and totals that cannot follow from their printed parts; notes on breaks of series."""
    found: list[Finding] = []
    breaks: dict[tuple[str, str, str], list[str]] = {}
    for cell in cells.values():
        if cell.kind == "count":
            continue
        parts = [other for name in _names(cell) if (other := _find(cells, cell, name))]
        possible = _possible(cells, cell)
        if possible is None:
            found.append(Finding("not-testable", cell.place, cell.printed))
            continue
        if not cell.interval.overlaps(possible):
            code = "ratio-impossible" if cell.kind == "percent" else "total-impossible"
            expected = possible.text(cell.decimals + (cell.kind == "percent"))
            found.append(Finding(code, cell.place, cell.printed, expected))
        for name, values in (
            (_("source"), [part.source for part in parts]),
            (_("date"), [part.as_of for part in parts]),
        ):
            if len(set(values)) > 1:
                what = f"{name}: " + " / ".join(value or "-" for value in dict.fromkeys(values))
                breaks.setdefault((cell.key[0], cell.key[2], what), []).append(cell.key[1])
    for (table, column, what), rows in breaks.items():
        span = rows[0] if len(rows) == 1 else f"{rows[0]}..{rows[-1]}"
        found.append(Finding("series-break", f"{table}/{span}/{column}", what))
    return found


def _possible(cells: Mapping[Key, TableCell], cell: TableCell) -> Interval | None:
    """What a ratio or total may be, from the intervals of its parts; None if it has none."""
    above = _sum(cells, cell, cell.numerator)
    if above is None:
        return None
    if cell.kind == "total":
        return above.times(cell.factor)
    below = _sum(cells, cell, cell.denominator)
    if below is None or below.low <= 0:
        return None
    return Interval(above.low / below.high, above.high / below.low).times(cell.factor)


def _sum(cells: Mapping[Key, TableCell], cell: TableCell, names: str) -> Interval | None:
    parts = [_find(cells, cell, name.strip()) for name in names.split("+") if name.strip()]
    known = [part.interval for part in parts if part is not None]
    if not known:
        return None
    low: Sequence[Fraction] = [part.low for part in known]
    return Interval(sum(low, Fraction(0)), sum((part.high for part in known), Fraction(0)))


def _rounded(value: Fraction, decimals: int) -> str:
    scaled = (2 * value * 10**decimals + 1) // 2
    if decimals == 0:
        return str(scaled)
    whole, rest = divmod(scaled, 10**decimals)
    return f"{whole}.{rest:0{decimals}}"


def check_table(path: Path) -> list[Finding]:
    """Read a check-table file and test it.

    Raises:
        TableError: the file cannot be read as a table, or lacks a column.
        PlanError: a cell is no number, stands twice, or names one that is not there.
    """
    return check_cells(read_cells(path))


def tested(cells: Mapping[Key, TableCell]) -> Iterator[TableCell]:
    """The cells that are tested: ratios and totals with printed parts."""
    for cell in cells.values():
        if cell.kind != "count" and _possible(cells, cell) is not None:
            yield cell
