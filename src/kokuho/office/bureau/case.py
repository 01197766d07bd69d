"""Cases (通知制度の事案) and their steps: inserted only; what was wrong is taken back by a step."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.linkage.bureau import Answer, Step
from kokuho.office.register.models import Resident
from kokuho.office.store.owned import Kept, Owned


class Case(Owned):
    """An interview that was opened about one insured person; ``number`` counts within the insurer.

    Attributes:
        trigger: what opened it, a code of the scheme.
        event_day: the day of the application, or on which the suspicion was noted.
        care_from: the first day of the care, if it is known.
        reference: tells two applications of a kind on one day apart.
        acquired_on: when the person acquired NHI, as the register had it.
        text: the reason, where a person opened it without an application.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    number = models.IntegerField()
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    trigger = models.CharField(max_length=40)
    event_day = models.DateField()
    care_from = models.DateField(null=True)
    reference = models.CharField(max_length=40, default="")
    acquired_on = models.DateField()
    text = models.TextField(default="")
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta(Owned.Meta):
        db_table = "bureau_case"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "number"], name="bureau_case_number"),
            models.UniqueConstraint(
                fields=["insurer", "resident", "trigger", "event_day", "reference"],
                name="bureau_opened_once",
            ),
        ]


class StepRow(Owned):
    """One :class:`kokuho.linkage.bureau.Step` of a case, with when it was written."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    number = models.IntegerField()
    kind = models.CharField(max_length=20)
    day = models.DateField()
    actor = models.TextField()
    code = models.CharField(max_length=20, default="")
    text = models.TextField(default="")
    answers = models.JSONField(default=list)
    since = models.DateField(null=True)
    amount = models.BigIntegerField(null=True)
    to = models.TextField(default="")
    papers = models.JSONField(default=list)
    refers = models.IntegerField(null=True)
    at = models.DateTimeField()

    class Meta(Owned.Meta):
        db_table = "bureau_step"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "number"], name="bureau_step_number"),
        ]

    def step(self) -> Step:
        """The step that the row keeps."""
        return Step(
            number=self.number,
            kind=self.kind,
            day=self.day,
            actor=self.actor,
            code=self.code,
            text=self.text,
            answers=tuple(Answer(*one) for one in self.answers),
            since=self.since,
            amount=self.amount,
            to=self.to,
            papers=tuple(self.papers),
            refers=self.refers,
        )
