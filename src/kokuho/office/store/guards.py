"""Guards of the tables: what the database itself refuses, whoever asks.

* A row is of an insurer that the transaction sees (PostgreSQL: row-level security, forced).
* A row is inserted once and stays; a version may be superseded, once.
* Two versions of one subject are never known for the same day at the same moment.
* What a row points to belongs to the same insurer.

They are made again after every migration, as some migrations rebuild a table and lose its triggers
without a word, and looked for when the application starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from kokuho.office.store import guards_postgresql, guards_sqlite
from kokuho.office.store.owned import Guarded


def guarded_models() -> list[type[Guarded]]:
    """All models whose tables are guarded."""
    return [model for model in apps.get_models() if issubclass(model, Guarded)]


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the guards of all tables that there are; what is in place already stays."""
    models = _with_table(connection, guarded_models())
    with connection.cursor() as cursor:
        _vendor(connection).install(cursor, models)


def remove_before_migrating(connection: BaseDatabaseWrapper) -> None:
    """Take off what would stand in the way of a migration; :func:`install` puts it on again.

    SQLite alone: it refuses to rename a table while another table's trigger asks for it. Row-level
    security stays on throughout.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            guards_sqlite.remove(cursor)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The guards that should be there and are not, or not as they should be; each by its name."""
    with connection.cursor() as cursor:
        absent: list[str] = _vendor(connection).missing(cursor, guarded_models())
    return absent


def _vendor(connection: BaseDatabaseWrapper) -> Any:
    return guards_postgresql if connection.vendor == "postgresql" else guards_sqlite


def _with_table(
    connection: BaseDatabaseWrapper, models: Sequence[type[Guarded]]
) -> list[type[Guarded]]:
    tables = set(connection.introspection.table_names())
    return [model for model in models if model._meta.db_table in tables]


def before_migrating(*, using: str = DEFAULT_DB_ALIAS, **_rest: Any) -> None:
    """Receiver of ``pre_migrate``."""
    if router.allow_migrate(using, "register"):
        remove_before_migrating(connections[using])


def after_migrating(*, using: str = DEFAULT_DB_ALIAS, **_rest: Any) -> None:
    """Receiver of ``post_migrate``."""
    if router.allow_migrate(using, "register"):
        install(connections[using])
