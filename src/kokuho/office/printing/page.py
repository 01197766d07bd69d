"""The part of a household's page that lists its papers: what was sent, and when it was served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kokuho.forms.papers import KINDS
from kokuho.office.household.glance import View
from kokuho.office.printing.record import Printed
from kokuho.office.printing.serving import served_days, way_title
from kokuho.office.register.models import Household

_SHOWN = 20


@dataclass(frozen=True)
class Sent:
    """One paper: ``served_on`` and ``how`` where its day of service is recorded."""

    number: int
    name: str
    issued_on: date
    copy: int
    served_on: date | None
    how: str


def papers(household: Household, view: View) -> Sequence[Sent]:
    """The last papers of a household that were issued by the day and known on it, newest first."""
    rows = Printed.objects.filter(
        household=household, issued_on__lte=view.valid, printed_at__date__lte=view.known
    )
    listed = list(rows.order_by("-pk")[:_SHOWN])
    served = served_days([row.pk for row in listed], view.known)
    found = []
    for row in listed:
        day = served.get(row.pk)
        found.append(
            Sent(
                number=row.pk,
                name=KINDS[row.kind].name,
                issued_on=row.issued_on,
                copy=row.copy,
                served_on=day.served_on if day else None,
                how=way_title(day.how) if day else "",
            )
        )
    return found
