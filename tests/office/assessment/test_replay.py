"""Assessments made again from what they kept, whatever has happened since."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kokuho.base.errors import InputError
from kokuho.cli import app
from kokuho.law import for_fiscal_year, kept, registry
from kokuho.law.registry import parameter
from kokuho.office.assessment.documents import (
    inputs_of,
    read_inputs,
    read_ordinance,
    write_inputs,
    write_ordinance,
)
from kokuho.office.assessment.facts import read
from kokuho.office.assessment.frames import gather
from kokuho.office.assessment.models import LevyDecision
from kokuho.office.assessment.replay import find, replay
from kokuho.office.register.models import Assessment, Document, Household
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import ordinance, run_changes, run_year, telling
from tests.office.conftest import INSURER, OTHER, Store
from tests.office.people import add_insurer


@pytest.fixture(autouse=True)
def _town(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_DATABASE", store.url)
    monkeypatch.setenv("KOKUHO_LANG", "en")
    add_insurer()
    with telling() as t:
        t.family("h1", "p1", "p2")
        t.income("p1", 2026, salary_revenue=5_000_000, salary_income=3_560_000)
        t.income("p2", 2026, pension_revenue=0)
    run_year()


def first() -> Assessment:
    found: Assessment | None = Assessment.objects.order_by("pk").first()
    assert found is not None
    return found


def replayed() -> Any:
    with seeing([INSURER]):
        return replay(find(INSURER, first().pk))


def test_nothing_differs_right_after() -> None:
    made = replayed()
    assert made.same
    assert (made.today, made.different, made.parameters) == (made.stored, (), ())


def test_later_facts_do_not_change_what_was_and_are_named() -> None:
    before = replayed().stored
    with telling() as t:
        t.income("p1", 2026, salary_revenue=6_000_000)
        t.lost("p2", date(2026, 8, 8))
    run_changes(ordinances=[ordinance(per_capita=40_000)])
    made = replayed()
    assert (made.same, made.stored) == (True, before)
    assert [(c.cause, c.person) for c in made.different] == [
        ("income", "p1"), ("left", "p2"), ("ordinance", ""),
    ]  # fmt: skip
    with seeing([INSURER]):
        now = Assessment.objects.known().get()
        assert made.today is not None
        assert made.today.total == now.total != before.total
        assert replay(find(INSURER, now.pk)).different == ()


def test_who_counts_with_another_head_today_did_not_move_away() -> None:
    with telling() as t:
        t.living("p1", until=date(2026, 9, 10), ended_by="death")
        t.lost("p1", date(2026, 9, 11), "death")
        t.head("h1", "p2", date(2026, 9, 10))
    run_changes()
    assert [(c.cause, c.person) for c in replayed().different] == [
        ("left", "p1"), ("head_died", "p1"),
    ]  # fmt: skip
    with seeing([INSURER]):
        for one in Assessment.objects.known():
            assert replay(one).different == ()


def test_what_a_clerk_must_look_at_first_is_not_told_as_a_change() -> None:
    with telling() as t:
        t.resident("p1", born="1961-00-00")
    made = replayed()
    assert (made.same, made.today, made.different) == (True, None, ())


def test_law_that_was_corrected_since_does_not_change_what_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = replayed().stored
    cap = parameter("cap.medical")
    other = kept.read_kept(kept.keep(2026).replace(b'"value": 670000', b'"value": 100000'))[
        "cap.medical"
    ]
    assert other != cap
    # as if the package had been corrected
    monkeypatch.setattr(registry, "_future", {"cap.medical": other, "reduction.basic": lowered()})
    monkeypatch.setattr(registry, "_generation", -1)
    assert for_fiscal_year(2026).caps["medical"] == 100_000
    made = replayed()
    assert (made.same, made.stored) == (True, before)
    assert made.parameters == ("cap.medical", "reduction.basic")
    assert made.different[-1].cause == "law"


def lowered() -> Any:
    text = json.loads(kept.keep(2026))
    text["parameters"]["reduction.basic"]["values"][0]["value"] = 1
    return kept.read_kept(json.dumps(text).encode())["reduction.basic"]


def test_another_head_leaves_the_first_nothing_today() -> None:
    with telling() as t:
        t.head("h1", "p2")
    made = replayed()
    assert (made.same, made.today) == (True, None)


def test_documents_are_read_as_they_were_written() -> None:
    with seeing([INSURER]):
        facts = read(2026, list(Household.objects.all()), None)
        [unit] = gather(facts, INSURER, for_fiscal_year(2026)).units
        inputs = inputs_of(unit, 2026)
        document = Document.objects.get(kind="inputs")
        assert bytes(document.content) == write_inputs(inputs)
        again = read_inputs(document)
        assert write_inputs(again) == write_inputs(inputs)
        for one, other in zip(again.frames(), inputs.frames(), strict=True):
            assert one.equals(other)
        assert again.persons[1]["pension_revenue"] == 0  # told, and not the same as untold
        year = ordinance().year(2026)
        assert read_ordinance(Document.objects.get(kind="ordinance")) == year
        assert bytes(Document.objects.get(kind="ordinance").content) == write_ordinance(year)


def test_an_unknown_number_and_another_insurers_are_refused() -> None:
    with seeing([INSURER]):
        number = first().pk
        with pytest.raises(InputError, match="999"):
            find(INSURER, 999)
    add_insurer(OTHER)
    with seeing([OTHER]), pytest.raises(InputError):
        find(OTHER, number)


def command(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["levy", "replay", *words])
    if isinstance(done.exception, InputError):
        return 2, str(done.exception)
    return done.exit_code, done.output


def test_the_command_takes_a_number_where_there_is_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kokuho.office.start.start", lambda: None)  # the store is in use already
    with seeing([INSURER]):
        number, total = first().pk, first().total
    code, text = command(str(number), "--insurer", INSURER)
    assert code == 0
    assert f"made again to the yen: {total:,}" in text
    assert "Nothing that it is made from differs today" in text
    with telling() as t:
        t.income("p1", 2026, salary_revenue=6_000_000)
    code, text = command(str(number), "--insurer", INSURER, "--json")
    told = json.loads(text)
    assert (code, told["same"], told["stored"]["total"]) == (0, True, total)
    assert told["differs_today"] == [{"cause": "income", "person": "p1"}]
    assert told["today"]["total"] > total
    assert command(str(number))[0] == 2
    assert command("999", "--insurer", INSURER)[0] == 2
    monkeypatch.chdir(tmp_path)
    (tmp_path / str(number)).write_text("", encoding="utf-8")
    assert command(str(number), "--insurer", INSURER)[0] != 0  # a file of that name goes first


def test_a_stored_amount_that_does_not_come_out_again_is_found() -> None:
    with seeing([INSURER]):
        assessment = first()
        assessment.total += 1
        assert not replay(assessment).same
        assert LevyDecision.objects.count() == 1
