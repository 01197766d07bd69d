"""What a batch is going to print, and what was printed (印刷の記録): inserted only."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.jobs.runs import Run
from kokuho.office.register.models import Household, Resident
from kokuho.office.store.owned import Kept, Owned


class Planned(Owned):
    """One paper of a batch, in the order in which it is printed.

    Attributes:
        place: from 1; ``file`` is the PDF that it is in, from 1, and 0 where it is not printed.
        state: ``print``, or why it is not: a code of :data:`kokuho.office.printing.states.STATES`.
        reason: more about that, in words.
        protected: 支援措置 holds for the payer or the addressee; it is in a PDF apart.
        reference: what the paper tells of, such as ``schedule/12``.
        amount: the paper's sum in yen, as the control list adds it up.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    file = models.PositiveIntegerField()
    state = models.CharField(max_length=20)
    reason = models.TextField(default="")
    protected = models.BooleanField(default=False)
    reference = models.CharField(max_length=200)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    postal_code = models.CharField(max_length=8, default="")
    amount = models.BigIntegerField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "place"], name="planned_place")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["run", "file"], name="planned_file")
        ]


class Printed(Owned):
    """One paper that was printed: of what, for whom, how it read, when and by whom.

    Attributes:
        kind, reference: which paper, and what it tells of; printed once, and again as a reprint.
        batch, file, place: where it is; empty and 0 for a paper that was printed alone.
        languages: codes with blanks between, Japanese first.
        digest: SHA-256 of all that stands on it; ``content`` of all but number and addressee, by
            which a reprint is known to say the same.
        copy: 0 for the first, then the number of the reprint (再発行).
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=200)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    batch = models.CharField(max_length=200, default="")
    file = models.PositiveIntegerField(default=0)
    place = models.PositiveIntegerField(default=0)
    languages = models.CharField(max_length=100)
    pages = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    issued_on = models.DateField()
    printed_at = models.DateTimeField()
    actor = models.TextField()
    copy = models.PositiveSmallIntegerField(default=0)

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["insurer", "kind", "reference", "copy"], name="printed_once"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insurer", "household"], name="printed_household")
        ]


class Served(Owned):
    """When a paper counts as served (送達): of several rows the last one that was recorded holds.

    Attributes:
        served_on: the day (送達日); of a public notice the one that the law makes of its first day.
        how: a code of :data:`kokuho.office.printing.serving.WAYS`.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    paper = models.ForeignKey(Printed, on_delete=models.PROTECT, related_name="served")
    served_on = models.DateField()
    how = models.CharField(max_length=20)
    actor = models.TextField()
    recorded_at = models.DateTimeField()
