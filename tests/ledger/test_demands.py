"""Demands of the bills as demands of the ledger, record by record and frame by frame."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from kokuho.base.errors import LedgerError
from kokuho.billing import KEY
from kokuho.billing import Demand as Bill
from kokuho.billing import to_frame as frame_of_bills
from kokuho.billing.demand import Channel
from kokuho.ledger import DEMANDS, Voucher, assess, balances, from_bill, from_bills
from kokuho.ledger.demands import Demand, frame_of_demands


def bill(
    house: str = "h1", channel: Channel = "ordinary", term: int = 1, amount: int = 9_000
) -> Bill:
    """A demand of FY2024, levied in the books of FY2025 (過年度): both years show."""
    due = date(2025, 6 + term, 28)
    return Bill("99", house, 2025, 2024, "tax", channel, term, amount, due, "retroactive")


BILLS = (
    bill(term=2, amount=8_000),
    bill(),
    bill(channel="pension", amount=2_000),
    bill("h0", amount=5_000),
)


def given(bills: pl.DataFrame) -> pl.DataFrame:
    """Ids by running number, as a store would give them; the debtor is the head of household."""
    return bills.select(
        *KEY,
        debtor="head of " + pl.col("household_id"),
        demand_id=pl.int_range(1, pl.len() + 1).cast(pl.String),
    )


def test_a_bill_becomes_a_demand_of_the_debtor_who_is_handed_in() -> None:
    assert from_bill(bill(), "17", "somebody") == Demand(
        "17", "99", "h1", "somebody", 2025, 2024, 1, date(2025, 7, 28)
    )


def test_a_frame_of_bills_gives_the_same_demands_as_its_records_and_keeps_the_amounts() -> None:
    bills = frame_of_bills(BILLS)
    found = from_bills(bills, given(bills))
    ids = {row[:-2]: row[-2:] for row in given(bills).select(*KEY, "demand_id", "debtor").rows()}
    records = frame_of_demands(from_bill(one, *ids[one.key]) for one in BILLS)
    assert found.select(*DEMANDS).equals(records)
    assert dict(found.schema) == DEMANDS | {"amount": pl.Int64}
    assert sorted(found["amount"]) == [2_000, 5_000, 8_000, 9_000]


def test_the_same_term_of_two_channels_makes_two_demands() -> None:
    bills = frame_of_bills(BILLS)
    first = from_bills(bills, given(bills)).filter(household_id="h1", term=1)
    assert sorted(first["amount"]) == [2_000, 9_000]
    assert first["demand_id"].n_unique() == 2


def test_bills_are_assessed_as_they_come() -> None:
    bills = frame_of_bills(BILLS)
    found = from_bills(bills, given(bills))
    entries = assess(found, Voucher(1, date(2025, 6, 15), "notice"))
    owed = balances(entries).filter(account="receivable")
    assert dict(owed.select("demand_id", "amount").rows()) == dict(
        found.select("demand_id", "amount").rows()
    )
    assert set(owed["book_year"]) == {2025}


def test_the_key_may_be_handed_in_as_plain_text_and_numbers() -> None:
    bills = frame_of_bills(BILLS)
    plain = given(bills).with_columns(
        pl.col("channel").cast(pl.String), pl.col("term").cast(pl.Int64)
    )
    assert from_bills(bills, plain).equals(from_bills(bills, given(bills)))


def test_no_bills_are_no_demands() -> None:
    assert from_bills(frame_of_bills([]), given(frame_of_bills(BILLS))).is_empty()


@pytest.mark.parametrize("missing", ["demand_id", "debtor", "row"])
def test_a_bill_without_id_or_debtor_is_refused_by_name(missing: str) -> None:
    bills = frame_of_bills(BILLS)
    names = given(bills)
    which = (pl.col("household_id") == "h1") & (pl.col("term") == 2)
    if missing == "row":
        names = names.filter(~which)
    else:
        names = names.with_columns(pl.when(~which).then(missing).alias(missing))
    with pytest.raises(LedgerError, match=r"h1.*2024.*2"):
        from_bills(bills, names)


def test_two_bills_have_not_one_id_and_one_bill_not_two() -> None:
    bills = frame_of_bills(BILLS)
    names = given(bills)
    with pytest.raises(LedgerError):
        from_bills(bills, names.with_columns(demand_id=pl.lit("1")))
    twice = pl.concat([names, names.head(1).with_columns(demand_id=pl.lit("again"))])
    with pytest.raises(LedgerError):
        from_bills(bills, twice)
