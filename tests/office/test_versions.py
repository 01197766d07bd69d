"""Facts in two times: what holds when, and what was known when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from kokuho.base.errors import StoreError
from kokuho.office.register.models import Enrolment, Identity, PersonDecision, Recording
from kokuho.office.store.recording import Said, amend, change, record, retract
from kokuho.office.store.versions import end_of
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer, add_resident, enrol, moment

APRIL, MAY, JUNE, JULY = (date(2025, month, 1) for month in (4, 5, 6, 7))


@pytest.fixture(autouse=True)
def _insurer(store: Store) -> None:
    add_insurer()


def days(resident: Any) -> list[tuple[date, date | None, str]]:
    known = Enrolment.objects.known().filter(resident=resident).order_by("valid_from")
    return [(row.valid_from, row.valid_to, row.number) for row in known]


def test_a_fact_holds_from_its_first_day_to_before_its_last() -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        resident = add_resident("1", when)
        enrol(when, resident, APRIL, MAY)
        held = [APRIL - timedelta(1), APRIL, MAY - timedelta(1), MAY]
        assert [Enrolment.objects.as_of(day).count() for day in held] == [0, 1, 1, 0]


def test_what_was_known_on_a_past_day_stays_known_for_that_day() -> None:
    first, second = (datetime(2025, 6, day, 3, tzinfo=UTC) for day in (1, 20))
    with seeing([INSURER], writing=True):
        when = moment(at=first)
        resident = add_resident("1", when)
        enrol(when, resident, APRIL)
    with seeing([INSURER], writing=True):
        when = moment(at=second)
        version = Enrolment.objects.known().get()
        amend(when, version, valid_to=MAY, loss_reason="joined_employees")
    with seeing([INSURER]):
        assert Enrolment.objects.as_of(JUNE, date(2025, 5, 31)).count() == 0
        assert Enrolment.objects.as_of(JUNE, first - timedelta(microseconds=1)).count() == 0
        assert Enrolment.objects.as_of(JUNE, first).count() == 1
        assert Enrolment.objects.as_of(JUNE, date(2025, 6, 19)).count() == 1
        assert Enrolment.objects.as_of(JUNE, second).count() == 0
        assert Enrolment.objects.as_of(JUNE).count() == 0
        assert Enrolment.objects.as_of(APRIL).get().loss_reason == "joined_employees"
        assert Enrolment.objects.as_of(APRIL, first).get().loss_reason == ""


def test_a_day_of_knowledge_ends_at_midnight_in_japan() -> None:
    assert end_of(date(2025, 6, 1)) == datetime(2025, 6, 1, 14, 59, 59, 999999, tzinfo=UTC)


def test_of_a_version_that_reaches_beyond_the_new_fact_the_rest_stays() -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        resident = add_resident("1", when)
        enrol(when, resident, APRIL, None, number="a")
        enrol(when, resident, MAY, JUNE, number="b")
        assert days(resident) == [(APRIL, MAY, "a"), (MAY, JUNE, "b"), (JUNE, None, "a")]


def test_recording_what_is_known_already_changes_nothing() -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        resident = add_resident("1", when)
        enrol(when, resident, APRIL, JUNE, number="a")
        enrol(when, resident, JUNE, None, number="a")
        again = Enrolment(
            resident=resident, valid_from=MAY, valid_to=JULY, number="a",
            acquisition_reason="moved_in",
        )  # fmt: skip
        assert not record(moment(), [again])
        assert Enrolment.objects.count() == 2


def test_a_retracted_period_leaves_what_is_around_it() -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        resident = add_resident("1", when)
        enrol(when, resident, APRIL, JULY, number="a")
        retract(when, [Enrolment(resident=resident, valid_from=MAY, valid_to=JUNE)])
        assert days(resident) == [(APRIL, MAY, "a"), (JUNE, JULY, "a")]
        assert not retract(when, [Enrolment(resident=resident, valid_from=MAY, valid_to=JUNE)])


def test_an_amended_version_that_says_the_same_changes_nothing() -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        enrol(when, add_resident("1", when), APRIL, number="a")
        version = Enrolment.objects.get()
        assert not amend(when, version, number="a")
        changes = amend(when, version, number="b", valid_from=MAY)
        assert (len(changes.superseded), len(changes.inserted)) == (1, 1)
        assert Enrolment.objects.known().get().valid_from == MAY


def test_many_subjects_are_recorded_at_once_each_for_itself() -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        residents = [add_resident(str(number), when) for number in range(3)]
        facts = [
            PersonDecision(resident=resident, kind=kind, valid_from=APRIL, valid_to=MAY)
            for resident in residents
            for kind in ("maternity", "former_dependant")
        ]
        assert len(record(when, facts).inserted) == 6
        later = [
            PersonDecision(
                resident=residents[1], kind="maternity", valid_from=APRIL, valid_to=MAY, months=4
            )
        ]
        changes = record(moment(), later)
        assert [row.resident_id for row in changes.superseded] == [residents[1].pk]
        assert PersonDecision.objects.known().count() == 6


def test_the_database_refuses_a_second_version_for_the_same_days() -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        resident = add_resident("1", when)
        enrol(when, resident, APRIL, JUNE)
    again = Enrolment(
        insurer_id=INSURER, resident=resident, valid_from=MAY, recorded_at=when.recorded_at,
        acquisition_reason="other",
    )  # fmt: skip
    with pytest.raises(IntegrityError), seeing([INSURER], writing=True):
        again.save()
    with seeing([INSURER], writing=True):
        again.valid_from = JUNE
        again.save()
        assert Enrolment.objects.count() == 2


def test_the_database_lets_other_knowledge_of_the_same_days_follow() -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        resident = add_resident("1", when)
        enrol(when, resident, APRIL, JUNE, number="a")
        enrol(when, resident, APRIL, JUNE, number="b")  # superseded at the moment of its recording
        enrol(moment(), resident, APRIL, JUNE, number="c")
        assert Enrolment.objects.count() == 3
        assert days(resident) == [(APRIL, JUNE, "c")]


def test_a_fact_that_holds_for_no_day_is_refused() -> None:
    with seeing([INSURER], writing=True):
        resident = add_resident("1", moment())
    with pytest.raises(IntegrityError), seeing([INSURER], writing=True):
        enrol(moment(), resident, MAY, MAY)


def test_moments_of_an_insurer_ascend_strictly() -> None:
    past = datetime(2025, 1, 1, tzinfo=UTC)
    with seeing([INSURER], writing=True):
        moment(at=past)
        for wrong in (past, past - timedelta(1), datetime.now(UTC) + timedelta(days=1)):
            with pytest.raises(StoreError, match=r"2025-01-01"):
                moment(at=wrong)
        moments = [moment().recorded_at for _ in range(20)]
        assert moments == sorted(set(moments))
        assert Recording.objects.count() == 21


def test_a_recording_needs_a_transaction_that_may_write() -> None:
    with seeing([INSURER]), pytest.raises(RuntimeError, match="writing"):
        moment()


def test_facts_know_what_they_are_about_and_what_they_say() -> None:
    assert Identity.subject_names() == ["resident_id"]
    assert PersonDecision.subject_columns() == ["resident_id", "kind"]
    assert PersonDecision.fact_names() == ["decided_on", "reference", "months", "share_ppm"]


def test_what_comes_to_the_same_in_the_end_changes_nothing() -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        resident = add_resident("1", when)
        enrol(when, resident, APRIL, None, number="a")

        def fact(number: str) -> Enrolment:
            return Enrolment(
                resident=resident, valid_from=APRIL, number=number, acquisition_reason="moved_in"
            )

        assert not change(moment(), [Said(fact("b")), Said(fact("a"))])
        assert Enrolment.objects.count() == 1


def test_a_whole_fact_stands_in_place_of_the_one_that_began_on_its_day() -> None:
    with seeing([INSURER], writing=True):
        when = moment()
        resident = add_resident("1", when)
        enrol(when, resident, APRIL, MAY, number="a")
        enrol(when, resident, MAY, None, number="b")

        def said(until: date | None, *, holds: bool = True) -> Said[Enrolment]:
            fact = Enrolment(
                resident=resident, valid_from=MAY, valid_to=until, number="b",
                acquisition_reason="moved_in",
            )  # fmt: skip
            return Said(fact, holds=holds, whole=True)

        assert not change(moment(), [said(None)])
        change(moment(), [said(JUNE)])
        assert days(resident) == [(APRIL, MAY, "a"), (MAY, JUNE, "b")]
        change(moment(), [said(JULY)])
        assert days(resident) == [(APRIL, MAY, "a"), (MAY, JULY, "b")]
        change(moment(), [said(JUNE, holds=False)])
        assert days(resident) == [(APRIL, MAY, "a")]
