"""Why something was overpaid that was appropriated, where a person said it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kokuho.office.store.owned import Kept, Owned


class AppropriationCause(Owned):
    """The cause that was stated for what a journal of appropriation (充当) took its money from.

    The days are those of :class:`kokuho.ledger.interest_on_refunds.Overpaid`. What nobody stated
    follows from the entries.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    number = models.BigIntegerField()
    demand_id = models.TextField()
    component = models.CharField(max_length=20)
    cause = models.CharField(max_length=20)
    happened_on = models.DateField(null=True)
    objected_on = models.DateField(null=True)

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "number"], name="appropriation_cause"),
        ]
