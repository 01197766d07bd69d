"""The guards on SQLite: triggers. Insurers are separated by the managers alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from kokuho.office.store.owned import Guarded, Kept, relations
from kokuho.office.store.versions import Version

_PREFIX = "kokuho_"


def install(cursor: Any, models: Sequence[type[Guarded]]) -> None:
    """Make the triggers that are not there yet, or not as they should be."""
    there = _triggers(cursor)
    for name, sql in _wanted(models).items():
        if there.get(name) != sql:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(sql)


def remove(cursor: Any) -> None:
    """Drop all triggers of ours."""
    for name in _triggers(cursor):
        cursor.execute(f"DROP TRIGGER {name}")


def missing(cursor: Any, models: Sequence[type[Guarded]]) -> list[str]:
    """The triggers that are not there, or say something else."""
    there = _triggers(cursor)
    return [name for name, sql in _wanted(models).items() if there.get(name) != sql]


def _triggers(cursor: Any) -> dict[str, str]:
    cursor.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
        [f"{_PREFIX}%"],
    )
    return dict(cursor.fetchall())


def _wanted(models: Sequence[type[Guarded]]) -> dict[str, str]:
    wanted: dict[str, str] = {}
    for model in models:
        for what, event, when, message in _rules(model):
            table = model._meta.db_table
            name = f"{_PREFIX}{table}_{what}"
            wanted[name] = (
                f'CREATE TRIGGER {name} BEFORE {event} ON "{table}"{when} '
                f"BEGIN SELECT RAISE(ABORT, 'kokuho: {message}'); END"
            )
    return wanted


def _rules(model: type[Guarded]) -> Iterable[tuple[str, str, str, str]]:
    """What is refused in a table: name, event, condition, message."""
    table = model._meta.db_table
    if model.kept is not Kept.CHANGEABLE:
        yield "no_delete", "DELETE", "", f"rows of {table} are kept for good"
        when = f" WHEN NOT ({_superseding(model)})" if model.kept is Kept.VERSIONS else ""
        yield "no_update", "UPDATE", when, f"rows of {table} are kept as they are"
    if issubclass(model, Version):
        when = f" WHEN EXISTS ({_overlapping(model)})"
        yield "no_overlap", "INSERT", when, f"{table} knows another version for these days"
    for column, parent in relations(model):
        when = f" WHEN {_foreign(column, parent)}"
        message = f"{column} of {table} is of another insurer"
        yield f"{column}_owner", "INSERT", when, message
        if model.kept is Kept.CHANGEABLE:
            yield f"{column}_owner_later", "UPDATE", when, message


def _superseding(model: type[Guarded]) -> str:
    same = [
        f'NEW."{field.column}" IS OLD."{field.column}"'
        for field in model._meta.concrete_fields
        if field.column != "superseded_at"
    ]
    return " AND ".join(["OLD.superseded_at IS NULL", "NEW.superseded_at IS NOT NULL", *same])


def _overlapping(model: type[Version]) -> str:
    same = [f'v."{column}" = NEW."{column}"' for column in model.subject_columns()]
    days, moments = ("valid_from", "valid_to"), ("recorded_at", "superseded_at")
    return f'SELECT 1 FROM "{model._meta.db_table}" AS v WHERE ' + " AND ".join(
        [*same, _ranges_meet(*days), _ranges_meet(*moments)]
    )


def _ranges_meet(first: str, last: str) -> str:
    """Both ranges hold something, and something of it in common; no end is after every text."""
    old, new = f"v.{first}", f"NEW.{first}"
    old_end, new_end = f"coalesce(v.{last}, '~')", f"coalesce(NEW.{last}, '~')"
    return f"max({old}, {new}) < min({old_end}, {new_end})"


def _foreign(column: str, parent: str) -> str:
    return (
        f'NEW."{column}" IS NOT NULL AND NEW.insurer_code IS NOT '
        f'(SELECT insurer_code FROM "{parent}" WHERE id = NEW."{column}")'
    )
