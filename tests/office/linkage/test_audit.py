"""The office's own log as signed files: what is changed afterwards is named, by row or record."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.mesh.verification import verify
from kokuho.office.accounts import looks
from kokuho.office.accounts.looks import Look
from kokuho.office.linkage.audit import Wrong, check, path_of, write_days
from kokuho.office.register.models import Resident
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import INSURER
from tests.office.conftest import Store
from tests.office.linkage.city import first_load, officer, open_city
from tests.office.linkage.other_side import CITY, KEYS, RING, OtherSide


@pytest.fixture
def folder(sqlite: Store, tmp_path: Path) -> Path:
    """Yesterday's file, written today."""
    open_city()
    first_load(OtherSide())
    for person in ("1077", "1078"):
        with seeing([INSURER]):
            key = Resident.objects.get(address_number=person).pk
        looks.note(officer("kakari"), "household", [looks.Seen(INSURER, key)])
    assert [one.name for one in written(tmp_path / "audit")] == [
        path_of(tmp_path, INSURER, today()).name
    ]
    return tmp_path / "audit"


def today() -> date:
    return timezone.localdate()


def written(folder: Path, days: int = 0) -> list[Path]:
    with seeing([INSURER]):
        until = timezone.localdate() + timedelta(days=days)
        return write_days(INSURER, KEYS[CITY], folder, until)


def wrong(folder: Path) -> list[Wrong]:
    with seeing([INSURER]):
        return check(INSURER, RING, folder)[1]


def tampered(sql: str) -> None:
    """What who owns the database can do: take the guard away, change a row, and put it back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        cursor.execute(sql)
        for _name, text in triggers:
            cursor.execute(text)


def test_what_nobody_touched_agrees_and_holds_offline(folder: Path, tmp_path: Path) -> None:
    assert wrong(folder) == []
    ring = tmp_path / "ring.json"
    ring.write_text(RING.to_json(), encoding="utf-8")
    [file] = folder.iterdir()
    assert verify(file, ring, whole=True).holds
    assert "1077" not in file.read_text(encoding="utf-8")
    assert written(folder) == []


def test_a_row_that_was_changed_behind_its_guard_is_named(folder: Path) -> None:
    with seeing([INSURER]):
        pk = Look.objects.order_by("pk").values_list("pk", flat=True)[0]
    table = Look._meta.db_table
    tampered(f"UPDATE {table} SET page = 'search' WHERE id = {pk}")
    [one] = wrong(folder)
    assert (one.row, one.what) == (f"{table}/{pk}", "changed")


def test_a_row_that_was_removed_or_put_in_is_named(folder: Path) -> None:
    with seeing([INSURER]):
        pk = Look.objects.order_by("pk").values_list("pk", flat=True)[0]
    table = Look._meta.db_table
    tampered(f"DELETE FROM {table} WHERE id = {pk}")
    assert [(one.row, one.what) for one in wrong(folder)] == [(f"{table}/{pk}", "removed")]
    with seeing([INSURER]):
        resident = Resident.objects.get(address_number="1079").pk
    looks.note(officer("kakari"), "household", [looks.Seen(INSURER, resident)])
    assert {one.what for one in wrong(folder)} == {"removed", "added"}


def test_a_file_that_was_changed_or_taken_away_is_told(folder: Path) -> None:
    written(folder, days=2)
    assert wrong(folder) == []
    first, second, third = sorted(folder.iterdir())
    text = first.read_text(encoding="utf-8")
    first.write_text(text.replace('"number": 2', '"number": 3', 1), encoding="utf-8")
    assert {"changed", "other_day_before"} <= {one.what for one in wrong(folder)}
    first.write_text(text, encoding="utf-8")
    second.unlink()
    assert [one.what for one in wrong(folder)] == ["no_file"]
    for one in (first, third):
        one.unlink()
    with pytest.raises(LinkageError, match="ファイル"):
        wrong(folder)
