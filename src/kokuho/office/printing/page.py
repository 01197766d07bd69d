"""The part of a household's page that lists its papers: what was sent, and when it was served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kokuho.office.household.glance import View
from kokuho.office.printing.record import Printed
from kokuho.office.printing.serving import served_days, way_title
from kokuho.office.register.models import Household
from kokuho.office.store.versions import end_of

_SHOWN = 20


@dataclass(frozen=True)
class Sent:
    """One paper as it was printed; ``served_on`` and ``how`` where its service is recorded."""

    printed: Printed
    served_on: date | None
    how: str


def papers(household: Household, view: View) -> Sequence[Sent]:
    """The last papers of a household that were issued by the day and known on it, newest first."""
    rows = Printed.objects.filter(
        insurer_id=household.insurer_id,
        household=household,
        issued_on__lte=view.valid,
        printed_at__lte=end_of(view.known),
    )
    listed = list(rows.order_by("-pk")[:_SHOWN])
    served = served_days([row.pk for row in listed], view.known)
    return [
        Sent(row, day.served_on, way_title(day.how)) if day else Sent(row, None, "")
        for row in listed
        for day in [served.get(row.pk)]
    ]
