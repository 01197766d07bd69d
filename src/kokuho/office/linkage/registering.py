"""Making batches (副本登録): what the books say against what is registered.

Books and copies are read in one read-only transaction, and compared while nobody waits. What was
found is kept in a short one, unless batches were made, approved or refused meanwhile: then it is
done again. What the books learn meanwhile is after the marks of this look, and the next finds it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone

from kokuho.linkage.approval import reasons_to_wait, split
from kokuho.linkage.changes import Change, differences
from kokuho.linkage.layouts import layout_on
from kokuho.linkage.link import Link
from kokuho.linkage.messages.layout import Layout
from kokuho.linkage.messages.layout_values import FieldError, text_of
from kokuho.office.ledger.books import lock
from kokuho.office.linkage import copies, limits
from kokuho.office.linkage.batch import Batch
from kokuho.office.linkage.event import BatchEvent, RefusedCopy
from kokuho.office.linkage.limits import LimitApproval
from kokuho.office.linkage.making import Prepared, keep, note, prepare
from kokuho.office.linkage.snapshot import snapshot
from kokuho.office.linkage.sweep import Sweep
from kokuho.office.linkage.touched import Marks, last_sweep, marks, touched
from kokuho.office.register.recordings import quiet
from kokuho.office.tenancy import seeing

ATTEMPTS = 3
"""Looks that are given up because batches changed meanwhile."""


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
    if dry_run:
        with seeing([insurer]):
            return _look(insurer, link, at or timezone.now(), only_touched=only_touched).found
    for _attempt in range(ATTEMPTS):
        moment = at or quiet(insurer)
        with seeing([insurer]):
            look = _look(insurer, link, moment, only_touched=only_touched)
        ready = _ready(insurer, look)
        with seeing([insurer], writing=True):
            lock(insurer)
            if _state(insurer) == look.state:
                return _keep(insurer, look, ready, anew=anew, actor=actor)
    with seeing([insurer], writing=True):
        # others make batches all the time: they wait for once
        lock(insurer)
        look = _look(insurer, link, at or timezone.now(), only_touched=only_touched)
        return _keep(insurer, look, _ready(insurer, look), anew=anew, actor=actor)


@dataclass(frozen=True)
class _Look:
    """What one look saw.

    Attributes:
        layout: in which batches are written.
        found: the difference.
        here: up to where the books are recorded.
        state: of the batches, see :func:`_state`.
        whole: whether all households were looked at.
    """

    layout: Layout
    found: Registration
    here: Marks
    state: tuple[int, ...]
    whole: bool


def _look(insurer: str, link: Link, moment: datetime, *, only_touched: bool) -> _Look:
    since = last_sweep(insurer) if only_touched else None
    houses = touched(insurer, since) if since else None
    layout = layout_on(link.known_layouts(), link.layout, timezone.localdate(moment))
    found = _compare(insurer, link, layout, houses, moment)
    return _Look(layout, found, marks(insurer), _state(insurer), whole=since is None)


def _state(insurer: str) -> tuple[int, ...]:
    """The last of everything that says what is registered, and what may be without approval."""
    decided = BatchEvent.objects.filter(kind__in=("approved", "rejected", "superseded"))
    rows = (Batch.objects, decided, RefusedCopy.objects, LimitApproval.objects, Sweep.objects)
    return tuple(
        int(one.filter(insurer_id=insurer).aggregate(last=Max("pk"))["last"] or 0) for one in rows
    )


def _ready(insurer: str, look: _Look) -> tuple[Prepared | None, Prepared | None]:
    """The batch that goes at once, and the other one."""
    found = look.found
    return (
        prepare(insurer, look.layout, found.at_once), prepare(insurer, look.layout, found.others),
    )  # fmt: skip


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
    insurer: str,
    look: _Look,
    ready: tuple[Prepared | None, Prepared | None],
    *,
    anew: bool,
    actor: str,
) -> Registration:
    found, here = look.found, look.here
    waiting = copies.waiting(insurer)
    if waiting and anew:
        for number in waiting:
            note(insurer, number, "superseded", actor)
        waiting = []
    urgent = keep(insurer, ready[0], "urgent", (), found.as_of, actor)
    ordinary = 0
    if not waiting:
        occasion = "first" if "first" in found.reasons else "difference"
        ordinary = keep(insurer, ready[1], occasion, found.reasons, found.as_of, actor)
    last = last_sweep(insurer)
    held = waiting[-1] if waiting and found.others else 0
    Sweep.objects.create(
        insurer_id=insurer,
        number=(last.number if last else 0) + 1,
        whole=look.whole,
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
    return replace(found, urgent=urgent, ordinary=ordinary, held=held)
