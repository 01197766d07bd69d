"""Decisions as a clerk records them, and what they change."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from kokuho.base.errors import KokuhoError
from kokuho.cli import app
from kokuho.office.assessment.lists import decisions, pending
from kokuho.office.imports.run import run
from kokuho.office.register import codes
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import run_changes, run_year, telling
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer


@pytest.fixture(autouse=True)
def _town(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("kokuho.office.start.start", lambda: None)  # the store is in use already
    monkeypatch.setenv("KOKUHO_LANG", "en")
    add_insurer()
    with telling() as t:
        t.family("h1", "p1", "p2")
        for year in (2023, 2026):
            t.income("p1", year, salary_revenue=5_000_000)


def kokuho(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["decision", words[0], *words[1:], "--insurer", INSURER])
    if isinstance(done.exception, KokuhoError):
        return 2, str(done.exception)
    return done.exit_code, done.output


def last_difference() -> int:
    with seeing([INSURER]):
        found: int = decisions()[-1]["difference"]
    return found


def test_a_relief_lowers_the_levy_from_the_next_run_and_withdrawn_it_comes_back() -> None:
    run_year()
    relief = ("involuntary_unemployment", "--for", "p1", "--from", "R8.5.1")
    assert kokuho("record", *relief, "--on", "R8.6.1", "--reference", "12")[0] == 0
    assert "known already" in kokuho("record", *relief, "--on", "R8.6.1", "--reference", "12")[1]
    run_changes()
    less = last_difference()
    assert less < 0
    told = json.loads(kokuho("list", "--for", "p1", "--json")[1])["decisions"]
    assert told == [
        {"kind": "involuntary_unemployment", "text": "involuntarily unemployed", "for": "p1",
         "from": "2026-05-01", "until": None, "decided_on": "2026-06-01", "reference": "12"}
    ]  # fmt: skip
    assert kokuho("withdraw", *relief)[0] == 0
    run_changes()
    assert last_difference() == -less
    assert kokuho("list")[1] == ""
    code, text = kokuho("withdraw", *relief)
    assert (code, "has no decision" in text) == (2, True)


def test_a_premium_too_late_to_lower_is_lowered_where_other_insurance_was_adjusted() -> None:
    run_year(2023)
    with telling() as t:
        t.lost("p1", date(2023, 9, 1))
    run_changes()
    with seeing([INSURER]):
        assert [one["code"] for one in pending()] == ["decrease_too_late"]
    assert kokuho("record", "coverage_adjusted", "--for", "h1", "--from", "2023-04-01")[0] == 0
    run_changes()
    with seeing([INSURER]):
        assert pending() == []
    assert last_difference() < 0


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("maternity", "--for", "p1", "--from", "R8.8.1"), "needs months"),
        (("fraud", "--for", "h1", "--from", "R8.8.1", "--months", "4"), "takes no months"),
        (("head_registered", "--for", "h1", "--from", "R8.4.1"), "needs an answer"),
        (("fraud", "--for", "h1", "--from", "R8.8.1", "--amount", "4"), "takes no"),
        (("fraud", "--for", "h9", "--from", "R8.8.1"), "has no household h9"),
        (("former_dependant", "--for", "h1", "--from", "R8.8.1"), "has no resident h1"),
        (("fraud", "--for", "h1", "--from", "R8.8.1", "--until", "R8.8.1"), "not after its first"),
        (("per_capita_exemption", "--for", "p1", "--from", "R8.4.1", "--share", "x"), "percent"),
        (("per_capita_exemption", "--for", "p1", "--from", "R8.4.1", "--share", "120"), "percent"),
        (("fraud", "--for", "h1", "--from", "R8.13.1"), "is not a date"),
    ],
)
def test_what_a_decision_lacks_is_said_and_nothing_is_recorded(
    words: tuple[str, ...], complaint: str
) -> None:
    code, text = kokuho("record", *words)
    assert (code, complaint in text) == (2, True), text
    assert kokuho("list")[1] == ""


def test_a_share_in_percent_is_kept_exactly() -> None:
    share = ("per_capita_exemption", "--for", "p1", "--from", "R8.4.1", "--share", "33.3333%")
    assert kokuho("record", *share)[0] == 0
    told = json.loads(kokuho("list", "--json")[1])["decisions"]
    assert told[0]["share_ppm"] == 333_333
    assert (
        "exemption from part of the per-capita amount (per_capita_exemption)\tp1"
        in (kokuho("list")[1])
    )


def test_every_kind_of_the_command_is_one_of_the_register() -> None:
    from kokuho.cli.decision import Kind

    kinds = {kind.value for kind in Kind}
    assert kinds == {*codes.PERSON_DECISIONS, *codes.HOUSEHOLD_DECISIONS}


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        (("maternity", "--for", "p1", "--months", "4"), {"person_id": "p1", "months": 4}),
        (
            ("per_capita_exemption", "--for", "p1", "--share", "50"),
            {"person_id": "p1", "share": "0.5"},
        ),
        (
            ("head_registered", "--for", "h1", "--answer", "no"),
            {"household_id": "h1", "answer": "no"},
        ),
        (
            ("exemption", "--for", "h1", "--amount", "30000"),
            {"household_id": "h1", "amount": 30000},
        ),
        (("prepayment_excepted", "--for", "h1"), {"household_id": "h1"}),
    ],
)
def test_a_decision_by_command_and_by_file_are_one(
    words: tuple[str, ...], columns: dict[str, str], tmp_path: Path
) -> None:
    assert kokuho("record", *words, "--from", "2026-08-10")[0] == 0
    row = {"insurer_code": INSURER, "kind": words[0], "since": "2026-08-10", **columns}
    pl.DataFrame([row]).write_csv(tmp_path / "d.csv")
    outcome = run("decisions", tmp_path / "d.csv")
    assert (outcome.refusals, set(outcome.counts.values())) == ([], {0})


def test_an_exemption_of_a_household_is_levied_in_full_and_waits_for_a_clerk() -> None:
    run_year()
    assert (
        kokuho("record", "exemption", "--for", "h1", "--from", "2026-06-01", "--share", "50")[0]
        == 0
    )
    with seeing([INSURER]):
        before = len(decisions())
    run_changes()
    with seeing([INSURER]):
        assert [one["code"] for one in pending()] == ["exemption_share"]
        assert len(decisions()) == before
    assert kokuho("withdraw", "exemption", "--for", "h1", "--from", "2026-06-01")[0] == 0
    run_changes()
    with seeing([INSURER]):
        assert pending() == []
