"""Instalment agreements: kept, missed, completed, by what was paid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.arrears import Act, Followup, Promise, follow_up

START = date(2026, 9, 1)
PLAN = tuple(Promise(date(2026, month, 25), 5_000) for month in (9, 10, 11, 12))
AGREEMENT = Act(1, "agreement", START, "77", demands=("d",), plan=PLAN)


def on(day: date, *paid: tuple[date, int], acts: tuple[Act, ...] = (AGREEMENT,)) -> Followup:
    return follow_up(AGREEMENT, acts, paid, day)


@pytest.mark.parametrize(
    ("day", "paid", "state", "missed", "coming"),
    [
        (date(2026, 9, 25), (), "kept", 0, PLAN[0]),  # may be paid today still
        (date(2026, 9, 26), (), "missed", 1, PLAN[1]),
        (date(2026, 9, 26), ((date(2026, 9, 25), 5_000),), "kept", 0, PLAN[1]),
        (date(2026, 9, 26), ((date(2026, 9, 25), 4_999),), "missed", 1, PLAN[1]),
        (date(2026, 10, 26), ((date(2026, 9, 2), 10_000),), "kept", 0, PLAN[2]),
        (date(2026, 11, 1), ((date(2026, 9, 2), 20_000),), "completed", 0, None),
        (date(2026, 12, 1), ((date(2026, 8, 31), 20_000),), "missed", 3, PLAN[3]),
    ],
)
def test_a_promise_is_missed_from_the_day_after_it_unless_enough_was_paid(
    day: date, paid: tuple[tuple[date, int], ...], state: str, missed: int, coming: Promise | None
) -> None:
    found = on(day, *paid)
    assert (found.state, len(found.missed), found.next) == (state, missed, coming)


def test_who_catches_up_is_kept_again_and_the_late_promise_is_not_in_time() -> None:
    found = on(date(2026, 10, 20), (date(2026, 10, 3), 5_000))
    assert (found.state, found.in_time, found.due) == ("kept", 0, 1)


def test_an_agreement_that_was_ended_says_how() -> None:
    end = Act(2, "agreement_ended", date(2026, 10, 1), "77", code="broken", refers=1)
    found = on(date(2026, 10, 1), acts=(AGREEMENT, end))
    assert (found.state, found.ended_by) == ("ended", "broken")


DAYS = st.dates(START, date(2026, 12, 31))


@given(st.lists(st.tuples(DAYS, st.integers(1, 9_000)), max_size=8), DAYS)
def test_any_payments_cover_the_promises_in_their_order(
    paid: list[tuple[date, int]], day: date
) -> None:
    found = on(day, *paid)
    total = sum(yen for when, yen in paid if when <= day)
    promised = sum(one.amount for one in PLAN if one.due < day)
    assert (found.paid, found.promised) == (total, promised)
    assert bool(found.missed) == (total < promised)
    assert 0 <= found.in_time <= found.due == sum(one.due < day for one in PLAN)
    uncovered = [n for n in range(4) if total < 5_000 * (n + 1)]
    assert [*found.missed] == [PLAN[n] for n in uncovered if PLAN[n].due < day]
    # more money never makes it worse
    more = on(day, *paid, (max(START, day - timedelta(days=1)), 1_000))
    assert len(more.missed) <= len(found.missed)
