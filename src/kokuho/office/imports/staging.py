"""A file is prepared piece by piece, then written in one transaction.

Preparing compares the rows with the register and keeps what is to be changed: short transactions,
so that others go on, a kill loses one piece, and somebody may ask to stop. Writing is all or
nothing. Where the register learned of the same tables meanwhile, what was prepared is compared
anew, inside the transaction that writes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Max, Q
from django.utils import timezone

from kokuho import __version__
from kokuho.base.errors import StoreError
from kokuho.base.messages import translator
from kokuho.office.imports.facts import TABLES, facts_of
from kokuho.office.imports.ids import Ids, Numbers
from kokuho.office.imports.packing import pack, unpack
from kokuho.office.jobs import runs
from kokuho.office.jobs.models import Run, Staged
from kokuho.office.register import recordings
from kokuho.office.register.models import Headship, Recording
from kokuho.office.store.recording import Changes, changes_of, write
from kokuho.office.store.versions import Version
from kokuho.office.tenancy import seeing
from kokuho.tables import LINE

_ = translator("office")

KIND = "import"
COUNTS = ("residents", "households", "inserted", "superseded")

Rows = Sequence[Mapping[str, Any]]
Tell = Callable[[int], None]
"""Told how many rows a piece had."""

_AT_ONCE = 500  # keys in one query
_LEFT = timedelta(days=1)  # without a sign of life: what a killed import kept is dropped
_ROWS = 2_000  # rows of one piece: one transaction, and what a kill can undo


@dataclass(frozen=True)
class Part:
    """What a file says for one insurer.

    Attributes:
        kind: the kind of file.
        insurer: the code.
        key: of the run: the kind, and what is in the file.
        rows: the rows, by line.
        given: the columns that the file has.
    """

    kind: str
    insurer: str
    key: str
    rows: Rows
    given: frozenset[str]

    @cached_property
    def numbers(self) -> Numbers:
        """The residents and households that are named."""
        return Numbers.of(self.rows)

    @cached_property
    def known(self) -> Ids:
        """Their ids when it was first asked for; stand-ins for those that were new then."""
        return self.numbers.known(self.insurer)

    @cached_property
    def pieces(self) -> list[Rows]:
        """The rows in pieces; all that says something of one subject is in one of them."""
        label = _components(self.rows) if self.kind == "households" else _subject
        pieces: list[list[Mapping[str, Any]]] = [[]]
        for _label, together in groupby(sorted(self.rows, key=label), label):
            if len(pieces[-1]) >= _ROWS:
                pieces.append([])
            pieces[-1] += together
        return list(pieces)

    @cached_property
    def fingerprint(self) -> str:
        """Which rows, cut by which Kokuho: what another one prepared is not gone on with."""
        lines = ",".join(str(row[LINE]) for row in self.rows)
        return f"{__version__} {hashlib.sha256(lines.encode()).hexdigest()}"

    def content(self, number: int) -> dict[str, Any]:
        """What a piece changes, by table, to be kept aside."""
        changes = self.changes(self.pieces[number], self.known)
        return {model.__name__: pack(changed, model) for model, changed in changes}

    def changes(self, rows: Rows, ids: Ids) -> Iterator[tuple[type[Version], Changes[Any]]]:
        """What some rows change in the register as it is now, by table."""
        heads = _known_heads(self.kind, rows, ids)
        for model, said in facts_of(self.kind, rows, self.given, ids, heads).items():
            if changes := changes_of(self.insurer, said):
                yield model, changes


def prepare(part: Part, actor: str, tell: Tell) -> Run:
    """Prepare what a part of a file changes, or go on with it; ``cancelled`` if somebody asked."""

    def step(run: Run) -> bool:
        staged = Staged.objects.filter(run=run)
        done = run.cursor.get("pieces", 0)
        if run.cursor.get("of") != part.fingerprint or staged.count() != done:
            staged.delete()
            last = Recording.objects.filter(insurer_id=part.insurer).aggregate(
                last=Max("recorded_at")
            )["last"]
            since = last.isoformat() if last else None
            run.cursor = {"of": part.fingerprint, "since": since, "pieces": 0}
            run.total, run.counts = len(part.rows), {"rows": 0}
            return True
        if done < len(part.pieces):
            content = ready.pop(done, None) or part.content(done)
            Staged.objects.create(insurer_id=part.insurer, run=run, number=done, content=content)
            run.cursor |= {"pieces": done + 1}
            run.count(rows=len(part.pieces[done]))
        return int(run.cursor["pieces"]) < len(part.pieces)

    _forget_left(part)
    told = 0
    ready: dict[int, dict[str, Any]] = {}

    def progress(run: Run) -> None:
        nonlocal told
        now = run.counts.get("rows", 0)
        if now > told:
            tell(now - told)
            told = now
        following = run.cursor.get("pieces", 0)
        if run.state == Run.State.RUNNING and following < len(part.pieces):
            # compared without holding the lock of SQLite's one writer: others get their turn
            with seeing([part.insurer]):
                ready[following] = part.content(following)

    return runs.work(
        part.insurer, KIND, part.key, step, actor=actor, progress=progress, ends=False, again=True
    )


def _forget_left(part: Part) -> None:
    """Drop what another import of the kind kept aside and left a day ago: killed, never run again.

    Should it be run after all, it prepares anew.
    """
    with seeing([part.insurer], writing=True):
        Staged.objects.filter(
            run__kind=KIND,
            run__key__startswith=f"{part.kind} ",
            run__updated_at__lt=timezone.now() - _LEFT,
        ).exclude(run__key=part.key).delete()


class StoppedError(Exception):
    """Somebody asked to stop before anything was written."""


def apply(
    part: Part, *, actor: str, reason: str, at: datetime | None, tell: Tell
) -> dict[str, int]:
    """Write what was prepared, inside the one transaction of the file; what it did.

    Raises:
        StoppedError: it is not wanted any more.
    """
    run: Run = Run.objects.select_for_update().get(insurer_id=part.insurer, kind=KIND, key=part.key)
    if run.cancel_asked or run.state == Run.State.CANCELLED:
        raise StoppedError
    if run.state == Run.State.DONE:  # another process was quicker
        return {name: run.counts.get(name, 0) for name in COUNTS}
    counts = dict.fromkeys(COUNTS, 0)
    with transaction.atomic():
        moment = recordings.begin(part.insurer, actor=actor, reason=reason, at=at)
        ids, made = part.numbers.made(part.insurer)
        counts |= made
        prepared = _prepared if _is_fresh(part, run) else _compared_anew
        for number, rows in enumerate(part.pieces):
            for changes in prepared(part, run, number, ids):
                write(moment, changes)
                counts["inserted"] += len(changes.inserted)
                counts["superseded"] += len(changes.superseded)
            tell(len(rows))
        # where nothing is new, not even the moment is kept
        transaction.set_rollback(not any(counts.values()))
    Staged.objects.filter(run=run).delete()
    runs.finish(part.insurer, KIND, part.key, {"rows": len(part.rows), **counts})
    return counts


def _prepared(part: Part, run: Run, number: int, ids: Ids) -> Iterator[Changes[Any]]:
    content = Staged.objects.get(run=run, number=number).content
    for model in TABLES[part.kind]:
        if model.__name__ in content:
            yield unpack(content[model.__name__], model, part.numbers, ids)


def _compared_anew(part: Part, _run: Run, number: int, ids: Ids) -> Iterator[Changes[Any]]:
    for _model, changes in part.changes(part.pieces[number], ids):
        yield changes


def _is_fresh(part: Part, run: Run) -> bool:
    """Whether all pieces are there, and nobody else changed the tables since the first."""
    if run.cursor.get("of") != part.fingerprint:
        return False
    if Staged.objects.filter(run=run).count() != len(part.pieces):
        return False
    since = run.cursor["since"]
    later = Q() if since is None else Q(recorded_at__gt=since) | Q(superseded_at__gt=since)
    found: list[Any] = list(TABLES[part.kind])
    return not any(model.objects.filter(later, insurer_id=part.insurer).exists() for model in found)


def cancel(insurer: str) -> int:
    """Ask the imports of an insurer to stop, and forget what they prepared; how many.

    Raises:
        StoreError: the database is being written to all the time (SQLite has one writer).
    """
    with seeing([insurer]):
        running = list(Run.objects.filter(kind=KIND, state=Run.State.RUNNING))
    try:
        asked = [run for run in running if runs.ask_to_cancel(insurer, run.kind, run.key)]
        with seeing([insurer], writing=True):
            Staged.objects.filter(run__in=asked).delete()
    except OperationalError as error:
        raise StoreError(
            _("An import is being written now and cannot be stopped any more: {reason}").format(
                reason=error
            )
        ) from error
    return len(asked)


def _subject(row: Mapping[str, Any]) -> str:
    """The person, or the household, that a row is about."""
    return f"p{row['person_id']}" if row["person_id"] is not None else f"h{row['household_id']}"


def _components(rows: Rows) -> Callable[[Mapping[str, Any]], str]:
    """Which households belong together, as a person is in several of them through time."""
    above: dict[str, str] = {}

    def top(one: str) -> str:
        while (over := above.setdefault(one, one)) != one:
            above[one] = above[over]
            one = over
        return one

    for row in rows:
        above[top(_subject(row))] = top(f"h{row['household_id']}")
    return lambda row: top(f"h{row['household_id']}")


def _known_heads(kind: str, rows: Rows, ids: Ids) -> list[Headship]:
    if kind != "households":
        return []
    households = sorted({ids.households[row["household_id"]] for row in rows})
    found: list[Headship] = []
    for start in range(0, len(households), _AT_ONCE):
        some = households[start : start + _AT_ONCE]
        found += Headship.objects.known().filter(household_id__in=some)
    return found
