"""Days on which offices are closed, and the day to which a due date (納期限) moves.

A date that falls on such a day counts as the next day that is none (地方税法20条の5第2項,
民法142条). National holidays with their substitute days (国民の祝日に関する法律, special laws for
single years included) come from the package ``holidays``. The two equinoxes are fixed by the
government in February of the year before; until then they are the astronomical days.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, cast

from kokuho.law.registry import parameter

if TYPE_CHECKING:
    from holidays import HolidayBase

_WEEKEND = {"saturday": 5, "sunday": 6}
_DAY = timedelta(days=1)


@cache
def _national() -> HolidayBase:
    # imported when the first due date is asked for: the package knows every country
    from holidays import country_holidays

    return country_holidays("JP")


def is_closed(day: date, own: Collection[str] = ()) -> bool:
    """Whether offices are closed; ``own`` are the municipality's own days, such as ``06-23``.

    Raises:
        LawError: the law of that day is not known.
    """
    closed = cast("tuple[str, ...]", parameter("due.closed_days").on(day).value)
    if f"{day:%m-%d}" in closed or f"{day:%m-%d}" in own:
        return True
    if any(name in closed and day.weekday() == number for name, number in _WEEKEND.items()):
        return True
    return "holiday" in closed and day in _national()


def open_day(day: date, own: Collection[str] = ()) -> date:
    """The day itself, or the first one after it on which offices are open."""
    while is_closed(day, own):
        day += _DAY
    return day


def holiday_name(day: date) -> str | None:
    """The Japanese name of a national holiday, or ``None``."""
    from holidays import country_holidays

    found = country_holidays("JP", years=day.year, language="ja").get(day)
    return None if found is None else str(found)
