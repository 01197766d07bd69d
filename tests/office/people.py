"""Fictional insurers, residents and households for the tests of the office."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from kokuho.office.register.models import (
    Enrolment,
    Headship,
    Household,
    Identity,
    Insurer,
    Membership,
    Recording,
    Resident,
)
from kokuho.office.register.recordings import begin
from kokuho.office.store.recording import record
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER


def add_insurer(code: str = INSURER, name: str = "架空市") -> None:
    with seeing([code], writing=True):
        Insurer.objects.create(code=code, name=name)


def moment(insurer: str = INSURER, at: datetime | None = None) -> Recording:
    return begin(insurer, actor="試験", reason="試験", at=at)


def add_resident(
    number: str, when: Recording, *, since: date = date(2024, 4, 1), **identity: Any
) -> Resident:
    """A resident of the recording's insurer, with a name that nobody has."""
    resident = Resident.objects.create(insurer_id=when.insurer_id, address_number=number)
    known = {"kanji": f"架空 {number}", "birth_date": "1980-05-00", **identity}
    record(when, [Identity(resident=resident, valid_from=since, **known)])
    return resident


def add_household(
    number: str, when: Recording, head: Resident, *members: Resident, since: date = date(2024, 4, 1)
) -> Household:
    household = Household.objects.create(insurer_id=when.insurer_id, household_number=number)
    record(when, [Headship(household=household, head=head, valid_from=since)])
    record(
        when,
        [
            Membership(resident=resident, household=household, valid_from=since)
            for resident in (head, *members)
        ],
    )
    return household


def enrol(
    when: Recording, resident: Resident, valid_from: date, valid_to: date | None = None, **more: Any
) -> None:
    facts = {"acquisition_reason": "moved_in", **more}
    record(when, [Enrolment(resident=resident, valid_from=valid_from, valid_to=valid_to, **facts)])
