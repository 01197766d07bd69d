"""What the database refuses, hides and keeps."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kokuho.base.errors import LinkageError, StoreError
from kokuho.base.numbers import is_my_number
from kokuho.mesh import people, provisions
from kokuho.mesh.database import Database
from kokuho.mesh.founding import Wanted, make
from kokuho.mesh.keyfile import KeyFile, key_of
from kokuho.mesh.rehearsal import Rehearsal, open_rehearsal
from kokuho.mesh.rotation import rotate
from kokuho.mesh.service import Service
from tests.mesh.clients import AGENCY, CITY, MUNICIPALITY, Mesh, inquiry, record


def numbers(mesh: Mesh) -> list[str]:
    rows = mesh.service.database.connection().execute(
        "SELECT municipality, address, number FROM person"
    )
    keys = mesh.service.rehearsal.keys
    return [
        keys.decrypt(sealed, people.belonging(municipality, address)).decode()
        for municipality, address, sealed in rows
    ]


def test_generated_numbers_pass_the_check_and_are_all_different(mesh: Mesh) -> None:
    mesh.register(*(record(f"{n}") for n in range(1000, 1100)))
    found = numbers(mesh)
    assert all(map(is_my_number, found))
    assert len(set(found)) == 100


def test_a_number_that_is_drawn_twice_is_given_once(mesh: Mesh) -> None:
    drawn = iter(["123456789018", "123456789018", "000000000000"])
    keys, database = mesh.service.rehearsal.keys, mesh.service.database
    with database.writing() as connection:
        for address in ("1", "2"):
            people.person_of(connection, keys, MUNICIPALITY, address, lambda: next(drawn))
    assert numbers(mesh) == ["123456789018", "000000000000"]


def test_a_generated_number_stands_in_no_file_log_or_answer(mesh: Mesh) -> None:
    mesh.register(record())
    code = mesh.code()
    answer = mesh.ask(AGENCY, "inquire", inquiry([code]))
    mesh.ask(CITY, "provisions", {"municipality": MUNICIPALITY, "person": "1001"})
    lines = "\n".join(mesh.service.journal.export(today(), datetime.now(UTC)))
    mesh.service.database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    [number] = numbers(mesh)
    assert number not in str(answer.body) + lines
    folder = mesh.service.rehearsal.folder
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert folder / "mesh.db" in files
    assert [path for path in files if number.encode() in path.read_bytes()] == []


def test_amounts_stand_nowhere_in_the_database_as_they_are(mesh: Mesh) -> None:
    mesh.register(record(assessed=7_654_321))
    mesh.service.database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"7654321" not in mesh.service.rehearsal.database.read_bytes()


def test_the_log_names_persons_by_pseudonyms_alone(mesh: Mesh) -> None:
    mesh.register(record("900100200"))
    code = mesh.code("900100200")
    mesh.ask(AGENCY, "inquire", inquiry([code]))
    mesh.ask(CITY, "provisions", {"municipality": MUNICIPALITY, "person": "900100200"})
    text = str(mesh.log())
    assert "900100200" not in text
    assert code not in text
    assert any(one["persons"] for one in mesh.log())


@pytest.mark.parametrize("table", ["batch", "copy", "log", "seal", "stamp", "provision"])
def test_what_only_grows_can_be_neither_changed_nor_deleted(mesh: Mesh, table: str) -> None:
    mesh.register(record())
    mesh.ask(AGENCY, "inquire", inquiry([mesh.code()]))
    mesh.service.journal.seal(datetime.now(UTC))
    mesh.service.journal.stamp()
    connection = mesh.service.database.connection()
    column = {"copy": "content", "stamp": "text", "log": "record", "seal": "text"}.get(
        table, "message"
    )
    for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = 'x'"):
        with pytest.raises(sqlite3.IntegrityError, match="kept"):
            connection.execute(sql)


def test_a_database_without_its_guards_is_not_used(mesh: Mesh) -> None:
    mesh.service.database.connection().execute("DROP TRIGGER log_no_delete")
    with pytest.raises(StoreError, match="log_no_delete"):
        Database(mesh.service.rehearsal.database)


def test_a_copy_put_in_the_place_of_another_is_not_answered(mesh: Mesh) -> None:
    mesh.register(record("1001"), record("1002", overdue=0, paid=20_000))
    connection = mesh.service.database.connection()
    connection.execute(
        "UPDATE copy SET sealed = (SELECT sealed FROM copy WHERE id = 2) WHERE id = 1"
    )
    with pytest.raises(LinkageError):
        mesh.ask(AGENCY, "inquire", inquiry([mesh.code()]))


def test_rotation_writes_everything_anew_and_drops_the_old_key(mesh: Mesh) -> None:
    mesh.register(*(record(f"{n}") for n in range(20)))
    before = mesh.service.rehearsal.keys
    count = rotate(mesh.service.rehearsal)
    after = Service.of(open_rehearsal(mesh.service.rehearsal.folder))
    kept = after.rehearsal.keys
    assert set(kept.keys) == {2}
    assert kept.keys[2] not in before.keys.values()
    again = Mesh(after, [])
    assert len(again.ask(AGENCY, "inquire", inquiry([again.code("7")])).body["persons"]) == 1
    rows = after.database.connection().execute(
        "SELECT number FROM person UNION ALL SELECT sealed FROM copy "
        "UNION ALL SELECT secret FROM organisation"
    )
    used = [key_of(sealed) for (sealed,) in rows]
    assert set(used) == {2}
    assert count == len(used)


def test_provisions_are_disposed_of_after_seven_years_with_proof(mesh: Mesh) -> None:
    mesh.register(record())
    mesh.ask(AGENCY, "inquire", inquiry([mesh.code()]))
    connection = mesh.service.database.connection()
    today = datetime.now(UTC)
    [day] = connection.execute("SELECT dispose_on FROM provision").fetchone()
    assert date.fromisoformat(day) == provisions.disposable_from(today.date())
    assert mesh.service.dispose(today) == 0
    old = "1990-01-01"
    connection.execute(
        "INSERT INTO provision SELECT 99, person, asked_by, officer, reason, purpose, message, "
        "asked_at, answered_at, outcome, items, ? FROM provision",
        (old,),
    )
    assert mesh.service.dispose(today) == 1
    last = mesh.log()[-1]
    assert (last["kind"], last["outcome"], len(last["content"])) == ("disposed", "1", 64)
    assert connection.execute("SELECT count(*) FROM provision").fetchone() == (1,)


def test_seven_years_after_a_leap_day_is_the_first_of_march() -> None:
    assert provisions.disposable_from(date(2028, 2, 29)) == date(2035, 3, 1)


def test_the_mesh_starts_in_a_rehearsal_alone(tmp_path: Path, rehearsal: Rehearsal) -> None:
    (rehearsal.folder / "REHEARSAL.json").unlink()
    for folder in (tmp_path, rehearsal.folder):
        with pytest.raises(LinkageError):
            open_rehearsal(folder, rehearsal.secrets)


def test_a_rehearsal_is_not_made_over_another_nor_with_its_keys_inside(
    tmp_path: Path, rehearsal: Rehearsal
) -> None:
    with pytest.raises(LinkageError):
        make(rehearsal.folder, Wanted(secrets=tmp_path / "other.keys"))
    with pytest.raises(LinkageError):
        make(tmp_path / "new", Wanted(secrets=tmp_path / "new" / "keys"))
    assert not (tmp_path / "new").exists()


def test_half_a_rehearsal_is_never_left_behind(tmp_path: Path) -> None:
    bad = tmp_path / "rules.yaml"
    bad.write_text("rules: [{institution: immigration}]", encoding="utf-8")
    with pytest.raises(LinkageError):
        make(tmp_path / "new", Wanted(rules=bad))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rules.yaml"]


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    KeyFile.generate().write(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(LinkageError, match="chmod 600"):
        KeyFile.read(path)


def test_the_private_keys_in_the_folder_are_readable_by_their_owner_alone(
    rehearsal: Rehearsal,
) -> None:
    patterns = ("*.key", "*.passphrase", "secret")
    secret = [path for pattern in patterns for path in rehearsal.folder.rglob(pattern)]
    assert len(secret) == 16
    assert [path for path in secret if path.stat().st_mode & 0o077] == []


def today() -> date:
    return (datetime.now(UTC) + timedelta(hours=9)).date()
