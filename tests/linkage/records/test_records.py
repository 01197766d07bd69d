"""Collection records: what they say of one demand, and that nothing is lost between the columns."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.errors import LinkageError
from kokuho.linkage.messages.record import CollectionRecord
from kokuho.linkage.policy import load_policy
from kokuho.linkage.records import DemandState, HouseholdState, records_of, spread
from tests.linkage.records.states import (
    BOOKS,
    DAY,
    RULE,
    act,
    agreed,
    demand,
    family,
    one,
    records,
)


def test_a_demand_has_one_record_for_the_debtor_and_each_person_insured_in_its_year() -> None:
    found = records(demand())
    assert [(each.person, each.role) for each in found] == [("1077", "debtor"), ("1078", "insured")]
    assert len({each.key for each in found}) == 2


def test_whoever_left_before_the_year_has_a_record_for_the_years_before() -> None:
    before = demand(year_levied=2025, year_meant=2025, due=date(2025, 9, 30))
    assert [each.person for each in records(before)] == ["1077", "1079"]


def test_the_rule_may_name_the_debtor_alone_or_those_insured_today() -> None:
    alone = RULE.model_copy(update={"roles": ("debtor",)})
    house = {"77": HouseholdState(insured=())}
    assert [each.role for each in records_of([demand()], house, BOOKS, alone)] == ["debtor"]
    today = RULE.model_copy(update={"insured": "as_of"})
    before = demand(year_meant=2025, due=date(2025, 9, 30))
    people = {"77": family()}
    found = [each.person for each in records_of([before], people, BOOKS, today)]
    assert found == ["1077", "1078"]


@pytest.mark.parametrize(
    ("foreign", "has"),
    [
        ({"1077", "1078"}, [("1077", "debtor"), ("1078", "insured")]),
        ({"1078"}, [("1078", "insured")]),  # a head of Japanese nationality
        ({"1077"}, [("1077", "debtor")]),
        (set(), []),
    ],
)
def test_only_foreign_residents_have_a_record_unless_the_table_says_everybody(
    foreign: set[str], has: list[tuple[str, str]]
) -> None:
    books = replace(BOOKS, foreign=frozenset(foreign))
    assert [(each.person, each.role) for each in records(demand(), books=books)] == has
    everybody = RULE.model_copy(update={"only": "everybody"})
    found = records_of([demand()], {"77": family()}, books, everybody)
    assert [each.person for each in found] == ["1077", "1078"]


def test_the_shipped_table_is_assumed_and_leaves_out_whom_no_examination_asks_about() -> None:
    assert load_policy().standing == "assumed"
    assert load_policy().on(DAY).only == "foreign_residents"


def test_what_is_not_due_yet_is_never_overdue() -> None:
    on_the_day = one(demand(due=DAY))
    assert (on_the_day.overdue, on_the_day.later) == (0, 30_000)
    after = one(demand(due=date(2026, 11, 24)))
    assert (after.overdue, after.later) == (30_000, 0)


def test_money_that_arrived_is_shown_beside_what_is_still_unpaid() -> None:
    found = one(demand(), reported={"77/3": 30_000})
    assert (found.reported, found.overdue, found.paid) == (30_000, 30_000, 0)


def test_money_without_a_demand_goes_to_the_oldest_and_never_beyond_what_is_owed() -> None:
    both = [demand(1), demand(2)]
    assert spread(both, {"": 40_000}) == {"77/1": 30_000, "77/2": 10_000}
    assert spread(both, {"77/2": 25_000, "": 90_000}) == {"77/1": 30_000, "77/2": 30_000}
    assert spread([demand(owed=0)], {"77/3": 500}) == {"77/3": 0}


def test_a_lapsed_claim_is_owed_by_nobody() -> None:
    found = one(demand(lapsed_on=date(2026, 10, 1)), reported={"77/3": 5_000})
    assert (found.overdue, found.later, found.reported) == (0, 0, 0)
    assert found.prescribed_on == date(2026, 10, 1)


def test_deferral_suspension_reminder_and_consultation_are_told_by_their_days() -> None:
    acts = (
        act("reminder", date(2026, 10, 10), "77/3"),
        act("reminder", date(2026, 10, 20), "77/4", number=2),
        act("deferral", date(2026, 11, 1), "77/3", number=3, until=date(2027, 1, 31)),
        act("suspension", date(2026, 11, 2), "77/3", number=4, code="hardship"),
        act("consultation", date(2026, 11, 3), number=5),
    )
    found = one(demand(), acts=acts)
    assert (found.deferral, found.deferred_until) == ("deferred", date(2027, 1, 31))
    assert (found.reminded_on, found.consulted_on) == (date(2026, 10, 10), date(2026, 11, 3))
    assert found.suspended_on == date(2026, 11, 2)
    other = one(demand(5, due=date(2026, 11, 10)), acts=acts)
    assert (other.deferral, other.suspended_on, other.reminded_on) == ("none", None, None)


def test_a_deferral_that_has_run_out_is_none() -> None:
    over = act("deferral", date(2026, 9, 1), "77/3", until=date(2026, 11, 24))
    assert one(demand(), acts=(over,)).deferral == "none"


@pytest.mark.parametrize(
    ("paid", "ended", "says"),
    [
        ([(date(2026, 9, 30), 10_000)], "", "kept"),
        ([], "", "broken"),
        ([], "broken", "broken"),
        ([], "replaced", "none"),
    ],
)
def test_an_agreement_is_kept_or_not(paid: list[tuple[date, int]], ended: str, says: str) -> None:
    found = one(demand(), agreements=(agreed(*paid, ended=ended),))
    assert found.agreement == says
    assert found.agreed_until == (None if ended else date(2026, 12, 1))


def test_a_protected_person_is_not_answered_for_automatically() -> None:
    assert one(demand(), protected=True).by_hand
    assert {each.by_hand for each in records(demand(), protected=True)} == {True}
    books = replace(BOOKS, protected=frozenset({"1078"}))
    assert [each.by_hand for each in records(demand(), books=books)] == [False, True]


def test_a_prepaid_demand_says_so() -> None:
    assert one(demand(channel="prepaid")).prepayment
    assert not one(demand()).prepayment


def test_a_day_before_the_first_rule_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LinkageError, match="persons-assumed"):
        load_policy().on(date(2020, 1, 1))
    broken = tmp_path / "persons.yaml"
    broken.write_text("id: x\nstanding: perhaps\n", encoding="utf-8")
    with pytest.raises(LinkageError, match="standing"):
        load_policy(broken)


_YEN = st.integers(0, 90_000)


@st.composite
def _demands(draw: st.DrawFn) -> list[DemandState]:
    made = []
    for term in range(1, draw(st.integers(1, 6)) + 1):
        assessed = draw(_YEN)
        kept = draw(st.integers(0, assessed))
        back = draw(_YEN)
        made.append(
            demand(
                term,
                debtor=draw(st.sampled_from(["1077", "2077"])),
                assessed=assessed,
                paid=kept + back,
                refunded=back,
                owed=assessed - kept,
                due=date(2026, 5 + term, 28),
            )
        )
    return made


@given(_demands(), st.dictionaries(st.sampled_from(["", "77/1", "77/2", "elsewhere"]), _YEN))
def test_the_sums_of_each_debtor_are_those_of_the_ledger(
    demands: list[DemandState], reported: dict[str, int]
) -> None:
    found = records(*demands, reported=reported)
    for debtor in {state.debtor for state in demands}:
        own = [each for each in found if (each.debtor, each.role) == (debtor, "debtor")]
        theirs = [state for state in demands if state.debtor == debtor]
        assert _sum(own, "overdue") + _sum(own, "later") == sum(state.owed for state in theirs)
        assert _sum(own, "paid") - _sum(own, "refunded") == sum(
            state.assessed - state.owed for state in theirs
        )
    by_demand = {each.term: each.reported for each in found}
    assert sum(by_demand.values()) <= sum(reported.values())
    assert all(each.reported <= each.overdue + each.later for each in found)
    assert len({each.key for each in found}) == len(found)


def _sum(found: list[CollectionRecord], name: str) -> int:
    return sum(int(getattr(each, name)) for each in found)


def test_one_debtor_may_owe_the_same_term_in_two_households() -> None:
    moved = demand(household="78", demand="78/3")
    found = list(records_of([demand(), moved], {}, BOOKS, RULE))
    assert len({each.key for each in found}) == 2
