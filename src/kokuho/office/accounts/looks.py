"""Looks (閲覧の記録): who saw whom, on which page, when; kept for good.

A row names people by the register's own row numbers, which stand on no paper and in no other
system: whoever reads the log alone learns nobody's name or number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.db import models
from django.utils import timezone

from kokuho.office.accounts.users import User
from kokuho.office.register.models import Household, Resident
from kokuho.office.store.owned import Kept, Owned
from kokuho.office.tenancy import seeing


class Look(Owned):
    """One user saw one person on one page.

    ``page`` is the name of the page's address, ``household`` the household that was looked at, if
    it was one; ``valid_on`` and ``known_on`` are the days that it was asked for. ``purpose`` is
    what the user said that it is for, where the page asks.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    at = models.DateTimeField()
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=40)
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    valid_on = models.DateField(null=True)
    known_on = models.DateField(null=True)
    purpose = models.TextField(default="")

    class Meta(Owned.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insurer", "resident", "at"], name="looks_at_a_resident"),
            models.Index(fields=["insurer", "user", "at"], name="looks_of_a_user"),
        ]


@dataclass(frozen=True)
class Seen:
    """Whom a page shows: a resident of an insurer, by row number."""

    insurer: str
    resident_id: int
    household_id: int | None = None
    valid_on: date | None = None
    known_on: date | None = None
    purpose: str = ""


def note(user: User, page: str, seen: Iterable[Seen]) -> None:
    """Write down whom a user is about to see; where this fails, nothing may be shown."""
    rows = list(seen)
    if not rows:
        return
    now = timezone.now()
    with seeing({row.insurer for row in rows}, writing=True):
        Look.objects.bulk_create(
            Look(
                insurer_id=row.insurer,
                at=now,
                user=user,
                page=page,
                resident_id=row.resident_id,
                household_id=row.household_id,
                valid_on=row.valid_on,
                known_on=row.known_on,
                purpose=row.purpose,
            )
            for row in rows
        )
