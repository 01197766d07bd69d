"""Households (世帯), their members and heads through time, and the elders who left NHI in them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.register.residents import Resident, ResidentVersion
from kokuho.office.store.owned import Kept, Owned
from kokuho.office.store.versions import Version


class Household(Owned):
    """A household, as a number that never changes."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    household_number = models.CharField(max_length=40)

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "household_number"], name="household_number")
        ]


class HouseholdVersion(Version):
    """A fact about one household."""

    subject: ClassVar[tuple[str, ...]] = ("household",)

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta(Version.Meta):
        abstract = True


class Membership(ResidentVersion):
    """Which household a resident is in (世帯員); one at a time. ``relationship`` is 続柄."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    relationship = models.TextField(default="")


class Headship(HouseholdVersion):
    """Who heads a household (世帯主), insured or not (擬制世帯主); one at a time."""

    head = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="headships")


class Elders(HouseholdVersion):
    """Those who moved to the elders' scheme and stay in the household (特定同一世帯所属者).

    Their number, their incomes as the reduction judges them, and since when the household is
    特定世帯, as in the households file of a levy.
    """

    count = models.PositiveSmallIntegerField(default=0)
    income = models.BigIntegerField(default=0)
    earners = models.PositiveSmallIntegerField(default=0)
    specific_from = models.DateField(null=True)
