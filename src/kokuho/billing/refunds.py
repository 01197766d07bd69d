"""Until when the refund of an overpayment can be claimed (還付請求権の時効).

What a change leaves too much of is said by :func:`kokuho.billing.differences`; what was paid of it,
what of that pays other demands (充当) and what is refunded is the ledger's
(:mod:`kokuho.ledger.overpaid`, :mod:`kokuho.ledger.appropriation`).

Sources: the claim lapses after two years for a premium (国民健康保険法110条1項), five for a tax
(地方税法18条の3).
"""

from __future__ import annotations

from datetime import date
from typing import cast

from kokuho.base.calendar import months_after
from kokuho.law import parameter
from kokuho.ordinance.model import Kind


def claimable_until(claimable_from: date, kind: Kind) -> date:
    """The last day on which a refund can be claimed.

    The first day does not count; the term ends before the day that answers to its beginning, or
    with the month where there is no such day (民法140条, 143条). A prescription that is held up or
    begins anew is not looked at here.
    """
    months = cast("int", parameter(f"refund.limitation_{kind}").on(claimable_from).value)
    return months_after(claimable_from, months)
