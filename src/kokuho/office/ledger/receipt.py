"""Receipts (収納) as they arrived: kept whatever becomes of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.store.owned import Kept, Owned


class ReceiptFile(Owned):
    """A file of receipts that was imported; ``number`` is its place in the order of recording."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    number = models.IntegerField()
    name = models.TextField()
    digest = models.CharField(max_length=64)
    rows = models.IntegerField()
    amount = models.BigIntegerField()
    actor = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "number"], name="receipt_file_number"),
        ]


class Receipt(Owned):
    """One receipt as the file says it; its recorded order is ``file_number``, ``line``.

    ``reference`` is the office's own number of the slip (収納整理番号), once in the ledger, and the
    source of the journal that posts it.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    file_number = models.IntegerField()
    line = models.IntegerField()
    reference = models.TextField()
    household_id = models.TextField(null=True)
    demand_id = models.TextField(null=True)
    amount = models.BigIntegerField()
    value_on = models.DateField()
    payer = models.TextField(null=True)

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "reference"], name="receipt_reference"),
            models.UniqueConstraint(fields=["insurer", "file_number", "line"], name="receipt_line"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="receipt_amount"),
        ]
