"""A PostgreSQL cluster of our own: made for the tests, stopped and removed after them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SUPERUSER, OWNER, APPLICATION = "postgres", "kokuho_owner", "kokuho_app"


@dataclass(frozen=True)
class Cluster:
    """A running cluster, reached by the Unix socket in a folder."""

    folder: Path

    def url(self, user: str, database: str) -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}&port=5432"


def programs() -> Path | None:
    """The folder with ``initdb`` of the newest PostgreSQL here, if there is one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a cluster without network and without care for power cuts."""
    at = programs()
    assert at is not None
    folder = Path(tempfile.mkdtemp(prefix="kokuho-pg-"))
    data, log = folder / "data", folder / "log"
    if os.geteuid() == 0:
        # PostgreSQL refuses to run as root
        shutil.chown(folder, SUPERUSER, SUPERUSER)
        folder.chmod(0o755)
    try:
        _run(at / "initdb", "-D", data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "-N",
             "--locale=C.UTF-8")  # fmt: skip
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=30"
        _run(at / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
        try:
            made = Cluster(folder)
            _sql(made, f"CREATE ROLE {OWNER} LOGIN", f"CREATE ROLE {APPLICATION} LOGIN")
            yield made
        finally:
            _run(at / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def create_database(where: Cluster, name: str, template: str = "template0") -> None:
    _sql(where, f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")


def drop_database(where: Cluster, name: str) -> None:
    _sql(where, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def empty(where: Cluster, name: str) -> None:
    """Empty all tables but Django's own; a superuser may switch the guards off for it."""
    tables = (
        "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables "
        "WHERE schemaname = 'public' AND tablename NOT LIKE 'django%'"
    )
    _sql(
        where,
        "SET session_replication_role = replica",
        f"DO $$ BEGIN EXECUTE 'TRUNCATE ' || ({tables}) || ' RESTART IDENTITY'; END $$",
        database=name,
    )


def _sql(where: Cluster, *statements: str, database: str = "postgres") -> None:
    import psycopg

    with psycopg.connect(where.url(SUPERUSER, database), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", SUPERUSER, "--", *words]
    done = subprocess.run(
        words, capture_output=True, text=True, check=False, cwd="/", stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stdout + done.stderr
