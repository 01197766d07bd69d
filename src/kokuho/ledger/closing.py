"""Closing a year's books (出納閉鎖) and carrying over what is open (滞納繰越・還付未済)."""

from __future__ import annotations

import polars as pl

from kokuho.base.calendar import last_day_of_year
from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger.accounts import Kind
from kokuho.ledger.postings import post
from kokuho.ledger.rules import settlement_end
from kokuho.ledger.standing import OPEN, positions
from kokuho.ledger.vouchers import Voucher, headed

_ = translator("ledger")


def carry_over(
    demands: pl.DataFrame,
    entries: pl.DataFrame,
    year: int,
    voucher: Voucher,
    *,
    arrears_alone: bool = False,
) -> pl.DataFrame:
    """The entries that carry everything open in a year's books into the next year's.

    Args:
        demands: the demands of the insurer.
        entries: all of their entries.
        year: the fiscal year whose books are closed.
        voucher: number and posting date, after the settlement period (1 June).
        arrears_alone: carry only what had been carried into the year already; some offices do so
            on 1 April, when nothing more can be received for it in the old books.

    Raises:
        LedgerError: the books are not closed yet.
    """
    end = last_day_of_year(year) if arrears_alone else settlement_end(year)
    if voucher.posted_on <= end:
        raise LedgerError(
            _("the books of {year} are open until {end}; nothing is carried over before").format(
                year=year, end=end
            )
        )
    stand = positions(demands, entries).filter(
        (pl.col("book_year") == year) & pl.any_horizontal(pl.col(OPEN) > 0)
    )
    if arrears_alone:
        stand = stand.filter(pl.col("year_assessed") < year)
    return post(Kind.CARRY, headed(stand.rename({"overpaid": "over"}), voucher))
