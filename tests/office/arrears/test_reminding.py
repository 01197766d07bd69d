"""The run of reminders: whom, how much, the fee in the books; killed at any moment it goes on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from django.db import connections

from kokuho.arrears import prescription
from kokuho.base.errors import ArrearsError
from kokuho.office.arrears.act import ActRow
from kokuho.office.arrears.reminding import KIND, control_rows, remind
from kokuho.office.arrears.standing import Arrears, read
from kokuho.office.jobs.runs import Run, ask_to_cancel
from kokuho.office.ledger.models import Entry
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import INSURER, bill, name, open_town, pay, told
from tests.office.conftest import Store
from tests.office.ledger.offices import open_office, post

KILLS = int(os.environ.get("KOKUHO_KILLS", "5"))
ON, BY = date(2026, 9, 18), date(2026, 9, 30)

pytestmark = pytest.mark.usefixtures("store")


def standing(on: date = ON) -> Arrears:
    with seeing([INSURER]):
        assert verify(INSURER) == []
        return read(INSURER, on)


def run(on: date = ON, by: date = BY, **more: int) -> Run:
    return remind(INSURER, on, by, actor="試験", **more)


def test_a_run_reminds_of_what_is_overdue_and_charges_the_fee(tmp_path: Path) -> None:
    open_town()
    pay(tmp_path, date(2026, 8, 1), ("77", 1, 30_000), ("77", 2, 10_000))
    done = run()
    # terms 1 and 2 are overdue: 77 has paid its first
    assert done.counts == {"households": 4, "demands": 7, "yen": 200_000, "fees": 700}
    assert done.state == Run.State.DONE
    found = standing()
    fees = {row["demand_id"]: row["fee"] for row in found.owed.iter_rows(named=True)}
    assert fees[name("77", 2)] == 100
    assert fees[name("77", 3)] == 0
    (act,) = found.acts["77"]
    assert (act.kind, act.demands, act.until, act.amount) == (
        "reminder", (name("77", 2),), BY, 20_000,
    )  # fmt: skip
    assert found.reminders == ()


def test_a_run_of_the_same_day_is_done_and_one_of_a_later_day_takes_what_came_due() -> None:
    open_town()
    run()
    assert run().counts["demands"] == 8
    with seeing([INSURER]):
        assert ActRow.objects.count() == 4
    assert run(date(2026, 10, 19), date(2026, 10, 30)).counts["demands"] == 4


def test_what_is_deferred_or_suspended_is_not_reminded_of() -> None:
    open_town()
    told("deferral", "77", date(2026, 8, 10), 1, 2, until=date(2026, 12, 31),
         code="collection_disaster")  # fmt: skip
    told("suspension", "78", date(2026, 9, 10), 1, code="no_property", text="財産なし")
    done = {(one.household, one.demand) for one in standing(date(2026, 11, 25)).reminders}
    assert {demand for house, demand in done if house == "77"} == {name("77", 3)}
    assert {demand for house, demand in done if house == "78"} == {name("78", 2), name("78", 3)}


def test_a_day_for_payment_that_is_not_later_is_refused() -> None:
    open_town()
    with pytest.raises(ArrearsError, match="後の日"):
        run(by=ON)


def test_a_run_stops_when_asked_to_and_goes_on_when_asked_again() -> None:
    open_town()

    def asking(run: Run) -> None:
        if run.state == Run.State.RUNNING and run.counts["households"] == 2:
            assert ask_to_cancel(INSURER, KIND, ON.isoformat())

    stopped = remind(INSURER, ON, BY, actor="試験", progress=asking, at_once=1)
    assert (stopped.state, stopped.counts["households"]) == (Run.State.CANCELLED, 2)
    assert run(at_once=1).counts["households"] == 4
    assert standing().reminders == ()


def test_the_control_list_has_what_was_sent_and_what_is_due_still() -> None:
    open_town()
    remind(INSURER, ON, BY, actor="試験")
    with seeing([INSURER]):
        rows = control_rows(INSURER, ON)
    assert len(rows) == 8
    assert sum(row[3] for row in rows) == 240_000
    assert {row[4] for row in rows} == {"済"}


def test_the_reminder_moves_the_prescription() -> None:
    open_town()
    run()
    found = standing()
    (house,) = [one for one in found.households if one.number == "77"]
    demand = name("77", 1)
    assert found.prescriptions(house)[demand].completes == date(2028, 9, 18)
    assert prescription(date(2026, 7, 31), "premium").completes == date(2028, 7, 31)


CODE = """
import sys
from datetime import date
from kokuho.office.start import start
start()
from kokuho.office.arrears.reminding import remind
remind(sys.argv[1], date(2026, 9, 18), date(2026, 9, 30), actor="k", at_once=5)
"""
HOUSES = 200


@pytest.mark.slow
def test_a_run_that_is_killed_reminds_of_everything_once(store: Store) -> None:
    open_office()
    post([bill(f"h{n:03}", 1, 10_000) for n in range(HOUSES)])
    dice = random.Random(seed := random.randrange(10**6))
    connections.close_all()
    environment = os.environ | {"KOKUHO_DATABASE": store.url, "KOKUHO_DATABASE_OWNER": ""}
    for _kill in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", CODE, INSURER], env=environment, stderr=subprocess.PIPE
        )
        before = reminded()
        while process.poll() is None and reminded() == before:
            time.sleep(0.01)
        time.sleep(dice.random() * 0.2)
        process.send_signal(signal.SIGKILL)
        assert process.communicate()[1] == b""
        with seeing([INSURER]):
            assert verify(INSURER) == [], f"seed {seed}"
            # a fee for each reminder, and none without one
            fees = Entry.objects.filter(kind="charge_fee", account="receivable").count()
            assert fees == ActRow.objects.count(), f"seed {seed}"
    assert run().counts == {
        "households": HOUSES, "demands": HOUSES, "yen": 10_000 * HOUSES, "fees": 100 * HOUSES,
    }  # fmt: skip
    found = standing()
    assert reminded() == HOUSES
    assert found.owed["fee"].to_list() == [100] * HOUSES
    assert found.owed.filter(pl.col("principal") != 10_000).height == 0


def reminded() -> int:
    with seeing([INSURER]):
        return int(ActRow.objects.count())
