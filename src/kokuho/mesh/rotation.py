"""A new encryption key: everything is written anew with it, then the old ones are gone."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from kokuho.mesh import copies, people, tokens
from kokuho.mesh.database import Database
from kokuho.mesh.keyfile import KeyFile, key_of
from kokuho.mesh.rehearsal import Rehearsal

_SLICE = 1_000
"""Rows in one transaction."""


def rotate(rehearsal: Rehearsal) -> int:
    """Make a new key and write all with it; how many values. The server must not be running.

    Stopped half-way, both keys are in the file and each value names its own; run again, it goes on.
    """
    keys = rehearsal.keys
    database = Database(rehearsal.database)
    if len(keys.keys) == 1:
        keys = keys.rotated()
        keys.write(rehearsal.secrets)
    count = 0
    for table, column, identity, belongs_to in _VALUES:
        count += _table(database, keys, table, column, identity, belongs_to)
    keys.without_old().write(rehearsal.secrets)
    database.close()
    return count


_Belonging = Callable[..., str]
_VALUES: tuple[tuple[str, str, str, _Belonging], ...] = (
    ("organisation", "secret", "id", tokens.belonging),
    ("person", "number", "municipality, address", people.belonging),
    ("copy", "sealed", "person, record, version", copies.belonging),
)
"""Encrypted values: table, column, and the columns that a value is bound to."""


def _table(
    database: Database,
    keys: KeyFile,
    table: str,
    column: str,
    identity: str,
    belongs_to: _Belonging,
) -> int:
    count, after = 0, 0
    while True:
        with database.writing() as connection:
            rows = connection.execute(
                f"SELECT rowid, {column}, {identity} FROM {table} WHERE rowid > ? "
                f"ORDER BY rowid LIMIT {_SLICE}",
                (after,),
            ).fetchall()
            for row, sealed, *names in rows:
                if key_of(sealed) != keys.newest:
                    _write(connection, keys, table, column, row, sealed, belongs_to(*names))
        count += len(rows)
        if not rows:
            return count
        after = rows[-1][0]


def _write(
    connection: sqlite3.Connection,
    keys: KeyFile,
    table: str,
    column: str,
    row: int,
    sealed: bytes,
    belongs_to: str,
) -> None:
    anew = keys.encrypt(keys.decrypt(sealed, belongs_to), belongs_to)
    connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (anew, row))
