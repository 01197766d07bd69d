"""The database as a whole: up to date, of our making, guarded, and used by the right role."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from kokuho.base.errors import StoreError
from kokuho.base.messages import translator
from kokuho.office.store import guards, guards_postgresql

_ = translator("office")


def migrate(alias: str) -> list[str]:
    """Apply the migrations that are left; their names. Guards are made again with each.

    Raises:
        StoreError: not reachable, of a newer Kokuho, or a migration fails.
    """
    pending = _pending(alias)
    if pending or guards.missing(connections[alias]):
        try:
            call_command("migrate", database=alias, interactive=False, verbosity=0)
        except DatabaseError as error:
            raise StoreError(
                _("The database cannot be brought up to date: {reason}").format(reason=error)
            ) from error
    return pending


def check(alias: str) -> None:
    """Look at the database before it is used.

    Raises:
        StoreError: not reachable, not up to date, not guarded, or the role may do too much.
    """
    connection = connections[alias]
    if pending := _pending(alias):
        raise StoreError(
            _("The database is not up to date ({count} migrations are left); run kokuho migrate.")
            .format(count=len(pending))
        )  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            _check_postgresql(cursor)
    if absent := guards.missing(connection):
        raise StoreError(
            _(
                "The database is not guarded as it should be: {what}. Find out who changed it; "
                "kokuho migrate makes the guards again."
            ).format(what=", ".join(absent))
        )


def grant(alias: str, role: str) -> None:
    """Give the application's role what it needs in the tables, and nothing else (PostgreSQL).

    Raises:
        StoreError: there is no such role.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
        if cursor.fetchone() is None:
            raise StoreError(
                _("PostgreSQL has no role {role} (the user of KOKUHO_DATABASE); make it first.")
                .format(role=role)
            )  # fmt: skip
        guards_postgresql.grant(cursor, guards.guarded_models(), role)
        for table, rights in _unguarded().items():
            cursor.execute(f'GRANT {rights} ON "{table}" TO "{role}"')


def _unguarded() -> dict[str, str]:
    """What the application may do in tables that hold no row of an insurer: accounts, sessions."""
    change = "SELECT, INSERT, UPDATE"
    return {
        "django_migrations": "SELECT",
        "accounts_user": change,
        "accounts_assignment": f"{change}, DELETE",
        "accounts_grant": "SELECT, INSERT, UPDATE (revoked_at, revoked_by)",
        "django_session": f"{change}, DELETE",
    }


def _pending(alias: str) -> list[str]:
    connection = connections[alias]
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise StoreError(
            _("The database {name} cannot be used: {reason}").format(
                name=connection.settings_dict["NAME"], reason=str(error).strip()
            )
        ) from error
    newer = sorted(
        f"{app}.{name}"
        for app, name in executor.loader.applied_migrations
        if (app, name) not in executor.loader.disk_migrations
    )
    if newer:
        raise StoreError(
            _("The database was made by a newer Kokuho ({names}); use that one.").format(
                names=", ".join(newer)
            )
        )
    return [f"{migration.app_label}.{migration.name}" for migration, _back in plan]


def _check_postgresql(cursor: Any) -> None:
    cursor.execute(
        "SELECT current_user, rolsuper OR rolbypassrls, current_setting('server_encoding'), "
        "(SELECT count(*) FROM pg_class WHERE relowner = r.oid AND relkind = 'r') "
        "FROM pg_roles r WHERE rolname = current_user"
    )
    user, mighty, encoding, owned = cursor.fetchone()
    if encoding != "UTF8":
        raise StoreError(
            _("The database keeps text as {encoding}; names need UTF8.").format(encoding=encoding)
        )
    if mighty or owned:
        raise StoreError(
            _(
                "The role {user} may see every insurer (it is a superuser, bypasses row-level "
                "security or owns tables); use a role without such rights in KOKUHO_DATABASE."
            ).format(user=user)
        )
