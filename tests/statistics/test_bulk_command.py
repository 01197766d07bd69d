"""``kokuho statistics bulk`` as a ministry runs it, and datasets that are none."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kokuho.base.errors import InputError
from kokuho.sample.nation import write_claims
from kokuho.statistics import read_measures
from kokuho.statistics.datasets import files_of
from kokuho.statistics.published import read_log
from tests.cli.test_levy import kokuho
from tests.statistics.nation import file_of, written

ASKED = ("--as-of", "2026-03-31", "--years", "1", "--code", "99")


def test_a_nation_is_summed_protected_and_logged(tmp_path: Path) -> None:
    claims, insured = written(tmp_path)
    out = tmp_path / "out" / "nation.json"
    sources = ("--claims", str(claims), "--insured", str(insured))
    done = kokuho("statistics", "bulk", *sources, *ASKED, "--out", str(out),
                  "--each", str(tmp_path / "each"))  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "6 保険者のうち 6 保険者を集計しました" in done.stdout
    values = {one.id: one for one in read_measures(out).measures}
    assert values["insured[year=2025]"].value == 600
    assert any(one.suppressed for one in values.values())
    assert len(list((tmp_path / "each").glob("99*.json"))) == 6
    assert [one.kind for one in read_log(out.parent)] == ["combined", "measures-full"]
    assert kokuho("statistics", "verify", str(out)).returncode == 0
    first = out.read_bytes()
    again = kokuho("statistics", "bulk", *sources, *ASKED, "--out", str(out))
    assert "claims: 0 まとまりを集計、1 まとまりは集計済み" in again.stdout
    assert out.read_bytes() == first


def test_a_failed_insurer_is_told_and_the_exit_is_one(tmp_path: Path) -> None:
    claims, _insured = written(tmp_path)
    file_of(claims, "990003").write_bytes(b"nothing")
    out = tmp_path / "nation.json"
    done = kokuho(
        "statistics", "bulk", "--claims", str(claims), *ASKED, "--out", str(out), "--json"
    )
    assert done.returncode == 1
    told = {one["insurer_code"]: one for one in json.loads(done.stdout)["insurers"]}
    assert told["990003"]["state"] == "failed"
    assert told["990003"]["words"] == "データを集計できない"
    assert str(file_of(claims, "990003")) in told["990003"]["detail"]
    assert json.loads(out.with_suffix(".coverage.json").read_text())["states"] == {
        "failed": 1,
        "taken": 5,
    }


def test_asked_to_end_it_ends_after_a_chunk_and_goes_on_later(tmp_path: Path) -> None:
    claims = tmp_path / "claims"
    write_claims(claims, 1_000_000, 60, 1, 2025)
    out, work = tmp_path / "nation.json", tmp_path / "nation.parts"
    command = ["statistics", "bulk", "--claims", str(claims), *ASKED, "--chunk-mib", "1",
               "--out", str(out)]  # fmt: skip
    python = [sys.executable, "-c", "from kokuho.cli import main; main()"]
    with subprocess.Popen([*python, *command], stderr=subprocess.PIPE, text=True) as process:
        until = time.monotonic() + 60
        while not list(work.glob("claims-*")) and process.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.005)
        process.send_signal(signal.SIGTERM)
        _stdout, told = process.communicate(timeout=60)
    assert process.returncode == 1, told
    assert "途中で止めました" in told
    assert not out.exists()
    there = len(list(work.iterdir()))
    done = kokuho(*command, "--json")
    assert done.returncode == 0, done.stderr
    assert len(list(work.iterdir())) > there
    assert read_measures(out).by_id()["insurers"].numerator == 60


def test_nothing_to_sum_is_refused(tmp_path: Path) -> None:
    done = kokuho("statistics", "bulk", *ASKED, "--out", str(tmp_path / "nation.json"))
    assert done.returncode == 2
    assert "--claims" in done.stderr


@pytest.mark.parametrize(
    "place",
    ["part.parquet", "insurer_code=990001/part.parquet", "insurer=990001/year=2025/part.parquet",
     "insurer_code=990001/year=2025/more/part.parquet"],
)  # fmt: skip
def test_a_file_that_is_not_where_it_belongs_is_refused(tmp_path: Path, place: str) -> None:
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with pytest.raises(InputError, match=r"part\.parquet"):
        files_of(tmp_path, [2025])


def test_a_folder_with_an_equals_sign_above_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "run=1"
    folder.mkdir()
    with pytest.raises(InputError, match="run=1"):
        files_of(folder, [2025])
    with pytest.raises(InputError, match="nowhere"):
        files_of(tmp_path / "nowhere", [2025])


def test_only_the_years_that_are_asked_for_are_read(tmp_path: Path) -> None:
    claims, _insured = written(tmp_path)
    assert files_of(claims, [2025])["990001"] == [file_of(claims, "990001")]
    assert files_of(claims, [2020]) == {}
