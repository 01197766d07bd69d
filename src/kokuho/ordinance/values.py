"""The kinds of value in an ordinance file: rates, yen, due days, addresses.

Rates are decimal strings, fractions of 1 (``"0.0674"`` is 6.74 %). A YAML float is refused: it is a
binary approximation, and 0.0674 as a float is not 0.0674.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from kokuho.base.calendar import last_day
from kokuho.base.messages import translator
from kokuho.base.money import rate_numerator

PartName = Literal["medical", "support", "care", "child"]
"""基礎(医療)分, 後期高齢者支援金等分, 介護納付金分, 子ども・子育て支援納付金分."""

_ = translator("ordinance")

PART_NAMES: tuple[PartName, ...] = ("medical", "support", "care", "child")

_RATE_FORM = r"0(\.[0-9]{1,6}0*)?|1(\.0+)?"
_PLAIN_RATE = re.compile(_RATE_FORM)
_PERCENT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*[%\uff05]?\s*")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MONTH_DAY = re.compile(r"([01][0-9])-([0-3][0-9]|end)")


def part_labels(names: Iterable[str]) -> str:
    """Parts for people: their names in the language of the interface, with their keys."""
    labels = {
        "medical": _("medical"),
        "support": _("support"),
        "care": _("care"),
        "child": _("child"),
    }
    return ", ".join(labels.get(name, name) for name in names)


def _decimal_string(value: Any) -> Decimal:
    if isinstance(value, float | int):
        raise PydanticCustomError(
            "rate_not_text", "a rate is a decimal string in quotes, never a bare number", {}
        )
    if isinstance(value, str) and not _PLAIN_RATE.fullmatch(value):
        raise PydanticCustomError("rate_invalid", "not a rate of the form 0.0674", {})
    try:
        rate_numerator(value)
    except (TypeError, ValueError):
        raise PydanticCustomError(
            "rate_invalid", "a rate lies between 0 and 1 and has at most six decimals", {}
        ) from None
    return Decimal(value)


def rate_meant(text: str) -> str:
    """What was probably meant by a wrong rate, as an example for the message.

    A number is repeated as it stands, a percentage is divided by 100.
    """
    meant = "0.0674"
    if found := _PERCENT.fullmatch(text):
        number = Decimal(found[1])
        if number > 1 or not text.strip()[-1].isdigit():
            number /= 100
        if _PLAIN_RATE.fullmatch(as_text := f"{number.normalize():f}"):
            meant = as_text
    return meant


def due_date(due: str | date, fiscal_year: int) -> date:
    """The day of a due date (納期限) before any shift for weekends and holidays.

    ``"07-31"`` is a day of the fiscal year, ``"02-end"`` the last day of the month, a date itself.

    Raises:
        ValueError: no such day.
    """
    if isinstance(due, date):
        return day_of(due)
    if found := _MONTH_DAY.fullmatch(due):
        month = int(found[1])
        year = fiscal_year if month >= 4 else fiscal_year + 1
        if not 1 <= month <= 12:
            raise ValueError(f"no such month: {due!r}")
        return last_day(year, month) if found[2] == "end" else date(year, month, int(found[2]))
    return day_of(due)


def day_of(value: Any) -> date:
    """A date from what YAML or JSON gives: a date, or ``2026-04-01`` as text.

    Raises:
        ValueError: anything else, a time of day included.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        return date.fromisoformat(value)
    raise ValueError(f"not a date: {value!r}")


def _day(value: Any) -> date:
    try:
        return day_of(value)
    except ValueError:
        raise PydanticCustomError("not_date", "not a date such as 2026-04-01", {}) from None


def _due(value: Any) -> str | date:
    try:
        # 2028 is a leap year's February: whether 02-29 exists is judged with the fiscal year.
        due_date(value, 2027)
    except (TypeError, ValueError):
        raise PydanticCustomError("due_invalid", "not a due date", {}) from None
    if isinstance(value, str) and _MONTH_DAY.fullmatch(value):
        return value
    return day_of(value)


Rate = Annotated[
    Decimal,
    BeforeValidator(_decimal_string),
    WithJsonSchema({"type": "string", "pattern": f"^({_RATE_FORM})$"}),
]
"""A fraction of 1 with at most six decimals, written as a string."""

Yen = Annotated[int, Field(strict=True, ge=0, le=10_000_000)]
"""Whole yen."""

Day = Annotated[date, BeforeValidator(_day)]
"""A date."""

Due = Annotated[
    str | date,
    BeforeValidator(_due),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(([0-9]{4}-)?[01][0-9]-[0-3][0-9]|[01][0-9]-end)$",
            "examples": ["07-end", "12-25", "2026-12-25"],
        }
    ),
]
"""A due date: a day of the fiscal year, the end of a month, or a full date."""
