"""Where each demand stands (残高): computed from the entries, never stored beside them.

Rows that were posted or count later than asked for are left out, so that the books can be seen as
they were on any day, and as they were known then.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.base.calendar import fiscal_year_of
from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger.accounts import Account, Component
from kokuho.ledger.demands import DEMANDS, ORDER, demand_columns
from kokuho.ledger.entries import ENTRIES
from kokuho.ledger.rules import settlement_end

_ = translator("ledger")

A = Account
OPEN = ("owed", "overpaid", "past", "earned")
"""The amounts of a position that are still to be paid, by the debtor or to them."""
AMOUNTS = (*OPEN, "assessed", "written_off", "received", "received_past")
"""Columns of a position, in yen.

``owed`` 収入未済, ``overpaid`` 過誤納 in the open books, ``past`` what past years have still to
refund, ``earned`` 還付加算金 of appropriations that is not paid yet, ``assessed`` 調定 in all,
``written_off`` 不納欠損, ``received`` what was received for it in the open books and not overpaid,
``received_past`` the same in closed books.
"""


def seen(entries: pl.DataFrame, on: date | None = None, known: date | None = None) -> pl.DataFrame:
    """The entries that count on a day (value date), as they were known on a day (posting date)."""
    if on is not None:
        entries = entries.filter(pl.col("value_on") <= on)
    if known is not None:
        entries = entries.filter(pl.col("posted_on") <= known)
    return entries


def sum_of(*accounts: Account, sign: int = 1) -> pl.Expr:
    """The sum of the amounts that stand in some accounts."""
    among = pl.col("account").is_in([str(one) for one in accounts])
    return sign * pl.when(among).then("amount").otherwise(0).sum()


def positions(demands: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """One row a demand and component: the demand's columns, ``component, book_year``, amounts.

    ``book_year`` is the year whose books the demand stands in now: those of its assessment, and
    after a carry-over the next ones. A demand without entries has no row.
    """
    by_book = (
        entries.filter(pl.col("demand_id").is_not_null())
        .group_by("insurer_code", "demand_id", "component", "book_year")
        .agg(
            owed=sum_of(A.RECEIVABLE),
            overpaid=sum_of(A.OVERPAID, sign=-1),
            past=sum_of(A.REFUND_PAYABLE, sign=-1),
            earned=sum_of(A.INTEREST_PAYABLE, sign=-1),
            assessed=sum_of(A.ASSESSED, A.PAST_REDUCTION, sign=-1),
            written_off=sum_of(A.WRITTEN_OFF),
            # overpaid amounts are credits, and so leave what was received for the claim itself
            received=sum_of(A.RECEIPTS, A.APPROPRIATION, A.REFUNDS, A.OVERPAID, A.REFUND_OUT),
            reduced_past=sum_of(A.PAST_REDUCTION),
        )
        .with_columns(latest=pl.col("book_year").max().over("insurer_code", "demand_id"))
    )
    open_now = pl.col("book_year") == pl.col("latest")
    here = pl.when(open_now).then("received").otherwise(0).sum()
    summed = by_book.group_by("insurer_code", "demand_id", "component").agg(
        pl.col("latest").first().alias("book_year"),
        *(pl.col(name).sum() for name in (*OPEN, "assessed", "written_off")),
        received=here,
        received_past=pl.col("received").sum() - here - pl.col("reduced_past").sum(),
    )
    return (
        demands.select(demand_columns(demands))
        .join(summed, on=["insurer_code", "demand_id"], maintain_order="left")
        .sort(*ORDER, "component")
    )


def open_on(positions: pl.DataFrame, day: date) -> pl.DataFrame:
    """The positions with the books that a posting of ``day`` goes into.

    A demand that is fully settled in closed books goes into those of ``day``; what it received then
    counts as received in the past.

    Raises:
        LedgerError: a demand is still open in books that are closed: it must be carried over first.
    """
    years = positions["book_year"].unique().to_list()
    closed = [year for year in years if settlement_end(year) < day]
    late = pl.col("book_year").is_in(closed)
    stale = positions.filter(late & pl.any_horizontal(pl.col(OPEN) > 0))
    if stale.height:
        raise LedgerError(
            _(
                "demand {demand} is still open in the books of {year}, which closed on {end}; "
                "carry it over before posting on {day}"
            ).format(
                demand=stale["demand_id"][0],
                year=stale["book_year"][0],
                end=settlement_end(stale["book_year"][0]),
                day=day,
            )
        )
    return positions.with_columns(
        received=pl.when(late).then(0).otherwise("received"),
        received_past=pl.col("received_past") + pl.when(late).then("received").otherwise(0),
        book_year=pl.when(late)
        .then(fiscal_year_of(day))
        .otherwise("book_year")
        .cast(ENTRIES["book_year"]),
    )


def wide(positions: pl.DataFrame) -> pl.DataFrame:
    """One row a demand, ready for allocation: its columns, ``book_year``, one a component."""
    keys = [*DEMANDS, "book_year"]
    owed = [
        pl.when(pl.col("component") == str(name)).then("owed").otherwise(0).sum().alias(str(name))
        for name in Component
    ]
    return (
        positions.group_by(keys, maintain_order=True)
        .agg(owed)
        .with_columns(fixed=pl.lit(0, pl.Int64))
    )
