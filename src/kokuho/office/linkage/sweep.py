"""Runs of registration, and of reconciliation: up to where the books were looked at."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.store.owned import Kept, Owned


class Sweep(Owned):
    """One look at the books, whole or of the households that were touched since the last.

    Attributes:
        whole: whether all households were looked at.
        as_of: the moment of the books.
        receipt_file, delivered, entry, act: the last numbers that had been recorded.
        unposted: files of receipts that were recorded and not posted to their end.
        urgent, ordinary: numbers of the batches that it made; 0 for none.
        held: the batch that waited for approval, where a difference was found and not made.
        problems: records that the layout cannot carry: ``key, field, code``.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    number = models.BigIntegerField()
    whole = models.BooleanField()
    as_of = models.DateTimeField()
    receipt_file = models.IntegerField()
    delivered = models.IntegerField()
    entry = models.BigIntegerField()
    act = models.BigIntegerField()
    unposted = models.JSONField(default=list)
    urgent = models.BigIntegerField(default=0)
    ordinary = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    problems = models.JSONField(default=list)
    actor = models.TextField()

    class Meta(Owned.Meta):
        db_table = "linkage_sweep"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "number"], name="linkage_sweep_number"),
        ]


class Reconciliation(Owned):
    """A comparison of copies with the books, by digest per person.

    Attributes:
        persons: how many were compared.
        differences: ``person, kind`` of each that is not the same.
        batch: number of the batch that registers them anew; 0 for none.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    at = models.DateTimeField()
    actor = models.TextField()
    persons = models.IntegerField()
    differences = models.JSONField(default=list)
    batch = models.BigIntegerField(default=0)

    class Meta(Owned.Meta):
        db_table = "linkage_reconciliation"
