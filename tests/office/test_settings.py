"""Settings that are missing or wrong are refused in clear words, the password never said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kokuho.base.errors import SettingError
from kokuho.office.configuration import django_database, parse_database, read

SERVER = "postgresql://app:secret@db.example/kokuho"
OWNER = "postgresql://owner:secret@db.example/kokuho"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


def test_without_settings_the_database_is_a_file_in_the_working_directory() -> None:
    configuration = read({})
    assert configuration.database == parse_database("sqlite:///kokuho.db", "")
    assert configuration.owner is configuration.secret_key is configuration.keys is None
    assert django_database(configuration.database)["NAME"] == str(Path.cwd() / "kokuho.db")
    configuration.require_secret_key()


def test_postgresql_is_read_from_its_url() -> None:
    url = "postgresql://us%40er:p%2Fw@db.example:5433/the%20db?sslmode=verify-full"
    database = parse_database(url, "KOKUHO_DATABASE")
    assert (database.user, database.password, database.name) == ("us@er", "p/w", "the db")
    entry = django_database(database)
    assert (entry["HOST"], entry["PORT"]) == ("db.example", "5433")
    assert entry["OPTIONS"] == {"application_name": "kokuho", "sslmode": "verify-full"}
    socket = parse_database("postgresql://u@/db?host=/run/postgresql&port=5433", "")
    assert (socket.host, socket.port) == ("/run/postgresql", "5433")


@pytest.mark.parametrize(
    "url",
    ["kokuho.db", "sqlite://kokuho.db", "sqlite:///", "mysql://u:secret@h/db", "postgresql://h/db",
     "postgresql://u:secret@h", "postgresql://u:secret@h:x/db", "sqlite:///a.db?mode=ro"],
)  # fmt: skip
def test_what_is_no_database_is_refused(url: str) -> None:
    with pytest.raises(SettingError, match="KOKUHO_DATABASE is not the URL") as caught:
        read({"KOKUHO_DATABASE": url})
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"KOKUHO_DATABASE": SERVER + "?sslmod=x"}, "option sslmod is not known"),
        ({"KOKUHO_DATABASE_OWNER": OWNER}, "SQLite file has no owner"),
        (
            {"KOKUHO_DATABASE": SERVER, "KOKUHO_DATABASE_OWNER": OWNER.replace("/kokuho", "/x")},
            "one database",
        ),
        ({"KOKUHO_DATABASE": SERVER, "KOKUHO_DATABASE_OWNER": SERVER}, r"same user \(app\)"),
        ({"KOKUHO_SECRET_KEY": "short"}, "too short"),
        ({"KOKUHO_KEYS": "/nonexistent/keys"}, "no file /nonexistent/keys"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, str], said: str) -> None:
    with pytest.raises(SettingError, match=said) as caught:
        read(settings)
    assert "secret" not in str(caught.value)


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text("", encoding="utf-8")
    keys.chmod(0o640)
    with pytest.raises(SettingError, match="chmod 600"):
        read({"KOKUHO_KEYS": str(keys)})
    keys.chmod(0o600)
    assert read({"KOKUHO_KEYS": str(keys)}).keys == keys


def test_pages_from_postgresql_need_a_key_that_outlives_the_process() -> None:
    with pytest.raises(SettingError, match="KOKUHO_SECRET_KEY is missing"):
        read({"KOKUHO_DATABASE": SERVER}).require_secret_key()
    read({"KOKUHO_DATABASE": SERVER, "KOKUHO_SECRET_KEY": "k" * 50}).require_secret_key()


def test_importing_the_office_and_its_settings_imports_no_django() -> None:
    code = (
        "import sys, kokuho.cli, kokuho.office, kokuho.office.start, kokuho.office.configuration\n"
        "print('django' in sys.modules, 'psycopg' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_hosts_are_names_without_scheme_and_port() -> None:
    assert read({}).hosts == ()
    assert read({"KOKUHO_HOSTS": "kokuho.example, 192.0.2.1"}).hosts == (
        "kokuho.example",
        "192.0.2.1",
    )
    for wrong in ("https://kokuho.example", "kokuho.example:8000", "*", "a b"):
        with pytest.raises(SettingError, match="KOKUHO_HOSTS"):
            read({"KOKUHO_HOSTS": wrong})
