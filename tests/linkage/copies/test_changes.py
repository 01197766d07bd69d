"""The difference of books and copy, and which part of it waits for nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokuho.linkage.approval import Limits, reason_title, reasons_to_wait, rules, split
from kokuho.linkage.changes import Change, Standing, differences, relieves, unpaid
from kokuho.linkage.messages.layout_values import carried
from kokuho.linkage.messages.record import CollectionRecord
from tests.linkage.layouts.records import ASSUMED, RECORDS, record

LATER = record().as_of + timedelta(hours=1)


def standing(one: CollectionRecord) -> Standing:
    return Standing(one.version, carried(ASSUMED, one).content, one)


def found(now: list[CollectionRecord], before: list[CollectionRecord]) -> list[Change]:
    registered = {one.key: standing(one) for one in before}
    versions = {one.key: one.version for one in before}
    return differences(ASSUMED, now, registered, versions, LATER)


def test_what_is_registered_and_says_the_same_makes_no_difference() -> None:
    assert found([record(as_of=LATER)], [record(version=4)]) == []


def test_new_changed_and_withdrawn_records_get_the_next_version() -> None:
    changed, new = record(overdue=0, paid=19_800), record(term=4)
    gone = record(term=9, version=2)
    made = found([changed, new], [record(version=4), gone])
    assert [(one.nature, one.record.version, one.record.action) for one in made] == [
        ("changed", 5, "register"), ("new", 1, "register"), ("withdrawn", 3, "withdraw"),
    ]  # fmt: skip
    assert made[2].record.as_of == LATER


def test_a_version_is_never_used_twice_though_a_batch_was_rejected() -> None:
    registered = {record().key: standing(record(version=2))}
    (made,) = differences(ASSUMED, [record(overdue=0)], registered, {record().key: 7}, LATER)
    assert made.record.version == 8


def test_a_withdrawn_record_is_withdrawn_once_and_comes_back_as_a_new_one() -> None:
    withdrawn = record(version=3, action="withdraw")
    assert found([], [withdrawn]) == []
    (back,) = found([record()], [withdrawn])
    assert (back.nature, back.record.version, back.urgent) == ("new", 4, False)


def test_a_correction_holds_until_the_books_say_something_else() -> None:
    books = record()
    corrected = replace(books, overdue=0, version=2)
    kept = Standing(2, carried(ASSUMED, books).content, corrected)
    assert differences(ASSUMED, [books], {books.key: kept}, {books.key: 2}, LATER) == []
    (after,) = differences(
        ASSUMED, [replace(books, overdue=5_000)], {books.key: kept}, {books.key: 2}, LATER
    )
    assert after.record.version == 3


@pytest.mark.parametrize(
    ("changes", "urgent"),
    [
        ({"overdue": 0, "paid": 19_800}, True),
        ({"reported": 19_800}, True),
        ({"by_hand": True, "overdue": 30_000}, True),
        ({"deferral": "deferred"}, True),
        ({"agreement": "kept"}, True),
        ({"agreement": "broken"}, False),
        ({"overdue": 25_000, "deferral": "deferred"}, False),
        ({"overdue": 25_000}, False),
        ({"later": 500}, False),
        ({"later": 500, "overdue": 5_000}, True),
    ],
)
def test_what_takes_arrears_off_a_person_is_urgent(
    changes: dict[str, object], urgent: bool
) -> None:
    (one,) = found([record(**changes)], [record()])
    assert one.urgent is urgent


def test_what_is_paid_before_its_due_date_is_urgent_and_its_cancellation_is_not() -> None:
    owed = record(overdue=0, later=19_800)
    arrived = replace(owed, reported=19_800)
    (one,) = found([arrived], [owed])
    assert one.urgent
    (one,) = found([owed], [arrived])
    assert not one.urgent


def test_a_cancelled_announcement_restores_the_arrears_and_is_not_urgent() -> None:
    (one,) = found([record()], [record(reported=19_800)])
    assert (one.urgent, unpaid(one.record)) == (False, 19_800)


def test_withdrawals_go_at_once_unless_they_are_too_many_to_be_true() -> None:
    few = found([], [record(term=term) for term in range(1, 5)])
    assert len(split(few, 1_000)[0]) == 4
    many = found([record(term=400, overdue=0)], [
        *(record(term=term) for term in range(1, 300)), record(term=400),
    ])  # fmt: skip
    at_once, waiting = split(many, 1_000)
    assert [one.nature for one in at_once] == ["changed"]
    assert len(waiting) == 299
    assert rules().withdrawals == 100


LIMITS = Limits(records=10, percent=5, withdrawn=2)


def test_two_persons_are_asked_for_as_the_table_says() -> None:
    one = found([record(overdue=25_000)], [record()])
    assert reasons_to_wait(one, 0, None) == ("first",)
    assert reasons_to_wait(one, 100, None) == ("no_limits",)
    assert reasons_to_wait(one, 100, LIMITS) == ()
    assert reasons_to_wait(one, 10, LIMITS) == ("mass",)
    assert reasons_to_wait(one * 11, 1_000, LIMITS) == ("mass",)
    assert reasons_to_wait(one, 100, LIMITS, layout_changed=True) == ("layout",)
    assert reasons_to_wait(one, 100, LIMITS, by_hand=True) == ("correction",)
    withdrawn = found([], [record(term=term, overdue=0) for term in (1, 2, 3)])
    assert reasons_to_wait(withdrawn, 1_000, LIMITS) == ("mass",)
    codes = ("first", "layout", "mass", "correction", "no_limits")
    assert all(reason_title(code) != code for code in codes)


@given(RECORDS, RECORDS)
def test_a_higher_unpaid_amount_is_never_urgent_by_itself(
    before: CollectionRecord, after: CollectionRecord
) -> None:
    if relieves(before, after) and not after.by_hand:
        assert unpaid(after) <= unpaid(before)


@settings(deadline=None, max_examples=40)
@given(st.lists(RECORDS, max_size=4), st.lists(RECORDS, max_size=4))
def test_after_the_changes_the_copy_says_what_the_books_say(
    now: list[CollectionRecord], before: list[CollectionRecord]
) -> None:
    now = [replace(one, action="register") for one in {one.key: one for one in now}.values()]
    registered = {one.key: standing(one) for one in before}
    versions = {key: one.version for key, one in registered.items()}
    for change in differences(ASSUMED, now, registered, versions, LATER):
        assert change.record.version == versions.get(change.record.key, 0) + 1
        registered[change.record.key] = Standing(change.record.version, change.said, change.record)
    said = {key: one.said for key, one in registered.items() if one.record.action == "register"}
    assert said == {one.key: carried(ASSUMED, one).content for one in now}
