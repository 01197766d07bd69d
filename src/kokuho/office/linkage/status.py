"""Where the batches stand, and the history of a person's copy; all times as the office has them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.timezone import localtime

from kokuho.linkage.changes import unpaid
from kokuho.linkage.messages.record import CollectionRecord
from kokuho.office.linkage import copies
from kokuho.office.linkage.batch import Batch, CopyRecord
from kokuho.office.linkage.event import BatchEvent, RefusedCopy
from kokuho.office.linkage.sweep import Sweep


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """One batch.

    Attributes:
        state: ``waiting``, ``released``, ``sent``, ``refused``, ``answered``, ``rejected`` or
            ``superseded``.
        approved_by: who has approved it.
        refused: records that the other side did not register.
    """

    number: int
    occasion: str
    state: str
    layout: str
    as_of: datetime
    made_at: datetime
    actor: str
    records: int
    withdrawn: int
    parts: int
    sent: int
    answered: int
    refused: int
    reasons: tuple[str, ...]
    approved_by: tuple[str, ...]
    text: str


def batches(insurer: str, last: int | None = None, before: int | None = None) -> list[BatchStatus]:
    """The batches of an insurer, newest first, inside ``seeing``.

    The ``last`` ones, if given, of those ``before`` a number, if given.
    """
    states = copies.states(insurer)
    rows = Batch.objects.filter(insurer_id=insurer).order_by("-number")
    if before is not None:
        rows = rows.filter(number__lt=before)
    return [_status(batch, states[batch.number]) for batch in rows[:last]]


def batch(insurer: str, number: int) -> BatchStatus | None:
    """One batch, inside ``seeing``."""
    found = Batch.objects.filter(insurer_id=insurer, number=number).first()
    return _status(found, copies.states(insurer)[number]) if found else None


def natures(insurer: str, number: int) -> dict[str, int]:
    """How many records of a batch are new, changed and withdrawn."""
    rows = CopyRecord.objects.filter(insurer_id=insurer, batch__number=number)
    found = dict(rows.values_list("nature").annotate(count=Count("pk")))
    return {name: found.get(name, 0) for name in ("new", "changed", "withdrawn")}


def events(insurer: str, number: int) -> list[BatchEvent]:
    """What became of a batch, oldest first."""
    rows = BatchEvent.objects.filter(insurer_id=insurer, batch__number=number)
    return list(rows.order_by("at", "pk"))


def refusals(insurer: str, number: int) -> dict[str, int]:
    """How many records of a batch the other side refused, by code."""
    rows = RefusedCopy.objects.filter(insurer_id=insurer, batch__number=number)
    return dict(rows.values_list("code").annotate(count=Count("pk")).order_by("code"))


def _status(batch: Batch, state: str) -> BatchStatus:
    events = BatchEvent.objects.filter(batch=batch)
    parts = batch.parts.count()
    sent = events.filter(kind="sent").values("part").distinct().count()
    answered = events.filter(kind="answered").count()
    if state == "released" and sent:
        refused = events.filter(kind="refused").exists()
        state = "answered" if answered == parts else "refused" if refused else "sent"
    approvals = events.filter(kind="approved").order_by("at")
    return BatchStatus(
        number=batch.number,
        occasion=batch.occasion,
        state=state,
        layout=f"{batch.layout}@{batch.layout_version}",
        as_of=localtime(batch.as_of),
        made_at=localtime(batch.made_at),
        actor=batch.actor,
        records=batch.records,
        withdrawn=batch.withdrawn,
        parts=parts,
        sent=sent,
        answered=answered,
        refused=RefusedCopy.objects.filter(batch=batch).count(),
        reasons=tuple(batch.reasons),
        approved_by=tuple(approvals.values_list("actor", flat=True)),
        text=batch.text,
    )


@dataclass(frozen=True, slots=True)
class Held:
    """A batch that waits for two persons, and what waits with it.

    Attributes:
        number, reasons, since: of the batch.
        restored: records of it that raise what is unpaid, as the cancellation of a 速報 does; they
            are never urgent, and this says that they wait.
        looks: how many looks at the books found more since, of which nothing was made.
    """

    number: int
    reasons: tuple[str, ...]
    since: datetime
    restored: int
    looks: int


def held(insurer: str) -> list[Held]:
    """What waits for two persons, oldest first, inside ``seeing``."""
    found = []
    for number in copies.waiting(insurer):
        batch = Batch.objects.get(insurer_id=insurer, number=number)
        looks = Sweep.objects.filter(insurer_id=insurer, held=number).count()
        found.append(
            Held(
                number,
                tuple(batch.reasons),
                localtime(batch.made_at),
                _restored(insurer, batch),
                looks,
            )
        )
    return sorted(found, key=lambda one: one.number)


def _restored(insurer: str, batch: Batch) -> int:
    if batch.occasion == "first":
        return 0  # nothing stands yet that could be worse
    rows = list(batch.copies.values_list("household", "key", "fields"))
    before = copies.registered(insurer, "household", {house for house, _key, _text in rows})
    raised = 0
    for _house, key, text in rows:
        record = CollectionRecord.from_json(json.loads(text))
        stood = before.get(key)
        raised += bool(
            stood and record.action == "register" and unpaid(record) > unpaid(stood.record)
        )
    return raised


def unanswered(insurer: str) -> list[int]:
    """The released batches whose results have not all come, inside ``seeing``."""
    released = [n for n, state in copies.states(insurer).items() if state == "released"]
    rows = Batch.objects.filter(insurer_id=insurer, number__in=released).annotate(
        files=Count("parts", distinct=True),
        answers=Count("events", filter=Q(events__kind="answered"), distinct=True),
    )
    open_ = [number for number, files, answers in rows.values_list("number", "files", "answers")
             if files != answers]  # fmt: skip
    return sorted(open_)


def totals(insurer: str) -> dict[str, int]:
    """Persons and records that stand, inside ``seeing``."""
    frame = copies.digests(insurer)
    frame = frame.filter(frame["action"] == "register")
    refused = RefusedCopy.objects.filter(insurer_id=insurer).count()
    files = Batch.objects.filter(insurer_id=insurer).aggregate(records=Sum("records"))["records"]
    return {
        "persons": frame["person"].n_unique(),
        "records": frame.height,
        "made": int(files or 0),
        "refused": refused,
    }


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One version of one record of a person, and all that is known of its way.

    Attributes:
        fields: the record.
        as_of: the moment of the books that it was made from.
        made_at, made_by: of the batch; ``approved_by`` who released it.
        sent_at, answered_at: when the file went out first, and when its result came.
        message: number of the message that carried it.
        refused: why the other side did not take it; empty if it did.
        state: of the batch, or of its file that carried the record.
    """

    batch: int
    occasion: str
    key: str
    version: int
    action: str
    fields: dict[str, Any]
    as_of: datetime
    made_at: datetime
    made_by: str
    approved_by: tuple[str, ...]
    sent_at: datetime | None
    answered_at: datetime | None
    message: str
    refused: str
    state: str
    text: str


def history(insurer: str, person: str) -> list[HistoryLine]:
    """All versions of all records of a person, oldest first, inside ``seeing``."""
    states = copies.states(insurer)
    rows = (
        CopyRecord.objects.filter(insurer_id=insurer, person=person)
        .select_related("batch")
        .order_by("batch__number", "key")
    )
    return [_line(row, states[row.batch.number]) for row in rows]


def _line(row: CopyRecord, state: str) -> HistoryLine:
    batch = row.batch
    events = BatchEvent.objects.filter(batch=batch).order_by("at")
    sent = events.filter(kind="sent", part=row.part).first()
    answered = events.filter(kind="answered", part=row.part).first()
    refused = RefusedCopy.objects.filter(batch=batch, key=row.key, version=row.version).first()
    if state == "released" and sent:
        whole = events.filter(kind="refused", part=row.part).exists()
        state = "answered" if answered else "refused" if whole else "sent"
    return HistoryLine(
        batch=batch.number,
        occasion=batch.occasion,
        key=row.key,
        version=row.version,
        action=row.action,
        fields=json.loads(row.fields),
        as_of=localtime(batch.as_of),
        made_at=localtime(batch.made_at),
        made_by=batch.actor,
        approved_by=tuple(events.filter(kind="approved").values_list("actor", flat=True)),
        sent_at=localtime(sent.at) if sent else None,
        answered_at=localtime(answered.at) if answered else None,
        message=answered.message if answered else sent.message if sent else "",
        refused=refused.code if refused else "",
        state=state,
        text=batch.text,
    )
