"""Payers who leave: who is listed, what is still to do, and what they said."""

from __future__ import annotations

from datetime import date

import pytest

from kokuho.base.errors import InputError
from kokuho.office.assessment.changes import assess_changes
from kokuho.office.billing import departures
from kokuho.office.billing.departures import Departing, departing
from kokuho.office.register.models import Residence
from kokuho.office.store.recording import retract
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import Told, at
from tests.office.billing.town import assess, bill, bill_again, declare, ordinance, telling
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer

ON = date(2026, 9, 1)
LEAVES = date(2026, 9, 20)


@pytest.fixture(autouse=True)
def _town(sqlite: Store) -> None:
    add_insurer()
    with telling() as t:
        for number in ("1", "2", "3", "4"):
            t.family(f"h{number}", f"p{number}")
            declare(t, f"p{number}", 2026)
        t.family("h5", "p5", "p6")


def leave(t: Told, person: str, on: date = LEAVES, how: str = "moved_abroad") -> None:
    t.living(person, until=on, ended_by=how, later_address="架空国")
    retract(t.moment, [Residence(resident=at(person), valid_from=on)])


def listed(on: date = ON) -> dict[str, Departing]:
    with seeing([INSURER]):
        return {one.payer.address_number: one for one in departing(INSURER, on)}


def codes(person: str, on: date = ON) -> list[str]:
    return [task.code for task in listed(on)[person].tasks]


def say(person: str, on: date = ON, **said: str) -> None:
    more = {"account": "", "agent": "", "agent_address": "", **said}
    with seeing([INSURER], writing=True):
        departures.ask(at(person), 2026, asked_on=on, person="試験", **more)


def test_who_leaves_is_listed_with_what_is_to_do_until_all_is_done() -> None:
    assess(own=ordinance("tax"))
    bill()
    with telling() as t:
        leave(t, "p1")
    one = listed()["p1"]
    assert (one.household.household_number, one.leaves_on, one.how) == (
        "h1",
        LEAVES,
        "moved_abroad",
    )
    assert (one.staying, one.to, one.fiscal_year, one.said) == (0, "架空国", 2026, None)
    assert codes("p1") == ["loss", "account", "tax_agent"]
    with telling() as t:
        t.lost("p1", date(2026, 9, 21), "moved_out")
    assert codes("p1") == ["recalculate", "account", "tax_agent"]
    assess_changes(INSURER, decided_on=ON, actor="試験")
    assert codes("p1") == ["bill", "account", "tax_agent"]
    bill_again(ON)
    assert codes("p1") == ["account", "tax_agent"]
    say(
        "p1",
        account="given",
        account_text="架空銀行 普通 0000001",
        agent="架空 次郎",
        agent_address="架空市",
    )
    assert codes("p1") == []
    said = listed()["p1"].said
    assert said is not None
    assert said.account_text == "架空銀行 普通 0000001"
    assert listed(date(2026, 10, 1)) == {}


def test_an_agent_is_asked_of_who_leaves_japan_alone_and_nothing_of_who_was_removed() -> None:
    assess(own=ordinance("tax"))
    bill()
    with telling() as t:
        leave(t, "p1", how="moved_out")
        leave(t, "p2", how="removed")
        leave(t, "p3", how="death")
    assert codes("p1") == ["loss", "account"]
    assert codes("p2") == ["loss"]
    assert "p3" not in listed()


def test_who_came_back_or_left_long_ago_is_not_listed() -> None:
    assess()
    with telling() as t:
        leave(t, "p1", date(2026, 6, 1))
        t.living("p1", date(2026, 8, 1))
        leave(t, "p2", date(2025, 3, 31))
    assert listed() == {}


def test_members_who_stay_are_counted_and_a_member_who_leaves_alone_is_no_departure() -> None:
    assess()
    with telling() as t:
        leave(t, "p5")
    assert listed()["p5"].staying == 1
    with telling() as t:
        leave(t, "p6")
    assert listed()["p5"].staying == 0
    assert "p6" not in listed()


def test_what_was_said_before_an_earlier_departure_is_asked_again() -> None:
    assess()
    say("p4", date(2019, 5, 1), account="public")
    with telling() as t:
        leave(t, "p4")
    assert listed()["p4"].said is None
    say("p4", account="public")
    assert "account" not in codes("p4")


def test_nobody_is_listed_before_a_year_is_assessed() -> None:
    with telling() as t:
        leave(t, "p1")
    assert listed() == {}


def test_only_an_account_that_was_given_is_written_down() -> None:
    with pytest.raises(InputError, match=r"account|口座"):
        say("p1", account="public", account_text="架空銀行")
