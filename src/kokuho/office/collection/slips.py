"""Slips (納付書) that were issued: which demand, which amount, which codes stood on them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.store.owned import Kept, Owned


class SlipIssued(Owned):
    """One slip; the same key gives a demand one slip, whatever happens.

    Attributes:
        key: the run that issued it.
        reissue: how many slips the demand had before.
        codes: content by kind, as a scanner reads it; ``layouts``: id and version by kind.
        notes: what the slip says of codes that it lacks.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    key = models.CharField(max_length=200)
    reference = models.BigIntegerField()
    demand_id = models.TextField()
    household_id = models.TextField()
    amount = models.BigIntegerField()
    due = models.DateField()
    issued_on = models.DateField()
    reissue = models.IntegerField()
    codes = models.JSONField(default=dict)
    layouts = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    actor = models.TextField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "key", "reference"], name="slip_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insurer", "reference"], name="slip_reference"),
        ]
