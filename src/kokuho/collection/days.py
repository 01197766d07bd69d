"""Days whose year is not in the file (MMDD): derived, and guarded at the turn of the year."""

from __future__ import annotations

from datetime import date, timedelta

from kokuho.base.errors import CollectionError
from kokuho.base.messages import translator

_ = translator("collection")


def nearest_year(month_day: str, near: date, window_days: int) -> date | None:
    """The day of that month and day (``MMDD``) which is nearest to ``near``.

    ``None`` if it is further away than ``window_days``: then its year cannot be told. A window of
    at most 180 days can hold one such day only, so that December read in January is last year's.
    """
    found = []
    for year in (near.year - 1, near.year, near.year + 1):
        try:
            day = date(year, int(month_day[:2]), int(month_day[2:]))
        except ValueError:  # 29 February of another year
            continue
        if abs((day - near).days) <= window_days:
            found.append(day)
    return found[0] if found else None


def require_near(day: date, made_on: date, window_days: int) -> None:
    """Refuse a debit day whose year could not be told again from its month and day.

    Raises:
        CollectionError: the day is past, or further ahead than the window of the layout.
    """
    last = made_on + timedelta(days=window_days)
    if not made_on <= day <= last:
        raise CollectionError(
            _(
                "the debit day {day} must lie between {made_on} and {last}: the file has no year, "
                "and the bank could not tell it"
            ).format(day=day, made_on=made_on, last=last)
        )
