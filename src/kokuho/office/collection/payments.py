"""Records of receipts as files report them, stage by stage (速報、確報、速報取消)."""

from __future__ import annotations

from typing import Any, ClassVar

import polars as pl
from django.db import models

from kokuho.collection import SEEN
from kokuho.office.collection.deliveries import Delivered
from kokuho.office.ledger.rows import among, read
from kokuho.office.store.owned import Kept, Owned


class Payment(Owned):
    """One record of a file and what became of it; the same one in a later file is not kept again.

    Attributes:
        key, stage: what tells the payment and its stage from all others.
        outcome, doubt: see :data:`kokuho.collection.OUTCOMES` and ``DOUBTS``.
        demand_id, household_id: whose it is, or may be.
        owed: yen of that demand when it was matched.
        source: the number under which the ledger received it; empty where it is no money.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    delivered = models.ForeignKey(Delivered, on_delete=models.PROTECT, related_name="payments")
    record = models.IntegerField()
    channel = models.CharField(max_length=20)
    key = models.CharField(max_length=40)
    stage = models.CharField(max_length=20)
    reference = models.TextField()
    payer = models.TextField(null=True)
    amount = models.BigIntegerField()
    paid_on = models.DateField()
    outcome = models.CharField(max_length=20)
    doubt = models.TextField(null=True)
    demand_id = models.TextField(null=True)
    household_id = models.TextField(null=True)
    owed = models.BigIntegerField(null=True)
    source = models.TextField(null=True)

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "key", "stage"], name="payment_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insurer", "source"], name="payment_source"),
        ]


_SEEN: dict[str, Any] = dict(SEEN)


def seen(insurer: str, keys: pl.Series) -> pl.DataFrame:
    """The stages that were kept of some payments: :data:`kokuho.collection.SEEN`."""
    where, values = among('"key"', keys)
    return read(Payment, _SEEN, insurer, where, values)
