"""What a bank was asked to debit, and what it answered, order by order (振替依頼、振替結果)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.collection.accounts import Account
from kokuho.office.collection.deliveries import Delivered
from kokuho.office.store.owned import Kept, Owned


class DebitOrder(Owned):
    """One order of a file that was sent; ``record`` is its place among the data records."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    delivered = models.ForeignKey(Delivered, on_delete=models.PROTECT, related_name="orders")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="orders")
    record = models.IntegerField()
    reference = models.BigIntegerField()
    demand_id = models.TextField()
    household_id = models.TextField()
    amount = models.BigIntegerField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["insurer", "delivered", "reference"], name="debit_order_once"
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="debit_order_amount"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insurer", "demand_id"], name="debit_order_demand"),
        ]


class DebitAnswer(Owned):
    """A debit that came back (振替不能), or that a bank's file does not answer.

    What was debited is a payment (:class:`~kokuho.office.collection.payments.Payment`).

    Attributes:
        record: in the file; empty where it lacks the order.
        result, reason: the code, and its words in the layout; ``missing`` where it lacks.
        doubt: one of :data:`kokuho.collection.DOUBTS`, or empty.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    delivered = models.ForeignKey(Delivered, on_delete=models.PROTECT, related_name="answers_in")
    record = models.IntegerField(null=True)
    reference = models.TextField()
    demand_id = models.TextField(null=True)
    household_id = models.TextField(null=True)
    amount = models.BigIntegerField()
    result = models.CharField(max_length=10)
    reason = models.TextField()
    doubt = models.TextField(default="")

    class Meta(Owned.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insurer", "demand_id"], name="debit_answer_demand"),
        ]
