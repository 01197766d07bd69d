"""Three years of random events: the register knows for any past day what a plain replay knows."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kokuho.office.register.models import (
    Declaration,
    Enrolment,
    Headship,
    Household,
    Identity,
    Income,
    Membership,
    Residence,
    Resident,
)
from kokuho.office.store.recording import record, retract
from kokuho.office.store.versions import Version
from kokuho.office.tenancy import seeing
from tests.office.conftest import Store
from tests.office.histories import FOREVER, Event, Said, history, interesting, replay
from tests.office.people import add_insurer, moment

HISTORIES = int(os.environ.get("KOKUHO_HISTORIES", "12"))
_codes = (f"99{number:04d}" for number in itertools.count(100))

MODELS: dict[str, tuple[type[Version], tuple[str, ...]]] = {
    "identity": (Identity, ("kanji",)),
    "residence": (Residence, ("address",)),
    "enrolment": (Enrolment, ("acquisition_reason", "number")),
    "membership": (Membership, ("household__household_number", "relationship")),
    "headship": (Headship, ("head__address_number",)),
    "income": (Income, ("salary_revenue",)),
    "declaration": (Declaration, ("state",)),
}
SUBJECTS = {"headship": "household__household_number"}


class Register:
    """A register of an insurer of its own, to which events are told."""

    def __init__(self) -> None:
        self.code = next(_codes)
        self.told = 0
        add_insurer(self.code)

    def tell(self, event: Event) -> None:
        """Record what an event says, each event in a transaction of its own."""
        with seeing([self.code], writing=True):
            when = moment(self.code, at=event.moment(self.told))
            for said in event.said:
                fact = self.fact(said)
                (retract if said.value is None else record)(when, [fact])
        self.told += 1

    def fact(self, said: Said) -> Version:
        model, names = MODELS[said.table]
        values = dict(zip(names, said.value or (), strict=said.value is not None))
        if number := values.pop("household__household_number", None):
            values["household"] = self.household(number)
        if number := values.pop("head__address_number", None):
            values["head"] = self.resident(number)
        if said.table == "headship":
            values["household"] = self.household(said.subject)
        else:
            values["resident"] = self.resident(said.subject)
        if model is Identity:
            values["birth_date"] = "1990-00-00"
        until = None if said.valid_to == FOREVER else said.valid_to
        return model(valid_from=said.valid_from, valid_to=until, **values)

    def resident(self, number: str) -> Resident:
        return Resident.objects.get_or_create(insurer_id=self.code, address_number=number)[0]

    def household(self, number: str) -> Household:
        return Household.objects.get_or_create(insurer_id=self.code, household_number=number)[0]

    def snapshot(self, valid: date, known: date) -> dict[tuple[str, str], tuple[Any, ...]]:
        """What the register says of a day, as it was known on another."""
        found: dict[tuple[str, str], tuple[Any, ...]] = {}
        with seeing([self.code]):
            for table, (model, names) in MODELS.items():
                subject = SUBJECTS.get(table, "resident__address_number")
                manager: Any = model.objects  # type: ignore[attr-defined]
                rows = manager.as_of(valid, known).values_list(subject, *names)
                for key, *values in rows:
                    assert (table, key) not in found
                    found[table, key] = tuple(values)
        return found


def compare(dice: Random, events: int, questions: int) -> None:
    told = history(dice, events)
    register = Register()
    for event in told:
        register.tell(event)
    for valid, known in interesting(told, dice, questions):
        assert register.snapshot(valid, known) == replay(told, valid, known), (valid, known)


fast = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
seeds = st.integers(0, 2**32)


@fast
@given(seeds)
def test_what_was_known_on_any_past_day_is_what_a_plain_replay_gives(
    store: Store, seed: int
) -> None:
    compare(Random(seed), events=15, questions=15)


@pytest.mark.slow
@settings(fast, max_examples=HISTORIES)
@given(seeds)
def test_longer_histories_are_known_as_a_plain_replay_knows_them(store: Store, seed: int) -> None:
    compare(Random(seed), events=40, questions=40)


def independent(events: Sequence[Event]) -> list[int]:
    """The places of events whose neighbour says nothing of the same subjects."""
    pairs = enumerate(itertools.pairwise(events))
    return [n for n, (one, other) in pairs if not one.subjects() & other.subjects()]


@fast
@given(seeds)
def test_independent_events_commute(store: Store, seed: int) -> None:
    """Two neighbours that say nothing of the same subjects may become known in either order."""
    dice = Random(seed)
    told = history(dice, 15)
    places = independent(told)
    if not places:
        return
    place = dice.choice(places)
    swapped = [*told]
    one, other = told[place], told[place + 1]
    swapped[place] = Event(one.known, other.kind, other.about, other.said)
    swapped[place + 1] = Event(other.known, one.kind, one.about, one.said)
    registers = Register(), Register()
    for register, events in zip(registers, (told, swapped), strict=True):
        for event in events:
            register.tell(event)
    for valid, known in interesting(told, dice, 15):
        if not one.known <= known < other.known:
            first, second = (register.snapshot(valid, known) for register in registers)
            assert first == second


@fast
@given(seeds)
def test_telling_a_history_twice_changes_nothing(store: Store, seed: int) -> None:
    """Each event told again at once: what is known already leaves no new version."""
    register = Register()
    for event in history(Random(seed), 10):
        register.tell(event)
        before = count(register)
        register.tell(event)
        assert count(register) == before


def count(register: Register) -> int:
    with seeing([register.code]):
        return sum(model.objects.count() for model, _names in MODELS.values())  # type: ignore[attr-defined]
