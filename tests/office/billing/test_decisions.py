"""Decisions about prepayment: who, why, when; what they do to the bills; two clerks at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kokuho.base.errors import InputError
from kokuho.office.billing import decisions, departures, lists, worklist
from kokuho.office.billing.decisions import Decided, DecidedMeanwhileError
from kokuho.office.billing.ordinances import ordinance_of
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import at, run_changes
from tests.office.billing.town import (
    NOTICE,
    arrive,
    assess,
    bill,
    bill_again,
    billed,
    channel,
    declare,
    household,
    ordinance,
    telling,
)
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer

ARRIVED = date(2026, 5, 1)
LATER = date(2026, 8, 20)


@pytest.fixture(autouse=True)
def _insurer(store: Store) -> None:
    add_insurer()


def newcomer(*, declared: bool = True, own: Any = None, **home: Any) -> None:
    with telling() as t:
        arrive(t, "h1", "p1", ARRIVED, **home)
        if declared:
            declare(t, "p1", 2026)
    assess(own=own)


def decide(kind: str, answer: str, seen: int | None = None, person: str = "担当 一号") -> None:
    with seeing([INSURER], writing=True):
        decisions.decide(
            household("h1"),
            ordinance_of(INSURER, 2026),
            kind=kind,
            answer=answer,
            reason="架空の理由",
            person=person,
            decided_on=NOTICE,
            seen=seen,
        )


def state() -> str:
    with seeing([INSURER]):
        [item] = worklist.work(INSURER, 2026).items
    return item.todo


@pytest.mark.parametrize(("answer", "way"), [("subject", "prepaid"), ("not_subject", "ordinary")])
def test_a_person_decides_where_the_facts_do_not(answer: str, way: str) -> None:
    newcomer(from_abroad=None)
    assert (bill().counts["waiting"], state()) == (1, "look_into")
    decide("ruling", answer)
    bill_again(LATER)
    assert channel("h1") == way
    with seeing([INSURER]):
        found = lists.one(household("h1"), 2026)
    assert "担当 一号" in found["grounds"][-1]["text"]
    assert "架空の理由" in found["grounds"][-1]["text"]


def test_a_special_circumstance_leaves_the_terms_and_can_be_withdrawn() -> None:
    newcomer()
    decide("excused", "large_household")
    assert state() == "excused"
    bill()
    assert channel("h1") == "ordinary"
    decide("excused", decisions.WITHDRAWN)
    assert state() == "notify"
    bill_again(LATER)
    rows = billed("h1")
    # the first term was due already, what is left is paid ahead
    assert [row[0] for row in rows] == ["ordinary", "prepaid"]
    with seeing([INSURER]):
        history = decisions.history(household("h1"), 2026)
    assert [row.answer for row in history] == ["withdrawn", "large_household"]


def test_a_special_circumstance_found_after_the_notice_gives_the_terms_back() -> None:
    newcomer()
    bill()
    total = billed("h1")[0][2]
    decide("excused", "large_household")
    bill_again(date(2026, 8, 1))
    rows = billed("h1")
    assert {row[0] for row in rows} == {"ordinary"}
    assert sum(row[2] for row in rows) == total


def test_the_declaration_comes_first_and_both_amounts_are_seen() -> None:
    newcomer(declared=False)
    assert (bill().counts["waiting"], state(), channel("h1")) == (1, "ask_declaration", None)
    with seeing([INSURER]):
        found = lists.one(household("h1"), 2026)
    assert found["declaration_missing"] == ["p1"]
    assert found["amount_undeclared"] > 3 * found["amount_declared"] > 0
    assert found["amount"] == found["amount_undeclared"]
    with telling() as t:
        declare(t, "p1", 2026)
    run_changes(LATER)
    assert state() == "notify"
    bill_again(LATER)
    assert [row[2] for row in billed("h1")] == [found["amount_declared"]]


def test_a_notice_without_a_declaration_is_a_persons_decision() -> None:
    newcomer(declared=False)
    decide("undeclared", "notify")
    bill()
    assert channel("h1") == "prepaid"


def test_the_second_of_two_clerks_is_told_and_nothing_is_recorded() -> None:
    newcomer(from_abroad=None)
    with seeing([INSURER]):
        seen = decisions.of_year(2026, [household("h1").pk]).get(household("h1").pk, Decided()).last
    decide("ruling", "subject", seen=seen)
    with pytest.raises(DecidedMeanwhileError, match="担当 一号"):
        decide("ruling", "not_subject", seen=seen, person="担当 二号")
    with seeing([INSURER]):
        [row] = decisions.history(household("h1"), 2026)
    assert row.answer == "subject"


@pytest.mark.parametrize(
    ("kind", "answer"),
    [("ruling", "perhaps"), ("excused", "unknown_code"), ("excused", "withdrawn"), ("other", "")],
)
def test_answers_that_there_are_not_are_refused(kind: str, answer: str) -> None:
    newcomer()
    with pytest.raises(InputError):
        decide(kind, answer)


def test_a_ruling_gives_way_to_facts_that_became_known() -> None:
    newcomer(from_abroad=None)
    decide("ruling", "subject")
    with telling() as t:
        t.living("p1", date(2020, 1, 1), ARRIVED)
    with seeing([INSURER]):
        assert worklist.one(household("h1"), 2026).found.contradicted  # type: ignore[union-attr]
    bill()
    assert channel("h1") == "ordinary"


def test_an_increase_can_be_prepaid_too() -> None:
    newcomer(own=ordinance(prepayment={"increase": "prepayment"}))
    bill()
    with telling() as t:
        t.resident("p2")
        t.insured("p2", date(2026, 10, 1))
        t.member("p2", "h1", date(2026, 10, 1))
        declare(t, "p2", 2026)
    run_changes(date(2026, 10, 20))
    bill_again(date(2026, 10, 20))
    assert [row[:2] for row in billed("h1")] == [("prepaid", 1), ("prepaid", 2)]


def test_before_departure_the_account_and_for_a_tax_the_agent_are_asked_for() -> None:
    newcomer(own=ordinance("tax"))
    with seeing([INSURER], writing=True):
        year = ordinance_of(INSURER, 2026)
        assert [task.code for task in departures.tasks(year, None)] == [
            "recalculate", "account", "tax_agent",
        ]  # fmt: skip
        departures.ask(
            at("p1"), 2026, account="public", agent="架空 代理", agent_address="架空市架空町2番地",
            asked_on=LATER, person="担当 一号",
        )  # fmt: skip
        said = departures.said([at("p1").pk], 2026)
        left = departures.tasks(year, said[at("p1").pk])
    assert [task.code for task in left] == ["recalculate"]
    with seeing([INSURER], writing=True), pytest.raises(InputError):
        departures.ask(
            at("p1"), 2026, account="", agent="架空 代理", agent_address="",
            asked_on=LATER, person="担当 一号",
        )  # fmt: skip


def test_the_list_is_sorted_by_what_is_urgent_and_counts_everybody() -> None:
    with telling() as t:
        arrive(t, "h1", "p1", ARRIVED)
        declare(t, "p1", 2026)
        arrive(t, "h2", "p2", ARRIVED)
        arrive(t, "h3", "p3", ARRIVED, from_abroad=None)
        t.family("h4", "p4")
    assess()
    with seeing([INSURER]):
        work = worklist.work(INSURER, 2026)
        rows = lists.work_rows(work, work.of(worklist.TO_DO))
    assert [(row["household"], row["state"]) for row in rows] == [
        ("h3", "look_into"), ("h2", "ask_declaration"), ("h1", "notify"),
    ]  # fmt: skip
    assert work.counts == {
        "look_into": 1, "ask_declaration": 1, "notify": 1, "notified": 0, "excused": 0,
        "not_subject": 0,
    }  # fmt: skip
