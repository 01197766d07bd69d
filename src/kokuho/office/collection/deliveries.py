"""Files that went to a bank or came from one or from an agent: kept as they were, with digest."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils import timezone

from kokuho.collection import Delivery, Layout, read_file
from kokuho.collection.loading import Book
from kokuho.office.store.owned import Kept, Owned


class Delivered(Owned):
    """One file, by its number; the same bytes are one file however often they arrive.

    Attributes:
        direction, kind: ``sent`` with ``debits``, ``received`` with ``results`` or ``receipts``.
        digest: SHA-256 of ``content``.
        records, amount: how many payments or orders it has, and their yen.
        day: the day of the debit (引落日), of debits and results.
        answers: the file that results answer.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    number = models.IntegerField()
    direction = models.CharField(max_length=10)
    kind = models.CharField(max_length=10)
    name = models.TextField()
    layout = models.TextField()
    layout_version = models.TextField()
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    records = models.IntegerField()
    amount = models.BigIntegerField()
    day = models.DateField(null=True)
    answers = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "number"], name="delivered_number"),
            models.UniqueConstraint(
                fields=["insurer", "direction", "digest"], name="delivered_once"
            ),
        ]

    def read(self, layout: Layout, book: Book) -> Delivery:
        """The file in the form of the pure room."""
        results = self.direction == "received"
        return read_file(bytes(self.content), layout, book, self.name, results=results)


def keep(
    insurer: str,
    kind: str,
    layout: Layout,
    *,
    name: str,
    digest: str,
    content: bytes,
    records: int,
    amount: int,
    actor: str,
    day: date | None = None,
    answers: Delivered | None = None,
) -> Delivered:
    """Keep a file, inside ``seeing(…, writing=True)`` and after ``lock``."""
    files = Delivered.objects.filter(insurer_id=insurer)
    last = files.aggregate(last=models.Max("number"))["last"] or 0
    made: Delivered = Delivered.objects.create(
        insurer_id=insurer, number=last + 1, direction="sent" if kind == "debits" else "received",
        kind=kind, name=name, layout=layout.id, layout_version=layout.version, digest=digest,
        content=content, records=records, amount=amount, day=day, answers=answers, actor=actor,
        recorded_at=timezone.now(),
    )  # fmt: skip
    return made
