"""What was printed, and what a batch left out, for people to look at."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Sum
from django.utils import timezone

from kokuho.office.jobs.runs import Run
from kokuho.office.printing.record import Planned, Printed
from kokuho.office.printing.serving import served_days


def printed(insurer: str, household: str = "", batch: str = "") -> list[dict[str, Any]]:
    """The record of papers, newest last, inside ``seeing``."""
    rows = Printed.objects.filter(insurer_id=insurer).select_related("household", "payer")
    if household:
        rows = rows.filter(household__household_number=household)
    if batch:
        rows = rows.filter(batch=batch)
    listed = list(rows.order_by("pk"))
    served = served_days([row.pk for row in listed])
    return [
        {
            "id": row.pk,
            "kind": row.kind,
            "reference": row.reference,
            "household": row.household.household_number,
            "payer": row.payer.address_number,
            "languages": row.languages,
            "pages": row.pages,
            "amount": row.amount,
            "issued_on": row.issued_on.isoformat(),
            "printed_at": timezone.localtime(row.printed_at).isoformat(timespec="seconds"),
            "actor": row.actor,
            "batch": row.batch,
            "copy": row.copy,
            "digest": row.digest,
            "served_on": served[row.pk].served_on.isoformat() if row.pk in served else "",
            "served_how": served[row.pk].how if row.pk in served else "",
        }
        for row in listed
    ]


def left_out(insurer: str, batch: str) -> list[tuple[str, int, int]]:
    """What a batch does not print: state, papers, yen; inside ``seeing``."""
    runs = Run.objects.filter(insurer_id=insurer, kind="print", key=batch)
    rows = Planned.objects.filter(run__in=runs, file=0)
    found = rows.values("state").annotate(count=Count("pk"), yen=Sum("amount")).order_by("state")
    return [(row["state"], row["count"], row["yen"]) for row in found]
