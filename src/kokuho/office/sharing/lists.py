"""Lists of arrears as they were made, whom they name, and what became of them; kept for good."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.register.models import Household, Resident
from kokuho.office.sharing.stated import Stated
from kokuho.office.store.owned import Kept, Owned


class ArrearsList(Owned):
    """A list; ``left_out`` says how many met the criteria and are not named, by reason."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    number = models.IntegerField()
    stated = models.ForeignKey(Stated, on_delete=models.PROTECT, related_name="lists")
    on = models.DateField()
    left_out = models.JSONField(default=dict)
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta(Owned.Meta):
        db_table = "sharing_list"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "number"], name="sharing_list_number"),
        ]


class ListRow(Owned):
    """A household that a list names: its head, what was overdue, and the columns that were set."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    listing = models.ForeignKey(ArrearsList, on_delete=models.PROTECT, related_name="rows")
    place = models.IntegerField()
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    overdue = models.BigIntegerField()
    state = models.CharField(max_length=20)
    shown = models.JSONField(default=dict)

    class Meta(Owned.Meta):
        db_table = "sharing_row"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["listing", "place"], name="sharing_row_place"),
        ]


class ListEvent(Owned):
    """``approved``, ``rejected`` or ``written``; of the last who got it, why, and its digest."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    listing = models.ForeignKey(ArrearsList, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    actor = models.TextField()
    at = models.DateTimeField()
    text = models.TextField(default="")
    recipient = models.TextField(default="")
    digest = models.CharField(max_length=64, default="")

    class Meta(Owned.Meta):
        db_table = "sharing_list_event"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["listing", "actor"],
                name="sharing_list_approved_once",
                condition=models.Q(kind="approved"),
            ),
        ]
