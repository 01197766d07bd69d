"""What became of a batch: approvals, sendings, answers; each a row that stays."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.linkage.batch import Batch
from kokuho.office.store.owned import Kept, Owned


class BatchEvent(Owned):
    """Something that happened to a batch.

    Attributes:
        kind: ``approved``, ``rejected``, ``superseded``, ``sent``, ``answered``, ``refused``
            (the whole message) or ``disposed`` (a file of it was deleted).
        part: which file, of the last four; 0 for the batch.
        message: number of the message that was sent, or that is answered.
        detail: counts, the digest of what was sent, the signed answer as it came.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    part = models.IntegerField(default=0)
    message = models.CharField(max_length=40, default="")
    actor = models.TextField()
    at = models.DateTimeField()
    text = models.TextField(default="")
    detail = models.JSONField(default=dict)

    class Meta(Owned.Meta):
        db_table = "linkage_event"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["batch", "actor"],
                name="linkage_approved_once",
                condition=models.Q(kind="approved"),
            ),
            models.UniqueConstraint(
                fields=["batch", "part"],
                name="linkage_answered_once",
                condition=models.Q(kind="answered"),
            ),
        ]


class RefusedCopy(Owned):
    """A record that the other side did not register; the others of its batch stand."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="refused")
    part = models.IntegerField()
    place = models.IntegerField()
    key = models.TextField()
    version = models.IntegerField()
    code = models.CharField(max_length=200)
    detail = models.TextField()

    class Meta(Owned.Meta):
        db_table = "linkage_refused"
