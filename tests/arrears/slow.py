"""Prescription counted day by day, written apart from the room: slow, plain, for comparison."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from kokuho.arrears.prescription import Event

MONTHS = {"tax": 60, "premium": 24}
SIX = 6
DAY = timedelta(days=1)


def after_months(day: date, months: int) -> date:
    """The last day of a period of months whose first day is the one after ``day``."""
    first = day + DAY
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    try:
        return date(year, month + 1, first.day) - DAY
    except ValueError:  # no such day: the last day of that month
        following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
        return following - DAY


def last_day(due: date, kind: str, events: Iterable[Event], horizon: date) -> date | None:
    """The last day on which the right is there; ``None`` if it is there on the horizon still."""
    listed = list(dict.fromkeys(events))
    natural: date | None = after_months(due, MONTHS[kind])
    anchor, left = due, None
    floor_demand = floor_annulled = date.min
    open_holds: set[Event] = set()
    open_pauses: set[Event] = set()
    day = min([due, *(one.day for one in listed)])
    while day <= horizon:
        held = bool(open_holds or open_pauses)
        if not held and natural is not None and max(natural, floor_demand, floor_annulled) < day:
            return max(natural, floor_demand, floor_annulled)
        today = [one for one in listed if one.day == day]
        for one in today:
            if one.effect == "renews":
                anchor, floor_demand, floor_annulled, left = max(day, due), date.min, date.min, None
                natural = None if open_pauses else after_months(anchor, MONTHS[kind])
        for one in today:
            if one.effect == "defers":
                dead = natural is not None and natural < day
                if not dead or open_holds or floor_annulled >= day:
                    floor_demand = max(floor_demand, after_months(day, SIX))
        open_holds |= {one for one in today if one.effect == "holds"}
        for one in today:
            if one.effect == "pauses":
                if not open_pauses:
                    assert natural is not None
                    left = None if day <= anchor + DAY else max(0, (natural - day).days + 1)
                    natural = None
                open_pauses.add(one)
        for one in [one for one in open_holds if one.until == day]:
            open_holds.discard(one)
            if one.renews_after:
                anchor, floor_demand, floor_annulled, left = max(day, due), date.min, date.min, None
                natural = None if open_pauses else after_months(anchor, MONTHS[kind])
            else:
                floor_annulled = max(floor_annulled, after_months(day, SIX))
        for one in [one for one in open_pauses if one.until == day]:
            open_pauses.discard(one)
            if not open_pauses:
                if left is None:
                    anchor = max(day, due)
                    natural = after_months(anchor, MONTHS[kind])
                else:
                    natural = day + timedelta(days=left)
        day += DAY
    return None
