"""A database with a fictional city in it, to try the office with."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from kokuho.office.start import start
from kokuho.sample import WrittenCity, write_city

PERSONS = 3_000
"""The insured of the demonstration's database; the same people as the first of a larger city."""

USER = "demo"


@dataclass(frozen=True)
class Filled:
    """A demonstration's database, and how to sign in to it."""

    url: str
    residents: int
    user: str
    password: str


def fill(folder: Path, seed: int, fiscal_year: int, tell: Callable[[str], None]) -> Filled:
    """Make a new database in a folder and fill it: what an office knew, then what it heard later.

    To be called before anything else has started the office in this process.

    Args:
        folder: where the files and ``kokuho.db`` go; a database that is there is replaced.
        seed, fiscal_year: of the city.
        tell: told of each file that goes in.
    """
    city = write_city(folder, PERSONS, seed, fiscal_year, register=True)
    database = folder / "kokuho.db"
    for name in (database.name, f"{database.name}-wal", f"{database.name}-shm"):
        (folder / name).unlink(missing_ok=True)
    url = f"sqlite:///{database}"
    os.environ["KOKUHO_DATABASE"] = url
    os.environ.pop("KOKUHO_DATABASE_OWNER", None)
    start()
    insurer = _insurer(city)
    _import(city, tell)
    password = secrets.token_urlsafe(9)

    from kokuho.office.accounts import users

    users.add(USER, password, [insurer], full_name="窓口 見本")
    from django.db import connections

    connections.close_all()
    return Filled(url, city.person_count, USER, password)


def _insurer(city: WrittenCity) -> str:
    """The insurer, and its ordinance as a document of the store."""
    from kokuho.office.register import insurers
    from kokuho.office.register.assessments import keep_document
    from kokuho.office.tenancy import seeing
    from kokuho.ordinance import load

    made = load(city.ordinance).insurer
    insurers.add(made.code, made.name, made.prefecture, made.municipality_code)
    with seeing([made.code], writing=True):
        keep_document(made.code, "ordinance", "application/yaml", city.ordinance.read_bytes())
    return made.code


def _import(city: WrittenCity, tell: Callable[[str], None]) -> None:
    from django.utils import timezone

    from kokuho.office.imports.run import run

    assert city.register is not None
    now = timezone.now()
    # the past, so that "as known on" has something to show
    for files, days in ((city.register.first, 200), (city.register.later, 60)):
        for number, (kind, path) in enumerate(files):
            at = now - timedelta(days=days, seconds=-number)
            run(kind, path, actor="見本の取込み", at=at)
            tell(str(path))
