"""Closing, the year's revenue, collection rates, balances on a day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import polars as pl
import pytest

from kokuho.base.errors import LedgerError
from kokuho.ledger.balance import balances, owed_on
from kokuho.ledger.closing import carry_over
from kokuho.ledger.receipts import Receipt
from kokuho.ledger.revenue import collection_rates, rate_by_flag, year_totals
from kokuho.ledger.standing import positions
from tests.ledger.test_receipts import SUMMER, slip, stands, town
from tests.ledger.town import Town, demand


def totals(books: Town, year: int, section: str) -> tuple[int, ...]:
    found = year_totals(books.entries).filter(
        (pl.col("book_year") == year)
        & (pl.col("section") == section)
        & (pl.col("component") == "principal")
    )
    return found.drop("insurer_code", "book_year", "section", "component").row(0)


def closed_town() -> Town:
    """100,000 assessed, 70,000 received, 5,000 overpaid, 10,000 written off, 25,000 open."""
    books = town(60_000, 40_000)
    books.receive([slip(65_000, SUMMER), slip(5_000, SUMMER, "h-2")], SUMMER)
    books.write_off("h-2", "principal", 10_000, date(2025, 3, 1))
    books.close(2024)
    return books


def test_what_is_outstanding_is_assessed_less_received_less_written_off_plus_unrefunded() -> None:
    books = closed_town()
    assessed, received, written_off, unrefunded, outstanding = totals(books, 2024, "current")
    assert (assessed, received, written_off, unrefunded) == (100_000, 70_000, 10_000, 5_000)
    assert outstanding == 25_000 == assessed - received - written_off + unrefunded


def test_a_closed_year_stays_as_it_was_whatever_the_next_year_brings() -> None:
    books = closed_town()
    before = totals(books, 2024, "current")
    books.receive([slip(20_000, date(2025, 7, 1), "h-2")], date(2025, 7, 1))
    books.refund(date(2025, 7, 1))
    books.reassess("h-1", -30_000, date(2025, 8, 1))
    assert totals(books, 2024, "current") == before
    assert totals(books, 2025, "carried") == (25_000, 20_000, 0, 0, 5_000)
    books.check()


def test_books_are_not_carried_over_before_they_close() -> None:
    books = town(60_000)
    with pytest.raises(LedgerError, match="2025-05-31"):
        carry_over(books.demands, books.entries, 2024, books.voucher(date(2025, 5, 31), "x"))
    voucher = books.voucher(date(2025, 6, 1), "x")
    assert carry_over(books.demands, books.entries, 2024, voucher).height == 4


def test_arrears_alone_may_be_carried_over_on_1_april() -> None:
    books = town(60_000)
    books.close(2024)
    books.assess([(demand("h-9", "h", 2025, 9, date(2025, 9, 28)), 9_000)], date(2025, 7, 1))
    day = date(2026, 4, 1)
    made = carry_over(
        books.demands, books.entries, 2025, books.voucher(day, "x"), arrears_alone=True
    )
    assert set(made["demand_id"]) == {"h-1"}
    with pytest.raises(LedgerError, match="2026-03-31"):
        carry_over(
            books.demands,
            books.entries,
            2025,
            books.voucher(date(2026, 3, 31), "x"),
            arrears_alone=True,
        )


def test_what_is_open_is_carried_once_and_its_sum_stays() -> None:
    books = closed_town()
    stand = positions(books.demands, books.entries)
    assert (stand["owed"].sum(), stand["past"].sum()) == (25_000, 5_000)
    again = books.voucher(date(2025, 6, 2), "x")
    assert not carry_over(books.demands, books.entries, 2024, again).height
    books.close(2025)
    books.check()
    stand = positions(books.demands, books.entries)
    assert (stand["owed"].sum(), stand["past"].sum()) == (25_000, 5_000)
    assert set(stand["book_year"]) == {2026}


def test_collection_rates_are_collected_over_assessed_current_and_carried() -> None:
    books = closed_town()
    books.receive([slip(10_000, date(2025, 7, 1), "h-2")], date(2025, 7, 1))
    rates = collection_rates(year_totals(books.entries))
    assert rates["99", 2024, "current"] == Fraction(65_000, 100_000)
    assert rates["99", 2025, "carried"] == Fraction(10_000, 25_000)
    assert rates["99", 2024, "all"] == rates["99", 2024, "current"]
    assert ("99", 2024, "carried") not in rates


def test_the_rate_of_a_group_of_households_is_collected_over_all_that_was_levied() -> None:
    books = Town()
    books.assess(
        [
            (demand("a-1", "a", 2024, 1, SUMMER), 100_000),
            (demand("b-1", "b", 2024, 1, SUMMER), 60_000),
            (demand("c-1", "c", 2024, 1, SUMMER), 40_000),
        ],
        date(2024, 6, 15),
    )
    for name, yen in (("a-1", 94_000), ("b-1", 50_000), ("c-1", 13_000)):
        books.receive([Receipt("99", None, name, yen, SUMMER, None, "slip")], SUMMER)
    flags = pl.DataFrame(
        {
            "insurer_code": ["99"] * 3,
            "household_id": ["a", "b", "c"],
            "foreign_head": [False, True, True],
        }
    )
    found = rate_by_flag(flags, books.entries, "foreign_head", 2024)
    assert found.drop("insurer_code").rows() == [
        (False, 1, 94_000, 100_000, 9_400),
        (True, 2, 63_000, 100_000, 6_300),
    ]
    # a household that nobody flagged is shown as such, and not counted to either side
    part = rate_by_flag(flags.head(2), books.entries, "foreign_head", 2024)
    assert part.filter(pl.col("foreign_head").is_null())["levied"].to_list() == [40_000]


def test_the_rate_is_rounded_half_up() -> None:
    books = town(80_000)
    books.receive([slip(79_996, SUMMER)], SUMMER)
    flags = pl.DataFrame({"insurer_code": ["99"], "household_id": ["h"], "all": [True]})
    assert rate_by_flag(flags, books.entries, "all", 2024)["rate_permyriad"].item() == 10_000


def test_what_was_owed_on_a_day_by_whom_and_since_when() -> None:
    books = town(60_000, 40_000)
    books.receive([slip(10_000, date(2024, 8, 5))], date(2024, 8, 6))
    day = date(2024, 8, 10)
    found = owed_on(books.demands, books.entries, day)
    columns = ("demand_id", "debtor", "owed", "due", "overdue_from", "days")
    assert found.select(columns).rows() == [
        ("h-1", "head of h", 50_000, SUMMER, date(2024, 7, 29), 13),
        ("h-2", "head of h", 40_000, date(2024, 8, 28), None, 0),
    ]


def test_a_day_is_shown_as_it_was_known_then() -> None:
    books = town(60_000)
    # paid on 28 July, and registered on 10 September
    books.receive([slip(60_000, SUMMER)], date(2024, 9, 10))
    august = date(2024, 8, 31)
    assert owed_on(books.demands, books.entries, august)["owed"].to_list() == [60_000]
    known_later = owed_on(books.demands, books.entries, august, known=date(2024, 9, 10))
    assert not known_later.height


def test_a_reversed_journal_counts_for_nothing_on_any_day() -> None:
    books = town(60_000)
    books.receive([slip(60_000, SUMMER)], SUMMER)
    number = books.entries["number"].max()
    assert isinstance(number, int)
    books.reverse(number, date(2024, 9, 1))
    assert stands(books) == {"principal": (60_000, 0, 60_000)}
    assert owed_on(books.demands, books.entries, SUMMER)["owed"].to_list() == []
    later = date(2024, 9, 1)
    assert owed_on(books.demands, books.entries, SUMMER, known=later)["owed"].to_list() == [60_000]
    assert books.entries.height == 2 + 2 + 2


def test_balances_of_all_days_are_the_sums_of_the_entries() -> None:
    books = closed_town()
    found = balances(books.entries)
    assert found["amount"].sum() == 0
    early = balances(books.entries, on=date(2024, 6, 30))
    assert dict(early.group_by("account").agg(pl.col("amount").sum()).iter_rows()) == {
        "receivable": 100_000,
        "assessed": -100_000,
    }
