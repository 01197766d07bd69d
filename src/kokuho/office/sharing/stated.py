"""The settings that an office stated, who approved them, and when they were stopped."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.store.owned import Kept, Owned


class Stated(Owned):
    """A settings file as it was proposed; ``number`` counts within the insurer."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    number = models.IntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta(Owned.Meta):
        db_table = "sharing_settings"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "number"], name="sharing_settings_number"),
        ]


class SettingsEvent(Owned):
    """``approved`` or ``stopped``, by whom and when."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    stated = models.ForeignKey(Stated, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20)
    actor = models.TextField()
    at = models.DateTimeField()
    text = models.TextField(default="")

    class Meta(Owned.Meta):
        db_table = "sharing_settings_event"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["stated", "actor"],
                name="sharing_settings_approved_once",
                condition=models.Q(kind="approved"),
            ),
        ]
