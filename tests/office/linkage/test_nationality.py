"""Whom records are made for: foreign residents alone, unless the table says otherwise."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kokuho.linkage.link import Link
from kokuho.office.linkage.registering import register
from kokuho.office.register.models import Identity, Resident
from kokuho.office.store.recording import record
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import INSURER, SINCE
from tests.office.conftest import Store
from tests.office.ledger.offices import bill, post
from tests.office.linkage.city import (
    EVENING,
    LINK,
    TODAY,
    both_approve,
    deliver,
    look,
    open_city,
)
from tests.office.linkage.other_side import OtherSide
from tests.office.people import add_household, add_resident, enrol, moment

ASSUMED = Link()


@pytest.fixture
def there(store: Store) -> OtherSide:
    """The first load by the assumed table."""
    open_city()
    there = OtherSide()
    both_approve(register(INSURER, ASSUMED, actor="夜間", at=EVENING).ordinary)
    deliver(there)
    return there


def registered(there: OtherSide) -> set[str]:
    return {one.person for one in there.standing().values()}


def becomes(person: str, nationality: str, on: date = TODAY) -> None:
    with seeing([INSURER], writing=True):
        resident = Resident.objects.get(address_number=person)
        known = Identity.objects.known().get(resident=resident)
        when = moment(INSURER)
        record(
            when,
            [
                Identity(
                    resident=resident, valid_from=on, kanji=known.kanji,
                    birth_date=known.birth_date, nationality=nationality,
                )
            ],
        )  # fmt: skip


def test_nobody_of_japanese_or_of_unknown_nationality_has_a_record(there: OtherSide) -> None:
    # 1077 is of Japan; the debtors of the town are in no register
    assert registered(there) == {"1078"}


def test_a_foreign_member_of_a_japanese_heads_household_has_a_record_the_head_has_none(
    there: OtherSide,
) -> None:
    with seeing([INSURER], writing=True):
        when = moment(INSURER)
        head = add_resident("2001", when, since=SINCE, nationality="JPN")
        member = add_resident("2002", when, since=SINCE, nationality="NPL")
        add_household("90", when, head, member, since=SINCE)
        for one in (head, member):
            enrol(when, one, SINCE)
    post([bill("90", 1, 30_000)])
    found = register(INSURER, ASSUMED, actor="夜間", at=EVENING, dry_run=True)
    new = {(one.record.person, one.record.role, one.record.household) for one in found.others}
    assert new == {("2002", "insured", "90")}


def test_who_is_naturalised_is_withdrawn_by_the_look_at_what_was_touched(there: OtherSide) -> None:
    becomes("1078", "JPN")
    found = register(
        INSURER, ASSUMED, actor="夜間", at=EVENING + timedelta(days=1), only_touched=True
    )
    assert [one.nature for one in found.at_once] == ["withdrawn"] * 3
    assert found.others == []
    deliver(there)
    assert registered(there) == set()


def test_whose_nationality_became_known_has_records_from_then_on(there: OtherSide) -> None:
    becomes("1077", "USA")
    found = register(
        INSURER, ASSUMED, actor="夜間", at=EVENING + timedelta(days=1), only_touched=True
    )
    assert {one.record.person for one in found.others} == {"1077"}


def test_where_the_table_is_narrowed_what_is_beyond_it_is_withdrawn(store: Store) -> None:
    open_city()
    there = OtherSide()
    both_approve(look().ordinary)
    deliver(there)
    assert len(registered(there)) == 6
    found = register(INSURER, ASSUMED, actor="夜間", at=EVENING)
    assert {one.nature for one in (*found.at_once, *found.others)} == {"withdrawn"}
    deliver(there)
    assert registered(there) == {"1078"}
    again = register(INSURER, LINK, actor="夜間", at=EVENING)
    assert {one.nature for one in again.others} == {"new"}
