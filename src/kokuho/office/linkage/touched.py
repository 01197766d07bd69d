"""The households about which something was recorded since the last look at the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db.models import Max, Q

from kokuho.office.arrears.act import ActRow
from kokuho.office.collection.deliveries import Delivered
from kokuho.office.ledger.models import Entry, ReceiptFile
from kokuho.office.ledger.receiving import unfinished
from kokuho.office.ledger.rows import read
from kokuho.office.linkage.arrived import households_of_files, households_of_receipts
from kokuho.office.linkage.sweep import Sweep
from kokuho.office.register.models import Enrolment, Handling, Headship, Identity, Membership
from kokuho.office.store.slices import slices


@dataclass(frozen=True, slots=True)
class Marks:
    """The last numbers that are recorded; see :class:`kokuho.office.linkage.sweep.Sweep`."""

    receipt_file: int
    delivered: int
    entry: int
    act: int
    unposted: tuple[int, ...]


def marks(insurer: str) -> Marks:
    """Up to where the books are recorded now, inside ``seeing``."""

    def last(model: type, field: str) -> int:
        rows = model.objects.filter(insurer_id=insurer)  # type: ignore[attr-defined]
        return int(rows.aggregate(last=Max(field))["last"] or 0)

    return Marks(
        last(ReceiptFile, "number"),
        last(Delivered, "number"),
        last(Entry, "number"),
        last(ActRow, "number"),
        tuple(unfinished(insurer)),
    )


def last_sweep(insurer: str) -> Sweep | None:
    """The last look at the books, inside ``seeing``."""
    found: Sweep | None = Sweep.objects.filter(insurer_id=insurer).order_by("number").last()
    return found


def touched(insurer: str, since: Sweep) -> set[str]:
    """The households with something new: money, entries, acts, facts of the register.

    Days that pass (a due date, the end of a deferral) touch nobody: the nightly look at all
    households finds what they change.
    """
    found = households_of_receipts(insurer, since.receipt_file, since.unposted)
    found |= households_of_files(insurer, since.delivered)
    entries = read(
        Entry, {"household_id": pl.String()}, insurer, "number > %s AND household_id IS NOT NULL",
        [since.entry],
    )  # fmt: skip
    found |= set(entries["household_id"])
    acts = ActRow.objects.filter(insurer_id=insurer, number__gt=since.act)
    found |= set(acts.values_list("household_id", flat=True))
    return found | _of_the_register(insurer, since.as_of)


def _of_the_register(insurer: str, moment: datetime) -> set[str]:
    new = Q(recorded_at__gte=moment) | Q(superseded_at__gte=moment)
    heads = Headship.objects.filter(new, insurer_id=insurer)
    found = set(heads.values_list("household__household_number", flat=True))
    people: set[int] = set()
    for model in (Enrolment, Handling, Identity, Membership):
        rows = model.objects.filter(new, insurer_id=insurer)
        people |= set(rows.values_list("resident_id", flat=True))
    for some in slices(people):
        homes = Membership.objects.filter(resident_id__in=some)
        found |= set(homes.values_list("household__household_number", flat=True))
    return found
