"""Households of which it is not known whether a pension pays (特別徴収の対象か決まらない世帯).

They pay in the terms as long as nobody brings what is missing; nothing else says that they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kokuho.billing import Ground, undecided
from kokuho.office.billing.cases import Case, gather
from kokuho.office.billing.ordinances import ordinance_of
from kokuho.office.billing.pensions import PensionNotice
from kokuho.office.billing.schedules import Schedule
from kokuho.office.billing.ways import ways
from kokuho.office.register.models import Assessment, Household

_AT_ONCE = 300


@dataclass(frozen=True)
class Open:
    """A payer of whom something is not known.

    ``billed``: the year is billed in the terms already; what becomes known now changes nothing
    before the next year. ``total`` is the year's amount in yen, ``unknown`` the grounds that are
    not known.
    """

    household: str
    payer: str
    household_pk: int
    payer_pk: int
    billed: bool
    total: int
    unknown: tuple[Ground, ...]


def undecided_pensions(insurer: str, fiscal_year: int, on: date) -> list[Open]:
    """The list of a year, by household, inside ``seeing``.

    Who is not billed yet is judged as a first bill with a notice of the day ``on`` would.

    Raises:
        InputError: the year is not assessed.
    """
    year = ordinance_of(insurer, fiscal_year)
    told = PensionNotice.objects.known().filter(insurer_id=insurer, fiscal_year=fiscal_year)
    households = list(
        Household.objects.filter(
            pk__in=Assessment.objects.known()
            .of_year(fiscal_year)
            .filter(insurer_id=insurer, payer__in=told.values("resident"))
            .values("household")
        ).order_by("household_number")
    )
    found: list[Open] = []
    for start in range(0, len(households), _AT_ONCE):
        cases = gather(fiscal_year, households[start : start + _AT_ONCE])
        open_ways = ways(year, [case for case in cases if not case.levied], on)
        for case in cases:
            grounds = open_ways[case.key].grounds if case.key in open_ways else _kept(case)
            if undecided(grounds):
                found.append(_open(case, grounds))
    return sorted(found, key=lambda one: (one.household, one.payer))


def count_billed(insurer: str, fiscal_year: int) -> int:
    """How many payers were billed in the terms with their pension undecided, inside ``seeing``."""
    kept = (
        Schedule.objects.known()
        .filter(insurer_id=insurer, fiscal_year=fiscal_year, channel="ordinary")
        .exclude(grounds=[])
        .values_list("grounds", flat=True)
    )
    return sum(undecided(map(Ground.from_dict, grounds)) for grounds in kept)


def _kept(case: Case) -> Sequence[Ground]:
    """The grounds of a standing bill in the terms."""
    if case.former is None or case.former.channel != "ordinary":
        return ()
    return [Ground.from_dict(one) for one in case.former.grounds]


def _open(case: Case, grounds: Sequence[Ground]) -> Open:
    return Open(
        household=case.household.household_number,
        payer=case.payer.address_number,
        household_pk=case.household.pk,
        payer_pk=case.payer.pk,
        billed=case.levied,
        total=case.total,
        unknown=tuple(one for one in grounds if one.holds is None),
    )
