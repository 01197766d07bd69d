"""The bulk engine: a city's definitions over a nation, whatever the chunks, failures and stops."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kokuho.sample.nation import write_claims
from kokuho.statistics import measure_file, write_measures
from kokuho.statistics.bulk import CLAIMS, INSURED, PATIENTS, Outcome, Task, chunks, run
from kokuho.statistics.combining import Expected, combine
from kokuho.statistics.national import national
from tests.statistics.nation import (
    DAY,
    ONE_EACH,
    YEARS,
    by_city,
    file_of,
    outcomes,
    written,
)

ALL_AT_ONCE = 2**40
CODES = [f"99{number:04d}" for number in range(6)]


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Datasets that no test changes."""
    folder = tmp_path_factory.mktemp("nation")
    written(folder)
    return folder


def change(path: Path, *columns: pl.Expr) -> None:
    pl.read_parquet(path, glob=False).with_columns(*columns).write_parquet(path)


def first(column: str, value: object) -> pl.Expr:
    """The column with another value in its third row."""
    return pl.when(pl.int_range(pl.len()) == 2).then(value).otherwise(column).alias(column)


@pytest.mark.parametrize("chunk", [ONE_EACH, 20_000, ALL_AT_ONCE])
def test_every_insurer_has_the_figures_that_its_office_makes(
    nation: Path, tmp_path: Path, chunk: int
) -> None:
    _combined, sums = national("99", DAY, YEARS, outcomes(nation, tmp_path, chunk))
    found = dict(sums.by_insurer())
    assert sorted(found) == CODES
    for code, figures in found.items():
        assert {one.id: one for one in figures} == by_city(nation, code)


def test_the_nation_is_the_sum_of_the_insurers_files(nation: Path, tmp_path: Path) -> None:
    combined, sums = national("99", DAY, YEARS, outcomes(nation, tmp_path / "work"))
    paths = []
    for code, figures in sums.by_insurer():
        paths.append(tmp_path / f"{code}.json")
        write_measures(paths[-1], measure_file(code, DAY, figures))
    assert combined.file.by_id() == combine(paths, "99", DAY).file.by_id()
    values = {one.id: one.value for one in combined.file.measures}
    assert values["insured[year=2025]"] == 600
    assert values["insured_yoy[year=2025]"] == 100
    assert 0 < int(values["foreign_claims_medical_dpc_dispensing[year=2025]"] or 0) < 3_000


def test_a_town_without_foreign_insured_has_none_of_them_and_not_no_figure(tmp_path: Path) -> None:
    written(tmp_path)
    change(file_of(tmp_path / "insured", CODES[0]), pl.lit("JPN").alias("nationality"))
    combined, sums = national("99", DAY, YEARS, outcomes(tmp_path, tmp_path / "work"))
    figures = {one.id: one for one in dict(sums.by_insurer())[CODES[0]]}
    assert figures["foreign_insured[year=2025]"].value == 0
    assert combined.file.by_id()["foreign_insured[year=2025]"].note == ""


def test_a_figure_says_how_many_insurers_are_not_in_it(tmp_path: Path) -> None:
    """One insurer has no persons of the year before: its yoy is of nobody else's either."""
    written(tmp_path)
    file_of(tmp_path / "insured", CODES[5], 2024).unlink()
    file_of(tmp_path / "claims", CODES[4]).unlink()
    combined, sums = national("99", DAY, YEARS, outcomes(tmp_path, tmp_path / "work"))
    paths = []
    for code, figures in sums.by_insurer():
        paths.append(tmp_path / f"{code}.json")
        write_measures(paths[-1], measure_file(code, DAY, figures))
    figures = combined.file.by_id()
    assert figures == combine(paths, "99", DAY).file.by_id()
    assert figures["insured[year=2025]"].note == ""
    assert figures["insured_yoy[year=2025]"].note != ""
    below = figures["insured_yoy[year=2025]"].denominator
    assert below == 600 - _persons(tmp_path, CODES[5])
    assert figures["claims_medical_dpc_dispensing[year=2025]"].note != ""
    details = {one.insurer_code: one.detail for one in combined.arrivals}
    assert "claims" in details[CODES[4]]


def _persons(folder: Path, code: str) -> int:
    frame = pl.read_parquet(file_of(folder / "insured", code))
    return frame.filter(day=date(2026, 3, 31)).height


def test_chunks_are_of_whole_insurers_and_no_larger_than_said(nation: Path) -> None:
    files = {code: [file_of(nation / "claims", code)] for code in CODES}
    sizes = {code: paths[0].stat().st_size for code, paths in files.items()}
    most = sizes[CODES[0]] + sizes[CODES[1]]
    found = list(chunks(files, most))
    assert found[0] == CODES[:2]
    assert [code for chunk in found for code in chunk] == CODES
    assert all(sum(sizes[code] for code in chunk) <= most for chunk in found)
    assert list(chunks(files, 1)) == [[code] for code in CODES]


def overwritten(content: bytes) -> bytes:
    """The pages of a file destroyed, its footer as it was."""
    size = len(content) * 3 // 4
    return b"PAR1" + b"\xff" * (size - 4) + content[size:]


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no Parquet": (lambda path: path.write_bytes(b"PAR1 and no more"), ""),
    "cut off": (lambda path: path.write_bytes(path.read_bytes()[:-200]), ""),
    "overwritten": (lambda path: path.write_bytes(overwritten(path.read_bytes())), ""),
    "no column": (
        lambda path: pl.read_parquet(path).drop("cost").write_parquet(path),
        "there is no column cost",
    ),
    "text": (lambda path: change(path, pl.col("cost").cast(pl.String)), "cost is String"),
    "other insurer": (
        lambda path: change(path, pl.lit("990001").alias("insurer_code")),
        "the folder says insurer_code",
    ),
    "negative": (lambda path: change(path, first("cost", -1)), "row 3, cost: -1"),
    "no cost": (lambda path: change(path, first("cost", None)), "row 3, cost: nothing"),
    "no kind": (lambda path: change(path, first("kind", None)), "row 3, kind: nothing"),
    "other year": (
        lambda path: change(path, first("month", date(2026, 3, 1))),
        "row 3, month: 2026-03-01",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("chunk", [ONE_EACH, ALL_AT_ONCE])
def test_an_insurer_that_fails_is_named_and_leaves_the_others_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str, chunk: int
) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")
    claims, _insured = written(tmp_path)
    bad = CODES[2]
    damaged, words = DAMAGE[damage]
    damaged(file_of(claims, bad))
    found = run(CLAIMS, claims, YEARS, tmp_path / "work", chunk_bytes=chunk)
    assert list(found.failed) == [bad]
    assert words in found.failed[bad]
    assert str(file_of(claims, bad)) in found.failed[bad]
    assert sorted(found.frame["insurer_code"].unique()) == [one for one in CODES if one != bad]
    combined, _sums = national("99", DAY, YEARS, {"claims": found})
    assert combined.file.by_id()["insurers"].numerator == 5
    states = {one.insurer_code: one.state for one in combined.arrivals}
    assert states == {one: "failed" if one == bad else "taken" for one in CODES}


def test_what_is_repaired_is_summed_and_what_was_made_is_not_made_again(tmp_path: Path) -> None:
    claims, _insured = written(tmp_path)
    path, work = file_of(claims, CODES[2]), tmp_path / "work"
    whole = path.read_bytes()
    path.write_bytes(whole[:-200])
    run(CLAIMS, claims, YEARS, work, chunk_bytes=ONE_EACH)
    path.write_bytes(whole)
    again = run(CLAIMS, claims, YEARS, work, chunk_bytes=ONE_EACH)
    assert (again.made, again.kept, again.failed) == (1, 5, {})
    assert same(again, run(CLAIMS, claims, YEARS, tmp_path / "other"))


def test_a_file_that_has_changed_is_summed_again(tmp_path: Path) -> None:
    claims, _insured = written(tmp_path)
    before = run(CLAIMS, claims, YEARS, tmp_path / "work", chunk_bytes=ONE_EACH)
    change(file_of(claims, CODES[0]), pl.col("cost") + 1)
    after = run(CLAIMS, claims, YEARS, tmp_path / "work", chunk_bytes=ONE_EACH)
    assert (after.made, after.kept) == (1, 5)
    more = after.frame["cost"].sum() - before.frame["cost"].sum()
    assert more == after.frame.filter(insurer_code=CODES[0])["claims"].sum()


def same(one: Outcome, other: Outcome) -> bool:
    order = [name for name in one.frame.columns if one.frame[name].dtype != pl.Int64]
    return one.frame.sort(order).equals(other.frame.sort(order))


@pytest.mark.parametrize("task", [CLAIMS, PATIENTS], ids=lambda task: task.name)
def test_stopped_it_goes_on_where_it_was(nation: Path, tmp_path: Path, task: Task) -> None:
    told: list[int] = []
    stopped = run(
        task,
        nation / "claims",
        YEARS,
        tmp_path / "work",
        chunk_bytes=ONE_EACH,
        progress=lambda _name, done, _total: told.append(done),
        stop=lambda: len(told) == 2,
    )
    assert (stopped.stopped, stopped.made, told) == (True, 2, [1, 2])
    rest = run(task, nation / "claims", YEARS, tmp_path / "work", chunk_bytes=ONE_EACH)
    assert (rest.stopped, rest.made, rest.kept) == (False, 4, 2)
    assert same(rest, run(task, nation / "claims", YEARS, tmp_path / "other"))


KILLED = """
import os, signal, sys
from pathlib import Path
from kokuho.statistics import bulk
written = bulk.write_parquet
def kill_in_the_third(frame, path):
    if len(list(path.parent.glob("claims-*.parquet"))) == 2:
        path.parent.joinpath(f".{path.name}-half").write_bytes(b"PAR1")
        os.kill(os.getpid(), signal.SIGKILL)
    written(frame, path)
bulk.write_parquet = kill_in_the_third
bulk.run(bulk.CLAIMS, Path(sys.argv[1]), range(2025, 2026), Path(sys.argv[2]), chunk_bytes=1)
"""


def test_killed_it_goes_on_and_nothing_is_doubled(nation: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, nation / "claims", tmp_path / "work"], check=False
    )
    assert done.returncode == -signal.SIGKILL
    rest = run(CLAIMS, nation / "claims", YEARS, tmp_path / "work", chunk_bytes=ONE_EACH)
    assert (rest.made, rest.kept) == (4, 2)
    assert same(rest, run(CLAIMS, nation / "claims", YEARS, tmp_path / "other"))


def test_missing_and_unexpected_insurers_are_shown_and_not_filled_in(
    nation: Path, tmp_path: Path
) -> None:
    expected = [Expected(code) for code in [*CODES[:5], "998888"]]
    combined, sums = national("99", DAY, YEARS, outcomes(nation, tmp_path), expected)
    states = {one.insurer_code: one.state for one in combined.arrivals}
    assert states == dict.fromkeys(CODES[:5], "taken") | {
        CODES[5]: "unexpected",
        "998888": "missing",
    }
    whole = combined.file.by_id()["insurers"]
    assert (whole.numerator, whole.denominator) == (5, 6)
    assert [code for code, _figures in sums.by_insurer()] == CODES[:5]


def test_an_insurer_without_rows_or_with_dental_claims_alone_has_no_figure_of_claims(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "a [new] folder"
    claims, _insured = written(folder)
    empty = file_of(claims, CODES[0])
    pl.read_parquet(empty, glob=False).clear().write_parquet(empty)
    change(file_of(claims, CODES[1]), pl.lit("other").alias("kind"))
    found = outcomes(folder, folder / "work")
    assert [one.failed for one in found.values()] == [{}, {}, {}]
    _combined, sums = national("99", DAY, YEARS, found)
    for code, figures in sums.by_insurer():
        told = any(one.id.startswith("claims_") for one in figures)
        assert told == (code not in CODES[:2])


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("day", date(2025, 12, 31), "2025-12-31"),
        ("birth_last", date(1900, 1, 1), "1900-01-01"),
        ("nationality", "C N", "C N"),
        ("status", "a=b", "a=b"),
    ],
)
def test_an_insured_person_that_cannot_be_is_named(
    tmp_path: Path, column: str, value: object, told: str
) -> None:
    _claims, insured = written(tmp_path)
    path = file_of(insured, CODES[1])
    change(path, first(column, pl.lit(value)))
    found = run(INSURED, insured, YEARS, tmp_path / "work")
    assert list(found.failed) == [CODES[1]]
    for word in (str(path), "3", column, told):
        assert word in found.failed[CODES[1]]


LIMIT = """
import sys
from pathlib import Path
from kokuho.statistics.bulk import CLAIMS, PATIENTS, run
for task in (CLAIMS, PATIENTS):
    found = run(task, Path(sys.argv[1]), range(2025, 2026), Path(sys.argv[2]), chunk_bytes=2**20)
    assert not found.failed and found.made > 1, found.failed
status = Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in status if line.startswith("VmHWM:")))
"""


def peak_kib(folder: Path, claims: int) -> int:
    write_claims(folder / "claims", claims, 40, 1, 2025)
    command = [sys.executable, "-c", LIMIT, folder / "claims", folder / "work"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read of /proc")
def test_memory_follows_the_chunk_and_not_the_nation(tmp_path: Path) -> None:
    small = peak_kib(tmp_path / "small", 500_000)
    large = peak_kib(tmp_path / "large", 2_500_000)
    # two million claims more are some 100 MiB as a frame
    assert large - small < 60 * 1024


SIZE = int(
    os.environ.get("KOKUHO_CLAIMS")
    or (10_000_000 if os.environ.get("KOKUHO_REQUIRE_ALL") == "1" else 1_000_000)
)
"""Claims of the large case: ten million in CI."""


@pytest.mark.slow
def test_many_claims_are_those_that_a_plain_sum_gives(tmp_path: Path) -> None:
    """With KOKUHO_CLAIMS as many as it says."""
    claims = tmp_path / "claims"
    write_claims(claims, SIZE, 200, 1, 2025)
    found = {task.name: run(task, claims, YEARS, tmp_path / "work") for task in (CLAIMS, PATIENTS)}
    combined, _sums = national("99", DAY, YEARS, found)
    values = {one.id: one.value for one in combined.file.measures}
    plain = (
        pl.scan_parquet(sorted(claims.rglob("*.parquet")), hive_partitioning=False)
        .filter(pl.col("kind") != "other")
        .select(
            pl.len(),
            pl.col("cost").sum(),
            foreign=pl.col("foreign").sum(),
            high=pl.col("high_cost").filter("foreign").sum(),
        )
        .collect(engine="streaming")
        .row(0)
    )
    scope = "medical_dpc_dispensing[year=2025]"
    names = ("claims", "cost", "foreign_claims", "foreign_high_cost_amount")
    assert tuple(values[f"{name}_{scope}"] for name in names) == plain
