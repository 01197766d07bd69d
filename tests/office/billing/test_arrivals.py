"""The date table of prepayment (docs/billing.md) through register, assessment and billing run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from kokuho.law.registry import holding, parameter, parameters
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import run_changes
from tests.office.billing.town import (
    arrive,
    assess,
    bill,
    bill_again,
    billed,
    channel,
    declare,
    ordinance,
    telling,
)
from tests.office.conftest import Store
from tests.office.people import add_insurer

ARRIVALS = {
    "h1": date(2025, 12, 20),
    "h2": date(2026, 2, 5),
    "h3": date(2026, 4, 10),
    "h4": date(2026, 9, 20),
    "h5": date(2027, 2, 5),
}
MONTHS = {"h1": 12, "h2": 12, "h3": 12, "h4": 7, "h5": 2}
TWO_YEARS = (30_000 + 20_000) * 3 // 10, 10_000 * 3 // 10, (1_800 + 100) * 3 // 10
"""7割軽減 of per-capita and per-household amounts by part, before the months."""


@pytest.fixture(autouse=True)
def _insurer(store: Store) -> None:
    add_insurer()


def arrived(**prepayment: Any) -> Any:
    own = ordinance(prepayment=prepayment)
    with telling() as t:
        for number, (household, on) in enumerate(ARRIVALS.items()):
            arrive(t, household, f"p{number}", on)
            declare(t, f"p{number}", 2026, 2027)
    return own


@contextmanager
def law_goes_on() -> Iterator[None]:
    """The law of the last year that is known, as if it were that of the next one too."""
    longer = {}
    for name in parameters():
        known = parameter(name)
        last = replace(known.values[-1], last=date(2028, 3, 31))
        longer[name] = replace(known, values=(*known.values[:-1], last))
    with holding(longer):
        yield


def levied(months: int) -> int:
    return sum(part * months // 12 // 100 * 100 for part in TWO_YEARS)


@pytest.mark.parametrize("second_year", ["not_subject", "subject"])
def test_the_date_table(second_year: str) -> None:
    own = arrived(second_year=second_year)
    assess(2026, own, date(2027, 2, 20))
    bill(2026, date(2027, 2, 20))
    assert {household: channel(household) for household in ARRIVALS} == {
        "h1": "ordinary", "h2": "prepaid", "h3": "prepaid", "h4": "prepaid", "h5": "prepaid",
    }  # fmt: skip
    for household, months in MONTHS.items():
        assert sum(row[2] for row in billed(household)) == levied(months)
    for household in ("h2", "h3", "h4", "h5"):
        # one due date in place of the terms: the end of the month after the notice
        assert billed(household) == [
            ("prepaid", 1, levied(MONTHS[household]), "2027-03-31"),
        ]
    with law_goes_on():
        assess(2027, own, date(2027, 7, 15))
        bill(2027, date(2027, 7, 15))
    second = "prepaid" if second_year == "subject" else "ordinary"
    assert {household: channel(household, 2027) for household in ARRIVALS} == {
        "h1": "ordinary", "h2": "ordinary", "h3": "ordinary", "h4": "ordinary", "h5": second,
    }  # fmt: skip
    assert len(billed("h5", 2027)) == (1 if second_year == "subject" else 8)


def test_nobody_prepays_where_the_ordinance_has_not_adopted_it() -> None:
    own = arrived(adopted=False)
    assess(2026, own)
    bill(2026, date(2027, 2, 20))
    assert {channel(household) for household in ARRIVALS} == {"ordinary"}


def test_who_has_not_come_yet_on_the_day_of_the_notice_is_billed_by_a_later_run() -> None:
    own = arrived()
    assess(2026, own)
    bill()
    assert [household for household in ARRIVALS if channel(household)] == ["h1", "h2", "h3"]
    bill_again(date(2027, 2, 20))
    assert all(channel(household) for household in ARRIVALS)


def test_nationality_and_status_change_nothing() -> None:
    from kokuho.office.register.models import Stay

    people = {
        "p1": ("JPN", ""), "p2": ("VNM", "留学"), "p3": ("NPL", "家族滞在"), "p4": ("", "永住者"),
    }  # fmt: skip
    with telling() as t:
        for number, (person, (nationality, status)) in enumerate(people.items()):
            arrive(t, f"h{number}", person, date(2026, 5, 1), identity={"nationality": nationality})
            declare(t, person, 2026)
            if status:
                from tests.office.assessment.town import at

                t.say(Stay(resident=at(person), valid_from=date(2026, 5, 1), status=status))
    assess()
    bill()
    assert len({tuple(billed(f"h{number}")) for number in range(len(people))}) == 1
    assert {channel(f"h{number}") for number in range(len(people))} == {"prepaid"}


def test_a_returning_japanese_head_is_subject() -> None:
    with telling() as t:
        t.resident("p1", nationality="JPN")
        t.living("p1", date(2015, 4, 1), date(2024, 3, 1), ended_by="moved_abroad")
        t.living("p1", date(2026, 5, 1), became_resident_on=date(2026, 5, 1), from_abroad=True)
        t.insured("p1", date(2026, 5, 1), acquisition_reason="from_abroad")
        t.member("p1", "h1", date(2026, 5, 1))
        t.head("h1", "p1", date(2026, 5, 1))
        declare(t, "p1", 2026)
    assess()
    bill()
    assert channel("h1") == "prepaid"


def test_a_newcomer_in_the_household_of_a_head_of_long_standing_is_not() -> None:
    with telling() as t:
        t.family("h1", "p1")
        declare(t, "p1", 2026)
        t.resident("p2", nationality="PHL")
        t.living("p2", date(2026, 5, 1), became_resident_on=date(2026, 5, 1), from_abroad=True)
        t.insured("p2", date(2026, 5, 1), acquisition_reason="from_abroad")
        t.member("p2", "h1", date(2026, 5, 1))
        declare(t, "p2", 2026)
    assess()
    bill()
    assert channel("h1") == "ordinary"


def test_a_newly_arrived_head_is_subject_with_members_of_long_standing() -> None:
    with telling() as t:
        t.resident("p2")
        t.living("p2")
        t.insured("p2", date(2026, 5, 1))
        t.member("p2", "h1", date(2026, 5, 1))
        arrive(t, "h1", "p1", date(2026, 5, 1))
        declare(t, "p1", 2026)
        declare(t, "p2", 2026)
    assess()
    bill()
    assert channel("h1") == "prepaid"


@pytest.mark.parametrize(
    ("home", "why"),
    [
        ({"from_abroad": None}, "記録がありません"),
        ({"from_abroad": False}, "国内"),
    ],
)
def test_unknown_history_is_undecided_and_waits(home: dict[str, Any], why: str) -> None:
    from kokuho.office.billing.worklist import work

    with telling() as t:
        arrive(t, "h1", "p1", date(2026, 5, 1), **home)
        declare(t, "p1", 2026)
    assess()
    run = bill()
    assert (run.counts["waiting"], channel("h1")) == (1, None)
    with seeing(["992011"]):
        [item] = work("992011", 2026).items
    assert (item.todo, item.found.standing.status) == ("look_into", "undecided")
    assert why in item.found.standing.grounds[0].text


def test_who_moved_away_within_japan_before_coming_from_abroad_is_undecided() -> None:
    with telling() as t:
        t.resident("p1")
        t.living("p1", date(2015, 4, 1), date(2025, 3, 1), ended_by="moved_out")
        t.living("p1", date(2026, 5, 1), became_resident_on=date(2026, 5, 1), from_abroad=True)
        t.insured("p1", date(2026, 5, 1))
        t.member("p1", "h1", date(2026, 5, 1))
        t.head("h1", "p1", date(2026, 5, 1))
        declare(t, "p1", 2026)
    assess()
    assert bill().counts["waiting"] == 1


def test_the_register_may_have_heard_late_of_a_resident_of_long_standing() -> None:
    with telling() as t:
        arrive(
            t, "h1", "p1", date(2026, 5, 1),
            became_resident_on=date(2019, 4, 1), from_abroad=True,
        )  # fmt: skip
        declare(t, "p1", 2026)
    assess()
    bill()
    assert channel("h1") == "ordinary"


def test_a_prepayment_is_recalculated_when_somebody_joins_or_leaves() -> None:
    with telling() as t:
        arrive(t, "h1", "p1", date(2026, 4, 10))
        declare(t, "p1", 2026)
    assess()
    bill()
    whole = billed("h1")[0][2]
    with telling() as t:
        t.resident("p2")
        t.insured("p2", date(2026, 10, 1))
        t.member("p2", "h1", date(2026, 10, 1))
        declare(t, "p2", 2026)
    run_changes(date(2026, 10, 20))
    bill_again(date(2026, 10, 20))
    rows = billed("h1")
    assert rows[0] == ("prepaid", 1, whole, "2026-08-31")
    # an increase goes to the terms that a notice of 20 October can still use
    assert [row[1] for row in rows[1:]] == [4, 5, 6, 7, 8]
    with telling() as t:
        t.lost("p1", date(2026, 11, 10), reason="moved_abroad")
        t.lost("p2", date(2026, 11, 10), reason="moved_abroad")
    run_changes(date(2026, 11, 25))
    bill_again(date(2026, 11, 25))
    after = billed("h1")
    assert sum(row[2] for row in after) < whole
    assert [row[0] for row in after] == ["prepaid"]
