"""Billing runs killed at random moments: nothing is lost, nothing is billed twice."""

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

from kokuho.office.assessment.changes import assess_changes
from kokuho.office.assessment.yearly import Wish, assess_year
from kokuho.office.billing import runs
from kokuho.office.billing.schedules import Instalment, Schedule
from kokuho.office.jobs.runs import Run
from kokuho.office.tenancy import seeing
from tests.office.assessment.test_kills import KILLS, news, people
from tests.office.billing.town import ordinance
from tests.office.conftest import INSURER, OTHER, Store
from tests.office.people import add_insurer


def billed(insurer: str) -> tuple[list[Any], list[Any]]:
    """All schedules that ever were, and all of their demands."""
    with seeing([insurer]):
        schedules = Schedule.objects.values_list(
            "household__household_number", "payer__address_number", "made", "channel", "total"
        )
        demands = Instalment.objects.values_list(
            "schedule__household__household_number", "schedule__made", "channel", "term",
            "amount", "due", "reason",
        )  # fmt: skip
        return sorted(schedules), sorted(demands)


def start(store: Store, insurer: str, *what: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.office.billing.running", insurer, *what],
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
    kind = runs.CHANGES if what[0] == "changes" else runs.KIND

    def state() -> tuple[str, int]:
        with seeing([INSURER]):
            found = Run.objects.filter(kind=kind).order_by("pk").last()
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
        own = ordinance(code=insurer, prepayment={"adopted": False})
        wish = Wish(own.year(2026), decided_on=date(2026, 7, 1))
        assess_year(insurer, 2026, wish, actor="試験")
    connections.close_all()
    for what in (("run", "2026"), ("changes",)):
        kill_at_random(store, dice, *what)
        run(store, OTHER, *what)
        assert billed(INSURER) == billed(OTHER), f"seed {seed}"
        if what[0] == "run":
            for insurer in (INSURER, OTHER):
                news(insurer)
                assess_changes(insurer, decided_on=date(2026, 10, 1), actor="試験")
            connections.close_all()
    assert {row[2] for row in billed(INSURER)[0]} == {"levy", "change"}
