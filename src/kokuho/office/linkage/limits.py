"""Limits inside which a daily difference goes by itself: proposed by one, approved by two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.approval import PERSONS, Limits
from kokuho.office.ledger.books import lock
from kokuho.office.store.owned import Kept, Owned
from kokuho.office.tenancy import seeing

_ = translator("linkage")


class LimitProposal(Owned):
    """Limits that somebody proposed; they hold once two persons have approved them."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    number = models.IntegerField()
    records = models.IntegerField()
    percent = models.IntegerField()
    withdrawn = models.IntegerField()
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta(Owned.Meta):
        db_table = "linkage_limit"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "number"], name="linkage_limit_number"),
            models.CheckConstraint(
                condition=models.Q(records__gte=0, percent__range=(0, 100), withdrawn__gte=0),
                name="linkage_limit_range",
            ),
        ]


class LimitApproval(Owned):
    """One person's approval of proposed limits."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    proposal = models.ForeignKey(LimitProposal, on_delete=models.PROTECT, related_name="approvals")
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta(Owned.Meta):
        db_table = "linkage_limit_approval"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["proposal", "actor"], name="limit_approved_once"),
        ]


def propose(insurer: str, limits: Limits, actor: str) -> int:
    """Propose limits; their number."""
    if not (limits.records >= 0 and 0 <= limits.percent <= 100 and limits.withdrawn >= 0):
        raise LinkageError(_("limits are counts from 0 on, and percents from 0 to 100"))
    with seeing([insurer], writing=True):
        lock(insurer)
        rows = LimitProposal.objects.filter(insurer_id=insurer)
        number = int(rows.aggregate(last=models.Max("number"))["last"] or 0) + 1
        LimitProposal.objects.create(
            insurer_id=insurer, number=number, records=limits.records, percent=limits.percent,
            withdrawn=limits.withdrawn, actor=actor, at=timezone.now(),
        )  # fmt: skip
    return number


def approve(insurer: str, number: int, actor: str) -> bool:
    """Approve proposed limits; whether they hold now.

    Raises:
        LinkageError: there are none of that number, or the person has approved them before.
    """
    with seeing([insurer], writing=True):
        lock(insurer)
        found = LimitProposal.objects.filter(insurer_id=insurer, number=number).first()
        if found is None:
            raise LinkageError(_("there are no limits of number {number}").format(number=number))
        if found.approvals.filter(actor=actor).exists():
            raise LinkageError(
                _("{actor} has approved it before; another person has to").format(actor=actor)
            )
        LimitApproval.objects.create(
            insurer_id=insurer, proposal=found, actor=actor, at=timezone.now()
        )
        return bool(found.approvals.count() >= PERSONS)


def in_force(insurer: str) -> Limits | None:
    """The last limits that two persons approved, inside ``seeing``."""
    rows = LimitProposal.objects.filter(insurer_id=insurer).annotate(
        persons=models.Count("approvals")
    )
    found = rows.filter(persons__gte=PERSONS).order_by("-number").first()
    return Limits(found.records, found.percent, found.withdrawn) if found else None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Limits that somebody proposed, and who has approved them."""

    number: int
    limits: Limits
    actor: str
    at: datetime
    approved_by: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether two persons have approved it."""
        return len(self.approved_by) >= PERSONS


def proposed(insurer: str) -> list[Proposal]:
    """What was proposed, newest first, inside ``seeing``."""
    rows = LimitProposal.objects.filter(insurer_id=insurer).prefetch_related("approvals")
    return [
        Proposal(
            one.number,
            Limits(one.records, one.percent, one.withdrawn),
            one.actor,
            timezone.localtime(one.at),
            tuple(each.actor for each in one.approvals.all()),
        )
        for one in rows.order_by("-number")
    ]
