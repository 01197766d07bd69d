"""Applications that open an interview and have none yet. Nothing is decided by being listed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kokuho.law.eligibility import JAPANESE
from kokuho.linkage.bureau import scheme
from kokuho.office.bureau.case import Case
from kokuho.office.register.models import BenefitEvent, Enrolment, Identity
from kokuho.office.store.slices import slices


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application for a benefit within a year of acquisition, by an insured foreign national.

    ``resident`` and ``event`` are row numbers of the register.
    """

    resident: int
    event: int
    kind: str
    applied_on: date
    care_from: date | None
    reference: str
    acquired_on: date


def candidates(insurer: str, on: date) -> list[Candidate]:
    """The applications up to a day that no case was opened for, oldest first, inside ``seeing``.

    It is within the year if its care began there, where the register knows the first day of the
    care; otherwise by the day of the application.
    """
    rule = scheme().on(on)
    rows = (
        BenefitEvent.objects.known()
        .filter(insurer_id=insurer, kind__in=rule.benefits, valid_from__lte=on)
        .order_by("valid_from", "resident_id", "kind", "reference")
    )
    # a day of the register before the circular opens nothing: no rule held
    events = [row for row in rows if row.valid_from >= scheme().versions[0].valid_from]
    people = {row.resident_id for row in events}
    foreign = foreigners(people)
    acquired = acquisitions(foreign)
    opened = set(
        Case.objects.filter(insurer_id=insurer).values_list(
            "resident_id", "trigger", "event_day", "reference"
        )
    )
    found = []
    for row in events:
        day = row.care_from or row.valid_from
        since = acquired_before(acquired.get(row.resident_id, ()), day)
        key = (row.resident_id, row.kind, row.valid_from, row.reference)
        if since is not None and rule.within(since, day) and key not in opened:
            found.append(
                Candidate(row.resident_id, row.pk, row.kind, row.valid_from, row.care_from,
                          row.reference, since)
            )  # fmt: skip
    return found


def foreigners(residents: Collection[int]) -> set[int]:
    """Those of foreign nationality, by the last that the register knows.

    Which nationality it is makes no difference; one that is not known is taken for none.
    """
    last: dict[int, str] = {}
    for some in slices(residents):
        rows = Identity.objects.known().filter(resident_id__in=some).order_by("valid_from")
        last |= dict(rows.values_list("resident_id", "nationality"))
    return {resident for resident, known in last.items() if known not in ("", JAPANESE)}


def acquisitions(residents: Collection[int]) -> Mapping[int, list[date]]:
    """The days on which each acquired NHI, ascending; enrolments without a gap are one."""
    spans: dict[int, list[tuple[date, Any]]] = {}
    for some in slices(residents):
        rows = Enrolment.objects.known().filter(resident_id__in=some).order_by("valid_from")
        for resident, first, end in rows.values_list("resident_id", "valid_from", "valid_to"):
            spans.setdefault(resident, []).append((first, end))
    return {
        resident: [
            first for place, (first, _end) in enumerate(own)
            if not place or own[place - 1][1] != first
        ]
        for resident, own in spans.items()
    }  # fmt: skip


def acquired_before(days: Iterable[date], day: date) -> date | None:
    """The last acquisition by a day."""
    return max((one for one in days if one <= day), default=None)
