"""The benchmark of printing, at small size: a city is generated, billed and printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.slow
def test_a_small_city_is_printed_in_bounded_memory(tmp_path: Path) -> None:
    words = ["--persons", "60", "--per-file", "10", "--workers", "2", "--out", str(tmp_path)]
    environment = {key: os.environ[key] for key in os.environ if not key.startswith("KOKUHO_")}
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "printing.py"), *words],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["papers"] > 30
    assert found["pages"] >= 2 * found["papers"]
    assert found["files"] >= found["papers"] // 10
    assert max(found["peak_mib"].values()) < 1_000
