"""``kokuho arrears`` as a clerk runs it."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kokuho.base.calendar import JAPAN
from kokuho.base.errors import ArrearsError, InputError
from kokuho.cli import app
from kokuho.office.accounts import users
from kokuho.office.accounts.looks import Look
from kokuho.office.ledger.models import Entry
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import INSURER, name, open_town, told
from tests.office.conftest import Store
from tests.office.web.conftest import PASSWORD

OF = ("--insurer", INSURER)
ON = ("--on", "2026-11-25")


@pytest.fixture(autouse=True)
def _town(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kokuho.office.start.start", lambda **_more: None)
    open_town()


def run(*words: str, exit_code: int = 0) -> str:
    result = CliRunner().invoke(app, ["arrears", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == exit_code, result.output
    return result.output


def data(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def test_reminders_are_previewed_sent_and_listed(tmp_path: Path) -> None:
    at = ("--on", "2026-09-18")
    due = data("remind", *OF, *at, "--preview")["reminders"]
    assert len(due) == 8
    assert all(one["reason"].startswith("令和8年") for one in due)
    with pytest.raises(InputError, match="--pay-by"):
        run("remind", *OF, *at)
    control = tmp_path / "control.csv"
    sent = data("remind", *OF, *at, "--pay-by", "2026-09-30", "--list", str(control))
    assert (sent["state"], sent["demands"], sent["fees"]) == ("done", 8, 800)
    assert control.read_text(encoding="utf-8-sig").splitlines()[-1] == "合計,8,,240000,"
    assert "進行中の督促はありません" in run("remind", *OF, *at, "--cancel", exit_code=1)


def test_the_list_is_narrowed_by_reason() -> None:
    found = data("list", *OF, *ON)
    assert found["counts"]["now"] == 4
    assert [one["household"] for one in found["items"]] == ["77", "78", "79", "80"]
    assert len(data("list", *OF, *ON, "--reason", "card")["items"]) == 1
    with pytest.raises(InputError, match="prescription"):
        run("list", *OF, "--reason", "nationality")


def test_acts_are_recorded_and_what_is_owed_shows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    noon = datetime(2026, 11, 25, 12, tzinfo=JAPAN)  # a past day shows what was known then
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    number = run("record", "consultation", "77", *OF, *ON, "--code", "counter", "--text", "相談")
    pay = ("--pay", "2026-12-25:45000", "--pay", "R9.1.25:45000")
    agreement = run("agreement", "77", *OF, *ON, *pay).strip()
    found = data("owed", "77", *OF, *ON)
    assert found["state"] == "agreed_kept"
    assert [act["number"] for act in found["acts"]] == [int(number), int(agreement)]
    with pytest.raises(ArrearsError, match="期別"):
        run("record", "seizure", "77", *OF, *ON, "--code", "deposit")
    with pytest.raises(InputError, match="2026-12-25:5000"):
        run("agreement", "77", *OF, "--pay", "毎月")


def test_what_is_not_gone_is_not_written_off() -> None:
    assert data("writeoff", *OF, *ON)["demands"] == []
    with pytest.raises(ArrearsError, match="権利が消滅していません"):
        run("writeoff", *OF, *ON, "--demand", name("77", 3))
    with seeing([INSURER]):
        assert not Entry.objects.filter(kind="write_off").exists()


def test_a_write_off_is_proposed_decided_and_posted() -> None:
    told("suspension", "77", date(2026, 9, 10), 1, code="no_property", text="財産なし")
    told("extinction", "77", date(2026, 10, 1), 1, refers=1, text="限定承認")
    (found,) = data("writeoff", *OF, *ON)["demands"]
    assert (found["demand"], found["ground"], found["principal"]) == (
        name("77", 1), "extinguished", 30_000,
    )  # fmt: skip
    done = data("writeoff", *OF, *ON, "--demand", name("77", 1), "--text", "決裁1号")
    assert done["posted"] is True
    with seeing([INSURER]):
        assert verify(INSURER) == []
        rows = Entry.objects.filter(kind="write_off", account="written_off")
        assert [row.amount for row in rows] == [30_000]
    assert data("writeoff", *OF, *ON)["demands"] == []


def test_prescription_is_explained_line_by_line() -> None:
    text = run("prescription", "77", *OF, *ON)
    assert "令和10年7月31日" in text
    assert "国民健康保険法110条1項" in text
    assert set(data("prescription", "77", *OF, *ON)["demands"]) == {
        name("77", term) for term in (1, 2, 3)
    }


def test_candidates_for_the_special_benefit_say_what_is_lacking() -> None:
    assert data("special", *OF, *ON)["candidates"] == []


def test_the_foreign_list_needs_the_right_and_is_written_down() -> None:
    users.add("clerk", PASSWORD, [INSURER])
    who = ("--user", "clerk")
    with pytest.raises(InputError, match="権限がありません"):
        run("foreign", *OF, *who, *ON)
    runner = CliRunner()
    allow = ["user", "allow", "clerk", "foreign_arrears", "--insurer", INSURER]
    assert runner.invoke(app, allow).exit_code == 0
    found = data("foreign", *OF, *who, *ON)
    assert [one["household"] for one in found["households"]] == ["78", "79", "80"]
    assert found["households"][0]["demands"][0]["months"] == 3
    with seeing([INSURER]):
        assert Look.objects.filter(page="arrears_foreign_list").count() == 3
    groups = data("foreign", *OF, *who, *ON, "--by", "nationality")["groups"]
    assert [(one["group"], one["households"], one["levied"]) for one in groups] == [
        ("NPL", 2, 180_000), ("VNM", 1, 90_000),
    ]  # fmt: skip
    deny = ["user", "deny", *allow[2:]]
    assert runner.invoke(app, deny).exit_code == 0
    assert runner.invoke(app, deny).exit_code == 1


def test_without_the_rates_of_a_year_the_principal_is_shown_and_the_lack_is_said() -> None:
    after = ("--on", "2027-01-10")
    found = data("owed", "77", *OF, *after)
    assert [(one["principal"], one["running"]) for one in found["owed"]] == [(30_000, None)] * 3
    assert "2027" in found["why_no_interest"]
    text = run("owed", "77", *OF, *after)
    assert text.count("不明") == 3
    assert "計算できません" in text
    assert data("list", *OF, *after)["counts"]["now"] == 4
    assert data("owed", "77", *OF, *ON)["why_no_interest"] == ""
