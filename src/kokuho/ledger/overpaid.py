"""Overpayments (過誤納金): what there is to give back, until when, and what has lapsed (時効).

What is owed to the municipality comes first (充当, 地方税法17条の2第1項); only the rest is given
back.
"""

from __future__ import annotations

from typing import Literal

import polars as pl

from kokuho.billing import claimable_until
from kokuho.ledger.accounts import Account, Kind
from kokuho.ledger.assessments import KEYS
from kokuho.ledger.postings import post
from kokuho.ledger.standing import open_on, positions
from kokuho.ledger.vouchers import Voucher, headed


def overpayments(demands: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """Everything overpaid and not yet refunded: the position, ``arose`` and ``refundable``.

    ``arose`` is the last day on which money became too much; ``refundable`` is yen in all.
    """
    stand = positions(demands, entries).with_columns(refundable=pl.col("overpaid") + pl.col("past"))
    credited = entries.filter(
        pl.col("account").is_in([str(Account.OVERPAID), str(Account.REFUND_PAYABLE)])
        & (pl.col("amount") < 0)
        & (pl.col("kind") != str(Kind.CARRY))
    )
    days = credited.group_by(*KEYS, "component").agg(arose=pl.col("value_on").max())
    return stand.filter(pl.col("refundable") > 0).join(
        days, on=[*KEYS, "component"], maintain_order="left"
    )


def with_limitation(over: pl.DataFrame, kind: Literal["tax", "premium"]) -> pl.DataFrame:
    """Overpayments with ``claimable_until``, the last day on which each can be claimed (時効)."""
    days = {day: claimable_until(day, kind) for day in over["arose"].unique()}
    until = pl.col("arose").replace_strict(days, return_dtype=pl.Date)
    return over.with_columns(claimable_until=until)


def lapse(
    demands: pl.DataFrame,
    entries: pl.DataFrame,
    voucher: Voucher,
    kind: Literal["tax", "premium"],
) -> pl.DataFrame:
    """The entries of refunds whose right has lapsed (時効) by the posting date.

    They are refunds of past years alone: in the books of its year no right lapses.
    """
    stand = open_on(positions(demands, entries), voucher.posted_on)
    old = overpayments(demands, entries).filter(pl.col("past") > 0)
    lapsed = (
        with_limitation(old, kind)
        .filter(pl.col("claimable_until") < voucher.posted_on)
        .select(*KEYS, "component")
    )
    return post(Kind.LAPSE, headed(stand.join(lapsed, on=lapsed.columns, how="semi"), voucher))
