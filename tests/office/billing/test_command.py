"""``kokuho bill`` as a clerk runs it."""

from __future__ import annotations

import ast
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from babel.messages.pofile import read_po
from typer.testing import CliRunner

from kokuho.base.errors import KokuhoError
from kokuho.base.messages import LOCALE_DIR
from kokuho.cli import app
from tests.office.billing.town import arrive, assess, declare, telling
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _office(sqlite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kokuho.office.start.start", lambda: None)  # the store is in use already
    monkeypatch.setenv("KOKUHO_LANG", "en")
    add_insurer()
    with telling() as t:
        t.family("h1", "p1")
        arrive(t, "h2", "p2", date(2026, 5, 1), from_abroad=None)
        declare(t, "p2", 2026)
    assess()


def kokuho(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["bill", *words, "--insurer", INSURER])
    if isinstance(done.exception, KokuhoError):
        return 2, str(done.exception)
    return done.exit_code, done.stdout


def test_from_the_run_over_a_decision_to_the_demands(tmp_path: Path) -> None:
    year = ("--fiscal-year", "2026")
    code, text = kokuho("run", *year, "--notice-date", "R8.7.15", "--json")
    told = json.loads(text)
    assert (code, told["billed"], told["waiting"], told["ordinary"]) == (1, 1, 1, 1)
    code, text = kokuho("prepayment", "list", *year, "--json")
    assert (code, json.loads(text)["households"][0]["state"]) == (1, "look_into")
    code, text = kokuho("prepayment", "show", *year, "--household", "h2")
    assert "look into the registration" in text
    decide = ("prepayment", "decide", *year, "--household", "h2")
    code, text = kokuho(*decide, "--answer", "excused", "--reason", "x")
    assert (code, "--code" in text) == (2, True)
    assert kokuho(*decide, "--answer", "subject", "--reason", "seen the paper")[0] == 0
    assert kokuho("changes", "--notice-date", "R8.8.20")[0] == 0
    assert kokuho("prepayment", "list", *year)[0] == 0
    out = tmp_path / "demands.parquet"
    assert kokuho("list", *year, "--out", str(out))[0] == 0
    demands = pl.read_parquet(out)
    assert set(demands["channel"]) == {"ordinary", "prepaid"}
    assert demands.filter(household_id="h2")["due"].to_list() == [date(2026, 9, 30)]
    assert "seen the paper" in kokuho("prepayment", "show", *year, "--household", "h2")[1]


def test_what_the_command_cannot_take_is_said() -> None:
    assert kokuho("run", "--fiscal-year", "2026", "--provisional")[0] == 2
    assert kokuho("changes", "--stop-pension-from", "soon")[0] == 2
    assert kokuho("debit", "--household", "h9", "--reason", "x") == (
        2, f"Insurer {INSURER} has no household h9.",
    )  # fmt: skip


def test_before_a_departure_the_command_says_what_is_left_to_ask() -> None:
    code, text = kokuho("departure", "--resident", "p2", "--fiscal-year", "2026")
    assert (code, "account" in text) == (0, True)
    code, text = kokuho(
        "departure", "--resident", "p2", "--fiscal-year", "2026", "--account", "public"
    )
    assert "Ask for an account" not in text


def test_every_message_has_its_japanese() -> None:
    with (LOCALE_DIR / "ja" / "LC_MESSAGES" / "office_billing.po").open("rb") as lines:
        known = {message.id for message in read_po(lines) if message.id and message.string}
    sources = [
        *(ROOT / "src/kokuho/office/billing").glob("*.py"),
        *(ROOT / "src/kokuho/cli").glob("bill*.py"),
    ]
    used: set[str] = set()
    for path in sources:
        text = path.read_text(encoding="utf-8")
        if 'translator("office_billing")' not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_":
                used |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    from kokuho.office.billing import departures, lists

    for names in (lists.STATES, lists.DECISIONS, lists.KIND_NAMES, departures.HOWS):
        used |= set(names.values())
    assert used - known == set()
    assert known - used == set()
