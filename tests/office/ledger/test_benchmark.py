"""The benchmark of posting, at small size: it runs, and its books hold together."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.office import postgresql


@pytest.mark.slow
def test_receipts_are_posted_in_at_most_ten_times_a_copy_of_their_entries() -> None:
    if postgresql.programs() is None:
        pytest.skip("PostgreSQL is not installed (scripts/system-packages.txt)")
    done = subprocess.run(
        [sys.executable, "benchmarks/ledger.py", "5000"], capture_output=True, text=True, check=True
    )
    out = json.loads(done.stdout.splitlines()[-1])
    assert (out["receipts"], out["findings"]) == (5_000, 0)
    assert out["entries"] >= 10_000
    assert sum(out["shares"].values()) == pytest.approx(1)
    # a few thousand rows are mostly fixed costs: the bound itself is measured by `make bench`
    assert out["ratio"] > 0
