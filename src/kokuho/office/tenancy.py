"""Which insurers (保険者) a transaction may see: set inside it, by web, jobs and commands alike.

Everything that reads or writes the register stands in one block::

    with seeing(["992011"]):
        ...

Outside of such a block no row is seen. On PostgreSQL the database itself keeps to it (row-level
security, forced also on the owner); on SQLite the managers of the models alone do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

CODE = re.compile(r"[0-9A-Za-z_-]{1,20}")
"""An insurer's code, as in an ordinance file."""

SETTING = "kokuho.insurers"
"""The setting of a PostgreSQL transaction that its policies read: codes with commas between."""


class ForeignInsurerError(Exception):
    """A row of an insurer was to be written that the transaction does not see: our mistake."""


@dataclass(frozen=True)
class _Seen:
    codes: frozenset[str]
    writing: bool


_NOTHING = _Seen(frozenset(), writing=False)
_seen: ContextVar[_Seen] = ContextVar("kokuho_seen", default=_NOTHING)


def visible() -> frozenset[str]:
    """The codes of the insurers that may be seen here; none outside of :func:`seeing`."""
    return _seen.get().codes


def writing() -> bool:
    """Whether the transaction may write."""
    return _seen.get().writing


@contextmanager
def seeing(insurer_codes: Iterable[str], *, writing: bool = False) -> Iterator[None]:
    """One transaction that sees the rows of these insurers alone.

    Without ``writing`` the transaction is read-only and sees one state of the database throughout;
    with it, all that was written is undone when the block is left by an exception.

    Raises:
        ValueError: not a code of an insurer.
        RuntimeError: inside another such block, or inside a transaction.
    """
    codes = frozenset(insurer_codes)
    if wrong := sorted(code for code in codes if not CODE.fullmatch(code)):
        raise ValueError(f"not codes of insurers: {wrong}")
    if _seen.get() is not _NOTHING:
        raise RuntimeError("seeing() inside seeing(): one transaction sees one set of insurers")
    with _transaction(writing=writing):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # the third argument keeps the setting inside the transaction (SET LOCAL)
                cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, ",".join(codes)])
        token = _seen.set(_Seen(codes, writing))
        try:
            yield
        finally:
            _seen.reset(token)


@contextmanager
def _transaction(*, writing: bool) -> Iterator[None]:
    if writing:
        with transaction.atomic(durable=True):
            yield
        return
    opened = _read_only_sqlite if connection.vendor == "sqlite" else _read_only_postgresql
    with opened():
        yield


@contextmanager
def _read_only_sqlite() -> Iterator[None]:
    database: Any = connection
    database.ensure_connection()
    usual = database.transaction_mode
    # a reader must not wait for the one writer, nor hold it up
    database.transaction_mode = "DEFERRED"
    _pragma("query_only = ON")
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        _pragma("query_only = OFF")
        database.transaction_mode = usual


def _pragma(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {text}")


@contextmanager
def _read_only_postgresql() -> Iterator[None]:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
