"""Sending batches and recording their results: killed at any moment, the same call goes on.

A message goes out before it is written down that it did: after a kill it goes out again, and the
other side takes each record and version once. Nothing is held open while we wait for an answer.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC
from typing import Literal, cast

from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.exchange import Party, ask, open_answer, read_answer
from kokuho.linkage.messages import Refusal, RefusedError, digest_of, digest_of_text
from kokuho.linkage.messages.bodies import SCOPES, Body, RefusedBody, Register, Registered
from kokuho.linkage.messages.bodies import Part as PartBody
from kokuho.linkage.messages.envelope import Envelope
from kokuho.linkage.messages.refusals import words_of
from kokuho.linkage.transport import Transport
from kokuho.office.jobs import runs
from kokuho.office.jobs.runs import Run
from kokuho.office.linkage import copies
from kokuho.office.linkage.batch import Batch, CopyRecord, Part
from kokuho.office.linkage.event import BatchEvent, RefusedCopy
from kokuho.office.linkage.snapshot import municipality_of
from kokuho.office.tenancy import seeing

_ = translator("linkage")

KIND = "linkage send"
AGAIN = {Refusal.REPLAYED.value, Refusal.STALE.value, Refusal.FUTURE.value}
"""Refusals of a message that say nothing of its file: somebody on the way repeated it, or held it
back. The file has no result by that, and goes out again in a message of its own."""
Occasion = Literal["first", "difference", "urgent", "correction", "reconciliation"]


@dataclass
class Sent:
    """What a sending did.

    Attributes:
        parts: files that went out.
        answered: files of which the result came.
        taken, unchanged: records, as the other side says.
        refused: records that it did not register: ``batch, key, code, detail``.
        failures: files that did not arrive or were refused whole, each with the reason.
        approved: whether a batch among them had waited for two persons.
    """

    parts: int = 0
    answered: int = 0
    taken: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str, str, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    approved: bool = False

    def add(self, other: Sent) -> None:
        """Count another sending with this one."""
        self.parts += other.parts
        self.answered += other.answered
        self.taken += other.taken
        self.unchanged += other.unchanged
        self.refused += other.refused
        self.failures += other.failures


@dataclass(frozen=True, slots=True)
class _Ready:
    batch: Batch
    part: Part


def send(
    insurer: str,
    party: Party,
    transport: Transport,
    *,
    actor: str,
    again: Collection[int] = (),
    progress: Callable[[Run], None] | None = None,
) -> Sent:
    """Send what is released and not sent yet, in the order of the batches, and record the results.

    Args:
        insurer: the code of the insurer.
        party, transport: who we are, and by which way.
        actor: who does it.
        again: batches whose files are sent again, whatever became of them.
        progress: told after each file.

    Raises:
        LinkageError: a batch of ``again`` is not released.
    """
    sent = Sent()
    with seeing([insurer]):
        ready = _ready(insurer, again, as_files=not transport.certificate)
        municipality = municipality_of(insurer)
    for batch, parts in _by_batch(ready):
        run = runs.begin(insurer, KIND, str(batch.number), actor, again=True)
        for part in parts:
            body = _body(batch, part, municipality)
            question = ask(party, transport, "register", body)
            try:
                answer = transport.send(part.name, question.sealed, SCOPES["register"])
            except LinkageError as error:
                # the next call goes on with it; later files must not overtake it
                runs.failed(insurer, KIND, str(batch.number), error)
                sent.failures.append(f"{part.name}: {error}")
                return sent
            sent.parts += 1
            sent.approved |= bool(batch.reasons)

            def keep(run: Run, part: Part = part, number: str = question.number,
                     sealed: str = question.sealed) -> bool:  # fmt: skip
                run.count(parts=1)
                _note(insurer, part, "sent", number, actor, {"digest": digest_of_text(sealed)})
                return True

            runs.piece(insurer, run.pk, keep)
            if answer is not None:
                _take(insurer, party, transport, answer, actor, sent, part.name)
            if progress:
                progress(run)
        runs.piece(insurer, run.pk, lambda _run: False)
    return sent


def results(insurer: str, party: Party, transport: Transport, *, actor: str) -> Sent:
    """Record the results that came as files; one that cannot be taken is told and left there."""
    sent = Sent()
    for name, sealed in transport.results():
        if _take(insurer, party, transport, sealed, actor, sent, name):
            transport.taken(name)
    return sent


def _ready(insurer: str, again: Collection[int], *, as_files: bool) -> list[_Ready]:
    states = copies.states(insurer)
    for number in again:
        if states.get(number) != "released":
            raise LinkageError(
                _("batch {number} is not released; there is nothing to send").format(number=number)
            )
    released = [number for number, state in states.items() if state == "released"]
    # the answer to a file comes later; elsewhere what has none did not arrive for certain
    over = ("answered", "refused", *(("sent",) if as_files else ()))
    gone = set(
        BatchEvent.objects.filter(insurer_id=insurer, kind__in=over)
        .exclude(batch__number__in=again)
        .values_list("batch_id", "part")
    )
    parts = Part.objects.filter(insurer_id=insurer, batch__number__in=released)
    ordered = parts.select_related("batch").order_by("batch__number", "place")
    return [
        _Ready(part.batch, part)
        for part in ordered.defer("content")
        if (part.batch_id, part.place) not in gone and (not again or part.batch.number in again)
    ]


def _by_batch(ready: list[_Ready]) -> list[tuple[Batch, list[Part]]]:
    found: dict[int, tuple[Batch, list[Part]]] = {}
    for one in ready:
        found.setdefault(one.batch.number, (one.batch, []))[1].append(one.part)
    return list(found.values())


def _body(batch: Batch, part: Part, municipality: str) -> Register:
    with seeing([batch.insurer_id]):
        content = bytes(Part.objects.get(pk=part.pk).content)
    return Register(
        batch=part.name,
        municipality=municipality,
        layout=batch.layout,
        layout_version=batch.layout_version,
        occasion=cast("Occasion", batch.occasion),
        made_at=batch.made_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        parts=[
            PartBody(
                name=part.name,
                content=base64.b64encode(content).decode("ascii"),
                digest=part.digest,
                records=part.records,
            )
        ],
    )


def _take(
    insurer: str,
    party: Party,
    transport: Transport,
    sealed: str,
    actor: str,
    sent: Sent,
    name: str,
) -> bool:
    """Record one answer; whether it was recorded, now or before."""
    try:
        envelope = open_answer(party, transport, sealed, "register")
        return _record(insurer, envelope, sealed, actor, sent)
    except RefusedError as error:
        sent.failures.append(f"{name}: {error}")
        return False


def _record(insurer: str, envelope: Envelope, sealed: str, actor: str, sent: Sent) -> bool:
    with seeing([insurer], writing=True):
        asked = BatchEvent.objects.filter(
            insurer_id=insurer, kind="sent", message=envelope.answers
        ).first()
        if asked is None:
            sent.failures.append(
                _("an answer to message {number}, which we did not send").format(
                    number=envelope.answers
                )
            )
            return False
        body = read_answer(envelope, asked.message)
        part = Part.objects.get(insurer_id=insurer, batch_id=asked.batch_id, place=asked.part)
        before = BatchEvent.objects.filter(
            batch_id=asked.batch_id, part=asked.part, kind="answered"
        ).exists()
        if code := _refused_whole(body):
            if not (before and code in AGAIN):
                sent.failures.append(f"{part.name}: {words_of(code)}")
            if code not in AGAIN:
                _note(insurer, part, "refused", asked.message, actor,
                      {"code": code, "answer": sealed})  # fmt: skip
            return True
        assert isinstance(body, Registered)
        if before:
            return True
        if not _agrees(insurer, part, body):
            sent.failures.append(
                _("{part}: what stands on the other side is not what was sent").format(
                    part=part.name
                )
            )
        counts = {"taken": body.taken, "unchanged": body.unchanged, "refused": len(body.refused)}
        _note(insurer, part, "answered", asked.message, actor,
              {**counts, "digest": body.digest, "answer": sealed})  # fmt: skip
        _keep_refused(insurer, part, body, sent)
        sent.answered += 1
        sent.taken += body.taken
        sent.unchanged += body.unchanged
    return True


def _refused_whole(body: Body) -> str:
    """The code with which a message, or the file in it, was refused whole; empty if it was not."""
    if isinstance(body, RefusedBody):
        return body.code
    assert isinstance(body, Registered)
    # a file that cannot be read has no place of a record
    return next((one.code for one in body.refused if one.record == 0), "")


def _agrees(insurer: str, part: Part, body: Registered) -> bool:
    """Whether the other side has each record as it was sent; where it says so of all of them."""
    if body.unchanged or body.refused or body.taken != part.records:
        return True
    own = CopyRecord.objects.filter(insurer_id=insurer, batch_id=part.batch_id, part=part.place)
    rows = own.values_list("key", "version", "content")
    return body.digest == digest_of([list(row) for row in sorted(rows)])


def _keep_refused(insurer: str, part: Part, body: Registered, sent: Sent) -> None:
    for one in body.refused:
        own = CopyRecord.objects.filter(
            batch_id=part.batch_id, part=part.place, place=one.record
        ).first()
        # what could not be read has no key there; its place tells us ours
        key, version = (own.key, own.version) if own else (one.key, one.version)
        RefusedCopy.objects.create(
            insurer_id=insurer, batch_id=part.batch_id, part=part.place, place=one.record,
            key=key, version=version, code=one.code, detail=one.detail,
        )  # fmt: skip
        sent.refused.append((part.batch.number, key, one.code, one.detail))


def _note(
    insurer: str, part: Part, kind: str, message: str, actor: str, detail: dict[str, object]
) -> None:
    BatchEvent.objects.create(
        insurer_id=insurer, batch_id=part.batch_id, part=part.place, kind=kind, message=message,
        actor=actor, at=timezone.now(), detail=detail,
    )  # fmt: skip
