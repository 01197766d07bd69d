"""What the database itself refuses, whoever asks: the application, the owner, a migration."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import Error, IntegrityError, connections
from django.test.utils import override_settings

import kokuho.office.register.migrations as real_migrations
from kokuho.base.errors import StoreError
from kokuho.office.register.models import Enrolment, Household, Identity, Membership, Resident
from kokuho.office.store import guards, schema
from kokuho.office.store.owned import Kept
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, OTHER, Store
from tests.office.people import add_household, add_insurer, add_resident, enrol, moment

APRIL = date(2025, 4, 1)


@pytest.fixture(params=["sqlite", "fresh_postgres"])
def store(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture
def filled(store: Store) -> Store:
    """A register with a row in every table that the tests look at, for two insurers."""
    for code in (INSURER, OTHER):
        add_insurer(code)
        with seeing([code], writing=True):
            when = moment(code)
            resident = add_resident("1", when)
            add_household("1", when, resident)
            enrol(when, resident, APRIL)
    return store


def aliases(store: Store) -> list[str]:
    """Whoever may come: the application, and on PostgreSQL the owner of the tables."""
    return ["default", "owner"] if store.owner_url else ["default"]


def run(alias: str, sql: str, *, insurers: str = INSURER) -> int:
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT set_config('kokuho.insurers', %s, false)", [insurers])
        cursor.execute(sql)
        return int(cursor.rowcount)


TABLES = sorted(
    model._meta.db_table for model in guards.guarded_models() if model.kept is not Kept.CHANGEABLE
)
VERSIONS = sorted(
    model._meta.db_table for model in guards.guarded_models() if model.kept is Kept.VERSIONS
)


def test_all_tables_are_guarded_but_those_of_insurers_and_of_work_in_progress() -> None:
    changeable = {model.__name__ for model in guards.guarded_models()} - {
        model.__name__ for model in guards.guarded_models() if model.kept is not Kept.CHANGEABLE
    }
    assert changeable == {"Insurer", "Run", "Staged", "Pending"}
    assert len(VERSIONS) > 10


def test_rows_kept_for_good_are_neither_changed_nor_deleted(filled: Store) -> None:
    sqls = [
        "UPDATE register_resident SET address_number = '9'",
        "UPDATE register_identity SET kanji = 'x'",
        "UPDATE register_identity SET valid_to = '2025-05-01'",
        "UPDATE register_identity SET superseded_at = recorded_at, kanji = 'x'",
        "DELETE FROM register_resident",
        "DELETE FROM register_identity",
        "DELETE FROM register_recording",
    ]
    if filled.vendor == "postgresql":
        sqls += ["TRUNCATE register_identity", "TRUNCATE register_resident CASCADE"]
    else:
        sqls += [
            "INSERT OR REPLACE INTO register_resident (id, insurer_code, address_number) "
            f"VALUES (1, '{INSURER}', '9')"
        ]
    for alias in aliases(filled):
        for sql in sqls:
            with pytest.raises(Error):
                run(alias, sql)
    with seeing([INSURER]):
        assert Resident.objects.get().address_number == "1"
        assert Identity.objects.get().kanji == "架空 1"


@pytest.mark.parametrize("table", TABLES)
def test_every_guarded_table_refuses_to_be_emptied(sqlite: Store, table: str) -> None:
    triggers = (
        connections["default"]
        .cursor()
        .execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s "
            "AND sql LIKE '%% BEFORE DELETE ON %%'",
            [table],
        )
    )
    assert triggers.fetchone() == (1,)


def test_every_guarded_table_of_postgresql_refuses_the_owner_too(filled: Store) -> None:
    if filled.vendor != "postgresql":
        return
    for table in TABLES:
        for sql in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
            with pytest.raises(IntegrityError, match="kept for good"):
                run("owner", sql)
            with pytest.raises(Error, match="permission denied"):
                run("default", sql)


def test_a_version_is_superseded_once_and_never_comes_back(filled: Store) -> None:
    for alias in aliases(filled)[-1:]:
        now = "UPDATE register_identity SET superseded_at = '2999-01-01 00:00:00'"
        assert run(alias, now + f" WHERE insurer_code = '{INSURER}'") == 1
        for again in (now, "UPDATE register_identity SET superseded_at = NULL"):
            with pytest.raises(IntegrityError, match="kept as they are"):
                run(alias, again + f" WHERE insurer_code = '{INSURER}'")


def test_a_row_points_to_rows_of_its_own_insurer_alone(filled: Store) -> None:
    with seeing([OTHER]):
        foreign_resident = Resident.objects.get().pk
        foreign_household = Household.objects.get().pk
    with seeing([INSURER], writing=True):
        when = moment()
        own = Resident.objects.create(insurer_id=INSURER, address_number="2").pk

    def insert(resident: int, household: int) -> None:
        with seeing([INSURER, OTHER], writing=True):
            Membership.objects.create(
                insurer_id=INSURER, resident_id=resident, household_id=household,
                valid_from=APRIL, recorded_at=when.recorded_at,
            )  # fmt: skip

    with pytest.raises(IntegrityError, match="another insurer"):
        insert(own, foreign_household)
    with pytest.raises(IntegrityError, match="another insurer"):
        insert(foreign_resident, foreign_household)


def rebuilding(tmp_path: Path) -> str:
    """The migrations that there are, and one that alters tables with triggers and references."""
    package = tmp_path / "rebuilt_register"
    shutil.copytree(
        Path(real_migrations.__file__).parent, package, ignore=shutil.ignore_patterns("*.pyc")
    )
    last = sorted(path.stem for path in package.glob("[0-9]*.py"))[-1]
    (package / "9999_rebuild.py").write_text(
        f"""
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("register", "{last}")]
    operations = [
        migrations.AlterField("resident", "address_number", models.CharField(max_length=60)),
        migrations.AlterField("enrolment", "number", models.CharField(default="", max_length=60)),
    ]
""",
        encoding="utf-8",
    )
    return package.name


def test_the_guards_stand_after_a_migration_that_rebuilds_a_table(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alias = aliases(filled)[-1]
    before = columns(alias)
    monkeypatch.syspath_prepend(str(tmp_path))
    with override_settings(MIGRATION_MODULES={"register": rebuilding(tmp_path)}):
        assert schema.migrate(alias) == ["register.9999_rebuild"]
    assert columns(alias) != before
    assert guards.missing(connections[alias]) == []
    for sql in ("UPDATE register_enrolment SET number = 'x'", "DELETE FROM register_resident"):
        with pytest.raises(IntegrityError, match="kept"):
            run(alias, sql)
    with seeing([INSURER], writing=True):
        assert Enrolment.objects.get().resident.address_number == "1"
        row = Enrolment.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), seeing([INSURER], writing=True):
        row.save()


def columns(alias: str) -> Any:
    connection = connections[alias]
    with connection.cursor() as cursor:
        return connection.introspection.get_table_description(cursor, "register_enrolment")


def test_without_the_hook_a_rebuilt_table_would_have_lost_its_guards(
    sqlite: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "install", lambda connection: None)
    monkeypatch.syspath_prepend(str(tmp_path))
    with override_settings(MIGRATION_MODULES={"register": rebuilding(tmp_path)}):
        call_command("migrate", verbosity=0)
    assert "kokuho_register_enrolment_no_delete" in guards.missing(connections["default"])


SPOILS: dict[str, list[str]] = {
    "sqlite": [
        "DROP TRIGGER kokuho_register_identity_no_update",
        "DROP TRIGGER kokuho_register_identity_no_overlap",
    ],
    "postgresql": [
        "ALTER TABLE register_identity DISABLE TRIGGER kokuho_no_update",
        "ALTER TABLE register_identity NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE register_identity DROP CONSTRAINT register_identity_kokuho_no_overlap",
        "DROP POLICY kokuho_insurers ON register_identity",
        "CREATE POLICY more ON register_identity USING (true)",
        "CREATE OR REPLACE FUNCTION kokuho_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN RETURN OLD; END'",
    ],
}


def spoilt(store: Store) -> list[Callable[[], int]]:
    return [partial(run, aliases(store)[-1], sql) for sql in SPOILS[store.vendor]]


def test_a_guard_that_somebody_took_away_stops_the_start_and_migrate_mends_it(store: Store) -> None:
    schema.check("default")
    for spoil in spoilt(store):
        spoil()
        with pytest.raises(StoreError, match=r"kokuho migrate"):
            schema.check("default")
        schema.migrate(aliases(store)[-1])
        schema.check("default")
