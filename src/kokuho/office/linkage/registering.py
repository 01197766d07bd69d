"""Making batches (副本登録): what the books say against what is registered, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl
from django.db.models import Max
from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.approval import reasons_to_wait, split
from kokuho.linkage.changes import Change, differences
from kokuho.linkage.layouts import layout_on
from kokuho.linkage.link import Link
from kokuho.linkage.messages import canonical, digest
from kokuho.linkage.messages.layout import Layout
from kokuho.linkage.messages.layout_files import write_files
from kokuho.linkage.messages.layout_values import FieldError, carried, text_of
from kokuho.office.ledger.books import lock
from kokuho.office.ledger.rows import append
from kokuho.office.linkage import copies, limits
from kokuho.office.linkage.batch import Batch, CopyRecord, Part
from kokuho.office.linkage.event import BatchEvent
from kokuho.office.linkage.snapshot import snapshot
from kokuho.office.linkage.sweep import Sweep
from kokuho.office.linkage.touched import last_sweep, marks, touched
from kokuho.office.tenancy import seeing

_ = translator("linkage")


@dataclass(frozen=True, slots=True)
class Problem:
    """A record that the layout cannot carry; the others are registered."""

    key: str
    field: str
    code: str


@dataclass(frozen=True)
class Registration:
    """What a look at the books found, and the batches that it made; numbers are 0 for none.

    Attributes:
        as_of: the moment of the books.
        urgent: the batch that goes at once; ``ordinary``: the other one.
        reasons: why the other one waits for two persons.
        at_once, others: the changes of each.
        problems: records that the layout cannot carry.
        held: the batch that waits for approval and for which no new one was made.
    """

    as_of: datetime
    at_once: list[Change]
    others: list[Change]
    reasons: tuple[str, ...]
    problems: list[Problem] = field(default_factory=list)
    urgent: int = 0
    ordinary: int = 0
    held: int = 0


def register(
    insurer: str,
    link: Link,
    *,
    actor: str,
    only_touched: bool = False,
    dry_run: bool = False,
    anew: bool = False,
    at: datetime | None = None,
) -> Registration:
    """Compare the books with the copy, and make the batches of what is new.

    What takes arrears off a person makes a batch of its own that goes at once. While an earlier
    batch waits for two persons no other is made of the rest, unless ``anew``.

    Args:
        insurer: the code of the insurer.
        link: layout, table of persons.
        actor: who does it.
        only_touched: only households about which something was recorded since the last look.
        dry_run: say what would be made, and write nothing.
        anew: supersede the batch that waits for approval by what the books say now.
        at: the moment; now if left out.

    Raises:
        LinkageError: no layout holds on the day, or the municipality code is not known.
        LedgerError, LawError: the books cannot be read as they are.
    """
    moment = at or timezone.now()
    with seeing([insurer], writing=not dry_run):
        if not dry_run:
            lock(insurer)
        since = last_sweep(insurer) if only_touched else None
        houses = touched(insurer, since) if since else None
        layout = layout_on(link.known_layouts(), link.layout, timezone.localdate(moment))
        found = _compare(insurer, link, layout, houses, moment)
        if dry_run:
            return found
        return _keep(insurer, layout, found, whole=since is None, anew=anew, actor=actor)


def _compare(
    insurer: str, link: Link, layout: Layout, houses: Collection[str] | None, moment: datetime
) -> Registration:
    now = snapshot(insurer, link.policy(), houses, moment)
    standing = copies.registered(insurer, "household", houses)
    versions = copies.last_versions(insurer, "household", houses)
    as_of = timezone.localtime(moment).replace(microsecond=0)
    fitting, problems = [], []
    for record in now:
        problem = problem_of(layout, record)
        if problem:
            problems.append(problem)
        else:
            fitting.append(record)
    changes = differences(layout, fitting, standing, versions, as_of)
    # what cannot be written is no reason to withdraw what stands
    unwritten = {one.key for one in problems}
    changes = [one for one in changes if one.record.key not in unwritten]
    if houses is None:
        total = sum(one.record.action == "register" for one in standing.values())
    else:
        total = copies.count(insurer)
    at_once, others = split(changes, total)
    reasons = reasons_to_wait(
        others, total, limits.in_force(insurer), layout_changed=_changed_layout(insurer, layout)
    )
    return Registration(as_of, at_once, others, reasons if others else (), problems)


def problem_of(layout: Layout, record: Any) -> Problem | None:
    """Why a layout cannot carry a record; nothing if it can."""
    for one in layout.fields:
        try:
            text_of(layout, one, record)
        except FieldError as error:
            return Problem(record.key, one.name, error.code)
    return None


def _changed_layout(insurer: str, layout: Layout) -> bool:
    """Whether the last batch that was released in full is in another layout or version."""
    released = [n for n, state in copies.states(insurer).items() if state == "released"]
    last = (
        Batch.objects.filter(insurer_id=insurer, number__in=released[-500:])
        .exclude(occasion="urgent")
        .order_by("number")
        .last()
    )
    return last is not None and (last.layout, last.layout_version) != (layout.id, layout.version)


def _keep(
    insurer: str, layout: Layout, found: Registration, *, whole: bool, anew: bool, actor: str
) -> Registration:
    waiting = copies.waiting(insurer)
    if waiting and anew:
        for number in waiting:
            note(insurer, number, "superseded", actor)
        waiting = []
    urgent = make(insurer, layout, "urgent", found.at_once, (), found.as_of, actor)
    ordinary = 0
    if not waiting:
        occasion = "first" if "first" in found.reasons else "difference"
        ordinary = make(insurer, layout, occasion, found.others, found.reasons, found.as_of, actor)
    here = marks(insurer)
    last = last_sweep(insurer)
    held = waiting[-1] if waiting and found.others else 0
    Sweep.objects.create(
        insurer_id=insurer,
        number=(last.number if last else 0) + 1,
        whole=whole,
        as_of=found.as_of,
        receipt_file=here.receipt_file,
        delivered=here.delivered,
        entry=here.entry,
        act=here.act,
        unposted=list(here.unposted),
        urgent=urgent,
        ordinary=ordinary,
        held=held,
        problems=[[one.key, one.field, one.code] for one in found.problems],
        actor=actor,
    )
    return Registration(
        found.as_of, found.at_once, found.others, found.reasons, found.problems,
        urgent, ordinary, held,
    )  # fmt: skip


def make(
    insurer: str,
    layout: Layout,
    occasion: str,
    changes: Sequence[Change],
    reasons: Sequence[str],
    as_of: datetime,
    actor: str,
    text: str = "",
) -> int:
    """Keep a batch with its files, inside ``seeing(…, writing=True)`` and after ``lock``.

    Returns:
        Its number; 0 where there is nothing to register.
    """
    if not changes:
        return 0
    rows = Batch.objects.filter(insurer_id=insurer)
    number = int(rows.aggregate(last=Max("number"))["last"] or 0) + 1
    batch = Batch.objects.create(
        insurer_id=insurer, number=number, occasion=occasion, layout=layout.id,
        layout_version=layout.version, as_of=as_of, made_at=timezone.now(), actor=actor,
        reasons=list(reasons), records=len(changes),
        withdrawn=sum(one.record.action == "withdraw" for one in changes), text=text,
    )  # fmt: skip
    ordered = sorted(changes, key=lambda one: one.record.key)
    for place, content in enumerate(write_files(layout, [one.record for one in ordered]), 1):
        Part.objects.create(
            insurer_id=insurer, batch=batch, place=place,
            name=f"{insurer}-{number:06d}-{place:04d}", content=content, digest=digest(content),
            records=min(layout.split, len(ordered) - (place - 1) * layout.split),
        )  # fmt: skip
    append(CopyRecord, _frame(insurer, batch.pk, layout, ordered))
    return number


def _frame(insurer: str, pk: int, layout: Layout, changes: Sequence[Change]) -> pl.DataFrame:
    rows = [
        {
            "insurer_code": insurer,
            "batch_id": pk,
            "part": place // layout.split + 1,
            "place": place % layout.split + 1,
            "key": one.record.key,
            "version": one.record.version,
            "person": one.record.person,
            "household": one.record.household,
            "action": one.record.action,
            "nature": one.nature,
            "said": one.said,
            "content": carried(layout, one.record).content,
            "fields": canonical(one.record.as_json()).decode(),
        }
        for place, one in enumerate(changes)
    ]
    return pl.DataFrame(rows)


def note(insurer: str, number: int, kind: str, actor: str, text: str = "", **more: Any) -> None:
    """Write down what became of a batch, inside ``seeing(…, writing=True)``."""
    BatchEvent.objects.create(
        insurer_id=insurer, batch=batch_of(insurer, number), kind=kind, actor=actor,
        at=timezone.now(), text=text, **more,
    )  # fmt: skip


def batch_of(insurer: str, number: int) -> Batch:
    """A batch by its number.

    Raises:
        LinkageError: there is none.
    """
    found: Batch | None = Batch.objects.filter(insurer_id=insurer, number=number).first()
    if found is None:
        raise LinkageError(_("there is no batch {number}").format(number=number))
    return found
