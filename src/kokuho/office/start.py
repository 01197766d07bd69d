"""Starting the office: Django, then the database, looked at before anything is done with it."""

from __future__ import annotations

import os
from pathlib import Path

from kokuho.base.errors import StoreError
from kokuho.base.messages import translator
from kokuho.office import configuration

_ = translator("office")


def start(*, serving: bool = False) -> None:
    """Make the office ready for this process.

    The embedded SQLite database is made, or brought up to date, by itself; PostgreSQL is only
    looked at (``kokuho migrate`` changes it).

    Args:
        serving: pages will be served, so that a key for sessions is needed.

    Raises:
        SettingError: a setting is missing or wrong.
        StoreError: the database is not reachable, not up to date, newer than we, or not guarded.
    """
    settings = configuration.read()
    if serving:
        settings.require_secret_key()
    _set_up_django()
    from kokuho.office.store import schema

    if settings.database.engine == "sqlite":
        _check_folder(settings.database.name)
        schema.migrate("default")
    schema.check("default")


def migrate() -> list[str]:
    """Bring the database up to date; on PostgreSQL as its owner. Returns the migrations applied.

    Raises:
        SettingError: a setting is missing or wrong, such as the owner's URL on PostgreSQL.
        StoreError: the database is not reachable, or of a newer Kokuho.
    """
    settings = configuration.read()
    if settings.database.engine == "sqlite":
        _check_folder(settings.database.name)
        alias = "default"
    elif settings.owner is None:
        raise configuration.no_owner()
    else:
        alias = "owner"
    _set_up_django()
    from kokuho.office.store import schema

    applied = schema.migrate(alias)
    if alias == "owner":
        schema.grant(alias, settings.database.user)
    return applied


def _set_up_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kokuho.office.settings")
    django.setup()


def _check_folder(name: str) -> None:
    folder = Path(name).absolute().parent
    if not folder.is_dir():
        raise StoreError(
            _("KOKUHO_DATABASE: there is no folder {folder} to keep the database in.").format(
                folder=folder
            )
        )
