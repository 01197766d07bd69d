"""Who leaves (転出・出国), and what the office has to do for them: register, levy and bills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from kokuho.base.calendar import first_day_of_year, fiscal_year_of
from kokuho.base.messages import translator
from kokuho.billing import Task
from kokuho.office.assessment import changes
from kokuho.office.billing.cases import Case, gather
from kokuho.office.register.models import Enrolment, Headship, Household, Membership, Residence

_ = translator("office_billing")

LEAVING = ("moved_abroad", "moved_out", "removed")
"""How a residence ends that is a departure: abroad, within Japan, or found by the office (職権)."""

_DAY = timedelta(days=1)
_AT_ONCE = 500


@dataclass(frozen=True)
class Leaver:
    """A head who leaves.

    Attributes:
        home: the residence that ends, with its resident; ``leaves_on`` is the day of its end.
        year: the first assessed fiscal year that the departure can change.
        staying: how many members of the household stay.
        work: what the office itself has to do next.
    """

    home: Residence
    household: Household
    leaves_on: date
    year: int
    staying: int
    work: tuple[Task, ...]


def leavers(insurer: str, years: Sequence[int], on: date) -> list[Leaver]:
    """The heads whose residence ends in the fiscal year before that of ``on`` or later, by day.

    Args:
        insurer: its code.
        years: the fiscal years that are assessed.
        on: a day.
    """
    since = first_day_of_year(fiscal_year_of(on) - 1)
    rows = Residence.objects.known().filter(
        insurer_id=insurer, ended_by__in=LEAVING, valid_to__gte=since
    )
    homes = list(rows.select_related("resident").order_by("valid_to", "pk"))
    looked = {
        int(year): datetime.fromisoformat(entry["since"])
        for year, entry in changes.standing().items()
    }
    found: list[Leaver] = []
    for start in range(0, len(homes), _AT_ONCE):
        found += _some(homes[start : start + _AT_ONCE], sorted(years), looked)
    return found


def _some(
    homes: Sequence[Residence], years: Sequence[int], looked: Mapping[int, datetime]
) -> list[Leaver]:
    last_days = {home.resident_id: _end(home) - _DAY for home in homes}
    headed = {
        row.head_id: row.household_id
        for row in Headship.objects.known().filter(head__in=list(last_days))
        if row.holds_on(last_days[row.head_id])
    }
    households = Household.objects.in_bulk(set(headed.values()))
    members: dict[int, list[Membership]] = defaultdict(list)
    for row in Membership.objects.known().filter(household__in=list(households)):
        members[row.household_id].append(row)
    gone = _gone({row.resident_id for rows in members.values() for row in rows} | headed.keys())
    cases: dict[tuple[int, int], list[tuple[int, Case]]] = defaultdict(list)
    for year in [one for one in years if one >= _year(min(last_days.values()), years)]:
        for case in gather(year, list(households.values())):
            cases[case.household.pk, case.payer.pk].append((year, case))
    found = []
    for home in homes:
        payer, leaves = home.resident_id, _end(home)
        if payer not in headed or gone.get(payer) != leaves:
            continue  # no head, or one who came back
        household = households[headed[payer]]
        there = {row.resident_id for row in members[household.pk] if row.holds_on(leaves - _DAY)}
        with_them = {one for one in there if gone.get(one, date.max) <= leaves}
        first = _year(leaves - _DAY, years)
        seen = min(looked[year] for year in years if year >= first)
        bills = [case for year, case in cases[household.pk, payer] if year >= first]
        work = _work(with_them, leaves, seen, bills)
        staying = len(there) - len(with_them)
        found.append(Leaver(home, household, leaves, first, staying, work))
    return found


def _end(home: Residence) -> date:
    assert home.valid_to is not None, "only residences that end are looked at"
    return home.valid_to


def _year(last_day: date, years: Sequence[int]) -> int:
    """The first assessed year from that of a day on; the last one where the day is later."""
    return min((year for year in years if year >= fiscal_year_of(last_day)), default=years[-1])


def _gone(residents: Iterable[int]) -> dict[int, date]:
    """The day on which each resident is gone for good; those who stay or came back have none."""
    ends: dict[int, date] = {}
    rows = Residence.objects.known().filter(resident__in=list(residents)).order_by("valid_from")
    for row in rows:
        ends.pop(row.resident_id, None)
        if row.valid_to is not None:
            ends[row.resident_id] = row.valid_to
    return ends


def _work(
    residents: Iterable[int], leaves: date, seen: datetime, bills: Iterable[Case]
) -> tuple[Task, ...]:
    """The next step of the office; each waits for the one before it."""
    people = list(residents)
    # the entitlement is lost on the day after the move, or on the day itself (国保法8条1項);
    # with 住所地特例 it goes on
    later = Enrolment.objects.as_of(leaves + _DAY)
    if later.filter(resident__in=people, special_address=False).exists():
        text = _("Record the loss of the entitlement, or why it goes on (修学, 住所地特例).")
        return (Task("loss", text),)
    news = Q(recorded_at__gt=seen) | Q(superseded_at__gt=seen)
    of_them = Q(resident__in=people)
    if any(model.objects.filter(news, of_them).exists() for model in (Enrolment, Membership)):
        return (Task("recalculate", _("Make the levy again: kokuho assess changes.")),)
    if any(_unbilled(case) for case in bills):
        return (Task("bill", _("Make the last bill: kokuho bill changes.")),)
    return ()


def _unbilled(case: Case) -> bool:
    """Whether the amount that stands is not the one that is billed."""
    if not case.levied or case.former is None:
        return case.total > 0
    return bool(case.former.assessments != case.numbers)
