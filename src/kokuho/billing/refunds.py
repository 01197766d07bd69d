"""When less is owed than was paid (過誤納): set off first, refund the rest, and until when.

Sources: set-off before refund 地方税法17条・17条の2 (for premiums 地方自治法231条の3第4項); the
claim lapses after two years for a premium (国民健康保険法110条1項), five for a tax
(地方税法18条の3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from kokuho.base.calendar import months_after
from kokuho.billing.demand import Demand
from kokuho.law import parameter
from kokuho.ordinance.model import Kind


@dataclass(frozen=True)
class Debt:
    """What is unpaid of a demand."""

    demand: Demand
    unpaid: int


@dataclass(frozen=True)
class SetOff:
    """What of an overpayment goes to another demand (充当)."""

    demand: Demand
    amount: int


@dataclass(frozen=True)
class Overpayment:
    """What becomes of an overpayment.

    Attributes:
        amount: yen paid beyond what is owed.
        set_off: what goes to other debts of the same head, in their order.
        refund: yen that are left to be refunded (還付).
        claimable_until: the last day on which the refund can be claimed.
    """

    amount: int
    set_off: tuple[SetOff, ...]
    refund: int
    claimable_until: date


def overpayment(
    paid: int,
    schedule: Sequence[Demand],
    debts: Sequence[Debt],
    *,
    kind: Kind,
    claimable_from: date,
) -> Overpayment | None:
    """What becomes of what was paid beyond a schedule; None if nothing was.

    Args:
        paid: yen that were paid for the schedule.
        schedule: the demands after the change, none where nothing is owed any more.
        debts: other overdue demands of the same head, in the order in which they are to be met.
        kind: ``tax`` or ``premium``; it decides until when a refund can be claimed.
        claimable_from: the day from which it can be claimed.
    """
    left = amount = paid - sum(demand.amount for demand in schedule)
    if amount <= 0:
        return None
    set_off = []
    for debt in debts:
        part = min(left, debt.unpaid)
        if part > 0:
            set_off.append(SetOff(debt.demand, part))
            left -= part
    return Overpayment(amount, tuple(set_off), left, claimable_until(claimable_from, kind))


def claimable_until(claimable_from: date, kind: Kind) -> date:
    """The last day on which a refund can be claimed.

    The first day does not count; the term ends before the day that answers to its beginning, or
    with the month where there is no such day (民法140条, 143条). A prescription that is held up or
    begins anew is not looked at here.
    """
    months = cast("int", parameter(f"refund.limitation_{kind}").on(claimable_from).value)
    return months_after(claimable_from, months)
