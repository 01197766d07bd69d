"""An import that was interrupted goes on where it was; one that is stopped leaves nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kokuho.cli import app
from kokuho.office import tenancy
from kokuho.office.imports import staging
from kokuho.office.imports.run import Outcome, run
from kokuho.office.jobs.models import Run, Staged
from kokuho.office.register.models import Headship, Identity, Membership, Recording
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, OTHER, Store
from tests.office.people import add_insurer
from tests.office.test_imports import member, resident, write

ROWS = [resident(f"{number:03d}") for number in range(40)]
Halt = Callable[[int, int], None]


class Killed(BaseException):
    """As if the process had been killed: nothing that handles errors sees it."""


@pytest.fixture(autouse=True)
def _small_pieces(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(staging, "_ROWS", 10)
    for code in (INSURER, OTHER):
        add_insurer(code)
    return iter(())


def at(row: int, act: Callable[[], Any]) -> Halt:
    """A progress that does something when so many rows are done, of 40 prepared and 40 written."""

    acted = False

    def progress(done: int, _total: int) -> None:
        nonlocal acted
        if done == row and not acted:
            acted = True
            act()

    return progress


def kill() -> None:
    raise Killed


def bring(path: Path, progress: Halt | None = None, kind: str = "residents") -> Outcome:
    return run(kind, path, progress=progress)


def state() -> tuple[str, int]:
    """The state of the run, and how many pieces are kept aside."""
    with seeing([INSURER]):
        return Run.objects.get().state, Staged.objects.count()


def count(model: Any) -> int:
    with seeing([INSURER]):
        return int(model.objects.count())


def prepared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each piece had that is compared with the register from now on."""
    sizes: list[int] = []
    real = staging.Part.changes

    def counting(part: staging.Part, rows: staging.Rows, ids: Any) -> Any:
        sizes.append(len(rows))
        return real(part, rows, ids)

    monkeypatch.setattr(staging.Part, "changes", counting)
    return sizes


def test_a_killed_import_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "r.csv", ROWS)
    with pytest.raises(Killed):
        bring(path, at(20, kill))
    assert state() == ("running", 2)
    assert count(Identity) == 0
    again = prepared(monkeypatch)
    assert bring(path).counts["residents"] == 40
    assert again == [10, 10]
    assert state() == ("done", 0)
    assert count(Identity) == 40


def test_one_that_is_killed_while_it_writes_needs_to_prepare_nothing_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "r.csv", ROWS)
    with pytest.raises(Killed):
        bring(path, at(60, kill))
    assert count(Identity) == count(Recording) == 0
    again = prepared(monkeypatch)
    bring(path)
    assert again == []
    assert count(Identity) == 40


def test_what_another_file_told_meanwhile_is_taken_into_account(tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", ROWS)
    other = write(tmp_path / "o.csv", [resident("000", kanji="別名"), resident("900")])
    with pytest.raises(Killed):
        bring(path, at(40, kill))
    bring(other)
    counts = bring(path).counts
    assert (counts["residents"], counts["superseded"]) == (39, 1)
    with seeing([INSURER]):
        assert Identity.objects.known().get(resident__address_number="000").kanji == "架空 000"
        assert Identity.objects.known().count() == 41


def test_a_file_with_other_rows_is_prepared_anew(tmp_path: Path) -> None:
    """The good rows of a file are others once a person of it is known."""
    people = [resident(f"{number:03d}") for number in range(1, 30)]
    bring(write(tmp_path / "r.csv", people))
    rows = [member(f"H{number:03d}", f"{number:03d}", head=True) for number in range(30)]
    path = write(tmp_path / "h.csv", rows)
    with pytest.raises(Killed):
        run("households", path, good_rows=True, progress=at(20, kill))
    bring(write(tmp_path / "r0.csv", [resident("000")]))
    assert run("households", path).counts["households"] == 30
    assert count(Headship) == count(Membership) == 30


def test_a_person_who_changes_the_household_in_a_file_is_in_one_piece_with_both(
    tmp_path: Path,
) -> None:
    bring(write(tmp_path / "r.csv", ROWS))
    ids = range(40)
    first = [member(f"H{i:03d}", f"{i:03d}", head=True) for i in ids]
    assert run("households", write(tmp_path / "h.csv", first)).imported
    moved = [row | {"until": "2025-06-01"} for row in first] + [
        member(f"H{39 - i:03d}", f"{i:03d}", head=True, since="2025-06-01") for i in ids
    ]
    path = write(tmp_path / "m.csv", moved)
    assert run("households", path).refusals == []
    assert set(run("households", path).counts.values()) == {0}
    with seeing([INSURER]):
        assert Membership.objects.known().count() == 80


def ask_to_stop() -> None:
    assert staging.cancel(INSURER) == 1


@pytest.mark.parametrize("row", [10, 40])
def test_an_import_that_is_asked_to_stop_leaves_nothing_and_may_be_begun_again(
    tmp_path: Path, row: int
) -> None:
    path = write(tmp_path / "r.csv", ROWS)
    outcome = bring(path, at(row, ask_to_stop))
    assert (outcome.imported, outcome.cancelled) == (False, True)
    assert state() == ("cancelled", 0)
    assert count(Identity) == 0
    assert bring(path).counts["residents"] == 40


def test_others_may_write_while_rows_are_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite has one writer: who compares is not it, or nobody could even ask to stop."""
    path = write(tmp_path / "r.csv", ROWS)
    writing: list[bool] = []
    real = staging.Part.changes

    def looking(part: staging.Part, rows: staging.Rows, ids: Any) -> Any:
        writing.append(tenancy.writing())
        return real(part, rows, ids)

    monkeypatch.setattr(staging.Part, "changes", looking)
    bring(path)
    assert writing == [False] * 4


def test_a_file_of_two_insurers_is_stopped_for_both(tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", [*ROWS, *(r | {"insurer_code": OTHER} for r in ROWS)])
    assert bring(path, at(50, lambda: staging.cancel(OTHER))).cancelled
    with seeing([INSURER, OTHER]):
        assert {run.state for run in Run.objects.all()} == {"cancelled"}
        assert not Identity.objects.exists()


def test_an_import_that_fails_as_it_writes_says_so_and_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "r.csv", ROWS)

    def fail() -> None:
        raise OSError("no more room")

    with pytest.raises(OSError, match="no more room"):
        bring(path, at(60, fail))
    with seeing([INSURER]):
        assert (Run.objects.get().state, Run.objects.get().message) == ("failed", "no more room")
    assert bring(path).counts["residents"] == 40


def test_what_a_killed_import_left_goes_when_one_of_its_kind_begins_a_day_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = write(tmp_path / "r.csv", ROWS), write(tmp_path / "s.csv", [resident("900")])
    with pytest.raises(Killed):
        bring(path, at(20, kill))
    with seeing([INSURER]):
        kept = Staged.objects.count()
    assert bring(other).counts["residents"] == 1
    with seeing([INSURER]):
        assert Staged.objects.count() == kept > 0  # it may be at work still
    monkeypatch.setattr(staging, "_LEFT", timedelta(0))
    again = write(tmp_path / "t.csv", [resident("901")])
    assert bring(again).counts["residents"] == 1
    with seeing([INSURER]):
        assert Staged.objects.count() == 0
    assert bring(path).counts["residents"] == 40


def test_the_command_stops_what_was_killed_and_forgets_what_it_kept_aside(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOKUHO_DATABASE", store.url)
    monkeypatch.setenv("KOKUHO_LANG", "en")
    path = write(tmp_path / "r.csv", ROWS)
    with pytest.raises(Killed):
        bring(path, at(20, kill))
    words = ["import", "cancel", "--insurer", INSURER]
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, done.stdout) == (0, "1 imports were asked to stop\n")
    with seeing([INSURER]):
        assert Staged.objects.count() == 0
    assert bring(path).counts["residents"] == 40
    assert CliRunner().invoke(app, words).stdout == "0 imports were asked to stop\n"
