"""Interest that begins with the reminder: a setting, and a day that each demand brings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest

from kokuho.base.errors import LedgerError
from kokuho.billing import KEY
from kokuho.billing import to_frame as frame_of_bills
from kokuho.ledger import (
    Receipt,
    Voucher,
    assess,
    frame_of_receipts,
    from_bills,
    interest_rule,
    ledger_rules,
    positions,
    receive,
)
from kokuho.ledger.demands import INTEREST_FROM
from tests.billing.conftest import an_ordinance
from tests.ledger import plain
from tests.ledger.test_demands import bill
from tests.ledger.town import PLAIN_RATES, RULES

STARTS, PAID = date(2025, 9, 11), date(2025, 12, 28)


def fixed(starts: date | None, months: int, *, paid: date = PAID, column: bool = True) -> int:
    """Interest on 300,000 yen due on 28 July 2025, by a rule that counts from the reminder."""
    bills = frame_of_bills([bill(amount=300_000)])
    given = bills.select(KEY).with_columns(demand_id=pl.lit("d"), debtor=pl.lit("head"))
    if column:
        given = given.with_columns(pl.lit(starts, pl.Date).alias(INTEREST_FROM))
    demands = from_bills(bills, given)
    rules = replace(RULES, interest=interest_rule(PAID, months, starts="reminder"))
    entries = assess(demands, Voucher(1, date(2025, 6, 15), "notice"))
    slip = frame_of_receipts([Receipt("99", "h1", "d", 300_000, paid, None, "slip")])
    run = receive(demands, entries, slip, Voucher(2, PAID, "slip"), rules)
    stand = positions(demands, pl.concat([entries, run.entries]))
    return int(stand.filter(component="interest")["assessed"].sum())


@pytest.mark.parametrize("months", [0, 1, 3])
def test_days_and_first_band_count_from_the_day_that_the_reminder_gives(months: int) -> None:
    before = STARTS - timedelta(days=1)
    wanted = plain.interest(300_000, before, PAID, PLAIN_RATES, months)
    assert fixed(STARTS, months) == wanted > 0
    assert wanted != plain.interest(300_000, date(2025, 7, 28), PAID, PLAIN_RATES, months)


def test_without_a_reminder_and_before_its_day_there_is_none() -> None:
    assert fixed(None, 0) == 0
    assert fixed(STARTS, 0, paid=STARTS - timedelta(days=1)) == 0


def test_demands_that_do_not_say_it_are_refused() -> None:
    with pytest.raises(LedgerError, match="interest_from"):
        fixed(None, 0, column=False)


def test_the_ordinance_file_chooses_and_the_due_date_is_what_the_law_says() -> None:
    year = an_ordinance()
    stated = {"interest": {"first_band_months": 0, "starts": "reminder"}}
    stated |= {"allocation": {"order": ["principal", "interest", "fee"]}}
    collection = type(year.collection).model_validate(stated)
    rules = ledger_rules(year.model_copy(update={"collection": collection}), PAID)
    assert rules.interest.starts == "reminder"
    assert interest_rule(PAID).starts == "due_date"
