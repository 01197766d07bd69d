"""Long jobs: killed at any moment they go on where they were, and do nothing twice."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
from django.db import connections

from kokuho.office.jobs.runs import Run, ask_to_cancel, work
from kokuho.office.register.models import Resident
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, OTHER, Store
from tests.office.counting_job import step_to
from tests.office.people import add_insurer

KILLS = int(os.environ.get("KOKUHO_KILLS", "5"))


@pytest.fixture(autouse=True)
def _insurer(store: Store) -> None:
    add_insurer()


def numbers() -> list[int]:
    with seeing([INSURER]):
        return sorted(
            int(number) for number in Resident.objects.values_list("address_number", flat=True)
        )


def run_once(total: int = 10, **more: Any) -> Run:
    return work(INSURER, "count", "all", step_to(total), actor="試験", **more)


def test_a_job_runs_to_its_end_and_counts() -> None:
    told: list[int] = []
    run = run_once(progress=lambda run: told.append(run.counts["written"]))
    assert (run.state, run.counts, run.total) == (Run.State.DONE, {"written": 10}, 10)
    assert told == [3, 6, 9, 10]
    assert numbers() == list(range(10))


def test_a_job_that_is_done_is_not_done_again() -> None:
    run_once()
    assert run_once().counts == {"written": 10}
    assert numbers() == list(range(10))


def test_a_job_that_fails_says_why_and_goes_on_when_asked_again() -> None:
    def failing(run: Run) -> bool:
        if run.cursor.get("next") == 6:
            Resident.objects.create(insurer_id=INSURER, address_number="undone")
            raise ValueError("no more")
        return step_to(10)(run)

    with pytest.raises(ValueError, match="no more"):
        work(INSURER, "count", "all", failing, actor="試験")
    with seeing([INSURER]):
        run = Run.objects.get()
        assert (run.state, run.message, run.cursor) == (Run.State.FAILED, "no more", {"next": 6})
    assert run_once().state == Run.State.DONE
    assert numbers() == list(range(10))


def test_a_job_stops_when_asked_to_and_goes_on_when_asked_again() -> None:
    def asking(run: Run) -> None:
        if run.state == Run.State.RUNNING and run.cursor["next"] == 6:
            assert ask_to_cancel(INSURER, "count", "all")

    assert run_once(progress=asking).state == Run.State.CANCELLED
    assert numbers() == list(range(6))
    assert not ask_to_cancel(INSURER, "count", "all")
    assert run_once().state == Run.State.DONE
    assert numbers() == list(range(10))


def test_a_job_of_one_insurer_sees_no_row_of_another() -> None:
    add_insurer(OTHER)
    with seeing([OTHER], writing=True):
        Resident.objects.create(insurer_id=OTHER, address_number="0")
    seen: list[int] = []

    def looking(run: Run) -> bool:
        seen.append(Resident.objects.count() + Run.objects.count())
        return False

    work(INSURER, "look", "all", looking, actor="試験")
    assert seen == [1]


@pytest.mark.slow
def test_a_killed_job_loses_nothing_and_does_nothing_twice(store: Store) -> None:
    total, seed = 60 * KILLS, random.randrange(10**6)
    dice = random.Random(seed)
    connections.close_all()
    environment = os.environ | {"KOKUHO_DATABASE": store.url}
    command = [sys.executable, "-m", "tests.office.counting_job", INSURER, str(total)]
    for _kill in range(KILLS):
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        before = len(numbers())
        while process.poll() is None and len(numbers()) == before:
            time.sleep(0.01)  # it has begun to write
        time.sleep(dice.random() * 0.1)
        process.send_signal(signal.SIGKILL)
        assert process.communicate()[1] == ""
        done = numbers()
        assert done == list(range(len(done))), f"seed {seed}"
        assert len(done) % 3 == 0
    assert 0 < len(numbers()) < total
    subprocess.run(command, env=environment, check=True)
    assert numbers() == list(range(total))
    with seeing([INSURER]):
        assert Run.objects.get().counts == {"written": total}
