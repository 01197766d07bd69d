"""The suspense account (仮受): money whose purpose is not known yet, and how it leaves again."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kokuho.base.calendar import fiscal_year_of
from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger.accounts import Account, Kind
from kokuho.ledger.postings import post
from kokuho.ledger.rates import YearRates
from kokuho.ledger.receipts import ReceiptRun, post_receipts
from kokuho.ledger.rules import LedgerRules
from kokuho.ledger.vouchers import Voucher, headed

_ = translator("ledger")


def held(entries: pl.DataFrame) -> pl.DataFrame:
    """What stands in suspense: ``insurer_code, source, value_on, amount``."""
    suspense = entries.filter(pl.col("account") == str(Account.SUSPENSE))
    keys = ("insurer_code", "source")
    return (
        suspense.group_by(keys)
        .agg(value_on=pl.col("value_on").min(), amount=-pl.col("amount").sum())
        .filter(pl.col("amount") != 0)
        .sort(keys)
    )


def release(
    demands: pl.DataFrame,
    entries: pl.DataFrame,
    receipts: pl.DataFrame,
    voucher: Voucher,
    rules: LedgerRules,
    rates: Sequence[YearRates] | None = None,
    deferrals: pl.DataFrame | None = None,
) -> ReceiptRun:
    """Money in suspense whose purpose is now known, posted where it belongs (仮受の振替).

    The receipts carry the source and value date that they were held under, and the demand or
    household that they are for; what still finds no claim stays in suspense.

    Raises:
        LedgerError: more than is held under that source; as :func:`kokuho.ledger.receipts.receive`.
    """
    _check_held(entries, receipts)
    return post_receipts(Kind.RELEASE, demands, entries, receipts, voucher, rules, rates, deferrals)


def pay_back(entries: pl.DataFrame, receipts: pl.DataFrame, voucher: Voucher) -> pl.DataFrame:
    """Money in suspense that goes back to whoever paid it (仮受の返還).

    Raises:
        LedgerError: more than is held under that source.
    """
    _check_held(entries, receipts)
    frame = receipts.select("insurer_code", "payer", "source", released="amount")
    book_year = pl.lit(fiscal_year_of(voucher.posted_on))
    return post(Kind.RETURN, headed(frame.with_columns(book_year=book_year), voucher))


def _check_held(entries: pl.DataFrame, receipts: pl.DataFrame) -> None:
    wanted = receipts.group_by("insurer_code", "source").agg(wanted=pl.col("amount").sum())
    short = wanted.join(held(entries), on=["insurer_code", "source"], how="left").filter(
        pl.col("wanted") > pl.col("amount").fill_null(0)
    )
    if short.height:
        raise LedgerError(
            _("{source}: {amount} yen are more than are held under it").format(
                source=short["source"][0], amount=f"{short['wanted'][0]:,}"
            )
        )
