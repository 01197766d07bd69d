"""``kokuho migrate`` as an operator runs it, and what a start says of a database."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.office import postgresql
from tests.office.conftest import Store, use

START = "from kokuho.office.start import start; start()"


def run(code: str, *args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KOKUHO_")}
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        capture_output=True, text=True, cwd=cwd, env=clean | {"KOKUHO_LANG": "en"} | env,
        check=False,
    )  # fmt: skip


def kokuho(*args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return run("from kokuho.cli import main; main()", *args, cwd=cwd, **env)


def caught(code: str, cwd: Path, **env: str) -> str:
    """What a start in a process of its own says, or nothing."""
    wrapped = (
        "from kokuho.base.errors import KokuhoError\n"
        f"try:\n    {code}\nexcept KokuhoError as error:\n    print(error)"
    )
    done = run(wrapped, cwd=cwd, **env)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_without_settings_a_database_is_made_where_one_stands(tmp_path: Path) -> None:
    done = kokuho("migrate", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "register.0001_initial" in done.stdout
    assert (tmp_path / "kokuho.db").exists()
    again = kokuho("migrate", cwd=tmp_path)
    assert again.stdout.splitlines() == ["The database is up to date and guarded."]
    assert caught(START, tmp_path) == ""


def test_the_embedded_database_is_made_by_the_start_itself(tmp_path: Path) -> None:
    assert caught(START, tmp_path) == ""
    with sqlite3.connect(tmp_path / "kokuho.db") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("SELECT count(*) FROM register_resident").fetchone() == (0,)
    connection.close()


def test_a_wrong_database_is_named_with_exit_two(tmp_path: Path) -> None:
    (tmp_path / "no.db").write_text("this is no database", encoding="utf-8")
    for url, said in (
        ("sqlite:///no.db", "not a database"),
        ("sqlite:////nonexistent/x.db", "no folder /nonexistent"),
        ("postgresql://u@/db?host=/nonexistent", "KOKUHO_DATABASE_OWNER is missing"),
        ("nonsense", "not the URL of a database"),
    ):
        done = kokuho("migrate", cwd=tmp_path, KOKUHO_DATABASE=url)
        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    assert "cannot be used" in caught(
        START, tmp_path, KOKUHO_DATABASE="postgresql://u@/db?host=/nonexistent"
    )


def test_a_database_of_a_newer_kokuho_is_refused(sqlite: Store, tmp_path: Path) -> None:
    path = sqlite.url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('register', '9999_later', '2027-01-01')"
        )
    connection.close()
    assert "register.9999_later" in caught(START, tmp_path, KOKUHO_DATABASE=sqlite.url)


def test_postgresql_is_migrated_by_its_owner_and_used_by_another(
    cluster: postgresql.Cluster, tmp_path: Path
) -> None:
    name = "by_command"
    postgresql.create_database(cluster, name)
    app = {"KOKUHO_DATABASE": cluster.url(postgresql.APPLICATION, name)}
    owner = app | {"KOKUHO_DATABASE_OWNER": cluster.url(postgresql.OWNER, name)}
    assert "run kokuho migrate" in caught(START, tmp_path, **app)
    done = kokuho("migrate", cwd=tmp_path, **owner)
    assert done.returncode == 0, done.stderr
    assert caught(START, tmp_path, **app) == ""
    nobody = owner | {"KOKUHO_DATABASE": cluster.url("nobody", name)}
    refused = kokuho("migrate", cwd=tmp_path, **nobody)
    assert (refused.returncode, "no role nobody" in refused.stderr) == (2, True)


def test_no_model_differs_from_the_migrations(sqlite: Store) -> None:
    use(sqlite.url)
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("check", ["register", "jobs"])
def test_django_finds_nothing_wrong_with_the_models(sqlite: Store, check: str) -> None:
    call_command("check", check, fail_level="WARNING")


def test_the_example_of_the_page_does_what_it_says(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "register.md").read_text(encoding="utf-8")
    example = page.partition("```python\n")[2].partition("```")[0]
    done = run(example, cwd=tmp_path)
    assert (done.stdout.split(), done.stderr) == (["1", "0"], "")
