"""What is overpaid (過誤納) and still to be appropriated or refunded, until when, and to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from kokuho.ledger import DEMANDS, ENTRIES, Account, overpayments
from kokuho.ledger.overpaid import with_limitation
from kokuho.office.billing.departures import Departure
from kokuho.office.ledger.books import CLAIMS, newest
from kokuho.office.ledger.models import Claim, Entry
from kokuho.office.ledger.payees import said_of
from kokuho.office.ledger.refunding import waiting
from kokuho.office.ledger.rows import among, read
from kokuho.office.ledger.rules import rules_on

_ACCOUNTS = (Account.OVERPAID, Account.REFUND_PAYABLE, Account.INTEREST_PAYABLE)


@dataclass(frozen=True)
class OverpaidDemand:
    """An overpayment of one demand and component.

    Attributes:
        amount: yen that can be appropriated or refunded.
        asked: yen of it for which a refund is asked for already.
        arose: the last day on which money became too much.
        claimable_until: the last day on which the refund can be claimed (時効).
        said: what the debtor said before leaving: account and agent; none: nothing.
    """

    household_id: str
    demand_id: str
    component: str
    debtor: str
    amount: int
    asked: int
    arose: date
    claimable_until: date
    said: Departure | None


def overpaid(
    insurer: str, on: date, households: Iterable[str] | None = None
) -> list[OverpaidDemand]:
    """Everything overpaid, who waits longest first; inside ``seeing``.

    Money that came in by ``on`` counts, as it is known now.

    Args:
        insurer: the code of the insurer.
        on: a day.
        households: numbers of households; all if left out.

    Raises:
        LedgerError: something is overpaid and no ordinance is kept that says whether it is a tax.
    """
    over = positions_overpaid(insurer, households, on)
    if over.is_empty():
        return []
    asked: dict[tuple[str, str], int] = {}
    for one in waiting(insurer):
        key = one.demand_id, one.component
        asked[key] = asked.get(key, 0) + one.amount
    said = said_of(insurer, over["demand_id"])
    dated = with_limitation(over, rules_on(insurer, on).kind)
    return [
        OverpaidDemand(
            household_id=row["household_id"],
            demand_id=row["demand_id"],
            component=str(row["component"]),
            debtor=row["debtor"],
            amount=row["refundable"],
            asked=asked.get((row["demand_id"], str(row["component"])), 0),
            arose=row["arose"],
            claimable_until=row["claimable_until"],
            said=said.get(row["demand_id"]),
        )
        for row in dated.sort("arose", "household_id", "demand_id").iter_rows(named=True)
    ]


def positions_overpaid(
    insurer: str,
    households: Iterable[str] | None = None,
    on: date | None = None,
    known: date | None = None,
) -> pl.DataFrame:
    """The rows of :func:`kokuho.ledger.overpayments`, inside ``seeing``.

    Read from the demands alone of which something is or was overpaid.

    Args:
        insurer: the code of the insurer.
        households: numbers of households; all if left out.
        on: what counts from a later day is left out; nothing is, if no day is given.
        known: likewise what was posted on a later day.
    """
    own, of_it = "TRUE", list[Any]()
    if households is not None:
        own, of_it = among("household_id", pl.Series(list(households), dtype=pl.String))
    marks = ", ".join("%s" for _account in _ACCOUNTS)
    ids = read(
        Entry, {"demand_id": pl.String()}, insurer, f"account IN ({marks}) AND {own}",
        [*map(str, _ACCOUNTS), *of_it],
    )["demand_id"]  # fmt: skip
    where, values = among("demand_id", ids)
    facts = read(Claim, CLAIMS | {"recorded_on": pl.Date()}, insurer, where, values)
    entries = read(Entry, ENTRIES, insurer, where, values, "number, line")
    if on is not None:
        entries = entries.filter(pl.col("value_on") <= on)
    if known is not None:
        entries = entries.filter(pl.col("posted_on") <= known)
    return overpayments(newest(facts).select(*DEMANDS), entries)
