"""Refunds (還付) that were asked for, who approved them, and which were withdrawn."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.store.owned import Kept, Owned


class RefundRequest(Owned):
    """A refund that somebody asked for (還付伺い); it is paid once two persons approved it.

    ``cause``, ``happened_on`` and ``objected_on`` say from when interest runs, as
    :class:`kokuho.ledger.interest_on_refunds.Overpaid` takes them.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    demand_id = models.TextField()
    household_id = models.TextField()
    component = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    cause = models.CharField(max_length=20, default="mistake")
    happened_on = models.DateField(null=True)
    objected_on = models.DateField(null=True)
    claimed_on = models.DateField(null=True)
    reason = models.TextField()
    asked_by = models.TextField()
    asked_on = models.DateField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_amounts"),
        ]


class RefundApproval(Owned):
    """One user's approval in one of the two roles (支出命令, 審査).

    ``interest`` is the interest on the refund (還付加算金) in yen until the day of the order, and
    stands in the approval of that role alone.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    request = models.ForeignKey(RefundRequest, on_delete=models.PROTECT, related_name="approvals")
    role = models.CharField(max_length=20)
    by = models.TextField()
    on = models.DateField()
    interest = models.BigIntegerField(null=True)

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "role"], name="refund_role"),
            models.UniqueConstraint(fields=["request", "by"], name="refund_person"),
        ]


class RefundWithdrawal(Owned):
    """A refund that is not asked for any more (還付伺いの取下げ)."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    request = models.OneToOneField(
        RefundRequest, on_delete=models.PROTECT, related_name="withdrawal"
    )
    reason = models.TextField()
    by = models.TextField()
    on = models.DateField()
