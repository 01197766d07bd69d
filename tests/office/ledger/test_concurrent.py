"""Two processes post at once: none passes over a household in silence, nothing is posted twice."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from kokuho.office.jobs.runs import OvertakenError, Run
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.ledger.models import Entry, Receipt
from kokuho.office.ledger.receiving import unfinished
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.ledger.offices import bill, open_office, post
from tests.office.ledger.test_kills import ON, env, stands
from tests.office.ledger.test_receipts import write

HALF = 40

POST_DEMANDS = """
import sys
import time
from pathlib import Path
from kokuho.office.start import start
start()
from tests.office.ledger.offices import bill, post
first, begun = int(sys.argv[1]), Path(sys.argv[2])
def tell(run):
    begun.touch()
    time.sleep(0.05)
post([bill(f"h{n:03}", 1, 2000) for n in range(first, first + 40)], at_once=2, progress=tell)
"""

POST_RECEIPTS = """
import sys
from datetime import date
from pathlib import Path
from kokuho.office.start import start
start()
from kokuho.office.ledger.importing import import_receipts
import_receipts(Path(sys.argv[1]), posted_on=date(2026, 12, 1), actor="k", at_once=5)
"""


def begin(store: Store, code: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, *words], env=env(store), text=True,
                            stderr=subprocess.PIPE)  # fmt: skip


def test_of_two_processes_that_post_a_year_the_first_stops_and_says_so(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    begun = tmp_path / "begun"
    first = begin(store, POST_DEMANDS, "0", str(begun))
    while first.poll() is None and not begun.exists():
        time.sleep(0.01)
    post([bill(f"h{n:03}", 1, 2_000) for n in range(HALF, 2 * HALF)], at_once=2)
    said = first.communicate()[1]
    assert first.returncode != 0
    assert "OvertakenError" in said
    with seeing([INSURER]):
        assert verify(INSURER) == []
        assert Run.objects.get(kind="ledger demands").state == Run.State.DONE
    assert not stands(2_000, 2 * HALF)
    # asked again it does the rest, and nothing twice
    post([bill(f"h{n:03}", 1, 2_000) for n in range(2 * HALF)])
    assert stands(2_000, 2 * HALF)
    with seeing([INSURER]):
        assert Entry.objects.filter(kind="assess").count() == 4 * HALF


def test_a_run_that_is_begun_anew_between_two_pieces_stops_and_leaves_the_new_one(
    store: Store,
) -> None:
    open_office()
    demands = [bill(f"h{n}", 1, 2_000) for n in range(4)]
    runs: list[Run] = []

    def other(_run: Run) -> None:
        if not runs:
            runs.append(post(demands))

    with pytest.raises(OvertakenError, match="試験"):
        post(demands, at_once=1, progress=other)
    with seeing([INSURER]):
        assert Run.objects.get(kind="ledger demands").state == Run.State.DONE
    assert stands(2_000, 4)


@pytest.mark.slow
def test_two_processes_that_import_receipts_at_once_post_each_of_them_once(
    store: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill(f"h{n}", 1, 100_000) for n in range(HALF)])
    files = [
        write(
            tmp_path / f"{name}.csv",
            [f"{name}{n},2026-07-15,{100 + n},h{n},2026,1," for n in range(HALF)],
        )
        for name in ("a", "b")
    ]
    processes = [begin(store, POST_RECEIPTS, str(path)) for path in files]
    assert [process.communicate()[1] for process in processes] == ["", ""]
    for path in files:
        import_receipts(path, posted_on=ON, actor="k")
    with seeing([INSURER]):
        assert unfinished(INSURER) == []
        assert verify(INSURER) == []
        assert Receipt.objects.count() == 2 * HALF
        received = Entry.objects.filter(kind="receive", account="receipts")
        assert received.values("source").distinct().count() == received.count() == 2 * HALF
