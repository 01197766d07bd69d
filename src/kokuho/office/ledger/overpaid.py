"""What is overpaid (過誤納) and still to be appropriated or refunded, until when, and to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.ledger import DEMANDS, Account, overpayments
from kokuho.ledger.overpaid import with_limitation
from kokuho.office.billing.departures import Departure
from kokuho.office.ledger.books import open_books
from kokuho.office.ledger.models import Entry
from kokuho.office.ledger.payees import said_of
from kokuho.office.ledger.refunding import waiting
from kokuho.office.ledger.rules import rules_on

_ACCOUNTS = [str(Account.OVERPAID), str(Account.REFUND_PAYABLE)]


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
    rows = Entry.objects.filter(insurer_id=insurer, account__in=_ACCOUNTS)
    concerned = set(rows.values_list("household_id", flat=True).distinct())
    if households is not None:
        concerned &= set(households)
    if not concerned:
        return []
    books = open_books(insurer, pl.Series(sorted(concerned)))
    seen = books.entries.filter(pl.col("value_on") <= on)
    over = overpayments(books.claims.select(*DEMANDS), seen)
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
