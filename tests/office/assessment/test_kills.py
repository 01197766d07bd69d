"""Assessment runs killed at random moments: nothing is lost, nothing is decided twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from typing import Any

import pytest
from django.db import connections

from kokuho.office.assessment.models import LevyDecision
from kokuho.office.assessment.yearly import KIND
from kokuho.office.jobs.runs import Run
from kokuho.office.register.models import (
    Assessment,
    Enrolment,
    Headship,
    Household,
    Identity,
    Income,
    Membership,
    Resident,
)
from kokuho.office.store.recording import record, retract
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import BEFORE, telling
from tests.office.conftest import INSURER, OTHER, Store
from tests.office.people import add_insurer

KILLS = int(os.environ.get("KOKUHO_KILLS", "5"))
HOUSEHOLDS = 10 + 8 * KILLS


def people(insurer: str) -> None:
    """Households of two, all told at once."""
    numbers = range(HOUSEHOLDS)
    days = {"valid_from": date(2026, 4, 1), "valid_to": date(2027, 4, 1)}
    with telling(insurer) as t:
        people = [
            Resident(insurer_id=insurer, address_number=f"{who}{n}")
            for n in numbers
            for who in "pq"
        ]
        houses = [Household(insurer_id=insurer, household_number=f"h{n}") for n in numbers]
        Resident.objects.bulk_create(people)
        Household.objects.bulk_create(houses)
        facts: tuple[list[Any], ...] = (
            [Identity(resident=p, valid_from=BEFORE, birth_date="1980-05-05") for p in people],
            [Enrolment(resident=p, valid_from=BEFORE, acquisition_reason="birth") for p in people],
            [Membership(resident=people[2 * n + i], household=houses[n], valid_from=BEFORE)
             for n in numbers for i in (0, 1)],
            [Headship(household=houses[n], head=people[2 * n], valid_from=BEFORE)
             for n in numbers],
            [Income(resident=people[2 * n], business=430_000 + 10_000 * n, **days)
             for n in numbers],
        )  # fmt: skip
        for some in facts:
            record(t.moment, some)


def news(insurer: str) -> None:
    """The second of each household lost the insurance, in some month."""
    with telling(insurer) as t:
        for person in Resident.objects.filter(address_number__startswith="q").order_by("pk"):
            month = 5 + int(person.address_number[1:]) % 7
            retract(t.moment, [Enrolment(resident=person, valid_from=date(2026, month, 9))])


def assessed(insurer: str) -> tuple[list[Any], list[Any]]:
    """All assessments that ever were, and all decisions."""
    with seeing([insurer]):
        rows = Assessment.objects.values_list(
            "household__household_number", "payer__address_number", "valid_from", "reason", "total"
        )
        decisions = LevyDecision.objects.values_list(
            "household__household_number", "reason", "former__total", "assessment__total", "causes"
        )
        return sorted(rows, key=str), sorted(decisions, key=str)


def start(store: Store, insurer: str, *what: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.office.assessment.running", insurer, *what],
        env=os.environ | {"KOKUHO_DATABASE": store.url},
        stderr=subprocess.PIPE,
        text=True,
    )


def run(store: Store, insurer: str, *what: str) -> None:
    process = start(store, insurer, *what)
    said = process.communicate()[1]
    assert process.returncode == 0, said


def kill_at_random(store: Store, dice: random.Random, *what: str) -> None:
    """Kill the run again and again while it writes, then let it come to its end."""
    kinds = {"run": KIND, "changes": "assess_changes"}

    def state() -> tuple[str, int]:
        with seeing([INSURER]):
            found = Run.objects.filter(kind=kinds[what[0]]).order_by("pk").last()
            return (found.state, found.counts.get("households", 0)) if found else ("", 0)

    for _kill in range(KILLS):
        before = state()
        process = start(store, INSURER, *what)
        while process.poll() is None and state() == before:
            time.sleep(0.02)
        time.sleep(dice.random() * 0.15)
        process.send_signal(signal.SIGKILL)
        assert process.communicate()[1] == ""
    run(store, INSURER, *what)
    assert state()[0] == Run.State.DONE


@pytest.mark.slow
def test_a_killed_run_ends_as_one_that_nobody_killed(store: Store) -> None:
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    for insurer in (INSURER, OTHER):
        add_insurer(insurer)
        people(insurer)
    connections.close_all()
    for what in (("run", "2026"), ("changes",)):
        kill_at_random(store, dice, *what)
        run(store, OTHER, *what)
        assert assessed(INSURER) == assessed(OTHER), f"seed {seed}"
        for insurer in (INSURER, OTHER):
            news(insurer)
        connections.close_all()
    assert len(assessed(INSURER)[1]) == 2 * HOUSEHOLDS
