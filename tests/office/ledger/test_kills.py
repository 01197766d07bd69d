"""Posting that is killed at any moment: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from kokuho.office.ledger.importing import import_receipts
from kokuho.office.ledger.models import Entry, Posting, Receipt
from kokuho.office.ledger.receiving import unfinished
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.ledger.offices import bill, open_office, post
from tests.office.ledger.test_receipts import write

KILLS = int(os.environ.get("KOKUHO_KILLS", "5"))
HOUSES = 300

ON = date(2026, 12, 1)

POST = """
import sys
from datetime import date
from pathlib import Path
from kokuho.office.start import start
start()
from kokuho.office.ledger.importing import import_receipts
import_receipts(Path(sys.argv[1]), posted_on=date(2026, 12, 1), actor="k", at_once=20)
"""


@pytest.mark.slow
def test_posting_that_is_killed_goes_on_and_every_receipt_is_posted_once(
    store: Store, tmp_path: Path
) -> None:
    dice = random.Random(seed := random.randrange(10**6))
    open_office()
    post([bill(f"h{n}", 1, 100_000) for n in range(HOUSES)])
    total = amid = 0
    for kill in range(KILLS):
        rows = [
            f"k{kill}-{n},2026-0{dice.randrange(7, 10)}-15,{dice.randrange(1, 900)},h{n},2026,1,"
            for n in range(HOUSES)
        ]
        total += HOUSES
        path = write(tmp_path / f"{kill}.csv", rows)
        process = start(store, str(path))
        # most of the time is the start of Python: the moment is one of posting, not of the clock
        goal = total - HOUSES + dice.randrange(HOUSES - 20)
        while process.poll() is None and not reached(total - HOUSES, goal):
            time.sleep(0.01)
        time.sleep(dice.random() * 0.02)
        process.send_signal(signal.SIGKILL)
        assert process.communicate()[1] == b""
        with seeing([INSURER]):
            amid += bool(unfinished(INSURER))
            assert Receipt.objects.count() in (total - HOUSES, total)
            assert verify(INSURER) == [], f"seed {seed}, kill {kill}"
        # the same file again: what was recorded is known, and posting goes on
        import_receipts(path, posted_on=ON, actor="k", at_once=20)
    assert amid, "no kill came while receipts were posted"
    with seeing([INSURER]):
        assert unfinished(INSURER) == []
        assert verify(INSURER) == []
        receipts = sum(Receipt.objects.values_list("amount", flat=True))
        posted = Entry.objects.filter(kind="receive", account="receipts")
        assert sum(posted.values_list("amount", flat=True)) == receipts
        assert posted.values("number").distinct().count() == total


@pytest.mark.slow
def test_posting_of_demands_that_is_killed_posts_the_rest_when_asked_again(store: Store) -> None:
    dice = random.Random(random.randrange(10**6))
    open_office()
    code = """
import sys
from kokuho.office.start import start
start()
from tests.office.ledger.offices import bill, post
post([bill(f"h{n}", 1, 1000 + int(sys.argv[1])) for n in range(300)], at_once=10)
"""
    amid = 0
    for kill in range(KILLS):
        amount = kill * 10
        process = subprocess.Popen([sys.executable, "-c", code, str(amount)], env=env(store),
                                   stderr=subprocess.PIPE)  # fmt: skip
        goal, before = dice.randrange(1, HOUSES - 10), postings()
        # the cheap question comes first: most of the time is the start of Python
        while process.poll() is None and (postings() == before or not stands(1000 + amount, goal)):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        assert process.communicate()[1] == b""
        amid += not stands(1000 + amount, HOUSES)
        with seeing([INSURER]):
            assert verify(INSURER) == []
    assert amid, "no kill came while demands were posted"
    post([bill(f"h{n}", 1, 2_000) for n in range(HOUSES)], date(2026, 7, 16))
    assert stands(2_000, HOUSES)


def start(store: Store, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", POST, *words], env=env(store), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip


def env(store: Store) -> dict[str, str]:
    return os.environ | {"KOKUHO_DATABASE": store.url, "KOKUHO_DATABASE_OWNER": ""}


def reached(before: int, goal: int) -> bool:
    """Whether the new file is recorded, and so many receipts are posted at least."""
    with seeing([INSURER]):
        # asked all the time while Python starts, so the cheap question comes first
        if Receipt.objects.count() <= before:
            return False
        done: int = Entry.objects.filter(kind="receive", account="receipts").count()
        return done >= goal


def postings() -> int:
    """How many pieces were posted."""
    with seeing([INSURER]):
        count: int = Posting.objects.count()
    return count


def stands(amount: int, houses: int) -> bool:
    """Whether so many households owe this much at least."""
    from django.db.models import Sum

    with seeing([INSURER]):
        rows = (
            Entry.objects.filter(account="receivable", demand_id__startswith="h")
            .values("demand_id")
            .annotate(owed=Sum("amount"))
        )
        return sum(row["owed"] == amount for row in rows) >= houses
