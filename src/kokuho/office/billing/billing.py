"""Billing some households of one fiscal year: gathered, made by the pure room, recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kokuho.base.calendar import fiscal_year_name
from kokuho.office.billing.cases import Case, gather
from kokuho.office.billing.making import Notice, Rows, make
from kokuho.office.billing.schedules import Schedule, store, year_days
from kokuho.office.billing.ways import Way, ways
from kokuho.office.register import recordings
from kokuho.office.register.models import Document, Household
from kokuho.ordinance import OrdinanceYear


@dataclass(frozen=True)
class Year:
    """What a fiscal year is billed with.

    Attributes:
        ordinance, document: the ordinance of the year, and the document that keeps it.
        notice: the notice that the due dates follow.
        actor: who bills.
        fresh: only what has no schedule of its levy yet (the yearly run).
    """

    insurer: str
    ordinance: OrdinanceYear
    document: Document
    notice: Notice
    actor: str
    fresh: bool

    @property
    def fiscal_year(self) -> int:
        """The fiscal year that is billed."""
        return self.ordinance.fiscal_year


def bill(year: Year, households: Sequence[Household]) -> dict[str, int]:
    """Bill households, inside ``seeing(…, writing=True)``; counts of what was done.

    Households that somebody must look into first, or whose declaration is asked for, are counted
    as ``waiting`` and left; they are on the work list of prepayment.

    Raises:
        BillingError: as :func:`kokuho.office.billing.making.make`.
    """
    everybody = gather(year.fiscal_year, households)
    cases = [case for case in everybody if not (year.fresh and case.levied)]
    found = ways(year.ordinance, everybody, year.notice.day)
    rule = year.ordinance.billing.household_exemption
    for case in everybody:
        if case.levied:
            case.grant(rule, case.demands)
    due = [case for case in cases if _to_be_billed(case, found[case.key], year.notice.day)]
    ready = [case for case in due if found[case.key].waits is None]
    counts = Counter(households=len(households), waiting=len(due) - len(ready))
    if first := [case for case in ready if case.shares and not case.levied]:
        in_full = make(year.ordinance, first, found, year.notice)
        for case in first:
            case.grant(rule, in_full[case.key])
    if ready:
        made = make(year.ordinance, ready, found, year.notice)
        counts += _record(year, ready, found, made)
    return {name: count for name, count in counts.items() if count}


def _to_be_billed(case: Case, way: Way, notice: date) -> bool:
    """Whether something differs from the schedule that stands: amount, assessments or way.

    Months that are still to come on the day of the notice are not billed for the first time: a
    payer who is announced is notified when they are there.
    """
    if not case.levied or case.former is None:
        return case.begins <= notice if case.assessments else case.former is not None
    same_amount = case.former.total == case.total and case.former.assessments == case.numbers
    return not same_amount or case.former.channel != way.channel


def _record(
    year: Year, cases: Sequence[Case], found: dict[str, Way], made: dict[str, Rows]
) -> Counter[str]:
    counts = Counter[str]()
    moment = recordings.begin(
        year.insurer, actor=year.actor, reason=f"{fiscal_year_name(year.fiscal_year)} 期別"
    )
    schedules = []
    for case in cases:
        way, rows = found[case.key], made[case.key]
        schedules.append((_schedule(year, case, way), rows))
        counts["billed"] += 1
        counts[way.channel] += 1
        counts["exempted"] += case.taken_off
        counts["demands"] += len(rows)
        difference = case.total - (case.former.total if case.former else 0)
        counts["increase" if difference > 0 else "decrease"] += abs(difference)
    store(moment, schedules)
    return counts


def _schedule(year: Year, case: Case, way: Way) -> Schedule:
    return Schedule(
        household=case.household,
        payer=case.payer,
        fiscal_year=year.fiscal_year,
        kind=year.ordinance.insurer.kind,
        channel=way.channel,
        made="change" if case.levied else "levy",
        noticed_on=year.notice.day,
        total=case.total,
        exempted=case.taken_off,
        exemptions=[one.as_dict() for one in case.granted],
        assessments=case.numbers,
        grounds=[ground.as_dict() for ground in way.grounds],
        ordinance=year.document,
        **year_days(year.fiscal_year),
    )
