"""Until when a refund can be claimed, what to ask before somebody leaves, and the counter."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.errors import BillingError
from kokuho.billing import (
    Demand,
    before_departure,
    claimable_until,
    pay_at_counter,
    prepaid,
    to_demands,
    yearly,
)
from tests.billing.conftest import amounts_of, an_ordinance, few
from tests.billing.test_instalments import PREPAYMENT


@pytest.mark.parametrize(
    ("day", "kind", "last"),
    [
        (date(2026, 10, 15), "premium", date(2028, 10, 15)),
        (date(2026, 10, 15), "tax", date(2031, 10, 15)),
        (date(2024, 7, 28), "tax", date(2029, 7, 28)),
        (date(2024, 7, 28), "premium", date(2026, 7, 28)),
        (date(2026, 3, 31), "premium", date(2028, 3, 31)),
        # begins on 1 March; the day before the 1 March two years on
        (date(2022, 2, 28), "premium", date(2024, 2, 29)),
        (date(2026, 2, 28), "premium", date(2028, 2, 29)),
        # begins on 29 February, which the last month lacks: it ends with the month (民法143条2項)
        (date(2024, 2, 28), "premium", date(2026, 2, 28)),
        (date(2026, 8, 30), "tax", date(2031, 8, 30)),
    ],
)
def test_a_refund_can_be_claimed_until_the_law_says(day: date, kind: str, last: date) -> None:
    # 国民健康保険法110条1項 (two years), 地方税法18条の3 (five years), 民法140条・143条
    assert claimable_until(day, kind) == last


@few
@given(st.dates(date(2018, 4, 1), date(2027, 3, 30)))
def test_a_later_claim_never_lapses_earlier(day: date) -> None:
    later = claimable_until(day + timedelta(days=1), "premium")
    assert claimable_until(day, "premium") <= later


def codes(
    kind: str, *, account: bool = False, agent: bool = False, rule: str | None = None
) -> list:
    year = an_ordinance(kind, payment_agent=rule)
    return [task.code for task in before_departure(year, account_known=account, agent_named=agent)]


def test_before_departure_the_account_is_asked_for_and_for_a_tax_an_agent() -> None:
    assert codes("tax") == ["recalculate", "account", "tax_agent"]
    assert codes("tax", account=True, agent=True) == ["recalculate"]


def test_for_a_premium_the_municipalitys_own_rules_decide_on_an_agent() -> None:
    assert codes("premium", rule="allowed") == ["recalculate", "account", "agent"]
    assert codes("premium", rule="not_allowed") == ["recalculate", "account"]
    assert codes("premium") == ["recalculate", "account", "agent_unstated"]
    assert codes("premium", rule="allowed", agent=True) == ["recalculate", "account"]


def prepayment() -> Demand:
    year = an_ordinance(prepayment=PREPAYMENT)
    [only] = to_demands(prepaid(amounts_of(16_400), year, date(2026, 9, 25)))
    return only


def test_paying_at_the_counter_is_recorded_as_it_is() -> None:
    paid = pay_at_counter(prepayment(), 16_400, date(2026, 9, 25), "窓口1")
    assert (paid.amount, paid.taken_by) == (16_400, "窓口1")
    assert pay_at_counter(prepayment(), 1, date(2026, 11, 2), "窓口1").amount == 1


@pytest.mark.parametrize(
    ("amount", "day", "words"),
    [
        (16_401, date(2026, 9, 25), "the prepayment is 16,400 yen"),
        (0, date(2026, 9, 25), "the prepayment is 16,400 yen"),
        (16_400, date(2026, 11, 3), "was due on 2026-11-02"),
    ],
)
def test_what_is_no_payment_ahead_is_refused(amount: int, day: date, words: str) -> None:
    with pytest.raises(BillingError, match=words):
        pay_at_counter(prepayment(), amount, day, "窓口1")


def test_an_ordinary_demand_is_not_paid_ahead() -> None:
    [ordinary] = to_demands(yearly(amounts_of(9_000), an_ordinance(months=(7,))))
    with pytest.raises(BillingError, match="Household 1 owes no prepayment"):
        pay_at_counter(ordinary, 9_000, date(2026, 7, 1), "窓口1")
