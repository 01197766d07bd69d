"""Freshness of what is registered (鮮度): each arrival of money against its two limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.utils import timezone

from kokuho.linkage.freshness import Deadline, Limits, full, reported
from kokuho.office.collection.deliveries import Delivered
from kokuho.office.ledger.models import ReceiptFile
from kokuho.office.linkage import copies
from kokuho.office.linkage.batch import Part
from kokuho.office.linkage.event import BatchEvent
from kokuho.office.linkage.sweep import Sweep

BACK = timedelta(days=40)
"""Arrivals that are looked at; older ones that are open are told as well."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file with receipts, and how fast it reached the other side.

    Attributes:
        kind: ``receipts`` (財務の収納) or ``file`` (速報・口座振替等).
        number, name: of the file.
        arrived: when it was taken in: the clock starts.
        reported: until when "paid, not yet reflected" has to be registered.
        full: until when the full state has to be.
    """

    kind: str
    number: int
    name: str
    arrived: datetime
    reported: Deadline
    full: Deadline

    @property
    def state(self) -> str:
        """The worse of both states."""
        order = ("done", "open", "alarm", "late")
        return max(self.reported.state, self.full.state, key=order.index)

    @property
    def open(self) -> bool:
        """Whether something is still to be registered."""
        return self.reported.done is None or self.full.done is None


def freshness(insurer: str, limits: Limits, now: datetime | None = None) -> list[Arrival]:
    """The arrivals of the last weeks, and all that are open, oldest first; inside ``seeing``.

    What arrived before the first look at the books has no limit: there was nothing to be fresh.
    """
    moment = timezone.localtime(now)
    sweeps = list(Sweep.objects.filter(insurer_id=insurer).order_by("number"))
    if not sweeps:
        return []
    closed = (n for n, state in copies.states(insurer).items() if state in copies.CLOSED)
    batches = _Batches(_answered(insurer), frozenset(closed))
    first = sweeps[0]
    files = ReceiptFile.objects.filter(insurer_id=insurer, number__gt=first.receipt_file)
    brought = Delivered.objects.filter(
        insurer_id=insurer, direction="received", number__gt=first.delivered
    )
    listed = [
        *(("receipts", *row) for row in files.values_list("number", "name", "recorded_at")),
        *(("file", *row) for row in brought.values_list("number", "name", "recorded_at")),
    ]
    found = []
    for kind, number, name, recorded in sorted(listed, key=lambda one: one[3]):
        arrived = timezone.localtime(recorded)
        seen = [one for one in sweeps if _last(one, kind) >= number]

        def posted(one: Sweep, kind: str = kind, number: int = number) -> bool:
            return not one.held and not (kind == "receipts" and _open(one, number))

        one = Arrival(
            kind, number, name, arrived,
            reported(arrived, _done(seen, _each, batches, ("urgent",)), moment, limits),
            full(arrived, _done(seen, posted, batches, ("urgent", "ordinary")), moment, limits),
        )  # fmt: skip
        if one.open or arrived > moment - BACK:
            found.append(one)
    return found


def _last(sweep: Sweep, kind: str) -> int:
    return int(sweep.receipt_file if kind == "receipts" else sweep.delivered)


def _each(_sweep: Sweep) -> bool:
    return True


def _open(sweep: Sweep, number: int) -> bool:
    return number in sweep.unposted


def _done(
    seen: Sequence[Sweep],
    counts: Callable[[Sweep], bool],
    batches: _Batches,
    which: tuple[str, ...],
) -> datetime | None:
    """When the first of these looks that counts was registered in full: its last answer.

    A later look finds nothing where an earlier one has made its batch; so what earlier looks made
    has to be answered as well, unless it was rejected or superseded.
    """
    last = None
    for sweep in seen:
        numbers = [getattr(sweep, name) for name in which if getattr(sweep, name)]
        open_ = [number for number in numbers if number not in batches.answered]
        times = [batches.answered[number] for number in numbers if number in batches.answered]
        last = max(times if last is None else [last, *times], default=None)
        if not open_ and counts(sweep):
            return max(sweep.as_of, last) if last else sweep.as_of
        if set(open_) - batches.closed:
            return None
    return None


@dataclass(frozen=True)
class _Batches:
    """When each was answered in full, by its number; and those that never will be."""

    answered: Mapping[int, datetime]
    closed: frozenset[int]


def _answered(insurer: str) -> dict[int, datetime]:
    """When each batch was answered in full, by its number."""
    parts = dict(
        Part.objects.filter(insurer_id=insurer)
        .values_list("batch__number")
        .annotate(count=Count("pk"))
    )
    events = (
        BatchEvent.objects.filter(insurer_id=insurer, kind="answered")
        .values_list("batch__number")
        .annotate(count=Count("pk"), last=Max("at"))
    )
    return {number: last for number, count, last in events if parts.get(number) == count}
