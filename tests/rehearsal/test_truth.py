"""The answers of a run against what is true: planted faults are found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kokuho.rehearsal.city import Demand
from kokuho.rehearsal.examiner import Answered
from kokuho.rehearsal.truth import Event, Truth

PLACE = "11/77/tax/2026/2026/ordinary/1"
TRUTH = Truth({PLACE: Demand("d", "77", "11", PLACE, 20_000, 20_000, 0)}, {"12": (PLACE,)})
NOON = datetime(2026, 11, 5, 12, tzinfo=ZoneInfo("Asia/Tokyo"))
MORNING = NOON + timedelta(hours=21)
MINUTE = timedelta(minutes=1)


def event(kind: str = "paid", yen: int = 20_000, place: str = PLACE) -> Event:
    return Event(kind, "77", place, yen, NOON - MINUTE, NOON, MORNING)


def answer(after: timedelta, state: str = "found", **fields: Any) -> Answered:
    usual = {
        "kind": "tax", "year_levied": 2026, "year_meant": 2026, "channel": "ordinary", "term": 1,
        "overdue": 20_000, "later": 0, "reported": 0, "paid": 0, "deferral": "none",
    }  # fmt: skip
    records = (usual | fields,) if state == "found" else ()
    return Answered("m", "12", state, records, NOON + after, NOON + after + MINUTE)


def found(one: Answered, *events: Event) -> list[str]:
    return [line.partition(":")[0] for line in TRUTH.judge([one], events)]


SHOWN: dict[str, Any] = {"reported": 20_000}
POSTED: dict[str, Any] = {"overdue": 0, "paid": 20_000}


@pytest.mark.parametrize(
    ("one", "events", "wrong"),
    [
        (answer(-5 * MINUTE), [event()], []),
        (answer(14 * MINUTE), [event()], []),
        (answer(15 * MINUTE), [event()], ["stale"]),
        (answer(15 * MINUTE, **SHOWN), [event()], []),
        (answer(15 * MINUTE, reported=19_999), [event()], ["stale"]),
        (answer(timedelta(hours=21), **SHOWN), [event()], ["not_full"]),
        (answer(timedelta(hours=21), **POSTED), [event()], []),
        (answer(-5 * MINUTE, **POSTED), [event()], ["wrong"]),
        (answer(timedelta(0), **POSTED), [], ["wrong"]),
        (answer(timedelta(0), overdue=0), [event("corrected", 0)], []),
        (answer(14 * MINUTE), [event("deferred", 0)], []),
        (answer(15 * MINUTE), [event("deferred", 0)], ["not_deferred"]),
        (answer(15 * MINUTE, deferral="deferred"), [event("deferred", 0)], []),
        (answer(15 * MINUTE), [event("hidden", 0, "")], ["hidden"]),
        (answer(15 * MINUTE, "by_hand"), [event("hidden", 0, "")], []),
        (answer(15 * MINUTE, "by_hand"), [], ["by_hand"]),
        (answer(timedelta(0), "none"), [], ["missing"]),
    ],
)
def test_an_answer_is_held_against_what_was_true_when_it_was_asked(
    one: Answered, events: list[Event], wrong: list[str]
) -> None:
    assert found(one, *events) == wrong
