"""``kokuho assess`` as a clerk runs it."""

from __future__ import annotations

import ast
import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from kokuho.base.errors import KokuhoError
from kokuho.base.messages import LOCALE_DIR
from kokuho.cli import app
from kokuho.office.assessment import codes
from kokuho.office.assessment.yearly import Wish, assess_year
from kokuho.office.jobs.runs import Run
from tests.office.assessment.town import ordinance, telling
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _office(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("kokuho.office.start.start", lambda: None)  # the store is in use already
    monkeypatch.setenv("KOKUHO_LANG", "en")
    monkeypatch.chdir(tmp_path)
    add_insurer()
    data = ordinance().model_dump(mode="json", exclude_defaults=True)
    (tmp_path / "o.yaml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def kokuho(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["assess", words[0], "--insurer", INSURER, *words[1:]])
    if isinstance(done.exception, KokuhoError):
        return 2, str(done.exception)
    return done.exit_code, done.output


def test_a_year_from_the_run_to_the_notice(tmp_path: Path) -> None:
    with telling() as t:
        t.family("h1", "p1", "p2")
    code, text = kokuho("run", "--fiscal-year", "2026", "--ordinance", "o.yaml",
                        "--decided-on", "R8.7.15", "--json")  # fmt: skip
    told = json.loads(text)
    assert (code, told["state"], told["households"], told["decided"]) == (0, "done", 1, 1)
    with telling() as t:
        t.lost("p2", date(2026, 10, 5))
    code, text = kokuho("changes", "--decided-on", "2026-11-25")
    assert (code, "1 decisions" in text) == (0, True)
    code, text = kokuho("list", "--household", "h1", "--fiscal-year", "2026", "--json")
    first, second = json.loads(text)["decisions"]
    assert (code, first["former"], second["former"]) == (0, None, first["assessment"])
    assert second["difference"] == second["after"]["total"] - second["before"]["total"] < 0
    assert second["causes"] == [
        {"cause": "left", "person": "p2", "reason": "joined_employees", "text": "left"}
    ]
    assert f"{second['difference']:+,}" in kokuho("list")[1]
    code, text = kokuho("notice", str(second["id"]), "--out", "n.pdf", "--issued-on", "2026-11-25")
    assert (code, (tmp_path / "n.pdf").read_bytes()[:5]) == (0, b"%PDF-")
    assert kokuho("notice", "999", "--out", "x.pdf")[0] == 2
    assert kokuho("notice", str(second["id"]), "--out", "x.pdf", "--issued-on", "2030-01-01") == (
        2, "there is no text redress.premium for 2030-01-01, and that of another day is not used",
    )  # fmt: skip
    assert not (tmp_path / "x.pdf").exists()


def test_what_waits_for_a_clerk_is_told_by_the_exit_and_by_its_own_command() -> None:
    with telling() as t:
        t.family("h1", "p1", born="1986-00-00")
    code, text = kokuho("run", "--fiscal-year", "2026", "--ordinance", "o.yaml", "--json")
    assert (code, json.loads(text)["pending"]) == (1, 1)
    code, text = kokuho("pending", "--json")
    [waiting] = json.loads(text)["pending"]
    assert (code, waiting["household"], waiting["person"], waiting["code"], waiting["value"]) == (
        1, "h1", "p1", "birth_date_open", "1986-00-00",
    )  # fmt: skip
    assert "1986-00-00" in kokuho("pending", "--fiscal-year", "2026")[1]
    assert kokuho("pending", "--fiscal-year", "2025") == (0, "")


def test_a_run_is_asked_to_stop_and_goes_on_when_it_is_asked_for_again() -> None:
    with telling() as t:
        t.family("h1", "p1")
    said: list[str] = []

    def stop(run: Run) -> None:
        if run.state == Run.State.RUNNING:
            said.append(kokuho("cancel")[1])

    wish = Wish(ordinance().year(2026))
    stopped = assess_year(INSURER, 2026, wish, actor="試験", progress=stop)
    assert (stopped.state, said) == ("cancelled", ["1 runs were asked to stop\n"])
    wanted = ("run", "--fiscal-year", "2026", "--ordinance", "o.yaml", "--json")
    assert json.loads(kokuho(*wanted)[1])["state"] == "done"
    assert "0 runs were asked" in kokuho("cancel")[1]


def test_who_represents_heirs_is_recorded() -> None:
    with telling() as t:
        t.family("h1", "p1", "p2")
        t.lost("p1", date(2026, 9, 6), "death")
    code, _text = kokuho("succession", "--resident", "p1", "--representative", "p2",
                         "--basis", "reported", "--on", "R8.10.1")  # fmt: skip
    assert code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--fiscal-year", "2026"),
        ("run", "--fiscal-year", "2026", "--ordinance", "o.yaml", "--as-of", "tomorrow"),
        ("run", "--fiscal-year", "2026", "--ordinance", "o.yaml", "--as-of", "2026-00-00"),
        ("changes",),
    ],
)
def test_what_cannot_be_answered_is_refused_in_one_line(words: tuple[str, ...]) -> None:
    code, text = kokuho(*words)
    assert code == 2
    assert "\n" not in text


def _message_ids() -> set[str]:
    found = {*codes.CAUSES.values(), *codes.LOOKS.values()}
    files = [
        *(ROOT / "src/kokuho/office/assessment").glob("*.py"),
        ROOT / "src/kokuho/cli/assess.py",
        ROOT / "src/kokuho/cli/decision.py",
        ROOT / "src/kokuho/cli/office_runs.py",
        ROOT / "src/kokuho/cli/replay.py",
    ]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if called and node.func.id == "_" and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found


def test_every_message_has_its_japanese() -> None:
    from babel.messages.pofile import read_po

    with (LOCALE_DIR / "ja/LC_MESSAGES/assessment.po").open("rb") as file:
        catalogue = {entry.id: entry.string for entry in read_po(file) if entry.id}
    assert _message_ids() == set(catalogue)
    assert all(catalogue.values())
