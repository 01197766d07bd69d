"""The tests of the office run on both databases: an SQLite file, and a PostgreSQL cluster."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import pytest

from kokuho.office.configuration import django_database, parse_database
from tests.office import postgresql

with pytest.MonkeyPatch.context() as patch:
    # each test names its database; without one there is none
    patch.setenv("KOKUHO_DATABASE", "sqlite:////nonexistent/no-test-uses-it.db")
    patch.delenv("KOKUHO_DATABASE_OWNER", raising=False)
    patch.setenv("DJANGO_SETTINGS_MODULE", "kokuho.office.settings")
    django.setup()

from django.db import connections

from kokuho.office.store import schema

INSURER, OTHER = "992011", "992029"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Store:
    """A database with nothing in it yet, in use as Django's default."""

    vendor: str
    url: str
    owner_url: str | None


def use(url: str, owner_url: str | None = None) -> None:
    """Let Django use a database in place of the one before."""
    connections.close_all()
    for alias in ("default", "owner"):
        if hasattr(connections._connections, alias):
            delattr(connections._connections, alias)
    databases = {"default": django_database(parse_database(url, "test"))}
    if owner_url:
        databases["owner"] = django_database(parse_database(owner_url, "test"))
    connections.settings = connections.configure_settings(databases)


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgresql.Cluster]:
    if postgresql.programs() is None:
        pytest.skip("PostgreSQL is not installed (scripts/system-packages.txt)")
    with postgresql.cluster() as made:
        yield made


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    use(f"sqlite:///{path}")
    schema.migrate("default")
    connections.close_all()
    return path


@pytest.fixture(scope="session")
def empty_postgresql(cluster: postgresql.Cluster) -> str:
    name = "empty"
    postgresql.create_database(cluster, name)
    use(cluster.url(postgresql.APPLICATION, name), cluster.url(postgresql.OWNER, name))
    schema.migrate("owner")
    schema.grant("owner", postgresql.APPLICATION)
    connections.close_all()
    return name


@pytest.fixture
def sqlite(empty_sqlite: Path, tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "kokuho.db"
    shutil.copyfile(empty_sqlite, path)
    url = f"sqlite:///{path}"
    use(url)
    yield Store("sqlite", url, None)
    connections.close_all()


@pytest.fixture
def postgres(cluster: postgresql.Cluster, empty_postgresql: str) -> Iterator[Store]:
    """One database for all tests, emptied after each."""
    url = cluster.url(postgresql.APPLICATION, empty_postgresql)
    owner_url = cluster.url(postgresql.OWNER, empty_postgresql)
    use(url, owner_url)
    yield Store("postgresql", url, owner_url)
    connections.close_all()
    postgresql.empty(cluster, empty_postgresql)


@pytest.fixture
def fresh_postgres(cluster: postgresql.Cluster, empty_postgresql: str) -> Iterator[Store]:
    """A database of its own, for a test that changes what it is made of."""
    name = f"test_{next(_numbers)}"
    postgresql.create_database(cluster, name, template=empty_postgresql)
    url = cluster.url(postgresql.APPLICATION, name)
    owner_url = cluster.url(postgresql.OWNER, name)
    use(url, owner_url)
    yield Store("postgresql", url, owner_url)
    connections.close_all()
    postgresql.drop_database(cluster, name)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)
