"""The ``check-table`` file: the cells of a printed table, and which cells a ratio or total is of.

The format is described in ``docs/formats.md``. A row that cannot be used is refused with its
reason; the other rows are tested without it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from kokuho.base.errors import PlanError
from kokuho.base.intervals import Interval
from kokuho.base.messages import translator
from kokuho.plan.characters import compact, plain

_ = translator("plan")

Key = tuple[str, str, str]
"""A cell: table, row, column."""

EXACT = "exact"
"""Instead of a number of decimals: the printed number was not rounded."""

_NOT_PRINTED = frozenset({"", "-", "‐", "―", "−", "–", "—", "ー", "…", "...", "x", "X", "*", "***"})
"""Signs of a cell without a number: none, not known, not published."""

_KINDS = {"count": ("件数", "実数"), "percent": ("割合", "率"), "total": ("合計", "計")}
_NUMBER = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d+))?", re.ASCII)
_PATH = re.compile(r"[/|:]")
_LISTS = ("+", ";", ",", "、")


@dataclass(frozen=True)
class TableCell:
    """One cell of a printed table; ``interval`` is None where no number is printed.

    ``above`` are the cells of the numerator or the parts of a total, ``below`` those of the
    denominator. ``factor`` is the unit of a count, the multiple of a ratio or total.
    """

    key: Key
    line: int
    kind: Literal["count", "percent", "total"]
    printed: str
    interval: Interval | None
    decimals: int
    factor: Fraction
    above: tuple[Key, ...] = ()
    below: tuple[Key, ...] = ()
    source: str = ""
    as_of: str = ""

    @property
    def place(self) -> str:
        """``table/row/column``."""
        return "/".join(self.key)


@dataclass(frozen=True)
class TableFile:
    """The cells of a file, and the reasons for the rows that were refused."""

    cells: Mapping[Key, TableCell]
    refused: tuple[str, ...]


def read_cells(path: Path) -> TableFile:
    """The cells of a check-table file (CSV or XLSX), by table, row and column.

    Raises:
        TableError: the file cannot be read as a table, or lacks a column.
    """
    from kokuho.tables import LINE, Column, read_table

    optional = {
        "decimals": "小数桁",
        "numerator": "分子",
        "denominator": "分母",
        "factor": "倍率",
        "source": "出典",
        "as_of": "時点",
        "note": "備考",
    }
    table = read_table(
        path,
        [
            Column("table", "text", "表", required=True, aliases=("表",)),
            Column("row", "text", "行", required=True, aliases=("行",)),
            Column("column", "text", "列", required=True, aliases=("列",)),
            Column("kind", "choice", "種類", required=True, choices=_KINDS, aliases=("種類",)),
            Column("printed", "text", "印刷値", required=True, nullable=True, aliases=("印刷値",)),
            *(
                Column(name, "text", title, nullable=True, aliases=(title,))
                for name, title in optional.items()
            ),
        ],
    )
    reasons = [(refusal.line, refusal.message()) for refusal in table.refusals]
    rows: dict[Key, dict[str, Any]] = {}
    for row in table.frame.iter_rows(named=True):
        key = (row["table"], row["row"], row["column"])
        if key in rows:
            reasons.append((row[LINE], _at(path, row[LINE], _("the cell stands twice"))))
        else:
            rows[key] = {name: "" if value is None else value for name, value in row.items()}
    names = _Names(rows)
    cells: dict[Key, TableCell] = {}
    for key, row in rows.items():
        try:
            cells[key] = _cell(key, row[LINE], row, names)
        except PlanError as error:
            reasons.append((row[LINE], _at(path, row[LINE], str(error))))
    return TableFile(cells, tuple(reason for _line, reason in sorted(reasons)))


def _at(path: Path, line: int, wrong: str) -> str:
    return _("{file}, line {line}: {wrong}").format(file=path.name, line=line, wrong=wrong)


def _cell(key: Key, line: int, row: Mapping[str, Any], names: _Names) -> TableCell:
    kind = row["kind"]
    above, below = names.find(key, row["numerator"]), names.find(key, row["denominator"])
    if kind == "count" and (above or below):
        raise PlanError(_("a count is of no other cells: numerator and denominator stay empty"))
    if kind == "total" and below:
        raise PlanError(_("a total has no denominator; its parts stand under numerator"))
    factor = _factor(row["factor"] or ("100" if kind == "percent" else "1"))
    interval, decimals = _printed(row["printed"], row["decimals"])
    if interval is not None and kind == "count":
        interval = interval.times(factor)
    return TableCell(
        key=key,
        line=line,
        kind=kind,
        printed=row["printed"],
        interval=interval,
        decimals=decimals,
        factor=factor,
        above=above,
        below=below,
        source=row["source"],
        as_of=row["as_of"],
    )


def _factor(text: str) -> Fraction:
    number = compact(plain(text))
    if not _NUMBER.fullmatch(number) or not (factor := Fraction(number.replace(",", ""))):
        raise PlanError(_("factor {value!r}: expected a number above 0").format(value=text))
    return factor


def _printed(printed: str, decimals: str) -> tuple[Interval | None, int]:
    """What a printed number stands for, and its decimals as stated or as printed."""
    number = compact(plain(printed)).strip("()[]〔〕").removesuffix("%")
    if number in _NOT_PRINTED:
        return None, 0
    found = _NUMBER.fullmatch(number)
    if found is None:
        raise PlanError(
            _("printed {value!r}: expected a number from 0 up, without its unit").format(
                value=printed
            )
        )
    value, shown = Fraction(number.replace(",", "")), len(found[1] or "")
    stated = compact(plain(decimals)).lower()
    if stated == EXACT:
        return Interval.exactly(value), shown
    if stated and not re.fullmatch(r"-?\d{1,2}", stated, re.ASCII):
        raise PlanError(
            _("decimals {value!r}: expected a whole number, or exact").format(value=decimals)
        )
    places = int(stated) if stated else shown
    if (value * Fraction(10) ** places).denominator != 1:
        raise PlanError(
            _("{value} is printed to more places than decimals says").format(value=printed)
        )
    return Interval.rounded(value, places), places


class _Names:
    """How the cells of a file may be named from one of them."""

    def __init__(self, keys: Mapping[Key, Any]) -> None:
        self._keys = {tuple(map(_same, key)): key for key in keys}

    def find(self, at: Key, text: str) -> tuple[Key, ...]:
        """The cells that a text names: one, or several with ``+`` ``;`` ``,`` or ``、`` between."""
        if not text.strip():
            return ()
        whole = self._one(at, text)
        if whole is not None:
            return (whole,)
        missing = text
        for sign in _LISTS:
            parts = [part for part in plain(text).split(sign) if part.strip()]
            found = [self._one(at, part) for part in parts]
            if None not in found:
                return tuple(key for key in found if key is not None)
            if len(parts) > 1:
                missing = parts[found.index(None)].strip()
                break
        raise PlanError(_("there is no cell {name}").format(name=missing))

    def _one(self, at: Key, text: str) -> Key | None:
        """``column`` of the same row, ``row`` of the same column, ``row/column``, or
        ``table/row/column``; a cell is never of itself."""
        table, row, column = map(_same, at)
        name = _same(text)
        found = [
            key
            for path in ((table, row, name), (table, name, column))
            if path != (table, row, column) and (key := self._keys.get(path))
        ]
        if len(found) > 1:
            raise PlanError(
                _("{name} is a row and a column; write row/column").format(name=text.strip())
            )
        if found:
            return found[0]
        cuts = [sign.span() for sign in _PATH.finditer(name)]
        for start, end in cuts:
            key = self._keys.get((table, name[:start], name[end:]))
            if key is not None and key != at:
                return key
        for start, end in cuts:
            for last, rest in cuts:
                key = self._keys.get((name[:start], name[end:last], name[rest:]))
                if last >= end and key is not None and key != at:
                    return key
        return None


def _same(name: str) -> str:
    """A name without the differences that do not matter: width and spaces."""
    return compact(plain(name))
