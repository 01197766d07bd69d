"""Vouchers (伝票): what the journals of one run have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.ledger.accounts import Component
from kokuho.ledger.entries import ENTRIES
from kokuho.ledger.postings import HEADER


@dataclass(frozen=True, slots=True)
class Voucher:
    """The first free journal number, the posting date (記帳日) and the source of a run.

    The source names the paper, file or decision that the journals come from.
    """

    number: int
    posted_on: date
    source: str

    def after(self, entries: pl.DataFrame) -> Voucher:
        """The same with the first number after those of some entries."""
        last = entries["number"].max()
        if last is None:
            return self
        assert isinstance(last, int)
        return Voucher(last + 1, self.posted_on, self.source)


def headed(frame: pl.DataFrame, voucher: Voucher) -> pl.DataFrame:
    """A posting's frame with the columns that it does not have: one journal a row.

    Value dates are the posting date, and the component is the principal, unless the frame says so.
    """
    missing: dict[str, pl.Expr] = {
        "number": pl.int_range(pl.len(), dtype=pl.Int64) + voucher.number,
        "posted_on": pl.lit(voucher.posted_on),
        "value_on": pl.lit(voucher.posted_on),
        "component": pl.lit(str(Component.PRINCIPAL), ENTRIES["component"]),
        "payer": pl.lit(None, pl.String),
        "source": pl.lit(voucher.source),
    }
    given = {name: pl.lit(None, ENTRIES[name]) for name in HEADER} | missing
    return frame.with_columns(
        expr.alias(name) for name, expr in given.items() if name not in frame.columns
    )
