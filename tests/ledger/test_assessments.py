"""Assessments, their changes, reminder fees, write-offs."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from kokuho.base.errors import LedgerError, OrdinanceError
from kokuho.ledger.assessments import assess
from kokuho.ledger.demands import frame_of_demands
from kokuho.ledger.receipts import Receipt
from kokuho.ledger.rules import ledger_rules, reminder_fee, settlement_end
from kokuho.ledger.standing import positions
from kokuho.ledger.vouchers import Voucher
from kokuho.ordinance import find, load
from tests.ledger.test_receipts import SUMMER, slip, stands, town
from tests.ledger.town import CIVIL, Town, demand

EXAMPLE = "examples/fictional/prepayment.yaml"


def position(books: Town, name: str = "h-1") -> dict[str, int]:
    rows = positions(books.demands, books.entries).filter(
        (pl.col("demand_id") == name) & (pl.col("component") == "principal")
    )
    return rows.row(0, named=True)


def test_a_reduction_takes_what_is_owed_and_then_what_was_received() -> None:
    books = town(60_000)
    books.receive([slip(50_000, SUMMER)], SUMMER)
    assert books.reassess("h-1", -25_000, date(2024, 9, 1))
    assert stands(books) == {"principal": (0, 15_000, 35_000)}
    books.check()


def test_a_reduction_after_closing_is_refunded_out_of_expenditure_and_leaves_the_old_books() -> (
    None
):
    books = town(60_000)
    books.receive([slip(60_000, SUMMER)], SUMMER)
    books.close(2024)
    assert books.reassess("h-1", -20_000, date(2025, 9, 1))
    there = position(books)
    assert (there["past"], there["overpaid"], there["received_past"]) == (20_000, 0, 40_000)
    new = books.entries.filter(pl.col("book_year") == 2025)
    assert new.select("account", "amount").rows() == [
        ("past_reduction", 20_000),
        ("refund_payable", -20_000),
    ]
    # so much and no more was received for it
    assert not books.reassess("h-1", -40_001, date(2025, 9, 2))
    assert books.reassess("h-1", -40_000, date(2025, 9, 2))
    books.check()


def test_a_reduction_of_a_carried_over_demand_uses_this_years_money_before_last_years() -> None:
    books = town(60_000)
    books.receive([slip(30_000, SUMMER)], SUMMER)
    books.close(2024)
    books.receive([slip(20_000, date(2025, 6, 10))], date(2025, 6, 10))
    assert books.reassess("h-1", -45_000, date(2025, 9, 1))
    there = position(books)
    # 10,000 owed, 20,000 received this year, 15,000 received last year
    assert (there["owed"], there["overpaid"], there["past"]) == (0, 20_000, 15_000)
    books.check()


def test_an_increase_is_paid_at_once_by_what_was_overpaid_for_the_same_demand() -> None:
    books = town(60_000)
    books.receive([slip(70_000, SUMMER)], SUMMER)
    books.reassess("h-1", 4_000, date(2024, 9, 1))
    assert stands(books) == {"principal": (0, 6_000, 64_000)}
    settled = books.entries.filter(pl.col("kind") == "settle")
    assert set(settled["value_on"]) == {SUMMER}
    books.check()


def test_an_increase_that_late_money_pays_at_once_bears_interest_on_the_whole() -> None:
    books = town(60_000)
    books.receive([slip(75_000, date(2025, 3, 31))], date(2025, 4, 1))
    before = stands(books)["interest"][2]
    books.reassess("h-1", 10_000, date(2025, 5, 1))
    assert stands(books)["principal"][0] == 0
    assert stands(books)["interest"][2] > before
    books.check()


def test_a_reduction_lowers_interest_that_was_fixed_on_the_higher_amount() -> None:
    books = town(60_000)
    books.receive([slip(63_100, date(2025, 3, 31))], date(2025, 4, 1))
    before = stands(books)["interest"][2]
    books.reassess("h-1", -30_000, date(2025, 5, 1))
    owed, overpaid, assessed = stands(books)["interest"]
    assert (owed, overpaid) == (0, before - assessed)
    assert 0 < assessed < before
    books.check()


def late_and_reduced(books: Town) -> dict[str, tuple[int, int, int]]:
    """60,000 yen paid late without the interest of 3,100, then reduced by half."""
    books.assess([(demand("h-1", "h", 2024, 1, date(2024, 7, 28)), 60_000)], date(2024, 6, 15))
    books.receive([slip(60_000, date(2025, 3, 31))], date(2025, 4, 1))
    assert stands(books)["interest"] == (3_100, 0, 3_100)
    assert books.reassess("h-1", -30_000, date(2025, 5, 1))
    return stands(books)


def test_interest_is_brought_to_what_is_due_before_the_principals_money_pays_it() -> None:
    there = late_and_reduced(Town())
    assert there["interest"] == (0, 0, 1_500)
    assert there["principal"] == (0, 28_500, 30_000)


def test_where_interest_comes_first_the_principals_money_does_not_pay_it_by_itself() -> None:
    there = late_and_reduced(Town(CIVIL))
    assert there["interest"] == (1_500, 0, 1_500)
    assert there["principal"] == (0, 30_000, 30_000)


@pytest.mark.parametrize("change", [-60_001, -100_000])
def test_nothing_is_reduced_below_zero(change: int) -> None:
    books = town(60_000)
    assert not books.reassess("h-1", change, date(2024, 9, 1))
    assert not books.reassess("no such", -1, date(2024, 9, 1))


def test_what_was_written_off_is_not_reduced_again() -> None:
    books = town(60_000)
    books.write_off("h-1", "principal", 60_000, date(2025, 3, 1))
    assert not books.reassess("h-1", -1, date(2025, 3, 2))


def test_a_write_off_is_at_most_what_is_owed_and_can_be_reversed() -> None:
    books = town(60_000)
    books.receive([slip(10_000, SUMMER)], SUMMER)
    assert not books.write_off("h-1", "principal", 50_001, date(2025, 3, 1))
    assert not books.write_off("h-1", "principal", 0, date(2025, 3, 1))
    assert not books.write_off("h-1", "interest", 1, date(2025, 3, 1))
    assert books.write_off("h-1", "principal", 50_000, date(2025, 3, 1))
    books.check()
    assert stands(books)["principal"][0] == 0
    number = books.entries["number"].max()
    assert isinstance(number, int)
    assert books.reverse(number, date(2025, 3, 2))
    assert stands(books)["principal"][0] == 50_000
    books.check()


def test_no_interest_is_fixed_where_some_of_the_principal_was_written_off() -> None:
    books = town(60_000)
    books.write_off("h-1", "principal", 10_000, date(2025, 3, 1))
    books.receive([slip(50_000, date(2025, 3, 31))], date(2025, 4, 1))
    assert set(stands(books)) == {"principal"}
    books.check()


def test_a_reminder_fee_is_a_claim_of_its_own_on_a_demand_that_is_owed() -> None:
    books = town(60_000)
    assert books.charge_fee("h-1", 100, date(2024, 8, 20))
    assert not books.charge_fee("h-1", 0, date(2024, 8, 20))
    books.receive([slip(60_100, date(2024, 7, 28))], date(2024, 8, 21))
    assert stands(books) == {"principal": (0, 0, 60_000), "fee": (0, 0, 100)}
    assert not books.charge_fee("h-1", 100, date(2024, 8, 22))
    books.check()


def test_assessments_that_cannot_be_meant_are_refused() -> None:
    one = demand("h-1", "h", 2024, 1, SUMMER)
    frame = frame_of_demands([one]).with_columns(amount=pl.lit(100))
    voucher = Voucher(1, date(2024, 6, 15), "notice")
    assert assess(frame, voucher).height == 2
    with pytest.raises(LedgerError, match="h-1"):
        assess(frame.with_columns(amount=pl.lit(0)), voucher)
    with pytest.raises(LedgerError):
        assess(pl.concat([frame, frame]), voucher)
    with pytest.raises(LedgerError, match="2025-05-31"):
        assess(frame, Voucher(1, date(2025, 6, 1), "notice"))


def test_year_assessed_and_year_meant_stay_apart() -> None:
    books = Town()
    late = demand("h-1", "h", 2025, 1, date(2025, 7, 28))
    books.assess([(late, 12_000)], date(2025, 6, 15))
    frame = books.demands.with_columns(year_meant=pl.lit(2024, pl.Int32))
    rows = assess(frame.with_columns(amount=pl.lit(1)), Voucher(1, date(2025, 6, 15), "n"))
    assert set(rows["year_assessed"]) == set(rows["book_year"]) == {2025}
    assert set(rows["year_meant"]) == {2024}


def test_the_settlement_period_ends_on_31_may() -> None:
    assert settlement_end(2024) == date(2025, 5, 31)


def test_a_premium_must_state_what_the_law_leaves_open_and_a_tax_its_order() -> None:
    premium = load(EXAMPLE).year(2026)
    rules = ledger_rules(premium, date(2026, 6, 1))
    assert rules.interest.first_band_months == 3
    assert rules.allocation.order == ("principal", "fee", "interest")
    assert reminder_fee(premium) == 0
    tax = find("小金井市").year(2026)
    with pytest.raises(OrdinanceError, match=r"collection\.allocation\.order"):
        ledger_rules(tax, date(2026, 6, 1))
    with pytest.raises(OrdinanceError, match=r"collection\.reminder_fee"):
        reminder_fee(tax)
    silent = premium.model_copy(update={"collection": tax.collection})
    with pytest.raises(OrdinanceError, match=r"first_band_months"):
        ledger_rules(silent, date(2026, 6, 1))
    stated = premium.collection.model_copy(update={"interest": None})
    ordered = tax.model_copy(update={"collection": stated})
    assert ledger_rules(ordered, date(2026, 6, 1)).interest.first_band_months == 1


def test_a_receipt_names_its_household_or_its_demand() -> None:
    books = town(60_000)
    books.receive([Receipt("99", None, "h-1", 60_000, SUMMER, None, "slip")], SUMMER)
    assert stands(books) == {"principal": (0, 0, 60_000)}
