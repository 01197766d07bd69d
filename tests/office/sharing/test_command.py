"""``kokuho sharing``: refused while it is off, then set, made, approved, written and logged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kokuho.base.errors import InputError, LinkageError
from kokuho.cli import app
from kokuho.linkage.sharing import REQUIRED, template
from kokuho.office.accounts.looks import Look
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.sharing.town import TO, open_city, stated

OF = ("--insurer", INSURER)


@pytest.fixture(autouse=True)
def _city(sqlite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kokuho.office.start.start", lambda **_more: None)
    open_city()


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["sharing", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def by(name: str) -> tuple[str, ...]:
    return (*OF, "--user", name)


def test_it_is_off_until_two_others_approved_what_the_office_set(tmp_path: Path) -> None:
    for words in (("make", *by("kakari")), ("settings", *OF)):
        with pytest.raises(LinkageError) as error:
            run(*words)
        assert all(name in str(error.value) for name in REQUIRED)
    file = tmp_path / "settings.yaml"
    file.write_text(run("settings", "--template"), encoding="utf-8")
    assert file.read_text(encoding="utf-8") == template()
    with pytest.raises(LinkageError, match="legal_basis"):
        run("settings", *by("kakari"), "--file", str(file))
    file.write_text(stated(), encoding="utf-8")
    run("settings", *by("kakari"), "--file", str(file))
    assert "もう一人" in run("settings", *by("kacho"), "--approve", "1")
    assert "有効" in run("settings", *by("bucho"), "--approve", "1")
    assert "架空の目的" in run("settings", *OF)


def test_a_list_is_made_approved_written_and_logged(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(stated(), encoding="utf-8")
    run("settings", *by("kakari"), "--file", str(file))
    for name in ("kacho", "bucho"):
        run("settings", *by(name), "--approve", "1")
    assert "リスト 1" in run("make", *by("kakari"))
    shown = run("show", "1", *by("kacho"))
    assert "承認待ち" in shown
    assert shown.splitlines()[0].split("\t")[0] == "世帯番号"
    out = ("--to", TO, "--purpose", "架空の照会")
    with pytest.raises(LinkageError, match="書き出せません"):
        run("write", "1", *by("kakari"), *out, "--out", str(tmp_path / "a.csv"))
    for name in ("kacho", "bucho"):
        run("approve", "1", *by(name))
    with pytest.raises(InputError, match="csv"):
        run("write", "1", *by("kakari"), *out, "--out", str(tmp_path / "a.doc"))
    for name in ("a.csv", "a.xlsx"):
        run("write", "1", *by("kakari"), *out, "--out", str(tmp_path / name))
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").count("\n") == 4
    assert (tmp_path / "a.xlsx").read_bytes().startswith(b"PK")
    found = json.loads(run("show", "1", *by("kacho"), "--json"))
    assert (found["state"], len(found["outputs"])) == ("written", 2)
    assert "書き出し" in run("log", *by("kacho"))
    assert len(json.loads(run("log", *by("kacho"), "--json"))["events"]) == 8
    with seeing([INSURER]):
        assert Look.objects.filter(page="sharing_show", user__username="kacho").count() == 6
    assert "1 件" in run("settings", *by("bucho"), "--stop", "見直し")
    with pytest.raises(LinkageError, match="止められました"):
        run("write", "1", *by("kakari"), *out, "--out", str(tmp_path / "b.csv"))
    assert not (tmp_path / "b.csv").exists()


def test_a_list_is_rejected_with_a_reason(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(stated(), encoding="utf-8")
    run("settings", *by("kakari"), "--file", str(file))
    for name in ("kacho", "bucho"):
        run("settings", *by(name), "--approve", "1")
    run("make", *by("kakari"))
    assert "却下" in run("approve", "1", *by("kacho"), "--reject", "条件の誤り")
    with pytest.raises(LinkageError, match="終わっています"):
        run("approve", "1", *by("kacho"), "--reject", "もう一度")
    with pytest.raises(InputError, match="--insurer"):
        run("settings")
