"""The mesh's database: one SQLite file, a connection for each thread, guards as triggers.

Plain SQL, without an ORM: what a message asks of the database can be read, and counted, line by
line.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

from kokuho.base.errors import StoreError
from kokuho.base.messages import translator

_ = translator("mesh")

PATIENCE = 30.0
"""Seconds to wait for another thread that writes."""

VERSION = 1
"""Of the schema."""

PERSON_TABLES = ("person", "code", "copy", "standing", "provision")
"""Tables that say something about persons."""

_GROWING = ("batch", "copy", "log", "seal", "stamp")
"""Tables whose rows stay as they are."""


class Database:
    """A database that is there.

    Attributes:
        path: the file.
        watch: called with each statement, for tests that count them.
    """

    def __init__(self, path: Path, watch: Callable[[str], object] | None = None) -> None:
        self.path, self.watch = path, watch
        self._local = threading.local()
        if not path.is_file():
            raise StoreError(_("There is no database {file}.").format(file=path))
        self.check()

    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        held: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if held is None:
            held = _connect(self.path)
            if self.watch:
                held.set_trace_callback(self.watch)
            self._local.connection = held
        return held

    def close(self) -> None:
        """Close this thread's connection."""
        held: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if held is not None:
            held.close()
            self._local.connection = None

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that writes: all of it or nothing; one at a time."""
        connection = self.connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.rollback()
            raise
        connection.commit()

    def check(self) -> None:
        """Look at the database before it is used.

        Raises:
            StoreError: of another version, or a guard is missing.
        """
        connection = self.connection()
        [version] = connection.execute("PRAGMA user_version").fetchone()
        if version != VERSION:
            raise StoreError(
                _("{file} is of version {version}; expected is {wanted}.").format(
                    file=self.path, version=version, wanted=VERSION
                )
            )
        there = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'"))
        if absent := [name for name, sql in _guards().items() if there.get(name) != sql]:
            raise StoreError(
                _("The database is not guarded as it should be: {what}.").format(
                    what=", ".join(absent)
                )
            )


def create(path: Path) -> None:
    """A new database.

    Raises:
        StoreError: there is one.
    """
    if path.exists():
        raise StoreError(_("{file} is there already.").format(file=path))
    connection = _connect(path)
    try:
        script = (resources.files("kokuho.mesh") / "schema.sql").read_text(encoding="utf-8")
        connection.executescript(script)
        for sql in _guards().values():
            connection.execute(sql)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    finally:
        connection.close()
    path.chmod(0o600)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    # what was answered is on the disk, also when the power fails
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA recursive_triggers = ON")  # a row that is replaced is deleted too
    return connection


def _guards() -> dict[str, str]:
    """The triggers: what the database itself refuses, whoever asks."""
    wanted: dict[str, str] = {}

    def guard(table: str, event: str, when: str = "") -> None:
        name = f"{table}_no_{event.lower()}"
        wanted[name] = (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table}{when} "
            f"BEGIN SELECT RAISE(ABORT, 'kokuho: rows of {table} are kept'); END"
        )

    for table in _GROWING:
        # a copy may be encrypted anew, and say the same
        guard(table, "UPDATE", _other_than_sealed() if table == "copy" else "")
        guard(table, "DELETE")
    guard("provision", "UPDATE")
    guard("provision", "DELETE", " WHEN OLD.dispose_on > date('now')")
    return wanted


def _other_than_sealed() -> str:
    columns = (
        "id", "person", "record", "version", "action", "by_hand", "layout", "batch", "message",
        "registered_at", "content",
    )  # fmt: skip
    return " WHEN " + " OR ".join(f"NEW.{one} IS NOT OLD.{one}" for one in columns)
