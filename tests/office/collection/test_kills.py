"""Results that are killed while they are taken in: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kokuho.office.collection.payments import Payment
from kokuho.office.ledger.models import Entry, Receipt
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.collection.bank import Bank
from tests.office.collection.test_round_trip import answered, sent
from tests.office.collection.town import amount, open_town, owed
from tests.office.conftest import INSURER, Store

KILLS = int(os.environ.get("KOKUHO_KILLS", "5"))
HOUSES = 200

TAKE = """
import sys
from datetime import date
from pathlib import Path
from kokuho.office.start import start
start()
from kokuho.office.collection.taking import take_results
print("started", flush=True)
take_results("992011", Path(sys.argv[1]).read_bytes(), "answer.txt", "rehearsal_bank",
             read_on=date(2026, 8, 5), actor="k", at_once=2)
"""


@pytest.mark.slow
def test_results_that_are_killed_are_posted_once_when_the_file_comes_again(
    store: Store, tmp_path: Path
) -> None:
    dice = random.Random(seed := random.randrange(10**6))
    open_town(HOUSES, debited=HOUSES)
    bank = Bank(sent().content)
    back = {f"{number:020}" for number in dice.sample(range(1, HOUSES + 1), 20)}
    answer = bank.answer(lambda reference: "1" if reference.strip().zfill(20) in back else "0")
    path = tmp_path / "answer.txt"
    path.write_bytes(answer)
    killed = 0
    for kill in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", TAKE, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=os.environ | {"KOKUHO_DATABASE": store.url, "KOKUHO_DATABASE_OWNER": ""},
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(dice.random() * 0.4 * (1 + kill))
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        assert process.communicate()[1] == b""
        with seeing([INSURER]):
            assert verify(INSURER) == [], f"seed {seed}"
            assert Receipt.objects.count() in (0, HOUSES - 20)
            assert Payment.objects.count() == Receipt.objects.count()
    taken = answered(answer)
    came = sum(bank.amounts()) - sum(amount(int(reference)) for reference in back)
    assert killed
    assert taken.run.state == "done"
    assert taken.totals.rows() == [("exact", HOUSES - 20, came)]
    assert sum(owed().values()) == sum(bank.amounts()) - came
    with seeing([INSURER]):
        posted = Entry.objects.filter(kind="receive", account="receipts")
        assert sum(posted.values_list("amount", flat=True)) == came
        assert posted.values("number").distinct().count() == HOUSES - 20
