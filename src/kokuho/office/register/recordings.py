"""Recordings: when something became known, who said so, and why; one row for each transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import connection, models
from django.utils import timezone

from kokuho.base.errors import StoreError
from kokuho.base.messages import translator
from kokuho.office import tenancy
from kokuho.office.store.owned import Kept, Owned

_ = translator("office")


class Recording(Owned):
    """A moment at which an insurer's register changed. Versions carry the same ``recorded_at``."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    recorded_at = models.DateTimeField()
    actor = models.TextField()
    reason = models.TextField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "recorded_at"], name="one_at_a_moment")
        ]


def begin(insurer: str, *, actor: str, reason: str, at: datetime | None = None) -> Recording:
    """Begin to record for an insurer; others who would record for it wait until we are done.

    Moments of an insurer ascend strictly, so that what was known at a past one never changes.

    Args:
        insurer: its code; one that the transaction sees.
        actor: who records: the name of a user, or a command.
        reason: what for: a notification, a file.
        at: a past moment, to bring in a history; after the last one that was recorded.

    Raises:
        StoreError: ``at`` is not after the last moment, or lies in the future.
        RuntimeError: outside of ``seeing(…, writing=True)``.
    """
    if not tenancy.writing():
        raise RuntimeError("recordings are made inside seeing(..., writing=True)")
    _wait(insurer)
    last = Recording.objects.filter(insurer_id=insurer).aggregate(last=models.Max("recorded_at"))
    recording: Recording = Recording.objects.create(
        insurer_id=insurer, recorded_at=_moment(last["last"], at), actor=actor, reason=reason
    )
    return recording


def _moment(last: datetime | None, at: datetime | None) -> datetime:
    now = timezone.now()
    if at is None:
        return now if last is None or now > last else last + timedelta(microseconds=1)
    if at > now or (last is not None and at <= last):
        raise StoreError(
            _(
                "{at} cannot be recorded: the moment must lie after the last one ({last}) and not "
                "in the future."
            ).format(at=at, last=last or "-")
        )
    return at


def quiet(insurer: str) -> datetime:
    """A moment at which nobody is recording for an insurer: all of before can be read from now on.

    To be called outside of any transaction.
    """
    with tenancy.seeing([insurer], writing=True):
        _wait(insurer)
        return timezone.now()


def _wait(insurer: str) -> None:
    """Until others have recorded for an insurer; the embedded database has one writer anyhow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [insurer])
