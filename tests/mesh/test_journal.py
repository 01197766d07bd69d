"""The message log: sealed in runs, stamped when the clock answers, exported, verified offline."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kokuho.base.errors import LinkageError
from kokuho.linkage.messages import verify_log
from kokuho.mesh import verification
from tests.mesh.clients import AGENCY, CITY, Mesh, inquiry, now, record


def today() -> date:
    return (datetime.now(UTC) + timedelta(hours=9)).date()


def exported(mesh: Mesh) -> list[str]:
    return list(mesh.service.journal.export(today(), now()))


def talk(mesh: Mesh, count: int = 5) -> None:
    for _each in range(count):
        mesh.ask(CITY, "echo", {})


def test_a_days_log_holds_and_says_how_many_records_it_has(mesh: Mesh) -> None:
    talk(mesh)
    mesh.service.journal.seal(now(), longest=3)
    talk(mesh)
    report = verify_log(exported(mesh), mesh.service.rehearsal.ring(), whole=True)
    assert report.findings == []
    assert (report.records, report.seals, report.stamped, report.closed) == (20, 5, 5, True)


def test_the_exchange_goes_on_while_the_clock_is_down_and_the_stamps_come_later(mesh: Mesh) -> None:
    down = mesh.service.rehearsal.clock / "DOWN"
    down.touch()
    talk(mesh)
    mesh.service.journal.seal(now(), longest=4)
    assert mesh.service.journal.stamp() == 3
    report = verify_log(exported(mesh), mesh.service.rehearsal.ring(), whole=True)
    assert (report.findings, report.seals, report.stamped) == ([], 3, 0)
    talk(mesh)
    down.unlink()
    report = verify_log(exported(mesh), mesh.service.rehearsal.ring(), whole=True)
    assert (report.findings, report.seals, report.stamped) == ([], 4, 4)


def test_two_that_seal_at_once_make_one_chain(mesh: Mesh) -> None:
    talk(mesh)
    journal = mesh.service.journal
    batch = journal._unsealed(100)
    assert batch is not None
    journal.seal(now())
    kept = journal._unsealed
    try:
        later = iter([batch, None])
        object.__setattr__(journal, "_unsealed", lambda _longest: next(later))
        assert journal.seal(now()) == 0
    finally:
        object.__setattr__(journal, "_unsealed", kept)
    assert verify_log(exported(mesh), mesh.service.rehearsal.ring()).findings == []


def test_messages_that_come_at_once_make_one_chain_also_while_it_is_sealed(mesh: Mesh) -> None:
    letters = [mesh.letter(CITY, "echo", {}) for _each in range(40)]
    with ThreadPoolExecutor(4) as pool:
        sent = [pool.submit(mesh.send, CITY, sealed) for sealed in letters]
        while not all(one.done() for one in sent):
            mesh.service.journal.seal(now(), longest=5)
        assert {one.result().status for one in sent} == {200}
    report = verify_log(exported(mesh), mesh.service.rehearsal.ring(), whole=True)
    assert (report.findings, report.records) == ([], 80)


def test_a_seal_over_midnight_is_exported_whole(mesh: Mesh) -> None:
    talk(mesh, 1)
    mesh.service.journal.event("made_up", "taken", now() + timedelta(days=1))
    lines = exported(mesh)
    report = verify_log(lines, mesh.service.rehearsal.ring(), whole=True)
    assert (report.findings, report.records) == ([], 3)


def test_a_day_without_records_is_an_error(mesh: Mesh) -> None:
    with pytest.raises(LinkageError, match="1999"):
        list(mesh.service.journal.export(date(1999, 1, 1), now()))


def place_of(lines: list[str], number: int) -> int:
    return next(
        place
        for place, line in enumerate(lines)
        if json.loads(line).get("record", {}).get("number") == number
    )


def change(lines: list[str], place: int) -> None:
    lines[place] = lines[place].replace('"outcome": "taken"', '"outcome": "stale"')


def remove(lines: list[str], place: int) -> None:
    del lines[place]


def move(lines: list[str], place: int) -> None:
    lines.insert(place - 2, lines.pop(place))


DAMAGE: dict[str, Callable[[list[str], int], None]] = {
    "changed": change,
    "removed": remove,
    "moved": move,
}


@pytest.mark.parametrize("what", DAMAGE)
def test_the_command_names_the_record_that_was_changed_removed_or_moved(
    mesh: Mesh, tmp_path: Path, what: str
) -> None:
    talk(mesh, 10)
    lines = exported(mesh)
    DAMAGE[what](lines, place_of(lines, 8))
    file = tmp_path / "log.jsonl"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = run("verify-log", str(file), "--keys", str(mesh.service.rehearsal.ring_file), "--json")
    assert found.returncode == 1
    told = json.loads(found.stdout)["findings"]
    assert [(one["record"], one["code"]) for one in told] == [(8, what)]


def test_the_command_verifies_without_database_and_folder(mesh: Mesh, tmp_path: Path) -> None:
    talk(mesh)
    folder, file, ring = mesh.service.rehearsal.folder, tmp_path / "log", tmp_path / "ring"
    day = today().isoformat()
    done = run("export-log", str(folder), "--day", day, "--out", str(file))
    assert done.returncode == 0, done.stderr
    ring.write_bytes(mesh.service.rehearsal.ring_file.read_bytes())
    folder.rename(tmp_path / "away")
    done = run("verify-log", str(file), "--keys", str(ring), "--whole")
    assert (done.returncode, done.stderr) == (0, "")
    assert "all holds" in done.stdout


def test_a_log_that_was_cut_off_does_not_hold(mesh: Mesh, tmp_path: Path) -> None:
    talk(mesh)
    file = tmp_path / "log"
    file.write_text("\n".join(exported(mesh)[:-1]) + "\n", encoding="utf-8")
    found = verification.verify(file, mesh.service.rehearsal.ring_file)
    assert found.findings == []
    assert not found.holds


def test_what_is_no_log_is_told_in_one_line(mesh: Mesh, tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text("nothing\n", encoding="utf-8")
    done = run("verify-log", str(file), "--keys", str(mesh.service.rehearsal.ring_file))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)


def test_the_evidence_for_an_answer_holds_and_names_the_change(mesh: Mesh) -> None:
    mesh.register(record())
    heard = mesh.ask(AGENCY, "inquire", inquiry([mesh.code()]))
    evidence = mesh.service.journal.evidence(heard.text, now())
    assert evidence is not None
    assert evidence.stamp
    found = verification._message(evidence, mesh.service.rehearsal.ring())
    assert (found.holds, found.message["kind"]) == (True, "answer")
    other = mesh.ask(CITY, "echo", {}).text
    changed = type(evidence)(other, evidence.record, evidence.seal, evidence.stamp)
    found = verification._message(changed, mesh.service.rehearsal.ring())
    assert [one.code for one in found.findings] == ["content"]


def test_there_is_no_evidence_for_what_was_never_said(mesh: Mesh) -> None:
    talk(mesh, 1)
    assert mesh.service.journal.evidence("never", now()) is None


def test_each_message_and_its_record_are_written_together_or_not_at_all(mesh: Mesh) -> None:
    connection = mesh.service.database.connection()
    connection.execute(
        "CREATE TEMP TRIGGER fail BEFORE INSERT ON copy BEGIN SELECT RAISE(ABORT, 'x'); END"
    )
    with pytest.raises(sqlite3.IntegrityError):
        mesh.register(record())
    counts = [
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("log", "message", "person", "copy", "batch")
    ]
    assert counts == [0, 0, 0, 0, 0]


def test_a_digit_that_is_changed_anywhere_is_found(mesh: Mesh) -> None:
    talk(mesh, 20)
    mesh.service.journal.seal(now(), longest=7)
    lines = exported(mesh)
    chance = random.Random(7)
    for _each in range(60):
        damaged = list(lines)
        place = chance.randrange(len(damaged) - 1)
        digits = [at for at, letter in enumerate(damaged[place]) if letter.isdigit()]
        at = chance.choice(digits)
        new = str((int(damaged[place][at]) + 1) % 10)
        damaged[place] = damaged[place][:at] + new + damaged[place][at + 1 :]
        found = verify_log(damaged, mesh.service.rehearsal.ring(), whole=True).findings
        assert found, lines[place][at - 20 : at + 20]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("kokuho")), "mesh", *arguments]
    environment = {**os.environ, "KOKUHO_LANG": "en"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
