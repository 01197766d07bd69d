"""The guards on PostgreSQL: row-level security, triggers, exclusion constraints, grants."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from kokuho.office.store.owned import Guarded, Kept, relations
from kokuho.office.store.versions import Version

POLICY = "kokuho_insurers"
NO_OVERLAP = "kokuho_no_overlap"

_INTEGRITY = "USING ERRCODE = 'integrity_constraint_violation'"
_FUNCTIONS = {
    "kokuho_refuse": f"""
BEGIN
  RAISE EXCEPTION 'kokuho: rows of % are kept for good', TG_TABLE_NAME {_INTEGRITY};
END
""",
    "kokuho_supersede_only": f"""
BEGIN
  IF OLD.superseded_at IS NULL AND NEW.superseded_at IS NOT NULL
     AND to_jsonb(NEW) - 'superseded_at' = to_jsonb(OLD) - 'superseded_at' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'kokuho: rows of % are kept as they are', TG_TABLE_NAME {_INTEGRITY};
END
""",
    "kokuho_same_insurer": f"""
DECLARE
  parent bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
  code text;
BEGIN
  IF parent IS NOT NULL THEN
    EXECUTE format('SELECT insurer_code FROM %I WHERE id = $1', TG_ARGV[1])
      INTO code USING parent;
    IF code IS DISTINCT FROM NEW.insurer_code THEN
      RAISE EXCEPTION 'kokuho: % of % is of another insurer', TG_ARGV[0], TG_TABLE_NAME
        {_INTEGRITY};
    END IF;
  END IF;
  RETURN NEW;
END
""",
}
"""Bodies of the trigger functions, by name."""


def install(cursor: Any, models: Sequence[type[Guarded]]) -> None:
    """Make the guards that are not there yet, or not as they should be."""
    cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for name, body in _FUNCTIONS.items():
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"
        )
    for model in models:
        _secure(cursor, model)
        table = model._meta.db_table
        for name, rest in _triggers(model).items():
            cursor.execute(f"CREATE OR REPLACE TRIGGER {name} {rest.format(table=table)}")
        if issubclass(model, Version) and not _constraint_is_there(cursor, model):
            _constrain(cursor, model)


def _secure(cursor: Any, model: type[Guarded]) -> None:
    table, seen = model._meta.db_table, _seen(model)
    cursor.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    cursor.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    cursor.execute("SELECT polname FROM pg_policy WHERE polrelid = %s::regclass", [table])
    for (name,) in cursor.fetchall():
        # also one that is not ours: it could show more
        cursor.execute(f'DROP POLICY "{name}" ON "{table}"')
    cursor.execute(f'CREATE POLICY {POLICY} ON "{table}" USING ({seen}) WITH CHECK ({seen})')


def _seen(model: type[Guarded]) -> str:
    """Whether a row's insurer is among those that were set in this transaction."""
    return (
        f"{model.owner_column} = ANY ((SELECT string_to_array("
        "current_setting('kokuho.insurers', true), ','))::text[])"
    )


def _triggers(model: type[Guarded]) -> dict[str, str]:
    """The triggers of a table: name, and the rest of its definition."""
    triggers = {}
    if model.kept is not Kept.CHANGEABLE:
        refuse = "FOR EACH STATEMENT EXECUTE FUNCTION kokuho_refuse()"
        triggers["kokuho_no_delete"] = f'BEFORE DELETE ON "{{table}}" {refuse}'
        triggers["kokuho_no_truncate"] = f'BEFORE TRUNCATE ON "{{table}}" {refuse}'
        triggers["kokuho_no_update"] = f'BEFORE UPDATE ON "{{table}}" {refuse}'
    if model.kept is Kept.VERSIONS:
        triggers["kokuho_no_update"] = (
            'BEFORE UPDATE ON "{table}" FOR EACH ROW EXECUTE FUNCTION kokuho_supersede_only()'
        )
    events = "INSERT OR UPDATE" if model.kept is Kept.CHANGEABLE else "INSERT"
    for column, parent in relations(model):
        triggers[f"kokuho_{column}_owner"] = (
            f'BEFORE {events} ON "{{table}}" FOR EACH ROW '
            f"EXECUTE FUNCTION kokuho_same_insurer('{column}', '{parent}')"
        )
    return triggers


def _exclusion(model: type[Version]) -> str:
    parts = [f'"{column}" WITH =' for column in model.subject_columns()]
    parts += [
        "daterange(valid_from, valid_to) WITH &&",
        "tstzrange(recorded_at, superseded_at) WITH &&",
    ]
    return f"EXCLUDE USING gist ({', '.join(parts)})"


def _digest(text: str) -> str:
    return "kokuho " + hashlib.sha256(text.encode()).hexdigest()[:16]


def _constrain(cursor: Any, model: type[Version]) -> None:
    table, exclusion = model._meta.db_table, _exclusion(model)
    name = f"{table}_{NO_OVERLAP}"
    cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS {name}')
    cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT {name} {exclusion}')
    cursor.execute(f"COMMENT ON CONSTRAINT {name} ON \"{table}\" IS '{_digest(exclusion)}'")


def _constraint_is_there(cursor: Any, model: type[Version]) -> bool:
    table = model._meta.db_table
    cursor.execute(
        "SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint "
        "WHERE conname = %s AND conrelid = %s::regclass AND convalidated",
        [f"{table}_{NO_OVERLAP}", table],
    )
    return bool(cursor.fetchone() == (_digest(_exclusion(model)),))


def grant(cursor: Any, models: Sequence[type[Guarded]], role: str) -> None:
    """Let the application's role do in each table what its guard allows, and nothing else."""
    for model in models:
        table = model._meta.db_table
        rights = {
            Kept.CHANGEABLE: "SELECT, INSERT, UPDATE, DELETE",
            Kept.FOR_GOOD: "SELECT, INSERT",
            Kept.VERSIONS: "SELECT, INSERT, UPDATE (superseded_at)",
        }[model.kept]
        cursor.execute(f'REVOKE ALL ON "{table}" FROM "{role}"')
        cursor.execute(f'GRANT {rights} ON "{table}" TO "{role}"')


def missing(cursor: Any, models: Sequence[type[Guarded]]) -> list[str]:
    """The guards that are not there, are switched off, or say something else."""
    wanted = {f"{name}()" for name, body in _FUNCTIONS.items()}
    cursor.execute(
        "SELECT proname, prosrc FROM pg_proc WHERE proname = ANY (%s)", [list(_FUNCTIONS)]
    )
    found = {f"{name}()" for name, body in cursor.fetchall() if _FUNCTIONS[name] == body}
    absent = sorted(wanted - found)
    for model in models:
        absent += [f"{model._meta.db_table}: {what}" for what in _missing(cursor, model)]
    return absent


def _missing(cursor: Any, model: type[Guarded]) -> list[str]:
    table = model._meta.db_table
    cursor.execute(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = to_regclass(%s)",
        [table],
    )
    row = cursor.fetchone()
    if row is None:
        return ["the table itself"]
    absent = [] if row == (True, True) else ["row level security"]
    cursor.execute(
        "SELECT polpermissive, polcmd, polroles = '{0}' FROM pg_policy "
        "WHERE polrelid = %s::regclass",
        [table],
    )
    if cursor.fetchall() != [(True, "*", True)]:
        absent.append(f"policy {POLICY}")
    cursor.execute(
        "SELECT tgname, tgfoid::regproc::text FROM pg_trigger "
        "WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled IN ('O', 'A')",
        [table],
    )
    there = set(cursor.fetchall())
    for name, rest in _triggers(model).items():
        function = rest.rpartition("EXECUTE FUNCTION ")[2].partition("(")[0]
        if (name, function) not in there:
            absent.append(f"trigger {name}")
    if issubclass(model, Version) and not _constraint_is_there(cursor, model):
        absent.append(f"constraint {NO_OVERLAP}")
    return absent
