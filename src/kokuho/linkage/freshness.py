"""Freshness (鮮度): how long a payment may stand without being told to the other side.

The clock starts when the file with the receipt arrives. Within some minutes the record says that it
is paid and not reflected yet; by the next business morning it says the full state.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from kokuho.law.workdays import open_day

State = Literal["done", "open", "alarm", "late"]
"""``done`` in time or not, see the days; ``alarm``: open, and the limit is near; ``late``: past."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The operator's limits.

    Attributes:
        reported_minutes: until "paid, not yet reflected" is registered.
        full_by: time of day of the next business day by which the full state is.
        alarm_percent: of the time that there is, after which an alarm is raised.
        closed: the municipality's own closed days (``06-23``), beside those of the law.
    """

    reported_minutes: int = 15
    full_by: time = time(9)
    alarm_percent: int = 60
    closed: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """One of the two limits of an arrival.

    Attributes:
        limit: by when.
        alarm: from when on it is near.
        done: when it was registered; ``None`` if it is not.
        state: see :data:`State`; what was done too late is ``late``.
    """

    limit: datetime
    alarm: datetime
    done: datetime | None
    state: State


def reported(arrived: datetime, done: datetime | None, now: datetime, limits: Limits) -> Deadline:
    """Until when "paid, not yet reflected" has to be registered."""
    limit = arrived + timedelta(minutes=limits.reported_minutes)
    return _deadline(arrived, limit, done, now, limits)


def full(arrived: datetime, done: datetime | None, now: datetime, limits: Limits) -> Deadline:
    """Until when the full state has to be: the morning of the next business day.

    ``arrived`` has the office's own zone.
    """
    day = open_day(arrived.date() + timedelta(days=1), limits.closed)
    limit = datetime.combine(day, limits.full_by, arrived.tzinfo)
    return _deadline(arrived, limit, done, now, limits)


def _deadline(
    arrived: datetime, limit: datetime, done: datetime | None, now: datetime, limits: Limits
) -> Deadline:
    alarm = arrived + (limit - arrived) * limits.alarm_percent / 100
    if (done or now) > limit:
        state: State = "late"
    elif done is not None:
        state = "done"
    else:
        state = "alarm" if now >= alarm else "open"
    return Deadline(limit, alarm, done, state)
