"""Freshness: the clock starts when the file arrives, and the alarm comes before the limit."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from kokuho.linkage.freshness import Limits, full, reported
from tests.linkage.layouts.records import JAPAN

WEDNESDAY = datetime(2026, 11, 25, 10, 0, tzinfo=JAPAN)


def after(minutes: int) -> datetime:
    return WEDNESDAY + timedelta(minutes=minutes)


def test_a_payment_is_to_be_shown_as_not_reflected_within_fifteen_minutes() -> None:
    states = [reported(WEDNESDAY, None, after(m), Limits()).state for m in (0, 8, 9, 15, 16)]
    assert states == ["open", "open", "alarm", "alarm", "late"]


def test_what_was_done_in_time_stays_done_and_what_was_late_stays_late() -> None:
    assert reported(WEDNESDAY, after(15), after(900), Limits()).state == "done"
    assert reported(WEDNESDAY, after(16), after(900), Limits()).state == "late"


def test_the_full_state_is_due_on_the_next_business_morning() -> None:
    assert full(WEDNESDAY, None, after(0), Limits()).limit.isoformat() == (
        "2026-11-26T09:00:00+09:00"
    )
    # Friday before a weekend and a holiday (21 to 23 November 2026)
    friday = datetime(2026, 11, 20, 18, 0, tzinfo=JAPAN)
    assert full(friday, None, friday, Limits()).limit.date().isoformat() == "2026-11-24"
    own = Limits(full_by=time(8, 30), closed=("11-24",))
    assert full(friday, None, friday, own).limit.isoformat() == "2026-11-25T08:30:00+09:00"


def test_the_limits_are_the_operators_own() -> None:
    strict = Limits(reported_minutes=5, alarm_percent=50)
    assert reported(WEDNESDAY, None, after(3), strict).state == "alarm"
