"""Overpayments (過誤納金): what there is to give back, until when, and what has lapsed (時効).

What is owed to the municipality comes first (充当, 地方税法17条の2第1項); only the rest is given
back.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, cast

import polars as pl

from kokuho.base.calendar import months_after
from kokuho.law import parameter
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


def last_day_to_claim(arose: date, kind: Literal["tax", "premium"]) -> date:
    """The last day on which a refund can be claimed (還付請求権の時効).

    ``arose`` is the day from which it could be claimed; it is not counted (民法140条). A tax has
    five years (地方税法18条の3), a premium two (国民健康保険法110条1項).

    Raises:
        LawError: the law of that day is not known.
    """
    months = cast("int", parameter(f"refund.limitation_{kind}").on(arose).value)
    return months_after(arose, months)


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
    days = {day: last_day_to_claim(day, kind) for day in old["arose"].unique()}
    lapsed = old.filter(
        pl.col("arose").replace_strict(days, return_dtype=pl.Date) < voucher.posted_on
    ).select(*KEYS, "component")
    return post(Kind.LAPSE, headed(stand.join(lapsed, on=lapsed.columns, how="semi"), voucher))
