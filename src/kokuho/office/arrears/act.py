"""The acts (滞納整理の記録): inserted only; what was wrong is withdrawn by another row."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models

from kokuho.arrears import Act, Promise
from kokuho.office.store.owned import Kept, Owned


class ActRow(Owned):
    """One :class:`kokuho.arrears.Act`, with when it was recorded and by which run.

    The household is its number and the demands are their ids, as in the books. ``number`` counts
    within the insurer; ``refers`` is the number of the act that this one ends or withdraws.
    ``recorded_on`` is the day from which it counts as known (記録日, as 記帳日 in the books),
    ``recorded_at`` when the row was written.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    number = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    day = models.DateField()
    household_id = models.TextField()
    demands = models.JSONField(default=list)
    until = models.DateField(null=True)
    code = models.CharField(max_length=40, default="")
    amount = models.BigIntegerField(null=True)
    refers = models.BigIntegerField(null=True)
    plan = models.JSONField(default=list)
    text = models.TextField(default="")
    actor = models.TextField()
    recorded_on = models.DateField()
    recorded_at = models.DateTimeField()
    run = models.CharField(max_length=200, default="")

    class Meta(Owned.Meta):
        db_table = "arrears_act"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "number"], name="act_number"),
            # an act is ended or withdrawn once, whoever is quicker
            models.UniqueConstraint(
                fields=["insurer", "refers"],
                name="act_withdrawn_once",
                condition=models.Q(kind="withdrawal"),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insurer", "household_id"], name="act_household"),
        ]

    def act(self) -> Act:
        """The act that the row keeps."""
        return Act(
            number=self.number,
            kind=self.kind,
            day=self.day,
            household=self.household_id,
            demands=tuple(self.demands),
            until=self.until,
            code=self.code,
            amount=self.amount,
            refers=self.refers,
            plan=tuple(Promise(date.fromisoformat(day), yen) for day, yen in self.plan),
            text=self.text,
            actor=self.actor,
        )

    @classmethod
    def of(cls, insurer: str, act: Act, **more: Any) -> ActRow:
        """The row for an act, not saved yet."""
        return cls(
            insurer_id=insurer,
            number=act.number,
            kind=act.kind,
            day=act.day,
            household_id=act.household,
            demands=list(act.demands),
            until=act.until,
            code=act.code,
            amount=act.amount,
            refers=act.refers,
            plan=[[one.due.isoformat(), one.amount] for one in act.plan],
            text=act.text,
            actor=act.actor,
            **more,
        )
