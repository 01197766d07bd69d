"""Which bill takes an exemption (減免) off first, and what was demanded before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from kokuho.base.calendar import fiscal_year_of
from kokuho.office.billing.cases import bearer
from kokuho.office.billing.schedules import Schedule
from kokuho.office.printing.slices import slices
from kokuho.office.register.exemptions import Exemption
from kokuho.office.register.models import Assessment


@dataclass(frozen=True)
class Taken:
    """An exemption in the bills.

    Attributes:
        payer: the row number of who pays what it is taken off; none where nobody does.
        bill: the first bill of theirs that takes it off; none where none does yet.
        before: what was demanded before it, the exemptions decided earlier taken off, yen.
        last: whether the terms of the bill are those after it: none decided later is in the bill.
    """

    payer: int | None
    bill: Schedule | None = None
    before: int = 0
    last: bool = True


def taken(some: Iterable[Exemption]) -> dict[int, Taken]:
    """Of exemptions with an amount, by number; inside ``seeing``.

    ``some`` are all of the households concerned: those decided earlier count for the later ones.
    """
    listed = [one for one in some if one.amount is not None]
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
            inside = [one for one in decided if one.known(bill.recorded_at)]
            inside.sort(key=lambda one: (one.number not in earlier, one.day, one.number))
            left = bill.total + bill.exempted
            for one in inside:
                if one.number not in found:
                    found[one.number] = Taken(key[2], bill, left, one is inside[-1])
                left -= min(left, one.amount or 0)
            earlier |= {one.number for one in inside}
        for one in decided:
            found.setdefault(one.number, Taken(key[2]))
    return found


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
