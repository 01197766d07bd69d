"""A fictional town that registers its collection information."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from kokuho.linkage.link import Link
from kokuho.office.accounts import rights
from kokuho.office.accounts.users import User
from kokuho.office.linkage.approving import approve
from kokuho.office.linkage.registering import Registration, register
from kokuho.office.linkage.sending import Sent, send
from kokuho.office.register import insurers
from kokuho.office.register.models import Resident
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import INSURER, SINCE, open_town
from tests.office.linkage.other_side import PARTY, OtherSide
from tests.office.people import enrol, moment

LINK = Link(persons=Path(__file__).with_name("everybody.yaml"))
"""Everybody has records: what depends on nationality has tests of its own."""
EVENING = timezone.make_aware(datetime(2026, 11, 25, 18))
TODAY = date(2026, 11, 25)
MUNICIPALITY = "992011"


def open_city() -> None:
    """The town of :mod:`tests.office.arrears.town`; the heads of 77 and 78 are insured."""
    open_town()
    insurers.add(INSURER, "架空市", "架空県", MUNICIPALITY)
    with seeing([INSURER], writing=True):
        when = moment(INSURER, timezone.make_aware(datetime(2026, 4, 2, 9)))
        for number in ("1077", "1078"):
            enrol(when, Resident.objects.get(address_number=number), SINCE)


def look(at: datetime = EVENING, **more: Any) -> Registration:
    return register(INSURER, LINK, actor="夜間", at=at, **more)


def officer(name: str) -> User:
    """A user who may approve."""
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User.objects.create(username=name)
        user.assignments.create(insurer_code=INSURER)
        for right in (rights.LINKAGE_APPROVE, rights.LINKAGE_REGISTER):
            rights.allow(name, right, INSURER, actor="試験")
    return user


def both_approve(number: int) -> None:
    for name in ("kakari", "kacho"):
        approve(INSURER, number, officer(name))


def deliver(there: OtherSide, **more: Any) -> Sent:
    return send(INSURER, PARTY, there, actor="夜間", **more)


def first_load(there: OtherSide) -> None:
    """All is registered, with both approvals."""
    both_approve(look().ordinary)
    assert deliver(there).failures == []
