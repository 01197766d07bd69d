"""A long job and the record of its run: killed at any moment, it goes on where it was.

A job is a function that does one short piece. The piece and the cursor behind it are written in one
transaction: both are there or neither, so nothing is lost and nothing done twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from kokuho.base.errors import StoreError
from kokuho.base.messages import translator
from kokuho.office.store.owned import Owned
from kokuho.office.tenancy import seeing

_ = translator("office")

Step = Callable[["Run"], bool]
"""Does the piece that ``run.cursor`` points to, moves the cursor, counts; says if more is left."""

Progress = Callable[["Run"], None]


class OvertakenError(StoreError):
    """Somebody began the same run anew meanwhile; it is theirs now, and this one does no more."""


class Run(Owned):
    """One run of a job for one insurer; ``kind`` and ``key`` say which piece of work it is.

    ``cursor`` and ``counts`` are the job's own (JSON); ``total`` is how much there is to do, if it
    is known.
    """

    class State(models.TextChoices):
        """Where a run stands; a run that was killed stays ``running``."""

        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    state = models.CharField(max_length=20, default=State.RUNNING)
    cursor = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    total = models.BigIntegerField(null=True)
    cancel_asked = models.BooleanField(default=False)
    actor = models.TextField()
    message = models.TextField(default="")
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "kind", "key"], name="run_of_a_kind")
        ]

    def count(self, **more: int) -> None:
        """Add to the counts."""
        for name, number in more.items():
            self.counts[name] = self.counts.get(name, 0) + number


def work(
    insurer: str,
    kind: str,
    key: str,
    step: Step,
    *,
    actor: str,
    progress: Progress | None = None,
    ends: bool = True,
    again: bool = False,
    anew: bool = False,
) -> Run:
    """Do a job to its end, or to where somebody asked to cancel it; go on with it if it was begun.

    A run that is done already is returned as it is. Two workers on one run take turns.

    Args:
        insurer: the code of the insurer; each piece runs in a transaction that sees it alone.
        kind, key: which job, and which piece of work.
        step: see :data:`Step`.
        actor: who asked for it.
        progress: told after each piece.
        ends: false: when nothing is left the run stays ``running``; what follows ends it
            (:func:`finish`).
        again: a run that is done is begun anew.
        anew: any is, also one that another worker is at (:func:`begin`): that one stops.

    Raises:
        OvertakenError: another worker began it anew; what was done until then stays.
        Exception: what ``step`` raised; the run is then ``failed``, and goes on when asked again.
    """
    run = begin(insurer, kind, key, actor, again=again, anew=anew)
    begun, more = run.started_at if anew else None, True
    while more and run.state == Run.State.RUNNING:
        try:
            run, more = piece(insurer, run.pk, step, ends=ends, begun=begun)
        except OvertakenError:
            raise
        except Exception as error:
            failed(insurer, kind, key, error)
            raise
        if progress:
            progress(run)
    return run


def begin(
    insurer: str, kind: str, key: str, actor: str, *, again: bool = False, anew: bool = False
) -> Run:
    """The record of a run, made or found; one that was killed, cancelled or failed goes on.

    Args:
        insurer, kind, key, actor: as for :func:`work`.
        again: one that is done is begun anew.
        anew: any is begun anew, wherever it was: for steps that leave alone what is done, whose
            list of work may be another one this time.
    """
    now = timezone.now()
    with seeing([insurer], writing=True):
        run: Run
        run, made = Run.objects.get_or_create(
            insurer_id=insurer,
            kind=kind,
            key=key,
            defaults={"actor": actor, "started_at": now, "updated_at": now},
        )
        if not made:
            # another worker may be at it: the record as it is after their piece
            run = Run.objects.select_for_update().get(pk=run.pk)
        done = run.state == Run.State.DONE
        if not made and (again or anew or not done):
            # who asks for it now no longer wishes that it stops
            run.state, run.cancel_asked, run.message = Run.State.RUNNING, False, ""
            if done or anew:
                run.cursor, run.counts, run.actor, run.started_at = {}, {}, actor, now
            _save(run)
    return run


def finish(insurer: str, kind: str, key: str, counts: dict[str, int]) -> None:
    """Note that a run is done, in the transaction that did it."""
    run: Run = Run.objects.select_for_update().get(insurer_id=insurer, kind=kind, key=key)
    run.state, run.counts = Run.State.DONE, counts
    _save(run)


def ask_to_cancel(insurer: str, kind: str, key: str) -> bool:
    """Ask a run to stop after the piece that it is at; whether there is one that can."""
    with seeing([insurer], writing=True):
        running = Run.objects.filter(
            insurer_id=insurer, kind=kind, key=key, state=Run.State.RUNNING
        )
        return bool(running.update(cancel_asked=True))


def cancelled(insurer: str, kind: str, key: str) -> None:
    """Note that a run ended as somebody asked for, with nothing of it done."""
    _stop(insurer, kind, key, Run.State.CANCELLED, "")


def piece(
    insurer: str, pk: Any, step: Step, *, ends: bool = True, begun: datetime | None = None
) -> tuple[Run, bool]:
    """Do one piece in a transaction of its own; the run behind it, and whether more is left.

    For jobs whose pieces take long to prepare outside of any transaction; :func:`work` does the
    rest of it for all others.

    Raises:
        OvertakenError: the run was not ``begun`` then, but anew since.
    """
    with seeing([insurer], writing=True):
        run: Run = Run.objects.select_for_update().get(pk=pk)
        if begun is not None and run.started_at != begun:
            raise OvertakenError(
                _(
                    "{actor} began the same work ({kind} {key}) anew meanwhile, and this one "
                    "stopped; what it did until then stays. Ask again when that one has ended."
                ).format(actor=run.actor, kind=run.kind, key=run.key)
            )
        if run.state != Run.State.RUNNING:
            return run, False
        more = False
        if run.cancel_asked:
            run.state = Run.State.CANCELLED
        else:
            more = step(run)
            if ends and not more:
                run.state = Run.State.DONE
        _save(run)
    return run, more


def failed(insurer: str, kind: str, key: str, error: Exception) -> None:
    """Note why a run that has not ended does not go on; it goes on when asked again."""
    _stop(insurer, kind, key, Run.State.FAILED, str(error))


def _stop(insurer: str, kind: str, key: str, state: Run.State, message: str) -> None:
    with seeing([insurer], writing=True):
        runs = Run.objects.select_for_update().filter(insurer_id=insurer, kind=kind, key=key)
        run: Run | None = runs.filter(state=Run.State.RUNNING).first()
        if run:
            run.state, run.message = state, message
            _save(run)


def _save(run: Run) -> None:
    run.updated_at = timezone.now()
    run.save()
