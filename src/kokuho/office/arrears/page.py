"""The part of a household's page that says how its arrears stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.arrears import Household, Reason, last_act
from kokuho.base.errors import KokuhoError
from kokuho.office.arrears.standing import read
from kokuho.office.household.glance import View
from kokuho.office.register.models import Household as Registered


@dataclass(frozen=True)
class Part:
    """What the page shows: the household's state, what is overdue in yen, why it is in the list.

    ``why_not`` says why nothing can be said of the day.
    """

    house: Household | None = None
    overdue: int = 0
    oldest: date | None = None
    reasons: tuple[Reason, ...] = ()
    last: str = ""
    why_not: str = ""


def part(household: Registered, view: View) -> Part:
    """The part of a household for a view, inside ``seeing``."""
    number = household.household_number
    try:
        found = read(household.insurer_id, view.valid, [number], known=view.known)
        house = next(iter(found.households), None)
        reasons = found.work[0].reasons if found.work else ()
    except KokuhoError as error:
        return Part(why_not=str(error))
    last = last_act(found.acts.get(number, ()))
    if house is None or not house.due.height:
        return Part(last=last)
    due = house.due
    overdue = int(due.select(pl.sum_horizontal("principal", "interest", "fee")).sum().item())
    oldest = due["due"].min()
    assert isinstance(oldest, date)
    return Part(house, overdue, oldest, reasons, last)
