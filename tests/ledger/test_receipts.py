"""Receipts as journals: interest that they fix, suspense, payers, the preview, one and many."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from kokuho.base.errors import LedgerError
from kokuho.ledger.entries import reverse, rows_of
from kokuho.ledger.invariants import violations
from kokuho.ledger.receipts import Receipt, ReceiptRun, frame_of_receipts, receive
from kokuho.ledger.standing import positions
from kokuho.ledger.suspense import held, pay_back
from tests.ledger.town import RATES, RULES, Town, demand

SUMMER = date(2024, 7, 28)


def town(*amounts: int) -> Town:
    """A household with instalments due at the end of July, August, …"""
    made = Town()
    terms = [
        (demand(f"h-{term}", "h", 2024, term, date(2024, 6 + term, 28)), yen)
        for term, yen in enumerate(amounts, start=1)
    ]
    made.assess(terms, date(2024, 6, 15))
    return made


def slip(yen: int, on: date, name: str | None = "h-1", **other: Any) -> Receipt:
    return Receipt("99", other.get("house", "h"), name, yen, on, other.get("payer"), "slip 1")


def preview(books: Town, receipts: list[Receipt], day: date) -> ReceiptRun:
    frame = frame_of_receipts(receipts)
    return receive(books.demands, books.entries, frame, books.voucher(day, "x"), RULES, RATES)


def stands(books: Town, name: str = "h-1") -> dict[str, tuple[int, int, int]]:
    """Component to owed, overpaid and assessed."""
    rows = positions(books.demands, books.entries).filter(pl.col("demand_id") == name)
    return {
        row["component"]: (row["owed"], row["overpaid"], row["assessed"])
        for row in rows.iter_rows(named=True)
    }


def test_a_payment_in_time_pays_the_principal_and_nothing_else() -> None:
    books = town(60_000)
    books.receive([slip(60_000, SUMMER)], SUMMER)
    assert stands(books) == {"principal": (0, 0, 60_000)}
    books.check()


def test_interest_is_fixed_when_a_late_principal_is_paid_and_the_same_receipt_pays_it() -> None:
    books = town(60_000)
    books.receive([slip(63_500, date(2025, 3, 31))], date(2025, 4, 1))
    # 122 yen at 2.4 %, 1,787 and 1,287 yen at 8.7 % in 2024 and 2025: 3,196, cut to 3,100
    assert stands(books) == {"principal": (0, 400, 60_000), "interest": (0, 0, 3_100)}
    books.check()


def test_interest_that_nobody_paid_stays_owed() -> None:
    books = town(60_000)
    books.receive([slip(60_000, date(2025, 3, 31))], date(2025, 4, 1))
    owed, overpaid, assessed = stands(books)["interest"]
    assert owed == assessed > 0
    assert overpaid == 0


def test_interest_waits_until_the_principal_is_paid_in_full() -> None:
    books = town(60_000)
    books.receive([slip(59_999, date(2025, 3, 31))], date(2025, 4, 1))
    assert set(stands(books)) == {"principal"}


def test_interest_comes_before_the_next_instalment_and_may_put_off_its_payment() -> None:
    books = town(60_000, 60_000)
    day = date(2025, 3, 31)
    books.receive([slip(120_000, day, None)], day)
    first, second = stands(books, "h-1"), stands(books, "h-2")
    assert first["interest"][0] == 0
    assert second["principal"][0] == first["interest"][2] > 0
    assert "interest" not in second
    books.check()


def test_a_payment_that_is_registered_late_lowers_the_interest_that_was_fixed() -> None:
    books = town(60_000)
    books.receive([slip(60_000, date(2025, 3, 31))], date(2025, 4, 1))
    assert stands(books)["interest"][2] > 0
    books.receive([slip(60_000, SUMMER)], date(2025, 4, 2))  # paid in time at another bank
    assert stands(books) == {"principal": (0, 60_000, 60_000), "interest": (0, 0, 0)}
    books.check()


def test_a_deferral_is_taken_off_the_interest() -> None:
    books = town(60_000)
    frame = frame_of_receipts([slip(60_000, date(2025, 3, 31))])
    waived = pl.DataFrame(
        {
            "insurer_code": ["99"],
            "demand_id": ["h-1"],
            "from": [date(2024, 8, 1)],
            "until": [date(2025, 3, 31)],
            "relief": ["full"],
        }
    ).cast({"relief": pl.Enum(["none", "half", "full"])})
    day = date(2025, 4, 1)
    run = receive(
        books.demands, books.entries, frame, books.voucher(day, "x"), RULES, RATES, waived
    )
    assert not run.interest.height


def test_somebody_else_may_pay_and_the_debtor_stays_the_debtor() -> None:
    books = town(60_000)
    books.receive([slip(60_000, SUMMER, payer="a daughter")], SUMMER)
    rows = [row for row in rows_of(books.entries) if row.kind == "receive"]
    assert {row.payer for row in rows} == {"a daughter"}
    assert books.demands["debtor"].to_list() == ["head of h"]


def test_the_preview_says_what_becomes_of_each_receipt_before_anything_is_posted() -> None:
    books = town(60_000, 30_000)
    before = books.entries
    run = preview(
        books,
        [slip(65_000, SUMMER), slip(30_000, SUMMER, None), slip(9, SUMMER, None, house=None)],
        SUMMER,
    )
    assert run.lines().select("demand_id", "component", "outcome", "amount").rows() == [
        ("h-1", "principal", "paid", 60_000),
        ("h-1", None, "overpaid", 5_000),
        ("h-2", "principal", "paid", 30_000),
        (None, None, "suspense", 9),
    ]
    assert books.entries is before
    assert run.lines()["receipt"].to_list() == [3, 3, 4, 5]
    assert set(run.entries["number"]) == {3, 4, 5}


def test_receipts_one_by_one_and_all_at_once_give_the_same_balances() -> None:
    receipts = [
        slip(40_000, date(2024, 9, 30)),
        slip(50_000, date(2025, 1, 31), None),
        slip(60_000, date(2025, 1, 31), "h-2"),
        slip(7_000, date(2025, 2, 28), None),
        slip(500, date(2025, 2, 28), "h-1"),
    ]
    day = date(2025, 3, 1)
    together, apart = town(60_000, 60_000), town(60_000, 60_000)
    together.receive(receipts, day)
    for one in receipts:
        apart.receive([one], day)
    together.check()
    apart.check()
    keys = pl.all().exclude("amount")
    assert together.stored.sort(keys).rows() == apart.stored.sort(keys).rows()


def test_a_receipt_does_not_count_after_its_posting_date() -> None:
    with pytest.raises(LedgerError, match="2024-07-29"):
        preview(town(60_000), [slip(1, date(2024, 7, 29))], SUMMER)


def test_money_of_unknown_purpose_waits_in_suspense_and_counts_from_its_own_day() -> None:
    books = town(60_000)
    books.receive([slip(60_000, SUMMER, None, house=None)], SUMMER)
    assert held(books.entries).row(0) == ("99", "slip 1", SUMMER, 60_000)
    assert books.release("h-1", date(2025, 5, 1))
    # received in time, though it was known only months later: no interest
    assert stands(books) == {"principal": (0, 0, 60_000)}
    assert not held(books.entries).height
    books.check()


def test_money_in_suspense_can_go_back_and_no_more_than_is_there() -> None:
    books = town(60_000)
    books.receive([slip(500, SUMMER, None, house=None)], SUMMER)
    assert books.pay_back(date(2024, 8, 1))
    assert not held(books.entries).height
    books.check()
    with pytest.raises(LedgerError, match="slip 1"):
        pay_back(books.entries, frame_of_receipts([slip(1, SUMMER)]), books.voucher(SUMMER, "x"))


def test_what_is_reversed_stands_in_suspense_under_the_source_that_it_was_held_under() -> None:
    books = town(60_000)
    books.receive([slip(500, SUMMER, None, house=None)], SUMMER)
    assert books.release("h-1", SUMMER)
    entries = books.entries
    for kind, left in (("release", [("99", "slip 1", SUMMER, 500)]), ("receive", [])):
        number = entries.filter(pl.col("kind") == kind)["number"].max()
        red = reverse(entries, [number], entries["number"].max() + 1, SUMMER, "red slip")
        entries = pl.concat([entries, red])
        assert held(entries).rows() == left
        assert not violations(entries)


def test_after_closing_an_open_demand_takes_no_receipt_before_it_is_carried_over() -> None:
    books = town(60_000)
    day = date(2025, 6, 2)
    assert not books.receive([slip(60_000, day)], day)
    with pytest.raises(LedgerError, match="2025-05-31"):
        preview(books, [slip(60_000, day)], day)
    books.close(2024)
    assert books.receive([slip(60_000, day)], day)
    books.check()


def test_a_second_payment_after_closing_is_overpaid_in_the_new_years_books() -> None:
    books = town(60_000)
    books.receive([slip(60_000, SUMMER)], SUMMER)
    books.close(2024)
    day = date(2025, 6, 2)
    books.receive([slip(60_000, day)], day)
    last = books.entries.filter(pl.col("account") == "overpaid").row(-1, named=True)
    assert (last["book_year"], last["year_assessed"], last["amount"]) == (2025, 2024, -60_000)
    books.check()
