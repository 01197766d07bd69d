"""Changes (異動更正): what became known since is decided anew, with causes and difference."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kokuho.base.errors import InputError
from kokuho.office.assessment.changes import assess_changes
from kokuho.office.assessment.models import LevyDecision, Pending
from kokuho.office.jobs.runs import Run
from kokuho.office.register.models import Assessment, Elders, Household, HouseholdDecision
from kokuho.office.store.recording import retract
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import (
    Told,
    at,
    ordinance,
    run_changes,
    run_year,
    telling,
    totals,
)
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer


@pytest.fixture(autouse=True)
def _town(store: Store) -> None:
    """Two households, assessed for FY2026 in July."""
    add_insurer()
    with telling() as t:
        t.family("h1", "p1", "p2")
        t.family("h2", "p3")
        for person in ("p1", "p2", "p3"):
            t.income(person, 2026, business=2_430_000)
    run_year()


def decided() -> list[tuple[str, str, str, int, list[dict[str, str]]]]:
    """The decisions after the yearly run: household, payer, reason, difference, causes."""
    with seeing([INSURER]):
        return [
            (
                one.household.household_number,
                one.payer.address_number,
                one.reason,
                one.after - one.before,
                one.causes,
            )
            for one in LevyDecision.objects.order_by("pk")
            if one.recording.reason.endswith("異動更正")
        ]


def changed(told: Any) -> list[tuple[str, str, str, int, list[dict[str, str]]]]:
    """What a run decides after something was told."""
    with telling() as t:
        told(t)
    before, earlier = totals(), len(decided())
    run_changes()
    made = decided()[earlier:]
    now = totals()
    for household, payer, _reason, difference, _causes in made:
        assert now.get((household, payer), 0) - before.get((household, payer), 0) == difference
    assert run_changes().counts.get("decided") is None
    assert totals() == now
    return made


ONE = 140_000 + 30_000 + 50_000 + 52_000 + 6_000 + 1_900  # a person's amounts, none reduced
HOUSE = 20_000  # 平等割


def test_nothing_new_changes_nothing() -> None:
    before = totals()
    assert before == {("h1", "p1"): 2 * ONE + HOUSE, ("h2", "p3"): ONE + HOUSE}
    run = run_changes()
    assert (run.state, run.counts) == (Run.State.DONE, {})
    assert (totals(), decided()) == (before, [])


def test_a_join_is_an_increase() -> None:
    def told(t: Told) -> None:
        t.resident("p4")
        t.insured("p4", date(2026, 10, 3), acquisition_reason="from_abroad")
        t.member("p4", "h2", date(2026, 10, 3))
        t.income("p4", 2026, business=2_430_000)

    [(household, payer, reason, difference, causes)] = changed(told)
    assert (household, payer, reason) == ("h2", "p3", "change")
    assert causes == [{"cause": "joined", "person": "p4", "reason": "from_abroad"}]
    assert 0 <= ONE // 2 - difference < 400  # four parts, each floored to 100 yen


def test_a_new_household_is_assessed_for_the_first_time() -> None:
    def told(t: Told) -> None:
        t.resident("p4")
        t.insured("p4", date(2026, 10, 3))
        t.member("p4", "h9", date(2026, 10, 3))
        t.head("h9", "p4", date(2026, 10, 3))

    [(household, payer, reason, difference, causes)] = changed(told)
    assert (household, payer, reason, causes) == ("h9", "p4", "initial", [])
    assert difference > 0


def test_employees_insurance_joined_long_ago_takes_the_months_back() -> None:
    made = changed(lambda t: t.lost("p2", date(2026, 5, 20)))
    [(_household, _payer, reason, difference, causes)] = made
    assert (reason, causes) == (
        "change", [{"cause": "left", "person": "p2", "reason": "joined_employees"}],
    )  # fmt: skip
    assert 0 <= -difference - ONE * 11 // 12 < 400


def test_a_household_that_was_never_insured_owes_nothing_any_more() -> None:
    made = changed(lambda t: t.lost("p3", date(2026, 4, 1)))
    assert made == [
        ("h2", "p3", "cancelled", -(ONE + HOUSE),
         [{"cause": "left", "person": "p3", "reason": "joined_employees"}]),
    ]  # fmt: skip
    with seeing([INSURER]):
        left = Assessment.objects.known().get(payer=at("p3"))
        assert (left.total, left.reason) == (0, "cancelled")


def test_a_move_inside_the_town_moves_the_months() -> None:
    made = changed(lambda t: t.member("p2", "h2", date(2026, 9, 12)))
    assert [(h, causes) for h, _p, _r, _d, causes in made] == [
        ("h1", [{"cause": "moved_out", "person": "p2"}]),
        ("h2", [{"cause": "moved_in", "person": "p2"}]),
    ]
    assert abs(sum(difference for _h, _p, _r, difference, _c in made)) < 800


def test_a_corrected_income_changes_the_amount() -> None:
    made = changed(lambda t: t.income("p3", 2026, business=1_430_000))
    assert made == [("h2", "p3", "change", -113_000, [{"cause": "income", "person": "p3"}])]


def test_a_declaration_brings_the_reduction() -> None:
    with telling() as t:
        t.family("h7", "p7")
    run_changes()

    def told(t: Told) -> None:
        t.income("p7", 2026)

    made = changed(told)
    assert made[0][4] == [{"cause": "declaration", "person": "p7"}]
    assert made[0][3] == -(21_000 + 14_000 + 7_000 + 8_400 + 1_400)


def test_another_head_pays_from_the_month_of_the_change() -> None:
    made = changed(lambda t: t.head("h1", "p2", date(2026, 8, 20)))
    assert [(payer, reason) for _h, payer, reason, _d, _c in made] == [
        ("p1", "change"), ("p2", "initial"),
    ]  # fmt: skip
    assert made[0][4] == [{"cause": "head", "person": "p2"}]
    with seeing([INSURER]):
        first, second = Assessment.objects.known().filter(payer__address_number__in=("p1", "p2"))
        assert (first.valid_to, second.valid_from) == (date(2026, 8, 1), date(2026, 8, 1))


def test_the_head_died_and_another_pays_from_the_month_of_the_death() -> None:
    def told(t: Told) -> None:
        t.lost("p1", date(2026, 9, 6), "death")
        t.living("p1", until=date(2026, 9, 6), ended_by="death")
        t.head("h1", "p2", date(2026, 9, 6))

    made = changed(told)
    assert [(payer, reason) for _h, payer, reason, _d, _c in made] == [
        ("p1", "change"), ("p2", "initial"),
    ]  # fmt: skip
    assert made[0][4] == [
        {"cause": "left", "person": "p1", "reason": "death"},
        {"cause": "head_died", "person": "p1"},
    ]
    with seeing([INSURER]):
        old = Assessment.objects.known().get(payer=at("p1"))
        assert old.valid_to == date(2026, 9, 1)  # April to August are the dead head's
        new = Assessment.objects.known().get(payer=at("p2"))
        # whoever died in September is in no month of it
        assert 0 <= (ONE + HOUSE) * 7 // 12 - new.total < 400


def test_a_head_corrected_from_the_beginning_leaves_nothing_to_the_other() -> None:
    made = changed(lambda t: t.head("h1", "p2"))
    assert [(payer, reason, difference) for _h, payer, reason, difference, _c in made] == [
        ("p1", "cancelled", -(2 * ONE + HOUSE)), ("p2", "initial", 2 * ONE + HOUSE),
    ]  # fmt: skip
    with seeing([INSURER]):
        gone = LevyDecision.objects.get(reason="cancelled")
        assert (gone.assessment, gone.former is not None) == (None, True)


def test_elders_count_under_another_head_until_a_clerk_has_looked() -> None:
    def elders(t: Told, since: date) -> None:
        house = Household.objects.get(household_number="h1")
        t.say(Elders(household=house, valid_from=since, count=1, specific_from=date(2025, 6, 1)))

    with telling() as t:
        elders(t, date(2025, 6, 1))
    run_changes()
    with seeing([INSURER]):
        assert not Pending.objects.exists()
    with telling() as t:
        t.head("h1", "p2", date(2026, 8, 20))
    run_changes()
    with seeing([INSURER]):
        assert [p.code for p in Pending.objects.all()] == ["elders_of_other_head"]
        assert Assessment.objects.known().filter(payer=at("p2")).exists()
    with telling() as t:
        house = Household.objects.get(household_number="h1")
        retract(t.moment, [Elders(household=house, valid_from=date(2026, 8, 20))])
    run_changes()
    with seeing([INSURER]):
        assert not Pending.objects.exists()


def test_somebody_in_a_facility_elsewhere_pays_alone() -> None:
    """住所地特例: another address, a household of one, and still insured here."""

    def told(t: Told) -> None:
        t.living("p2", until=date(2026, 6, 10), ended_by="moved_out", later_address="架空県隣町")
        t.member("p2", "h8", date(2026, 6, 10))
        t.head("h8", "p2", date(2026, 6, 10))
        t.insured("p2", date(2026, 6, 10), acquisition_reason="other", special_address=True)

    made = changed(told)
    assert [(household, payer) for household, payer, *_rest in made] == [
        ("h1", "p1"), ("h8", "p2"),
    ]  # fmt: skip
    assert 0 <= (ONE + HOUSE) * 10 // 12 - totals()["h8", "p2"] < 400


def test_who_is_insured_elsewhere_and_lives_here_is_not_levied() -> None:
    def told(t: Told) -> None:
        t.resident("p4")
        t.living("p4", date(2026, 6, 1))
        t.member("p4", "h6", date(2026, 6, 1))
        t.head("h6", "p4", date(2026, 6, 1))

    assert changed(told) == []


def test_an_ordinance_that_changed_is_applied_to_everybody() -> None:
    run_changes(ordinances=[ordinance(per_household=26_000)])
    assert [(h, d, c) for h, _p, _r, d, c in decided()] == [
        ("h1", 6_000, [{"cause": "ordinance"}]), ("h2", 6_000, [{"cause": "ordinance"}]),
    ]  # fmt: skip
    run_changes()
    assert len(decided()) == 2


def test_a_household_that_waited_is_assessed_once_it_can_be() -> None:
    with telling() as t:
        t.family("h7", "p7", born="1986-00-00")
    run_changes()
    with seeing([INSURER]):
        assert [p.code for p in Pending.objects.all()] == ["birth_date_open"]
    made = changed(lambda t: t.resident("p7", "1986-08-08"))
    assert [(household, reason) for household, _p, reason, _d, _c in made] == [("h7", "initial")]
    with seeing([INSURER]):
        assert not Pending.objects.exists()


def test_other_years_that_were_assessed_are_changed_too() -> None:
    run_year(2025)
    with telling() as t:
        t.lost("p3", date(2026, 2, 10))
    run_changes()
    assert [(reason, causes[0]["cause"]) for _h, _p, reason, _d, causes in decided()] == [
        ("retroactive", "left"), ("cancelled", "left"),
    ]  # fmt: skip


def test_changes_need_a_year_that_is_assessed(store: Store) -> None:
    add_insurer("992037")
    with pytest.raises(InputError):
        assess_changes("992037", actor="試験")


def test_a_run_that_would_know_less_than_the_last_is_refused() -> None:
    with pytest.raises(InputError, match="2020-01-01"):
        run_changes(as_of=date(2020, 1, 1))
    with pytest.raises(InputError, match="2199"):
        run_changes(as_of=date(2199, 1, 1))


def decide(t: Told, household: str, kind: str) -> None:
    house = Household.objects.get(household_number=household)
    t.say(HouseholdDecision(household=house, kind=kind, valid_from=date(2022, 4, 1)))


@pytest.mark.parametrize(
    ("kind", "income", "decided_on", "code", "last"),
    [
        # 最初の納期 2022-08-01, as 31 July is a Sunday; 2 years for a premium, up and down
        ("premium", 3_430_000, date(2024, 8, 1), None, ""),
        ("premium", 3_430_000, date(2024, 8, 2), "increase_too_late", "2024-08-01"),
        ("premium", 1_430_000, date(2024, 8, 2), "decrease_too_late", "2024-08-01"),
        # 3 years up and 5 years down for the tax
        ("tax", 3_430_000, date(2025, 8, 1), None, ""),
        ("tax", 3_430_000, date(2025, 8, 2), "increase_too_late", "2025-08-01"),
        ("tax", 1_430_000, date(2025, 8, 2), None, ""),
        ("tax", 1_430_000, date(2027, 3, 31), None, ""),
    ],
)
def test_the_law_limits_how_late_a_year_is_changed(
    kind: str, income: int, decided_on: date, code: str | None, last: str
) -> None:
    with telling() as t:
        t.income("p3", 2022, business=2_430_000)
    run_year(2022, ordinance=ordinance(kind).year(2022), decided_on=date(2022, 7, 15))
    before = totals(2022)
    with telling() as t:
        t.income("p3", 2022, business=income)
    run_changes(decided_on)
    if code is None:
        assert totals(2022)["h2", "p3"] != before["h2", "p3"]
        return
    assert totals(2022) == before
    with seeing([INSURER]):
        [waiting] = Pending.objects.filter(code=code)
        assert last in waiting.expected


def test_an_adjustment_of_coverage_lowers_a_premium_later_too() -> None:
    run_year(2022, decided_on=date(2022, 7, 15))
    with telling() as t:
        t.lost("p3", date(2022, 9, 1))
        decide(t, "h2", "coverage_adjusted")
    run_changes(date(2026, 5, 1))
    with seeing([INSURER]):
        assert [d.reason for d in LevyDecision.objects.filter(fiscal_year=2022)][-1] == (
            "retroactive"
        )


def test_who_became_liable_late_has_the_limit_from_that_day() -> None:
    run_year(2022, decided_on=date(2022, 7, 15))

    def join(t: Told) -> None:
        t.resident("p4")
        t.insured("p4", date(2022, 12, 5))
        t.member("p4", "h9", date(2022, 12, 5))
        t.head("h9", "p4", date(2022, 12, 5))

    with telling() as t:
        join(t)
    run_changes(date(2024, 12, 5))
    assert totals(2022)["h9", "p4"] > 0
