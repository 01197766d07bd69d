"""Money in suspense that a person let go (仮受の振替、返還): once, with who and why."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.collection.cancellations import waiting
from kokuho.office.ledger import acts
from kokuho.office.store.owned import Kept, Owned

_ = translator("office_collection")

ACTIONS = {"release": "to a demand", "return": "back to who paid it"}
"""What becomes of money in suspense; a closed list."""


class Release(Owned):
    """A person's decision about one receipt in suspense; ``demand_id`` of a release alone."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    source = models.TextField()
    action = models.CharField(max_length=10)
    demand_id = models.TextField(null=True)
    reason = models.TextField()
    person = models.TextField()
    decided_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "source"], name="release_once"),
        ]


class ReleasedMeanwhileError(InputError):
    """Somebody else decided about this money; nothing was recorded."""

    def __init__(self, by: Release) -> None:
        self.by = by
        super().__init__(
            _("{person} has decided about this money already ({action}).").format(
                person=by.person, action=_(ACTIONS[by.action])
            )
        )


def decide(
    insurer: str,
    source: str,
    *,
    action: str,
    demand_id: str | None,
    reason: str,
    person: str,
    decided_on: date,
) -> None:
    """Let money in suspense go, decision and posting together, inside ``seeing(…, writing=True)``.

    Args:
        insurer: the code of the insurer.
        source: the receipt, as the ledger names it.
        action: one of :data:`ACTIONS`.
        demand_id: what a release pays; what is more than is owed becomes an overpayment (過誤納).
        reason, person, decided_on: why, who, when; the posting date is ``decided_on``.

    Raises:
        InputError: no reason, no such action, a release without demand, or a payment whose
            cancellation (速報取消) waits for a decision.
        ReleasedMeanwhileError: somebody was first.
        LedgerError: nothing is held, no such demand, or closed books.
    """
    if action not in ACTIONS:
        raise InputError(_("Choose what becomes of the money."))
    if action == "release" and not demand_id:
        raise InputError(_("Name the demand that the money pays."))
    if not reason.strip() or not person.strip():
        raise InputError(_("Write the reason."))
    if any(one.final.source == source for one in waiting(insurer)):
        raise InputError(_("This payment was cancelled by the agent; settle that first."))
    to = demand_id if action == "release" else None
    with transaction.atomic():  # what the ledger refuses leaves no decision either
        try:
            with transaction.atomic():
                Release.objects.create(
                    insurer_id=insurer, source=source, action=action, reason=reason.strip(),
                    demand_id=to, person=person, decided_on=decided_on,
                    recorded_at=timezone.now(),
                )  # fmt: skip
        except IntegrityError:
            first = Release.objects.get(insurer_id=insurer, source=source)
            raise ReleasedMeanwhileError(first) from None
        acts.let_go(insurer, source, to, posted_on=decided_on, actor=person)
