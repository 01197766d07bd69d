"""Dates as clerks type them, and as they read them."""

from __future__ import annotations

from datetime import date

from kokuho.base.calendar import PartialDate, complete_date, era_date, era_year


def day_of(text: str) -> date:
    """A day in either calendar, in any of the forms of :func:`parse_date`.

    Raises:
        ValueError: not a date, one with an unknown part, or out of the range of what can be shown.
    """
    day = complete_date(text)
    era_year(day.year, day.month, day.day)
    return day


def wareki(day: date | PartialDate | None) -> str:
    """``昭和61年4月2日``; what is unknown is said to be so (不詳)."""
    if day is None:
        return ""
    if isinstance(day, date):
        return era_date(day)
    if day.complete:
        return era_date(day.earliest())
    if day.month:
        return f"{era_year(day.year, day.month, 1)}{day.month}月(日不詳)"
    return f"{era_year(day.year, 12, 31)}(月日不詳)"


def age(born: PartialDate | None, on: date) -> str:
    """``40歳``, empty before birth; a range where the date is not known in full.

    A year is complete at the end of the day before the birthday (年齢計算ニ関スル法律), but an age
    on a day is told by the birthday, as people do.
    """
    if born is None:
        return ""
    most, least = _years(born.earliest(), on), _years(born.latest(), on)
    if most < 0:
        return ""
    return f"{most}歳" if most == least else f"{max(least, 0)}～{most}歳"


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
