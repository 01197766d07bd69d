"""A prepayment paid at the counter: voluntary, before the due date, no more than is owed."""

from __future__ import annotations

from datetime import date

import pytest

from kokuho.base.errors import BillingError, InputError
from kokuho.office.ledger.bills import post_bills
from kokuho.office.ledger.counter import receive
from kokuho.office.ledger.rules import keep_ordinance
from kokuho.office.ledger.standing import household_books
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.office.billing.town import (
    NOTICE,
    arrive,
    assess,
    bill,
    billed,
    declare,
    ordinance,
    telling,
)
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer

DAY = date(2026, 7, 20)


@pytest.fixture(autouse=True)
def _billed(sqlite: Store) -> None:
    add_insurer()
    with seeing([INSURER], writing=True):
        keep_ordinance(INSURER, ordinance().year(2026))
    with telling() as t:
        arrive(t, "h1", "p1", date(2026, 5, 1))
        declare(t, "p1", 2026)
        t.family("h2", "p2")
    assess()
    bill()


def take(reference: str, house: str = "h1", amount: int | None = None, day: date = DAY) -> int:
    return receive(
        INSURER, house, 2026, reference=reference, amount=amount, day=day, actor="試験"
    ).amount


def owed(house: str = "h1") -> int:
    with seeing([INSURER]):
        assert verify(INSURER) == []
        return household_books(INSURER, house, date(2026, 8, 1)).not_due


def test_a_part_and_then_the_rest_are_receipts_that_are_posted_at_once() -> None:
    post_bills(INSURER, 2026, posted_on=NOTICE, actor="試験")
    [(_channel, _term, whole, _due)] = billed("h1")
    assert take("c1", amount=1_000) == 1_000
    assert owed() == whole - 1_000
    assert take("c2") == whole - 1_000
    assert owed() == 0
    with pytest.raises(InputError):
        take("c3")


def test_what_cannot_be_taken_is_refused_and_nothing_is_recorded() -> None:
    with pytest.raises(InputError, match="ledger post"):
        take("c1")  # not posted yet
    post_bills(INSURER, 2026, posted_on=NOTICE, actor="試験")
    before = owed()
    with pytest.raises(BillingError):
        take("c1", amount=before + 1)
    with pytest.raises(BillingError):
        take("c1", day=date(2026, 9, 1))  # due on 31 August
    with pytest.raises(InputError):
        take("c1", "h2")  # pays in terms
    assert owed() == before
    take("c1", amount=1_000)
    with pytest.raises(InputError, match="c1"):
        take("c1")
