"""Decisions of assessments (賦課決定・更正): what each payer owed before and owes now, and why."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.register.models import Assessment, Household, Recording, Resident
from kokuho.office.store.owned import Kept, Owned


class LevyDecision(Owned):
    """One decision about one payer; its number stands on the notice.

    ``former`` is the assessment before, ``assessment`` the one that is decided; one of them may be
    missing. ``reason`` is a code of the register's ``codes.ASSESSMENTS``, ``causes`` a list of
    causes (see ``causes.Cause``). Assessments are versions: what is owed now. Decisions are the
    steps that led there, in order; what is owed more or less is the difference of the two.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    former = models.ForeignKey(Assessment, on_delete=models.PROTECT, null=True, related_name="+")
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, null=True, related_name="decisions"
    )
    recording = models.ForeignKey(Recording, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=40)
    causes = models.JSONField(default=list)
    decided_on = models.DateField()

    class Meta(Owned.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insurer", "fiscal_year", "household"], name="levy_decision_of")
        ]

    @property
    def before(self) -> int:
        """The total that was owed, in yen."""
        return self.former.total if self.former else 0

    @property
    def after(self) -> int:
        """The total that is owed, in yen."""
        return self.assessment.total if self.assessment else 0


class Pending(Owned):
    """What waits for a clerk: a household that could not be levied, a change that is not allowed,
    a person in no household.

    Made anew with each run that looks at the household. ``code`` is one of ``codes.LOOKS`` or of
    the refusals of rows, ``field`` a column of the levy's files, ``expected`` in words.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    person = models.CharField(max_length=40, default="")
    field = models.CharField(max_length=40, default="")
    value = models.TextField(default="")
    code = models.CharField(max_length=40)
    expected = models.TextField(default="")
    since = models.DateTimeField()
