"""The settings of an installation, read from the environment and refused in clear words.

No Django here: a wrong setting is told before anything is started.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from kokuho.base.errors import SettingError
from kokuho.base.messages import translator

_ = translator("office")

DEFAULT_DATABASE = "sqlite:///kokuho.db"
"""The embedded database: a file in the working directory."""

SHORTEST_SECRET = 50  # characters; what Django itself asks for
_HOST = re.compile(r"[0-9A-Za-z]([0-9A-Za-z.-]*[0-9A-Za-z])?")
_SSL_OPTIONS = {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout"}


@dataclass(frozen=True)
class Database:
    """Where data are kept, from a URL.

    Attributes:
        engine: ``sqlite`` or ``postgresql``.
        name: the file, or the name of the database.
        user, password, host, port: PostgreSQL only; ``host`` may be the folder of a Unix socket.
        options: connection options of libpq, from the query of the URL.
    """

    engine: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""
    options: Mapping[str, str] | None = None

    def same_place(self, other: Database) -> bool:
        """Whether both URLs mean one database, whoever connects."""
        return (self.engine, self.name, self.host, self.port) == (
            other.engine, other.name, other.host, other.port,
        )  # fmt: skip


@dataclass(frozen=True)
class Configuration:
    """All settings of the office, checked."""

    database: Database
    owner: Database | None
    secret_key: str | None
    keys: Path | None
    hosts: tuple[str, ...] = ()

    def require_secret_key(self) -> None:
        """Refuse to serve pages from PostgreSQL with a key that is lost with the process."""
        if self.secret_key is None and self.database.engine == "postgresql":
            raise SettingError(
                _(
                    "KOKUHO_SECRET_KEY is missing; sessions are signed with it. Make one with "
                    "`openssl rand -base64 48` and keep it secret."
                )
            )


def read(environ: Mapping[str, str] = os.environ) -> Configuration:
    """The settings of this process.

    Raises:
        SettingError: one of them is missing or wrong; the message says which and what to write.
    """
    database = parse_database(environ.get("KOKUHO_DATABASE") or DEFAULT_DATABASE, "KOKUHO_DATABASE")
    owner = None
    if url := environ.get("KOKUHO_DATABASE_OWNER"):
        owner = parse_database(url, "KOKUHO_DATABASE_OWNER")
        _check_owner(database, owner)
    return Configuration(
        database=database,
        owner=owner,
        secret_key=_secret_key(environ.get("KOKUHO_SECRET_KEY")),
        keys=_keys(environ.get("KOKUHO_KEYS")),
        hosts=_hosts(environ.get("KOKUHO_HOSTS")),
    )


def printing_folder(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The folder in which the pages print: ``KOKUHO_PRINTING``, else beside an SQLite file.

    Below it each insurer has a folder with its ``sender.yaml``, in which the batches are put.
    """
    if given := environ.get("KOKUHO_PRINTING"):
        return Path(given)
    database = parse_database(environ.get("KOKUHO_DATABASE") or DEFAULT_DATABASE, "KOKUHO_DATABASE")
    if database.engine != "sqlite":
        return None
    return Path(database.name).absolute().parent / "printing"


def parse_database(url: str, setting: str) -> Database:
    """Read the URL of a database.

    ``sqlite:///FILE`` is relative to the working directory, ``sqlite:////FILE`` is absolute;
    ``postgresql://USER:PASSWORD@HOST:PORT/NAME``, with ``?host=FOLDER`` for a Unix socket.

    Raises:
        SettingError: it is neither; the message names ``setting`` and never the password.
    """
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError:
        raise _not_a_url(setting) from None
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme == "sqlite" and not parts.netloc and name and not parts.query:
        return Database("sqlite", name)
    if parts.scheme in ("postgresql", "postgres") and name and parts.username:
        query = dict(parse_qsl(parts.query))
        host, port = query.pop("host", parts.hostname or ""), query.pop("port", port)
        if unknown := sorted(set(query) - _SSL_OPTIONS):
            raise SettingError(
                _("{setting}: the option {names} is not known; known are host, port, {known}.")
                .format(
                    setting=setting, names=", ".join(unknown), known=", ".join(sorted(_SSL_OPTIONS))
                )
            )  # fmt: skip
        return Database(
            "postgresql",
            name,
            user=unquote(parts.username),
            password=unquote(parts.password or ""),
            host=unquote(host),
            port=port,
            options=query,
        )
    raise _not_a_url(setting)


def django_database(database: Database) -> dict[str, Any]:
    """The entry of Django's ``DATABASES``."""
    if database.engine == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(Path(database.name).absolute()),
            "OPTIONS": {
                # Readers go on while one writes; a writer waits for its turn before it has read
                # anything; REPLACE fires the triggers that refuse deletion.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                "PRAGMA recursive_triggers=ON",
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
            },
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.name,
        "USER": database.user,
        "PASSWORD": database.password,
        "HOST": database.host,
        "PORT": database.port,
        "OPTIONS": {"application_name": "kokuho", **(database.options or {})},
    }


def no_owner() -> SettingError:
    """PostgreSQL is to be migrated, and nobody said as whom."""
    return SettingError(
        _(
            "KOKUHO_DATABASE_OWNER is missing; PostgreSQL is migrated as the owner of its tables, "
            "who is not the user of KOKUHO_DATABASE."
        )
    )


def _not_a_url(setting: str) -> SettingError:
    return SettingError(
        _(
            "{setting} is not the URL of a database; write sqlite:///FILE or "
            "postgresql://USER:PASSWORD@HOST:PORT/NAME."
        ).format(setting=setting)
    )


def _check_owner(database: Database, owner: Database) -> None:
    if owner.engine != "postgresql" or database.engine != "postgresql":
        raise SettingError(
            _("KOKUHO_DATABASE_OWNER is for PostgreSQL; an SQLite file has no owner role.")
        )
    if not owner.same_place(database):
        raise SettingError(
            _("KOKUHO_DATABASE_OWNER and KOKUHO_DATABASE must name one database, as two users.")
        )
    if owner.user == database.user:
        raise SettingError(
            _(
                "KOKUHO_DATABASE_OWNER and KOKUHO_DATABASE have the same user ({user}); the owner "
                "migrates, the application runs as another user that owns nothing."
            ).format(user=owner.user)
        )


def _secret_key(given: str | None) -> str | None:
    if given and len(given) < SHORTEST_SECRET:
        raise SettingError(
            _(
                "KOKUHO_SECRET_KEY is too short ({got} characters); use at least {least}, such as "
                "from `openssl rand -base64 48`."
            ).format(got=len(given), least=SHORTEST_SECRET)
        )
    return given or None


def _hosts(given: str | None) -> tuple[str, ...]:
    """Names by which browsers reach the office, beside this machine's own."""
    hosts = tuple(name.strip() for name in (given or "").split(",") if name.strip())
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise SettingError(
                _(
                    "KOKUHO_HOSTS: {host} is not the name of a host; write names with commas "
                    "between, without https:// and without port."
                ).format(host=host)
            )
    return hosts


def _keys(given: str | None) -> Path | None:
    if not given:
        return None
    path = Path(given)
    if not path.is_file():
        raise SettingError(_("KOKUHO_KEYS: there is no file {file}.").format(file=path))
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingError(
            _("KOKUHO_KEYS: others may read {file}; allow it to its owner alone (chmod 600).")
            .format(file=path)
        )  # fmt: skip
    return path
