"""Paying a prepayment at the counter when enrolling: encouraged, and voluntary.

The duty to pay attaches to the prepayment's due date alone (厚生労働省 部局長会議(保険局) p.49);
who does not pay at the counter is not late, and nothing follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kokuho.base.errors import BillingError
from kokuho.base.messages import translator
from kokuho.billing.demand import Demand

_ = translator("billing")


@dataclass(frozen=True)
class CounterPayment:
    """A payment at the counter before the due date, of a prepayment, of one's own will (任意)."""

    demand: Demand
    amount: int
    day: date
    taken_by: str


def pay_at_counter(demand: Demand, amount: int, day: date, taken_by: str) -> CounterPayment:
    """Record a payment at the counter; a ledger posts it like any other receipt.

    Raises:
        BillingError: no prepayment, more than is owed, or after the due date, when it is no longer
            voluntary.
    """
    if demand.channel != "prepaid":
        raise BillingError(_("Household {id} owes no prepayment.").format(id=demand.household_id))
    if not 0 < amount <= demand.amount:
        raise BillingError(
            _("{amount} yen were given; the prepayment is {owed} yen.").format(
                amount=f"{amount:,}", owed=f"{demand.amount:,}"
            )
        )
    if day > demand.due:
        raise BillingError(
            _("The prepayment was due on {due}; on {day} it is an ordinary receipt.").format(
                due=demand.due, day=day
            )
        )
    return CounterPayment(demand, amount, day, taken_by)
