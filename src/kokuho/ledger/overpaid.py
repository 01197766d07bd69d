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

A = Account


def overpayments(demands: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """Everything overpaid and not yet refunded: the position, ``arose`` and ``refundable``.

    ``refundable`` is yen in all, interest that an appropriation earned (``earned``) included.
    ``arose`` is the last day on which money became too much, ``earned_on`` that on which interest
    was earned; where nothing but interest is left, ``arose`` is that day too.
    """
    stand = positions(demands, entries).with_columns(
        refundable=pl.sum_horizontal("overpaid", "past", "earned")
    )
    payable = [str(one) for one in (A.OVERPAID, A.REFUND_PAYABLE, A.INTEREST_PAYABLE)]
    credited = entries.filter(
        pl.col("account").is_in(payable)
        & (pl.col("amount") < 0)
        & (pl.col("kind") != str(Kind.CARRY))
    )
    interest = pl.col("account") == str(A.INTEREST_PAYABLE)
    days = credited.group_by(*KEYS, "component").agg(
        arose=pl.col("value_on").filter(~interest).max(),
        earned_on=pl.col("value_on").filter(interest).max(),
    )
    money = (pl.col("overpaid") + pl.col("past")) > 0
    return (
        stand.filter(pl.col("refundable") > 0)
        .join(days, on=[*KEYS, "component"], maintain_order="left")
        .with_columns(arose=pl.when(money).then("arose").otherwise("earned_on"))
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

    They are refunds of past years and interest of appropriations: of what was overpaid in the books
    of its year no right lapses.
    """
    stand = open_on(positions(demands, entries), voucher.posted_on)
    old = overpayments(demands, entries).filter((pl.col("past") > 0) | (pl.col("earned") > 0))
    lapsed = (
        with_limitation(old, kind)
        .filter(pl.col("claimable_until") < voucher.posted_on)
        .select(*KEYS, "component")
    )
    # interest is younger than what earned it, and lapses after it
    frame = stand.join(lapsed, on=lapsed.columns, how="semi").with_columns(
        earned=pl.when(pl.col("past") > 0).then(0).otherwise("earned")
    )
    return post(Kind.LAPSE, headed(frame, voucher))
