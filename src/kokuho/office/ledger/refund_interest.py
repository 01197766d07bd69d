"""Interest on a refund (還付加算金), computed from what the books say was paid."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.ledger.interest_on_refunds import Cause, Overpaid, refund_interest
from kokuho.office.ledger.models import RefundRequest


def interest_of(request: RefundRequest, entries: pl.DataFrame, until: date) -> int:
    """Interest on a refund in yen, until the day on which its payment is ordered.

    Args:
        request: the refund.
        entries: those of the household.
        until: the day of the order (支出を決定した日).

    Raises:
        LedgerError: a day that the cause needs is missing.
        LawError: the rate of a year is not known.
    """
    overpaid = Overpaid(
        request.amount,
        Cause(request.cause),
        tuple(payments(entries, request.demand_id, request.component)),
        request.happened_on,
        request.objected_on,
    )
    return refund_interest(overpaid, until).total


def payments(entries: pl.DataFrame, demand_id: str, component: str) -> list[tuple[date, int]]:
    """What was paid for a demand and is not given back, by day; the last payments go back first.

    Reversed payments are none; refunds and appropriations to other demands take from the last
    (17条の4第3項).
    """
    own = entries.filter((pl.col("demand_id") == demand_id) & (pl.col("component") == component))
    money = pl.col("account").is_in(["receipts", "appropriation"])
    coming = pl.col("kind").is_in(["receive", "release"]) | (pl.col("amount") > 0)
    undone = pl.col("kind") == "reverse"
    came = own.filter(money & (coming | undone)).group_by("value_on").agg(pl.col("amount").sum())
    back = int(own.filter(money & ~(coming | undone))["amount"].sum())
    back += int(own.filter(pl.col("account") == "refunds")["amount"].sum())
    past = own.filter(
        (pl.col("account") == "refund_payable")
        & pl.col("kind").is_in(["refund", "appropriate"])
        & (pl.col("amount") > 0)
    )
    gone = int(past["amount"].sum()) - back
    left = []
    for day, yen in came.filter(pl.col("amount") > 0).sort("value_on", descending=True).iter_rows():
        taken = min(gone, yen)
        gone -= taken
        if yen > taken:
            left.append((day, yen - taken))
    return left[::-1]
