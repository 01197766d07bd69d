"""Refunds (還付) that were asked for, and who approved them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.store.owned import Kept, Owned


class RefundRequest(Owned):
    """A refund that somebody asked for (還付伺い); it is paid once two persons approved it."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    demand_id = models.TextField()
    household_id = models.TextField()
    component = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    interest = models.BigIntegerField()
    claimed_on = models.DateField(null=True)
    reason = models.TextField()
    asked_by = models.TextField()
    asked_on = models.DateField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0) & models.Q(interest__gte=0), name="refund_amounts"
            ),
        ]


class RefundApproval(Owned):
    """One person's approval in one of the two roles (支出命令, 審査)."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    request = models.ForeignKey(RefundRequest, on_delete=models.PROTECT, related_name="approvals")
    role = models.CharField(max_length=20)
    by = models.TextField()
    on = models.DateField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "role"], name="refund_role"),
            models.UniqueConstraint(fields=["request", "by"], name="refund_person"),
        ]
