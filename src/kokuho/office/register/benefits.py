"""Benefits (給付) as events only: who asked for what, when, how much, and what was decided."""

from __future__ import annotations

from django.db import models

from kokuho.office.register.residents import ResidentVersion


class BenefitEvent(ResidentVersion):
    """An application for a benefit (``codes.BENEFITS``); ``valid_from`` is its day, and only it.

    A second application of a kind on one day has another ``reference``. ``country`` is where care
    was given (海外療養費), ISO 3166-1 alpha-3; ``care_from`` the first day of the care, where the
    office knows it: an application may come years after it.
    """

    subject = ("resident", "kind", "reference")

    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=40, default="")
    amount = models.BigIntegerField(null=True)
    care_from = models.DateField(null=True)
    country = models.CharField(max_length=20, default="")
    decision = models.CharField(max_length=40, default="")
