"""Offers of direct debit (口座振替の勧奨): made to a household, and what it answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import models

from kokuho.base.calendar import today
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.register import recordings
from kokuho.office.register.households import HouseholdVersion
from kokuho.office.register.models import Household
from kokuho.office.store.recording import record

_ = translator("office_collection")

ANSWERS: Mapping[str, str] = {
    "taken": "taken",
    "later": "will decide later",
    "declined": "declined",
}
"""What a household answers to the offer; a closed list."""

OCCASIONS: Mapping[str, str] = {
    "enrolment": "at enrolment",
    "counter": "at the counter",
    "letter": "by letter or leaflet",
}
"""When it is made; a closed list."""


class Offer(HouseholdVersion):
    """An offer on one day; another word on the same day takes its place, and both stay known."""

    occasion = models.CharField(max_length=20)
    answer = models.CharField(max_length=20)
    note = models.TextField(default="")
    person = models.TextField()


def offer(
    household: Household, *, on: date, occasion: str, answer: str, person: str, note: str = ""
) -> bool:
    """Record an offer, inside ``seeing(…, writing=True)``; whether that is new.

    Raises:
        InputError: an answer or occasion that there is not, or a day to come.
    """
    for given, known in ((occasion, OCCASIONS), (answer, ANSWERS)):
        if given not in known:
            raise InputError(
                _("{given} is none of: {known}").format(given=given, known=", ".join(known))
            )
    if on > today():
        raise InputError(_("{day} is a day to come").format(day=on))
    moment = recordings.begin(household.insurer_id, actor=person, reason="口座振替の勧奨")
    said = Offer(household=household, valid_from=on, valid_to=on + timedelta(days=1),
                 occasion=occasion, answer=answer, note=note, person=person)  # fmt: skip
    return bool(record(moment, [said]))
