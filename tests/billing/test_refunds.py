"""Overpayments, until when they can be claimed, and what to ask before somebody leaves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.errors import BillingError
from kokuho.billing import (
    Debt,
    Demand,
    before_departure,
    claimable_until,
    overpayment,
    pay_at_counter,
    prepaid,
    to_demands,
    yearly,
)
from tests.billing.conftest import amounts_of, an_ordinance, few
from tests.billing.test_instalments import PREPAYMENT

FOUND = date(2026, 10, 15)


def demands(*amounts: int) -> tuple[Demand, ...]:
    return to_demands(yearly(amounts_of(*amounts), an_ordinance(months=(7,))))


def test_what_was_paid_beyond_the_schedule_is_set_off_first_and_the_rest_refunded() -> None:
    owed, first, second = demands(9_000, 4_000, 3_000)
    found = overpayment(
        16_400, [owed], [Debt(first, 4_000), Debt(second, 1_000)], kind="premium",
        claimable_from=FOUND,
    )  # fmt: skip
    assert found is not None
    assert [(part.demand, part.amount) for part in found.set_off] == [
        (first, 4_000),
        (second, 1_000),
    ]
    assert (found.amount, found.refund) == (7_400, 2_400)
    assert found.claimable_until == date(2028, 10, 15)


def test_nothing_is_overpaid_that_is_owed() -> None:
    assert overpayment(9_000, demands(9_000), [], kind="tax", claimable_from=FOUND) is None
    assert overpayment(0, demands(9_000), [], kind="tax", claimable_from=FOUND) is None


def test_a_household_that_owes_nothing_any_more_gets_everything_back() -> None:
    found = overpayment(16_400, [], [], kind="tax", claimable_from=FOUND)
    assert found is not None
    assert (found.set_off, found.refund) == ((), 16_400)
    assert found.claimable_until == date(2031, 10, 15)


@few
@given(
    st.integers(0, 500_000), st.integers(0, 500_000), st.lists(st.integers(1, 90_000), max_size=3)
)
def test_no_yen_of_an_overpayment_is_lost(paid: int, owed: int, unpaid: list[int]) -> None:
    debts = [Debt(demands(90_000)[0], amount) for amount in unpaid]
    schedule = demands(owed) if owed else ()
    found = overpayment(paid, schedule, debts, kind="premium", claimable_from=FOUND)
    if paid <= owed:
        assert found is None
        return
    assert found is not None
    set_off = sum(part.amount for part in found.set_off)
    assert set_off + found.refund == found.amount == paid - owed
    assert found.refund == 0 or set_off == sum(unpaid)


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
    with pytest.raises(BillingError, match="Household 1 owes no prepayment"):
        pay_at_counter(demands(9_000)[0], 9_000, date(2026, 7, 1), "窓口1")
