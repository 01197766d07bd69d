"""The double entry as one table, and the rows that it makes."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from kokuho.base.errors import LedgerError
from kokuho.ledger.accounts import (
    CASH,
    REVENUE,
    Account,
    Component,
    Kind,
    account_title,
    component_title,
)
from kokuho.ledger.entries import ENTRIES, frame_of, no_entries, reverse, rows_of
from kokuho.ledger.postings import POSTINGS, post
from kokuho.ledger.vouchers import Voucher, headed

VOUCHER = Voucher(7, date(2025, 7, 1), "notice 12")
PLACE = {
    "insurer_code": "99",
    "household_id": "h",
    "demand_id": "h-1",
    "book_year": 2025,
    "year_assessed": 2025,
    "year_meant": 2024,
}


def posting(**amounts: int) -> pl.DataFrame:
    return headed(pl.DataFrame([PLACE | amounts]), VOUCHER)


def test_every_kind_of_journal_has_its_line_in_the_table() -> None:
    assert set(POSTINGS) == set(Kind)


@pytest.mark.parametrize("kind", list(Kind))
def test_no_pair_of_lines_leaves_the_revenue_unbalanced(kind: Kind) -> None:
    """A pair lies in the year's revenue with both lines or with none."""
    for pair in POSTINGS[kind]:
        inside = {pair.debit in REVENUE, pair.credit in REVENUE}
        assert len(inside) == 1, (kind, pair)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_journal_sums_to_zero_in_each_years_books(kind: Kind) -> None:
    amounts = {pair.amount: 100 + place for place, pair in enumerate(POSTINGS[kind])}
    made = post(kind, posting(**amounts))
    assert made.schema == pl.Schema(ENTRIES)
    assert (
        made.group_by("book_year").agg(pl.col("amount").sum())["amount"].to_list()
        == [0] * made["book_year"].n_unique()
    )
    assert made["line"].to_list() == list(range(1, 2 * len(POSTINGS[kind]) + 1))


def test_amounts_of_no_yen_make_no_line() -> None:
    made = post(Kind.RECEIVE, posting(paid=500, over=0))
    assert made["account"].to_list() == ["receipts", "receivable"]
    assert made["amount"].to_list() == [500, -500]
    assert post(Kind.RECEIVE, posting(other=1)).equals(no_entries())


def test_a_row_says_when_it_was_posted_when_it_counts_and_for_which_years() -> None:
    frame = posting(amount=60_000).with_columns(value_on=pl.lit(date(2025, 6, 28)))
    debit, credit = rows_of(post(Kind.ASSESS, frame))
    assert (debit.number, debit.line, credit.line) == (7, 1, 2)
    assert (debit.posted_on, debit.value_on) == (date(2025, 7, 1), date(2025, 6, 28))
    assert (debit.book_year, debit.year_assessed, debit.year_meant) == (2025, 2025, 2024)
    assert (debit.account, credit.account) == (Account.RECEIVABLE, Account.ASSESSED)
    assert debit.component is Component.PRINCIPAL
    assert (debit.source, debit.payer, debit.reverses) == ("notice 12", None, None)


def test_entries_go_through_records_and_back() -> None:
    made = post(Kind.ASSESS, posting(amount=60_000))
    assert frame_of(rows_of(made)).equals(made)


def test_a_reversal_has_the_same_rows_with_the_sign_turned() -> None:
    made = post(Kind.RECEIVE, posting(paid=500, over=20))
    red = reverse(made, [7], 8, date(2025, 8, 1), "bounced")
    assert red["amount"].to_list() == [-yen for yen in made["amount"].to_list()]
    assert red["reverses"].to_list() == [7] * 4
    assert set(red["kind"]) == {"receive"}
    assert set(red["value_on"]) == set(made["value_on"])
    assert red["source"].to_list() == ["bounced"] * 4


@pytest.mark.parametrize(
    ("numbers", "says"), [([9], "9"), ([8], "取消伝票"), ([7], "すでに取り消されています")]
)
def test_a_journal_is_reversed_once_and_a_reversal_never(numbers: list[int], says: str) -> None:
    made = post(Kind.RECEIVE, posting(paid=500))
    both = pl.concat([made, reverse(made, [7], 8, date(2025, 8, 1), "bounced")])
    with pytest.raises(LedgerError, match=says):
        reverse(both, numbers, 10, date(2025, 8, 1), "again")


def test_a_journal_of_closed_books_is_not_reversed() -> None:
    made = post(Kind.RECEIVE, posting(paid=500))
    assert reverse(made, [7], 8, date(2026, 5, 31), "last day").height
    with pytest.raises(LedgerError, match="2026-05-31"):
        reverse(made, [7], 8, date(2026, 6, 1), "too late")


def test_accounts_and_components_have_a_name_for_people() -> None:
    titles = [account_title(one) for one in Account]
    assert len(set(titles)) == len(titles)
    assert [component_title(one) for one in Component] == ["本税(料)", "延滞金", "督促手数料"]
    assert set(CASH) < set(Account)
