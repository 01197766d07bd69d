"""Interest on refunds (還付加算金): from when it runs in each case, on what, and by hand."""

from __future__ import annotations

from datetime import date

import pytest

from kokuho.base.errors import LedgerError
from kokuho.ledger.calculation import Deferral
from kokuho.ledger.interest_on_refunds import (
    Cause,
    Overpaid,
    interest_from,
    last_paid_first,
    refund_interest,
    unclaimed_days,
)
from tests.ledger.test_receipts import SUMMER

PAID = ((date(2024, 7, 28), 30_000), (date(2024, 9, 30), 30_000))


@pytest.mark.parametrize(
    ("cause", "happened", "objected", "first"),
    [
        (Cause.ASSESSMENT, None, None, "2024-07-29"),
        (Cause.MISTAKE, None, None, "2024-08-29"),
        (Cause.INCOME_TAX, "2025-03-10", None, "2025-04-11"),
        (Cause.LAW, "2025-03-10", None, "2025-04-11"),
        (Cause.ANNULLED, "2025-03-10", None, "2025-04-11"),
        (Cause.ANNULLED, "2025-03-10", "2024-12-20", "2025-03-21"),
    ],
)
def test_interest_on_a_refund_begins_where_its_case_says(
    cause: Cause, happened: str | None, objected: str | None, first: str
) -> None:
    overpaid = Overpaid(
        1,
        cause,
        PAID,
        date.fromisoformat(happened) if happened else None,
        date.fromisoformat(objected) if objected else None,
    )
    assert interest_from(overpaid, date(2024, 7, 28)) == date.fromisoformat(first)


def test_nobody_earns_interest_on_money_before_it_was_paid() -> None:
    overpaid = Overpaid(1, Cause.LAW, PAID, date(2024, 4, 1))
    assert interest_from(overpaid, date(2024, 9, 30)) == date(2024, 10, 1)


def test_a_case_that_needs_a_day_is_refused_without_it() -> None:
    with pytest.raises(LedgerError):
        interest_from(Overpaid(1, Cause.LAW, PAID), SUMMER)


def test_an_overpayment_consists_of_the_last_payments() -> None:
    assert last_paid_first(PAID, 40_000) == [
        (date(2024, 9, 30), 30_000),
        (date(2024, 7, 28), 10_000),
    ]
    with pytest.raises(LedgerError, match="60,001"):
        last_paid_first(PAID, 60_001)


def test_interest_on_a_refund_by_hand() -> None:
    # 40,500 yen too much: 10,500 of the payment of 28 July, 30,000 of that of 30 September 2025
    payments = ((date(2025, 7, 28), 300_000), (date(2025, 9, 30), 300_000))
    overpaid = Overpaid(405_500, Cause.ASSESSMENT, payments)
    made = refund_interest(overpaid, date(2026, 3, 31))
    assert [(step.days, step.base, step.rate, step.yen) for step in made.steps] == [
        (64, 105_000, 9_000, 105_000 * 9_000 * 64 // 365_000_000),
        (92, 405_000, 9_000, 405_000 * 9_000 * 92 // 365_000_000),
        (90, 405_000, 13_000, 405_000 * 13_000 * 90 // 365_000_000),
    ]
    assert made.sum == 165 + 918 + 1_298
    assert made.total == 2_300


def test_days_on_which_the_debtor_did_not_claim_bear_no_interest() -> None:
    overpaid = Overpaid(300_000, Cause.ASSESSMENT, ((date(2025, 1, 31), 300_000),))
    # told on 1 April; thirty days later is 1 May; claimed on 10 September
    idle = unclaimed_days(date(2025, 4, 1), date(2025, 9, 10), date(2025, 9, 30))
    assert idle == Deferral(date(2025, 5, 2), date(2025, 9, 10), "full")
    made = refund_interest(overpaid, date(2025, 9, 30), without=[idle])
    assert [(step.days, step.relief) for step in made.steps] == [
        (90, "none"),
        (132, "full"),
        (20, "none"),
    ]
    assert unclaimed_days(date(2025, 4, 1), date(2025, 5, 1), date(2025, 9, 30)) is None


def test_a_small_refund_bears_no_interest() -> None:
    overpaid = Overpaid(1_999, Cause.ASSESSMENT, ((date(2020, 1, 31), 5_000),))
    assert refund_interest(overpaid, date(2025, 9, 30)).total == 0
