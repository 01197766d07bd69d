"""Every guarded table, also one that comes later: kept for good, and each insurer its own.

The tables are filled from their models, so that a new one is tried without anybody naming it here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import Error, connection, connections, models
from typer.testing import CliRunner

from kokuho.cli import app
from kokuho.office.jobs.runs import Run, work
from kokuho.office.register.models import Insurer
from kokuho.office.store import guards
from kokuho.office.store.fields import PartialDateField
from kokuho.office.store.owned import Guarded, Kept
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, OTHER, Store

MODELS: list[type[Guarded]] = guards.guarded_models()
KEPT = [model for model in MODELS if model.kept is not Kept.CHANGEABLE]
TABLES = [model._meta.db_table for model in MODELS]
KINDS: list[tuple[Any, Any]] = [
    (PartialDateField, "1990-01-00"),
    (models.DateTimeField, datetime(2026, 1, 1, tzinfo=UTC)),
    (models.DateField, date(2025, 4, 1)),
    (models.BooleanField, False),
    (models.IntegerField, 1),
    (models.JSONField, {}),
    (models.BinaryField, b"x"),
]


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture
def filled(store: Store) -> Store:
    """A database with a row of each of two insurers in every table."""
    for code in (INSURER, OTHER):
        with seeing([code], writing=True):
            made: dict[Any, Any] = {Insurer: Insurer.objects.create(code=code, name=f"架空{code}")}
            for model in MODELS:
                row(model, code, made)
    return store


def row(model: Any, code: str, made: dict[Any, Any]) -> Any:
    """The row of a model for an insurer, made with the rows that it points to."""
    if model not in made:
        fields = [f for f in model._meta.concrete_fields if not f.null and not f.primary_key]
        values = {field.name: value(field, code, made) for field in fields}
        made[model] = model.objects.create(**values)
    return made[model]


def value(field: Any, code: str, made: dict[Any, Any]) -> Any:
    if field.related_model:
        return row(field.related_model, code, made)
    if isinstance(field, models.CharField | models.TextField) and not isinstance(
        field, PartialDateField
    ):
        return code[: field.max_length]
    if field.has_default():
        return field.get_default()
    found = [what for kind, what in KINDS if isinstance(field, kind)]
    return found[0]


def run(alias: str, sql: str) -> Any:
    with connections[alias].cursor() as cursor:
        if connections[alias].vendor == "postgresql":
            cursor.execute("SELECT set_config('kokuho.insurers', %s, false)", [INSURER])
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else cursor.rowcount


def aliases(store: Store) -> list[str]:
    return ["default", "owner"] if store.owner_url else ["default"]


def tried(store: Store, table: str) -> None:
    """Whoever comes: no row is changed, deleted, or gone with the table's contents."""
    sqls = [f"UPDATE {table} SET insurer_code = insurer_code", f"DELETE FROM {table}"]
    if store.vendor == "postgresql":
        sqls += [f"TRUNCATE {table} CASCADE"]
    for alias in aliases(store):
        for sql in sqls:
            with pytest.raises(Error, match=r"kept|permission denied"):
                run(alias, sql)


def counts() -> dict[str, int]:
    """How many rows there are in each table for whoever asks the database now, itself."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def test_update_delete_and_truncate_fail_in_every_table_that_is_kept(filled: Store) -> None:
    for model in KEPT:
        tried(filled, model._meta.db_table)
    with seeing([INSURER, OTHER]):
        assert set(counts().values()) == {2}


def test_every_table_is_guarded_again_after_it_was_rebuilt(sqlite: Store) -> None:
    """What ``AlterField`` does on SQLite, to each table in turn."""
    fill = Insurer.objects
    with seeing([INSURER], writing=True):
        made: dict[Any, Any] = {Insurer: fill.create(code=INSURER, name="架空市")}
        for model in MODELS:
            row(model, INSURER, made)
    connection.close()
    guards.remove_before_migrating(connection)
    for model in MODELS:
        with connection.schema_editor() as editor:
            editor._remake_table(model)  # type: ignore[attr-defined]
    with seeing([INSURER]):
        assert set(counts().values()) == {1}
    assert guards.missing(connection) != []
    guards.install(connection)
    for model in KEPT:
        tried(sqlite, model._meta.db_table)
    with seeing([INSURER]):
        assert set(counts().values()) == {1}


def test_postgresql_shows_the_application_no_row_of_another_insurer_in_any_table(
    filled: Store,
) -> None:
    if filled.vendor != "postgresql":
        return
    assert set(counts().values()) == {0}
    for codes, expected in (([INSURER], 1), ([OTHER], 1), ([INSURER, OTHER], 2), (["999999"], 0)):
        with seeing(codes):
            assert set(counts().values()) == {expected}
    with seeing([INSURER], writing=True):
        for table in TABLES:
            column = "code" if table == Insurer._meta.db_table else "insurer_code"
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {column} FROM {table}")
                assert cursor.fetchall() == [(INSURER,)]


def test_the_models_show_no_row_of_another_insurer_on_either_database(filled: Store) -> None:
    with seeing([INSURER]):
        for model in MODELS:
            found = [getattr(one, model.owner_field) for one in model.objects.all()]
            assert found == [INSURER]


def test_a_job_sees_one_insurer_in_every_table(filled: Store) -> None:
    seen: list[int] = []

    def looking(_run: Run) -> bool:
        seen.extend(model.objects.count() for model in MODELS if model is not Run)
        if filled.vendor == "postgresql":
            seen.extend(number for table, number in counts().items() if table != "jobs_run")
        return False

    work(INSURER, "look", "all", looking, actor="試験")
    assert set(seen) == {1}


def test_a_command_for_one_insurer_does_not_know_the_people_of_another(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each insurer has one resident, whose number is the insurer's code."""
    monkeypatch.setenv("KOKUHO_DATABASE", filled.url)
    path = tmp_path / "benefits.csv"
    head = "insurer_code,person_id,kind,applied_on\n"
    for person, status in ((OTHER, 1), (INSURER, 0)):
        path.write_text(f"{head}{INSURER},{person},high_cost,2025-06-01\n", encoding="utf-8")
        done = CliRunner().invoke(app, ["import", "benefits", str(path)])
        assert done.exit_code == status, done.output
        assert ("台帳にない人" in done.stderr) == bool(status)
