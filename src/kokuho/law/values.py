"""What a statutory value may be: an amount, an age, a share, a rate, a day or a table.

The ``unit`` of a parameter decides how its values are written in YAML, what type they have in
Python and how they are shown. The list is closed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from kokuho.base.messages import translator

_ = translator("law")

_SHARE = re.compile(r"(\d+)/(\d+)")
_RATE = re.compile(r"0\.\d{1,6}")
_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")

CLOSED = ("saturday", "sunday", "holiday")
"""Days on which offices are closed, beside days of the year such as ``12-29``; ``holiday`` is one
of the 国民の祝日に関する法律 with its substitute days."""

ORDERED = ("principal", "interest", "fee")
"""What an order puts in a row: 本税(料), 延滞金, 督促手数料."""


@dataclass(frozen=True)
class Bracket:
    """One row of a table: ``amount`` yen for incomes up to ``upto`` (``None``: no end)."""

    upto: int | None
    amount: int


@dataclass(frozen=True)
class Band:
    """One row of a table that turns revenue into income, for revenue up to ``upto`` yen.

    ``income = max(0, revenue // step * step * percent // 100 - subtract)``; ``percent`` 0 with a
    negative ``subtract`` is a fixed income. ``upto`` is ``None`` in the last row.
    """

    upto: int | None
    step: int
    percent: int
    subtract: int


Value = (
    int
    | Fraction
    | Decimal
    | date
    | None
    | tuple[int, ...]
    | tuple[str, ...]
    | tuple[Bracket, ...]
    | tuple[Band, ...]
)
"""A statutory value; ``None`` is a number of months without limit (期限なし)."""


class BadValueError(ValueError):
    """The YAML does not hold what the unit asks for; says what was expected."""


def _whole(raw: object, least: int = 0) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < least:
        raise BadValueError(_("a whole number of at least {least}").format(least=least))
    return raw


def _yen(raw: object) -> Value:
    return _whole(raw)


def _positive(raw: object) -> Value:
    return _whole(raw, 1)


def _months(raw: object) -> Value:
    return None if raw == "unlimited" else _whole(raw, 1)


def _share(raw: object) -> Value:
    found = _SHARE.fullmatch(raw) if isinstance(raw, str) else None
    if not found or not 0 < int(found[1]) <= int(found[2]):
        raise BadValueError(_('a share of 1 such as "1/2"'))
    return Fraction(int(found[1]), int(found[2]))


def _rate(raw: object) -> Value:
    if not isinstance(raw, str) or not _RATE.fullmatch(raw):
        raise BadValueError(_('a decimal fraction of 1 in quotes such as "0.028"'))
    return Decimal(raw)


def _day(raw: object) -> Value:
    if type(raw) is not date:
        raise BadValueError(_("a date such as 2024-01-01"))
    return raw


def _rows(raw: object, width: int) -> list[list[object]]:
    """The rows of a table: upper bounds ascend, the last is null."""
    if not isinstance(raw, list) or not raw:
        raise BadValueError(_("a list of rows"))
    last = -1
    for number, row in enumerate(raw, start=1):
        if not isinstance(row, list) or len(row) != width:
            raise BadValueError(_("rows of {width} numbers").format(width=width))
        if number == len(raw):
            if row[0] is not None:
                raise BadValueError(_("a last row without an upper bound (null)"))
        elif _whole(row[0], last + 1) <= last:
            raise BadValueError(_("upper bounds that ascend"))
        else:
            last = _whole(row[0])
    return raw


def _bound(raw: object) -> int | None:
    return None if raw is None else _whole(raw)


def _brackets(raw: object) -> Value:
    return tuple(Bracket(_bound(row[0]), _whole(row[1])) for row in _rows(raw, 2))


def _band(row: list[object]) -> Band:
    percent, subtract = _whole(row[2]), row[3]
    if percent > 100:
        raise BadValueError(_("a percentage of at most 100"))
    if isinstance(subtract, bool) or not isinstance(subtract, int):
        raise BadValueError(_("rows of whole numbers"))
    return Band(_bound(row[0]), _whole(row[1], 1), percent, subtract)


def _bands(raw: object) -> Value:
    return tuple(_band(row) for row in _rows(raw, 4))


def _numbers(raw: object) -> tuple[int, ...]:
    if not isinstance(raw, list) or not raw:
        raise BadValueError(_("a list of whole numbers"))
    return tuple(_whole(number, 1) for number in raw)


def _bounds(raw: object) -> Value:
    numbers = _numbers(raw)
    if list(numbers) != sorted(set(numbers)):
        raise BadValueError(_("amounts that ascend"))
    return numbers


def _tenths(raw: object) -> Value:
    numbers = _numbers(raw)
    if list(numbers) != sorted(set(numbers), reverse=True) or numbers[0] > 10:
        raise BadValueError(_("tenths that descend, none above 10"))
    return numbers


def _month_numbers(raw: object) -> Value:
    numbers = _numbers(raw)
    if len(set(numbers)) < len(numbers) or max(numbers) > 12:
        raise BadValueError(_("different months from 1 to 12"))
    return numbers


def _day_of_month(raw: object) -> Value:
    day = _whole(raw, 1)
    if day > 28:
        raise BadValueError(_("a day that every month has"))
    return day


def _closed_days(raw: object) -> Value:
    if not isinstance(raw, list) or not raw:
        raise BadValueError(_("a list of days"))
    for day in raw:
        if day not in CLOSED and not (isinstance(day, str) and _MONTH_DAY.fullmatch(day)):
            raise BadValueError(_('saturday, sunday, holiday or a day such as "12-29"'))
    return tuple(raw)


def _order(raw: object) -> Value:
    names = raw if isinstance(raw, list) else []
    if not names or len(set(names)) < len(names) or not set(names) <= set(ORDERED):
        raise BadValueError(_("a list of: {names}").format(names=", ".join(ORDERED)))
    return tuple(names)


UNITS: Mapping[str, Callable[[object], Value]] = {
    "yen": _yen,
    "age": _positive,
    "months": _months,
    "days": _positive,
    "share": _share,
    "rate": _rate,
    "date": _day,
    "tenths": _tenths,
    "order": _order,
    "bounds": _bounds,
    "brackets": _brackets,
    "bands": _bands,
    "month_numbers": _month_numbers,
    "day_of_month": _day_of_month,
    "closed_days": _closed_days,
}
"""Unit code to the reader of its YAML form."""


def read_value(raw: object, unit: str) -> Value:
    """The value that a piece of YAML holds.

    Raises:
        BadValueError: it is not what the unit asks for.
    """
    return UNITS[unit](raw)
