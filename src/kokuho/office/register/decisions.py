"""Decisions (決定): what the office decided for one person or one household, for days of theirs."""

from __future__ import annotations

from django.db import models

from kokuho.office.register.households import HouseholdVersion
from kokuho.office.register.residents import ResidentVersion


class PersonDecision(ResidentVersion):
    """A decision for a person, of a kind of ``codes.PERSON_DECISIONS``.

    ``valid_from`` is the day that the persons file asks for (離職日の翌日, first exempt month, day
    of becoming a former dependant); ``months`` and ``share_ppm`` where the kind has them.
    """

    subject = ("resident", "kind")

    kind = models.CharField(max_length=40)
    decided_on = models.DateField(null=True)
    reference = models.TextField(default="")
    months = models.PositiveSmallIntegerField(null=True)
    share_ppm = models.PositiveIntegerField(null=True)


class HouseholdDecision(HouseholdVersion):
    """A decision for a household, of a kind of ``codes.HOUSEHOLD_DECISIONS``.

    ``answer`` is a code that the kind asks for, ``share_ppm`` a share in millionths, ``amount``
    yen.
    """

    subject = ("household", "kind")

    kind = models.CharField(max_length=40)
    decided_on = models.DateField(null=True)
    reference = models.TextField(default="")
    answer = models.CharField(max_length=40, default="")
    share_ppm = models.PositiveIntegerField(null=True)
    amount = models.BigIntegerField(null=True)
