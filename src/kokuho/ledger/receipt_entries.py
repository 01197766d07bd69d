"""The entries of allocated receipts."""

from __future__ import annotations

import polars as pl

from kokuho.base.calendar import fiscal_year_of
from kokuho.ledger.accounts import Kind
from kokuho.ledger.allocation import Allocation
from kokuho.ledger.assessments import KEYS
from kokuho.ledger.postings import post
from kokuho.ledger.vouchers import Voucher, headed


def receipt_entries(
    kind: Kind,
    stand: pl.DataFrame,
    receipts: pl.DataFrame,
    allocation: Allocation,
    voucher: Voucher,
) -> pl.DataFrame:
    """The entries of receipts; ``receipt`` is their place from the voucher's number on.

    Of ``RECEIVE`` what found no claim goes into suspense; of ``RELEASE`` what found one leaves it.
    """
    own = receipts.select("receipt", "value_on", "payer", "source")
    numbered = {"number": pl.col("receipt") + voucher.number}
    years = {"book_year": pl.lit(fiscal_year_of(voucher.posted_on))}
    places = stand.select(*KEYS, "household_id", "book_year", "year_assessed", "year_meant")

    def of_demands(lines: pl.DataFrame, amount: str) -> pl.DataFrame:
        return (
            lines.rename({"amount": amount})
            .join(own, on="receipt", maintain_order="left")
            .join(places.unique(KEYS), on=KEYS, maintain_order="left")
            .with_columns(**numbered)
        )

    if kind is Kind.RECEIVE:
        others = allocation.unknown.rename({"amount": "unknown"}).join(
            own, on="receipt", maintain_order="left"
        )
    else:
        rest = allocation.unknown.select("receipt", rest="amount")
        others = (
            receipts.select("receipt", "insurer_code", "amount", "payer", "source")
            .join(rest, on="receipt", how="left", maintain_order="left")
            .with_columns(released=pl.col("amount") - pl.col("rest").fill_null(0))
        )
    frames = (
        of_demands(allocation.paid, "paid"),
        of_demands(allocation.over, "over"),
        others.with_columns(**numbered, **years),
    )
    return post(kind, *(headed(frame, voucher) for frame in frames))
