"""What is billed (調定の対象): one payer's year in one household, and what stands of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kokuho.billing import Exempted
from kokuho.billing import exempted as exempted_by
from kokuho.billing.exemption import read as read_exempted
from kokuho.office.assessment import documents
from kokuho.office.assessment.documents import Inputs
from kokuho.office.billing.schedules import Schedule, standing
from kokuho.office.register.exemptions import exemptions
from kokuho.office.register.models import (
    Assessment,
    Document,
    Household,
    Resident,
)
from kokuho.ordinance.billing import HouseholdExemption


@dataclass
class Case:
    """One payer of one household in one fiscal year.

    Attributes:
        assessments: those that stand, in the order of their days; none where all were taken back.
        exempted: what was decided to be taken off it in yen (減免).
        shares: first days and shares in millionths of exemptions that state no yen.
        granted: what those shares take off, once :meth:`grant` was asked.
        former: the schedule that stands, if there is one; ``demands`` are its rows.
    """

    household: Household
    payer: Resident
    assessments: list[Assessment] = field(default_factory=list)
    exempted: int = 0
    shares: list[tuple[date, int]] = field(default_factory=list)
    granted: list[Exempted] = field(default_factory=list)
    former: Schedule | None = None
    demands: Sequence[Mapping[str, Any]] = ()

    @property
    def key(self) -> str:
        """What names the case in the tables of the pure room, where a household pays once."""
        return f"{self.household.pk}/{self.payer.pk}"

    @property
    def total(self) -> int:
        """The year's amount of this payer less what is exempted, yen."""
        return self.assessed - self.taken_off

    @property
    def assessed(self) -> int:
        """The year's amount of this payer as it is levied, yen."""
        return sum(one.total for one in self.assessments)

    @property
    def taken_off(self) -> int:
        """What exemptions take off, yen: never more than is levied."""
        return min(self.exempted + sum(one.amount for one in self.granted), self.assessed)

    @property
    def numbers(self) -> list[int]:
        """The row numbers of the assessments, as the schedule keeps them."""
        return [one.pk for one in self.assessments]

    @property
    def begins(self) -> date:
        """The first day that something is owed for; the last day of all where nothing is."""
        return min((one.valid_from for one in self.assessments), default=date.max)

    @property
    def levied(self) -> bool:
        """Whether a schedule stands that is not provisional."""
        return self.former is not None and self.former.made != "provisional"

    def grant(self, rule: HouseholdExemption | None, demands: Sequence[Mapping[str, Any]]) -> None:
        """Turn the shares into yen by the rule of the ordinance; without one they take off nothing.

        Args:
            demands: those of the year as they are without the shares. What is due before the first
                day of an exemption was counted when it was billed first, and stays so.
        """
        if rule is None:
            return
        counted = self.former.exemptions if self.former is not None and self.levied else []
        before = {
            one.day: one.due_before
            for one in map(read_exempted, counted)
            if one.share_of == rule.share_of
        }
        for day, share in self.shares:
            due = sum(int(row["amount"]) for row in demands if row["due"] < day)
            one = exempted_by(day, share, self.assessed, before.get(day, due), rule)
            self.granted.append(one)


def gather(fiscal_year: int, households: Sequence[Household]) -> list[Case]:
    """The cases of households in a year, from what is assessed and billed now."""
    by_pk = {household.pk: household for household in households}
    found: dict[tuple[int, int], Case] = {}

    def case(household: int, payer: Resident) -> Case:
        key = household, payer.pk
        return found.setdefault(key, Case(by_pk[household], payer))

    rows = Assessment.objects.known().of_year(fiscal_year).filter(household__in=list(by_pk))
    for row in rows.select_related("payer").order_by("household", "valid_from"):
        case(row.household_id, row.payer).assessments.append(row)
    billed = Schedule.objects.known().filter(fiscal_year=fiscal_year, household__in=list(by_pk))
    formers = list(billed.select_related("payer"))
    _exempt(fiscal_year, list(found.values()))
    demands = standing(formers)
    for former in formers:
        own = case(former.household_id, former.payer)
        own.former, own.demands = former, demands[former.pk]
    return list(found.values())


def _exempt(fiscal_year: int, cases: Sequence[Case]) -> None:
    """Give each exemption of a household (減免) to the payer of its day, in yen or as a share.

    It counts in the fiscal year in which it begins. Yen that were decided come first. A share needs
    the rule of the ordinance (:meth:`Case.grant`).
    """
    starts: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for place, case in enumerate(cases):
        starts[case.household.pk] += [(one.valid_from, place) for one in case.assessments]
    for one in exemptions(starts):
        if one.fiscal_year != fiscal_year or not one.known():
            continue
        taken_by = bearer(starts[one.household], one.since)
        if taken_by is None:
            continue
        if one.amount is not None:
            cases[taken_by].exempted += one.amount
        elif one.share_ppm is not None:
            cases[taken_by].shares.append((one.since, one.share_ppm))


def bearer(starts: Sequence[tuple[date, int]], day: date) -> int | None:
    """Who an exemption of a day is given to, of those whose stretches start on days.

    Where nobody pays for its day, the head before it takes it, else the first after it, so that
    none is lost.
    """
    before = [start for start in sorted(starts) if start[0] <= day]
    if before:
        return before[-1][1]
    return min(starts)[1] if starts else None


def payers(cases: Sequence[Case]) -> dict[int, list[int]]:
    """Of each household the heads who pay for a part of the year, in their order."""
    found: dict[int, list[int]] = defaultdict(list)
    stretches = sorted(
        (one.valid_from, case.household.pk, case.payer.pk)
        for case in cases
        for one in case.assessments
    )
    for _since, household, payer in stretches:
        if payer not in found[household]:
            found[household].append(payer)
    return dict(found)


def inputs(assessments: Collection[Assessment]) -> dict[int, Inputs]:
    """What assessments were levied from, by the assessment's row number."""
    kept = Document.objects.in_bulk({one.inputs_id for one in assessments})
    return {one.pk: documents.read_inputs(kept[one.inputs_id]) for one in assessments}


def waiting(read: Sequence[Inputs]) -> tuple[str, ...]:
    """The address numbers of those whose declaration is missing."""
    return tuple(
        sorted(
            {
                str(row["person_id"])
                for one in read
                for row in one.persons
                if row["declared"] == "undeclared"
            }
        )
    )
