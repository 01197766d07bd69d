"""Exemptions of households (減免): each decision once, however often its days were recorded anew.

A later decision cuts an older one short: the register supersedes the older version and records the
rest again. Bills and notices ask for decisions, and a decision keeps its number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from kokuho.base.calendar import fiscal_year_of
from kokuho.office.register.decision_rules import NOT_LEVIED
from kokuho.office.register.decisions import HouseholdDecision
from kokuho.office.store.slices import slices


@dataclass(frozen=True)
class Exemption:
    """One decision.

    Attributes:
        number: its own, for good: the row in which it was first recorded.
        household: the row number of the household.
        since: its first day; the fiscal year of that day is the one that it counts in.
        day: the day of the decision; where that was not recorded, the day of the recording.
        amount: yen; none where it says a share alone.
        share_ppm: the share that was granted, millionths; none where it says yen alone.
        recorded_at: when it was first recorded.
        versions: from when until when each of its versions was known.
    """

    number: int
    household: int
    since: date
    day: date
    amount: int | None
    share_ppm: int | None
    recorded_at: datetime
    versions: tuple[tuple[datetime, datetime | None], ...]

    @property
    def fiscal_year(self) -> int:
        """The year that it counts in."""
        return fiscal_year_of(self.since)

    def known(self, moment: datetime | None = None) -> bool:
        """Whether it stood at a moment; none: now."""
        if moment is None:
            return any(until is None for _since, until in self.versions)
        return any(
            since <= moment and (until is None or moment < until) for since, until in self.versions
        )


def exemptions(households: Iterable[int]) -> list[Exemption]:
    """All that were ever decided for households (row numbers), in the order of their decisions.

    Inside ``seeing``; those that were taken back or corrected are among them.
    """
    found: list[Exemption] = []
    for some in slices(households):
        rows = HouseholdDecision.objects.filter(kind=NOT_LEVIED, household__in=some)
        by_household: dict[int, list[HouseholdDecision]] = defaultdict(list)
        for row in rows.order_by("pk"):
            by_household[row.household_id].append(row)
        for own in by_household.values():
            found += [_exemption(versions) for versions in _decisions(own)]
    return sorted(found, key=lambda one: (one.day, one.number))


def _decisions(rows: Iterable[HouseholdDecision]) -> list[list[HouseholdDecision]]:
    """The versions of one household by decision, in the order of their recording.

    What says the same of days that were said before is the rest of that decision.
    """
    found: list[list[HouseholdDecision]] = []
    for row in rows:
        for versions in found:
            if row.says() == versions[0].says() and any(_overlap(row, one) for one in versions):
                versions.append(row)
                break
        else:
            found.append([row])
    return found


def _overlap(a: HouseholdDecision, b: HouseholdDecision) -> bool:
    return a.valid_from < (b.valid_to or date.max) and b.valid_from < (a.valid_to or date.max)


def _exemption(versions: list[HouseholdDecision]) -> Exemption:
    first = versions[0]
    return Exemption(
        number=first.pk,
        household=first.household_id,
        since=first.valid_from,
        day=first.decided_on or timezone.localdate(first.recorded_at),
        amount=first.amount,
        share_ppm=first.share_ppm,
        recorded_at=first.recorded_at,
        versions=tuple((one.recorded_at, one.superseded_at) for one in versions),
    )
