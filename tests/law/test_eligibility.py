"""Who may be insured: each row of the table by an example, and what unknown facts may not do."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from kokuho.base.calendar import parse_date
from kokuho.base.errors import LawError
from kokuho.cli import app
from kokuho.law import Situation, eligibility, table
from kokuho.law.decision import read_table
from kokuho.law.eligibility import facts_of

DAY = date(2026, 6, 1)
TABLE = table("eligibility")

CITIZEN: dict[str, Any] = {
    "birth_date": parse_date("1990-01-01"),
    "cover": "none",
    "address": "here",
    "nationality": "JPN",
    "agreement": "none",
}
STUDENT = CITIZEN | {
    "nationality": "NPL",
    "resident_class": "mid_to_long_term",
    "status": "留学",
    "period_from": date(2025, 4, 1),
    "period_to": date(2027, 6, 30),
}
SHORT = STUDENT | {
    "resident_class": None, "status": "家族滞在",
    "period_from": date(2026, 5, 1), "period_to": date(2026, 8, 1),
}  # fmt: skip
TOURIST = SHORT | {"status": "短期滞在"}
DESIGNATED = STUDENT | {"status": "特定活動"}

EXAMPLES: list[tuple[str, str, dict[str, Any]]] = [
    ("employees", "not_insured", CITIZEN | {"cover": "employees"}),
    ("elders", "not_insured", CITIZEN | {"cover": "elders"}),
    ("union", "not_insured", CITIZEN | {"cover": "union"}),
    ("age", "not_insured", CITIZEN | {"birth_date": parse_date("1951-06-01")}),
    ("assistance", "not_insured", CITIZEN | {"cover": "assistance"}),
    ("elsewhere", "not_insured", CITIZEN | {"address": "elsewhere"}),
    ("special_address", "look", CITIZEN | {"address": "special_elsewhere"}),
    ("special_address", "look", STUDENT | {"address": "special_here"}),
    ("agreement", "not_insured", STUDENT | {"nationality": "USA", "agreement": "medical"}),
    ("short_stay", "not_insured", TOURIST),
    ("short_stay", "not_insured", TOURIST | {"documents": True}),
    ("short_stay", "not_insured", STUDENT | {"status": "外交"}),
    ("medical_stay", "not_insured", DESIGNATED | {"designation": "medical_stay"}),
    ("medical_stay", "not_insured", DESIGNATED | {"designation": "medical_carer"}),
    ("long_tourism", "not_insured", DESIGNATED | {"designation": "long_tourism"}),
    ("long_tourism", "not_insured", DESIGNATED | {"designation": "tourism_spouse"}),
    ("no_status", "not_insured", STUDENT | {"resident_class": "", "status": ""}),
    (
        "expired", "not_insured",
        STUDENT | {"period_to": date(2026, 5, 31), "extension_applied": False},
    ),
    ("cover_other", "look", CITIZEN | {"cover": "unknown"}),
    ("assistance_foreign", "look", STUDENT | {"cover": "assistance"}),
    ("age_unknown", "look", CITIZEN | {"birth_date": parse_date("1951-00-00")}),
    ("age_unknown", "look", CITIZEN | {"birth_date": None}),
    ("address_unknown", "look", CITIZEN | {"address": "unknown"}),
    ("agreement_unknown", "look", STUDENT | {"agreement": "unknown"}),
    ("nationality_unknown", "look", CITIZEN | {"nationality": ""}),
    ("japanese", "insured", CITIZEN),
    ("japanese", "insured", CITIZEN | {"birth_date": parse_date("1951-06-02")}),
    ("japanese", "insured", CITIZEN | {"birth_date": parse_date("1990-00-00")}),
    ("expiry_unknown", "look", STUDENT | {"period_to": date(2026, 5, 31)}),
    (
        "expiry_unknown", "look",
        STUDENT | {"period_to": date(2026, 3, 31), "extension_applied": True},
    ),
    ("status_unknown", "look", STUDENT | {"status": "架空活動"}),
    ("designation_unknown", "look", DESIGNATED),
    ("register_unknown", "look", STUDENT | {"resident_class": None}),
    ("kept_short_stay", "look", TOURIST | {"insured_before": True}),
    ("resident", "insured", STUDENT),
    ("resident", "insured", DESIGNATED | {"designation": "other"}),
    ("resident", "insured", STUDENT | {"status": "特別永住者", "period_to": None}),
    ("resident", "insured", STUDENT | {"status": "", "resident_class": "transitional"}),
    (
        "resident", "insured",
        STUDENT | {"period_to": date(2026, 5, 31), "extension_applied": True},
    ),
    ("kept", "insured", SHORT | {"insured_before": True}),
    ("documents", "insured", SHORT | {"documents": True}),
    ("documents_missing", "look", SHORT),
    ("official", "look", SHORT | {"status": "公用", "documents": True}),
    ("short_period", "not_insured", SHORT | {"documents": False}),
    ("short_period", "not_insured", SHORT | {"status": "留学", "documents": True}),
]  # fmt: skip


@pytest.mark.parametrize(("row", "answer", "known"), EXAMPLES)
def test_an_example_is_decided_by_its_row(row: str, answer: str, known: dict[str, Any]) -> None:
    verdict = eligibility(Situation(**known), DAY)
    assert (verdict.row.id, verdict.answer) == (row, answer)


def test_every_row_of_the_table_has_an_example() -> None:
    assert {row for row, _answer, _known in EXAMPLES} == {row.id for row in TABLE.rows}


def test_every_row_says_why_and_from_where() -> None:
    for row in TABLE.rows:
        assert row.reason
        assert row.article
        assert "http" in row.source
        assert row.note or row.certainty != "unverified"


def test_where_the_law_was_not_read_a_clerk_looks() -> None:
    unverified = {row.id: row for row in TABLE.rows if row.certainty == "unverified"}
    assert {"special_address", "official", "assistance_foreign"} <= set(unverified)
    assert {row.answer for row in unverified.values()} == {"look"}


facts = st.fixed_dictionaries({name: st.sampled_from(known) for name, known in TABLE.facts.items()})


@given(facts)
def test_any_facts_are_decided(known: dict[str, str]) -> None:
    assert TABLE.decide(known, DAY).answer in TABLE.answers


@given(facts, st.integers(0, 2**16))
def test_an_unknown_fact_decides_nothing_that_a_known_one_would_decide_otherwise(
    known: dict[str, str], seed: int
) -> None:
    answer = TABLE.decide(known, DAY).answer
    unknown = [name for name in known if known[name] == "unknown"]
    if answer == "look" or not unknown:
        return
    dice = Random(seed)
    for _ in range(20):
        learned = {name: dice.choice(TABLE.facts[name]) for name in unknown}
        assert TABLE.decide(known | learned, DAY).answer == answer


def test_seventy_five_is_reached_on_the_birthday_and_on_1_march_for_29_february() -> None:
    def age(born: str, day: date) -> str:
        return facts_of(Situation(parse_date(born)), day)["age"]

    assert age("1951-06-02", date(2026, 6, 1)) == "below"
    assert age("1951-06-02", date(2026, 6, 2)) == "reached"
    assert age("1952-02-29", date(2027, 2, 28)) == "below"
    assert age("1952-02-29", date(2027, 3, 1)) == "reached"
    assert age("1951-06-00", date(2026, 6, 1)) == "unknown"
    assert age("1951-06-00", date(2026, 6, 30)) == "reached"
    assert age("1951-06-00", date(2026, 5, 31)) == "below"


@pytest.mark.parametrize(
    ("until", "applied", "expiry"),
    [
        (date(2026, 6, 1), None, "in_time"),
        (date(2026, 5, 31), True, "pending"),
        (date(2026, 4, 1), True, "pending"),
        (date(2026, 3, 31), True, "pending_too_long"),
        (date(2026, 5, 31), False, "expired"),
        (date(2026, 5, 31), None, "unknown"),
        (None, None, "in_time"),
    ],
)
def test_a_stay_goes_on_for_two_months_while_an_application_is_open(
    until: date | None, applied: bool | None, expiry: str
) -> None:
    situation = Situation(None, period_to=until, extension_applied=applied)
    assert facts_of(situation, DAY)["expiry"] == expiry


def test_a_day_outside_of_the_law_that_is_known_is_refused() -> None:
    with pytest.raises(LawError):
        eligibility(Situation(**CITIZEN), date(2030, 1, 1))


def test_facts_that_the_table_does_not_know_are_our_mistake() -> None:
    with pytest.raises(ValueError, match="cover"):
        eligibility(Situation(**CITIZEN | {"cover": "cash"}), DAY)


GOOD = """
covers: {first: 2026-04-01, last: 2027-03-31}
answers: [a, b]
facts: {colour: [red, blue]}
rows:
  - {id: one, when: {colour: [red]}, answer: a, reason: x, article: y, source: s, certainty: read}
"""


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[red]}", "[green]}", "one: colour has no value green"),
        ("{colour: [red]}, answer", "{size: [red]}, answer", "one: size has no value red"),
        ("answer: a", "answer: c", "one: answer c is not one"),
        ("source: s", "source: t", "one: source t is not in the list"),
        ("certainty: read", "certainty: sure", "one: certainty sure"),
        ("article: y, ", "", "missing: article"),
        ("id: one", "id: one, extra: 1", "unknown key: extra"),
        ("id: one", "id: one, last: 2026-03-01", "one: ends before it begins"),
        ("[red]}, ", "red}, ", "a list of names is expected"),
    ],
)
def test_a_broken_table_is_refused_with_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str, said: str
) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")
    path = tmp_path / "colours.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert read_table(path, {"s": "source http"}).decide({"colour": "red"}, DAY).answer == "a"
    with pytest.raises(LawError, match="no row decides"):
        read_table(path, {"s": "source http"}).decide({"colour": "blue"}, DAY)
    path.write_text(GOOD.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(LawError, match=said):
        read_table(path, {"s": "source http"})


def test_a_row_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")
    path = tmp_path / "colours.yaml"
    path.write_text(GOOD + GOOD.strip().splitlines()[-1] + "\n", encoding="utf-8")
    with pytest.raises(LawError, match="same id: one"):
        read_table(path, {"s": "source http"})


def ask(*words: str) -> Any:
    return CliRunner().invoke(app, ["law", "eligibility", *words])


def test_the_command_shows_the_row_that_decides_with_its_certainty() -> None:
    asked = ask("address=special_here", "cover=none", "age=below", "--on", "2026-06-01")
    assert asked.exit_code == 0
    for words in ("担当者の確認が必要: 住所地特例", "116条の2", "未確認", "条文は読んでいない"):
        assert words in asked.stdout
    row = json.loads(ask("cover=employees", "--json").stdout)["rows"][0]
    assert (row["id"], row["answer"], row["certainty"]) == ("employees", "not_insured", "read")


def test_the_command_without_facts_shows_every_row_and_its_certainty() -> None:
    rows = json.loads(ask("--json").stdout)["rows"]
    assert [row["id"] for row in rows] == [row.id for row in TABLE.rows]
    assert ask().stdout.count("確かさ: ") == len(rows)


def test_the_command_refuses_a_fact_that_the_table_does_not_know() -> None:
    asked = ask("cover=cash")
    assert asked.exit_code == 2
    assert "cover=none|employees" in asked.stderr
