"""Provisional bills of who pays from a pension (仮徴収), and of who is to pay ahead."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kokuho.base.errors import BillingError
from kokuho.office.billing.pension_file import take
from kokuho.office.billing.pensions import choose_direct_debit
from kokuho.office.billing.provisional import bill_provisionally
from kokuho.office.billing.runs import Wish, bill_year
from kokuho.office.jobs.runs import Run
from kokuho.office.tenancy import seeing
from kokuho.ordinance import Ordinance
from tests.office.assessment.town import totals
from tests.office.billing.test_runs import PENSIONER, pension
from tests.office.billing.town import (
    arrive,
    assess,
    bill,
    billed,
    channel,
    declare,
    household,
    ordinance,
    telling,
)
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer

APRIL = date(2026, 4, 1)
PROVISIONAL = {"provisional": {"terms": 2, "basis": "previous_share"}}


@pytest.fixture(autouse=True)
def _insurer(sqlite: Store) -> None:
    add_insurer()


def facts(person: str, year: int, spring: str = ",,") -> str:
    return f"{INSURER},{person},{year},2000000,300000,yes,10000,{spring}"


def year_before(tmp_path: Path, own: Ordinance, born: str = PENSIONER) -> int:
    """p1 pays from a pension from October 2025 on, p2 in the terms; what p1 pays in February."""
    with telling() as t:
        t.family("h1", "p1", born=born)
        t.family("h2", "p2")
        for person in ("p1", "p2"):
            declare(t, person, 2025, 2026)
    take(pension(tmp_path, facts("p1", 2025)), actor="試験")
    assess(2025, own, date(2025, 7, 15))
    bill(2025, date(2025, 7, 15))
    assert channel("h1", 2025) == "pension"
    return billed("h1", 2025)[-1][2]


def provisionally(own: Ordinance) -> Run:
    return bill_provisionally(INSURER, own.year(2026), APRIL, actor="試験")


def test_a_pension_goes_on_from_april_with_what_it_paid_in_february(tmp_path: Path) -> None:
    own = ordinance()
    february = year_before(tmp_path, own)
    assert provisionally(own).counts["billed"] == 1
    assert [row[:3] for row in billed("h1")] == [("pension", n, february) for n in (1, 2, 3)]
    assert [row[3] for row in billed("h1")] == ["2026-05-11", "2026-07-10", "2026-09-10"]
    assert billed("h2") == []
    take(pension(tmp_path, facts("p1", 2026)), actor="試験")
    assess(2026, own)
    bill()
    rows = billed("h1")
    assert [row[:2] for row in rows] == [("pension", n) for n in range(1, 7)]
    assert [row[2] for row in rows[:3]] == [february] * 3
    assert sum(row[2] for row in rows) == totals(2026)["h1", "p1"]


def test_what_the_payer_of_the_pension_told_counts_more(tmp_path: Path) -> None:
    own = ordinance()
    year_before(tmp_path, own)
    take(pension(tmp_path, facts("p1", 2026, "700,800,900")), actor="試験")
    provisionally(own)
    assert [row[2] for row in billed("h1")] == [700, 800, 900]


def test_with_provisional_terms_a_pension_pays_instead_of_them(tmp_path: Path) -> None:
    own = ordinance(billing=PROVISIONAL)
    year_before(tmp_path, own)
    provisionally(own)
    assert {row[0] for row in billed("h1")} == {"pension"}
    assert {row[0] for row in billed("h2")} == {"ordinary"}


def test_direct_debit_and_the_year_of_75_are_no_pension_any_more(tmp_path: Path) -> None:
    own = ordinance(billing=PROVISIONAL)
    year_before(tmp_path, own, born="1952-03-31")
    with seeing([INSURER], writing=True):
        choose_direct_debit(
            household("h1"), reason="口座振替の申出", person="担当者", decided_on=date(2026, 3, 1)
        )
    provisionally(own)
    assert {row[0] for row in billed("h1")} == {"ordinary"}


def test_who_becomes_75_within_the_year_goes_on_in_the_terms(tmp_path: Path) -> None:
    own = ordinance(billing=PROVISIONAL)
    year_before(tmp_path, own, born="1951-08-01")
    provisionally(own)
    assert {row[0] for row in billed("h1")} == {"ordinary"}


def test_a_pension_that_stops_before_the_levy_keeps_what_it_paid(tmp_path: Path) -> None:
    own = ordinance()
    february = year_before(tmp_path, own)
    provisionally(own)
    with seeing([INSURER], writing=True):
        choose_direct_debit(
            household("h1"), reason="口座振替の申出", person="担当者", decided_on=date(2026, 5, 1)
        )
    take(pension(tmp_path, facts("p1", 2026)), actor="試験")
    assess(2026, own)
    bill_year(INSURER, 2026, Wish(date(2026, 7, 15), date(2026, 8, 1)), actor="試験")
    rows = billed("h1")
    assert [row[:3] for row in rows if row[0] == "pension"] == [
        ("pension", 1, february),
        ("pension", 2, february),
    ]
    assert sum(row[2] for row in rows) == totals(2026)["h1", "p1"]


def test_who_is_to_pay_ahead_has_no_provisional_terms() -> None:
    own = ordinance(billing=PROVISIONAL)
    with telling() as t:
        arrive(t, "h1", "p1", date(2026, 2, 5))
        declare(t, "p1", 2025, 2026)
        t.family("h2", "p2")
        declare(t, "p2", 2025)
    assess(2025, own, date(2026, 3, 1))
    bill(2025, date(2026, 3, 1))
    provisionally(own)
    assert billed("h1") == []
    assert {row[0] for row in billed("h2")} == {"ordinary"}


def test_without_provisional_terms_and_pensions_the_missing_setting_is_named() -> None:
    own = ordinance()
    with telling() as t:
        t.family("h1", "p1")
    assess(2025, own, date(2025, 7, 15))
    bill(2025, date(2025, 7, 15))
    with pytest.raises(BillingError, match=r"billing\.provisional"):
        provisionally(own)
