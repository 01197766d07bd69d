"""``kokuho linkage`` as the office runs it, with files as the way to the other side."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from kokuho.base.errors import InputError, LinkageError
from kokuho.cli import app
from kokuho.linkage.messages import KeyRing, SigningKey
from kokuho.office.accounts import rights
from kokuho.office.accounts.looks import Look
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import INSURER, pay
from tests.office.conftest import Store
from tests.office.linkage.city import EVENING, LINK, TODAY, officer, open_city
from tests.office.linkage.other_side import CITY, KEYS, MESH, OtherSide

OF = ("--insurer", INSURER)
EVERYBODY = LINK.persons


@pytest.fixture(autouse=True)
def _city(sqlite: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("kokuho.office.start.start", lambda **_more: None)
    began = datetime.now(UTC)
    monkeypatch.setattr(timezone, "now", lambda: EVENING + (datetime.now(UTC) - began))
    plain = tmp_path / "plain.yaml"
    plain.write_text(f"persons: {EVERYBODY}\n", encoding="utf-8")
    monkeypatch.setenv("KOKUHO_LINKAGE", str(plain))
    open_city()
    for name in ("kakari", "kacho"):
        officer(name)


@pytest.fixture
def link(tmp_path: Path) -> Path:
    """The file of a link that goes by folders, with keys of its own."""
    key: SigningKey = KEYS[CITY]
    folder = tmp_path / "link"
    folder.mkdir()
    (folder / "city.pem").write_bytes(key.pem(b"mihon no aikotoba"))
    (folder / "passphrase").write_text("mihon no aikotoba\n", encoding="utf-8")
    ring = KeyRing.of(one.public for one in KEYS.values())
    (folder / "ring.json").write_text(ring.to_json(), encoding="utf-8")
    (folder / "link.yaml").write_text(
        f"client: {CITY}\nreceiver: {MESH}\n"
        "keys: {private: city.pem, passphrase: passphrase, ring: ring.json}\n"
        "transport: {form: files, out: out, results: results}\n"
        f"persons: {EVERYBODY}\n",
        encoding="utf-8",
    )
    (folder / "results").mkdir()
    return folder / "link.yaml"


def run(*words: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(app, ["linkage", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == exit_code, result.output
    return result.output


def answer_all(link: Path, there: OtherSide) -> None:
    """What the other side does with the folders."""
    for file in sorted((link.parent / "out").glob("*.jws")):
        there.send(file.stem, file.read_text(), "")
        file.unlink()
    for name, sealed in there.results():
        (link.parent / "results" / name).write_text(sealed)
    there.waiting.clear()


def test_the_whole_way_from_the_first_load_to_a_payment(link: Path, tmp_path: Path) -> None:
    there = OtherSide(certificate="", as_files=True)
    way = (*OF, "--user", "kakari", "--link", str(link))
    assert "初回の登録" in run("register", *way, "--dry-run")
    assert "新規 18 件" in run("register", *way)
    assert "もう一人" in run("approve", "1", *OF, "--user", "kakari")
    assert "承認待ち" in run("status", *OF)
    assert "そろいました" in run("approve", "1", *OF, "--user", "kacho")
    assert "送信 1 ファイル" in run("send", *way)
    answer_all(link, there)
    assert "登録 18 件" in run("results", *way)
    assert [one.name for one in (link.parent / "results" / "taken").iterdir()] == [
        f"{INSURER}-000001-0001.jws"
    ]

    files = tmp_path / "receipts"
    files.mkdir()
    pay(files, TODAY, ("77", 1, 30_000))
    assert json.loads(run("freshness", *OF, "--link", str(link), "--json"))["arrivals"][0][
        "state"
    ] == "open"  # fmt: skip
    found = json.loads(run("register", *way, "--touched", "--json"))
    assert (found["at_once"]["changed"], found["urgent"], found["ordinary"]) == (2, 2, 0)
    run("send", *way)
    answer_all(link, there)
    assert "登録 2 件" in run("results", *way)
    (arrival,) = json.loads(run("freshness", *OF, "--link", str(link), "--json"))["arrivals"]
    assert arrival["state"] == "done"
    assert "期限超過 0 件" in run("freshness", *OF)
    assert "18 件" in run("status", *OF)


def test_nobody_registers_or_approves_without_the_right() -> None:
    for words in (
        ("register",), ("send",), ("results",), ("reconcile",), ("resend", "1"),
        ("correct", "x", "--reason", "y", "--withdraw"), ("approve", "1"), ("history", "1077"),
        ("limits", "--records", "1", "--percent", "1", "--withdrawn", "1"),
    ):  # fmt: skip
        user = officer("kakari")
        for right in (rights.LINKAGE_APPROVE, rights.LINKAGE_REGISTER, rights.LINKAGE_HISTORY):
            rights.deny(user.username, right, INSURER, actor="試験")
        with pytest.raises(InputError, match="権限"):
            run(*words, *OF, "--user", "kakari")


def test_the_history_is_shown_to_whoever_may_see_it_and_written_down() -> None:
    run("register", *OF, "--user", "kakari")
    rights.allow("kakari", rights.LINKAGE_HISTORY, INSURER, actor="試験")
    shown = run("history", "1077", *OF, "--user", "kakari")
    assert "納期限の過ぎた未納 30,000 円" in shown
    assert "3 版" in shown
    with seeing([INSURER]):
        assert Look.objects.filter(page="linkage_history").count() == 1


def test_limits_are_proposed_and_approved_by_two() -> None:
    assert "承認された上限がありません" in run("limits", *OF)
    with pytest.raises(InputError, match="--withdrawn"):
        run("limits", *OF, "--records", "5", "--user", "kakari")
    stated = ("--records", "5", "--percent", "5", "--withdrawn", "1")
    run("limits", *OF, *stated, "--user", "kakari")
    for name in ("kakari", "kacho"):
        run("approve", "--limits", "1", *OF, "--user", name)
    assert json.loads(run("limits", *OF, "--json"))["limits"]["records"] == 5


def test_a_correction_is_approved_by_two_who_did_not_state_it(link: Path) -> None:
    way = (*OF, "--user", "kakari", "--link", str(link))
    run("register", *way)
    for name in ("kakari", "kacho"):
        run("approve", "1", *OF, "--user", name)
    key = "1077/77 の世帯主/77/premium/2026/2026/ordinary/1"
    with pytest.raises(LinkageError, match="訂正できません"):
        run("correct", key, *way, "--reason", "誤り", "--set", "person=1")
    with pytest.raises(LinkageError, match="overdue"):
        run("correct", key, *way, "--reason", "誤り", "--set", "overdue=ゼロ")
    with pytest.raises(InputError, match="項目=値"):
        run("correct", key, *way, "--reason", "誤り", "--set", "overdue")
    assert "登録 2" in run("correct", key, *way, "--reason", "還付の誤り", "--set", "overdue=0")
    with pytest.raises(LinkageError, match="起案"):
        run("approve", "2", *OF, "--user", "kakari")
    officer("bucho")
    run("approve", "2", *OF, "--user", "kacho")
    run("approve", "2", *OF, "--user", "bucho")
    # it holds though the books say what they said before
    found: Any = json.loads(run("register", *way, "--json"))
    assert (found["urgent"], found["ordinary"]) == (0, 0)
    run("correct", key, *way, "--reason", "対象外", "--withdraw")
    run("approve", "3", *OF, "--user", "kacho", "--reject", "--text", "対象である")
    assert "却下" in run("status", *OF)


def test_a_reconciliation_by_files_is_refused_in_clear_words(link: Path) -> None:
    with pytest.raises(LinkageError, match="REST"):
        run("reconcile", *OF, "--user", "kakari", "--link", str(link))


def test_without_a_way_nothing_is_sent() -> None:
    with pytest.raises(LinkageError, match="keys"):
        run("send", *OF, "--user", "kakari")
