"""``kokuho linkage rehearse``; at full size (KOKUHO_FULL_SIZE=1) 21,000 insured and 50 kills."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.office import postgresql

PERSONS = 21_000 if os.environ.get("KOKUHO_FULL_SIZE") == "1" else 2_000
PACE = "5" if PERSONS == 21_000 else "20"
"""At full size a quarter of an hour is three minutes: each look at the books takes longer."""
KILLS = int(os.environ.get("KOKUHO_KILLS", "5"))
COMMAND = [sys.executable, "-c", "from kokuho.cli import main; main()", "linkage", "rehearse"]


@pytest.mark.slow
def test_city_and_mesh_agree_after_kills_and_faults_and_no_arrears_are_stale(
    tmp_path: Path,
) -> None:
    out = tmp_path / "rehearsal"
    words = ("--persons", str(PERSONS), "--kills", str(KILLS), "--seed", "1", "--pace", PACE)
    words += ("--out", str(out))
    done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert len(report["kills"]) == KILLS
    assert all(one["holds"] for one in report["checks"])
    assert {"paid", "hidden", "deferred", "corrected"} <= set(report["events"])
    assert "すべて成り立っています" in done.stdout

    again = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)
    assert again.returncode == 2
    assert "--anew" in again.stderr


@pytest.mark.slow
def test_the_city_may_live_in_postgresql(tmp_path: Path) -> None:
    if postgresql.programs() is None:
        pytest.skip("PostgreSQL is not installed")
    with postgresql.cluster() as where:
        postgresql.create_database(where, "rehearsal")
        environment = {
            "KOKUHO_DATABASE": where.url(postgresql.APPLICATION, "rehearsal"),
            "KOKUHO_DATABASE_OWNER": where.url(postgresql.OWNER, "rehearsal"),
        }
        words = ("--persons", "100", "--kills", "2", "--out", str(tmp_path / "rehearsal"))
        done = subprocess.run(
            [*COMMAND, *words], env=os.environ | environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert not list(tmp_path.glob("rehearsal/city/*.db"))


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    words = ("--out", str(tmp_path), "--anew")
    done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_ctrl_c_leaves_no_process_behind(tmp_path: Path) -> None:
    out = tmp_path / "rehearsal"
    words = ("--persons", "100", "--kills", "0", "--out", str(out))
    with subprocess.Popen([*COMMAND, *words], stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + 120
        while not (out / "mesh.log").exists() and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert _running(str(out)) == []


def _running(folder: str) -> list[str]:
    found = []
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = one.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if folder in words:
            found.append(words)
    return found
