"""The rule of instalments once more, one household at a time and without tables: slow and plain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from kokuho.billing import terms
from kokuho.ordinance import OrdinanceYear

Instalment = tuple[int, date, int]
"""Term, due date, yen."""


def shares(amount: int, places: int, unit: int) -> list[int]:
    """Each share as large as the unit allows, what is left to the first, one unit after another."""
    each = 0
    while (each + unit) * places <= amount:
        each += unit
    return [amount - each * (places - 1), *[each] * (places - 1)]


def spread(
    stands: Sequence[Instalment], total: int, places: Sequence[tuple[int, date]], unit: int
) -> list[Instalment]:
    rest = total - sum(amount for _term, _due, amount in stands)
    kept = sorted(stands, key=lambda one: (one[1], one[0]))
    if rest > 0:
        made = zip(places, shares(rest, len(places), unit), strict=True)
        kept += [(term, due, amount) for (term, due), amount in made]
    while rest < 0:
        term, due, amount = kept.pop()
        rest += amount
        if rest > 0:
            kept.append((term, due, rest))
    return sorted(one for one in kept if one[2])


def changed(
    schedule: Sequence[Instalment], total: int, year: OrdinanceYear, notice: date, unit: int
) -> list[Instalment]:
    """A change of an ordinary schedule; there must be a term left for an increase."""
    earliest = notice + timedelta(days=year.billing.minimum_notice_days or 10)
    if total == sum(amount for _term, _due, amount in schedule):
        return sorted(schedule)
    places = [(term.number, term.due) for term in terms(year) if term.due >= earliest]
    again = {number for number, _due in places}
    return spread([one for one in schedule if one[0] not in again], total, places, unit)
