"""Interest on a refund (還付加算金), computed from what the books say was paid."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.ledger.interest_on_refunds import Cause, Overpaid, refund_interest
from kokuho.ledger.payments import payments_left
from kokuho.office.ledger.models import RefundRequest

_BEARING = ["overpaid", "refund_payable"]


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
    own = entries.filter(
        (pl.col("demand_id") == request.demand_id) & (pl.col("component") == request.component)
    )
    # interest that an appropriation earned is refunded last, and bears none itself
    bearing = -int(own.filter(pl.col("account").is_in(_BEARING))["amount"].sum())
    overpaid = Overpaid(
        min(request.amount, bearing),
        Cause(request.cause),
        tuple(payments_left(own).select("value_on", "paid").iter_rows()),
        request.happened_on,
        request.objected_on,
    )
    return refund_interest(overpaid, until).total if bearing else 0
