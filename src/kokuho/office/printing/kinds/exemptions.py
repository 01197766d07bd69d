"""Which bill takes an exemption (減免) off first, and what was demanded before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kokuho.base.calendar import fiscal_year_of
from kokuho.office.billing.cases import bearer
from kokuho.office.billing.schedules import Schedule
from kokuho.office.register.exemptions import Exemption
from kokuho.office.register.models import Assessment
from kokuho.office.store.slices import slices


@dataclass(frozen=True)
class Taken:
    """An exemption in the bills.

    Attributes:
        payer: the row number of who pays what it is taken off; none where nobody does.
        bill: the first bill of theirs that takes it off; none where none does yet.
        before: what was demanded before it, the exemptions decided earlier taken off, yen.
        amount: what it takes off: as decided, or what its share came to in that bill, yen.
        last: whether the terms of the bill are those after it: none decided later is in the bill.
    """

    payer: int | None
    bill: Schedule | None = None
    before: int = 0
    amount: int = 0
    last: bool = True


def taken(some: Iterable[Exemption]) -> dict[int, Taken]:
    """Of exemptions, by number; inside ``seeing``.

    ``some`` are all of the households concerned: those decided earlier count for the later ones.
    """
    listed = list(some)
    houses = {one.household for one in listed}
    starts, bills = _starts(houses), _bills(houses)
    payers = {
        one.number: bearer(starts.get((one.household, one.fiscal_year), ()), one.since)
        for one in listed
    }
    own: dict[tuple[int, int, int | None], list[Exemption]] = defaultdict(list)
    for one in listed:
        own[one.household, one.fiscal_year, payers[one.number]].append(one)
    found: dict[int, Taken] = {}
    for key, decided in own.items():
        earlier: set[int] = set()
        for bill in bills.get(key, ()):
            known = [one for one in decided if one.known(bill.recorded_at)]
            inside = [(one, yen) for one in known if (yen := _yen(one, bill)) is not None]
            inside.sort(key=lambda own: (own[0].number not in earlier, own[0].day, own[0].number))
            left = bill.total + bill.exempted
            for place, (one, yen) in enumerate(inside, 1):
                if one.number not in found:
                    found[one.number] = Taken(key[2], bill, left, yen, place == len(inside))
                left -= min(left, yen)
            earlier |= {one.number for one, _yen_of in inside}
        for one in decided:
            found.setdefault(one.number, Taken(key[2], amount=one.amount or 0))
    return found


def _yen(one: Exemption, bill: Schedule) -> int | None:
    """What an exemption takes off a bill; none where it is a share that the bill does not have."""
    if one.amount is not None:
        return one.amount
    day = one.since.isoformat()
    return next((int(kept["amount"]) for kept in bill.exemptions if kept["day"] == day), None)


def first_billed(shares: Collection[tuple[int, str]]) -> int:
    """What granted shares came to in the first bills that have them, summed up, yen.

    ``shares`` are row numbers of households with the first day of an exemption (ISO).
    """
    found: dict[tuple[int, str], int] = {}
    for some in slices({house for house, _day in shares}):
        rows = Schedule.objects.filter(household__in=some, exempted__gt=0)
        for house, kept in rows.order_by("recorded_at", "pk").values_list(
            "household_id", "exemptions"
        ):
            for one in kept:
                if (house, one["day"]) in shares:
                    found.setdefault((house, one["day"]), int(one["amount"]))
    return sum(found.values())


def _starts(houses: Iterable[int]) -> Mapping[tuple[int, int], Sequence[tuple[date, int]]]:
    """The first days of who pays, by household and fiscal year, as it is assessed now."""
    found: dict[tuple[int, int], list[tuple[date, int]]] = defaultdict(list)
    for some in slices(houses):
        rows = Assessment.objects.known().filter(household__in=some)
        for house, day, payer in rows.values_list("household_id", "valid_from", "payer_id"):
            found[house, fiscal_year_of(day)].append((day, payer))
    return found


def _bills(houses: Iterable[int]) -> Mapping[tuple[int, int, int | None], Sequence[Schedule]]:
    """The bills that take something off, in the order of their recording."""
    found: dict[tuple[int, int, int | None], list[Schedule]] = defaultdict(list)
    for some in slices(houses):
        rows = Schedule.objects.filter(household__in=some, exempted__gt=0)
        for bill in rows.select_related("payer").order_by("recorded_at", "pk"):
            found[bill.household_id, bill.fiscal_year, bill.payer_id].append(bill)
    return found
