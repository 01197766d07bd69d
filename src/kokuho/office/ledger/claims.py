"""What the ledger needs to know of demands (調定の単位): their facts, and reliefs of interest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from kokuho.office.store.owned import Kept, Owned
from kokuho.office.store.slices import slices


class Claim(Owned):
    """The facts of one demand, in the columns of :data:`kokuho.ledger.DEMANDS`; no amount.

    A due date or debtor that changes is another row with the next ``version``; the last one that
    was recorded by a day is what was known then.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    demand_id = models.TextField()
    version = models.PositiveSmallIntegerField(default=1)
    recorded_on = models.DateField()
    household_id = models.TextField()
    debtor = models.TextField()
    year_assessed = models.IntegerField()
    year_meant = models.IntegerField()
    channel = models.CharField(max_length=20)
    term = models.IntegerField()
    due = models.DateField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["insurer", "demand_id", "version"], name="claim_version"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insurer", "household_id"], name="claim_household"),
        ]


def claims_of(insurer: str, demands: Iterable[str]) -> dict[str, Claim]:
    """The facts of demands by their last version, inside ``seeing``."""
    return _last_versions(insurer, "demand_id", demands)


def claims_of_households(insurer: str, households: Iterable[str]) -> list[Claim]:
    """The demands of households by their last version, inside ``seeing``."""
    return list(_last_versions(insurer, "household_id", households).values())


def _last_versions(insurer: str, name: str, values: Iterable[str]) -> dict[str, Claim]:
    found: dict[str, Claim] = {}
    for some in slices(values):
        rows = Claim.objects.filter(insurer_id=insurer, **{f"{name}__in": some}).order_by("version")
        found |= {row.demand_id: row for row in rows}
    return found


class Relief(Owned):
    """Days on which interest is waived for a demand (猶予・減免), both included, by a decision.

    Of rows with the same first day the last counts; ``withdrawn`` takes the earlier ones back.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    demand_id = models.TextField()
    household_id = models.TextField()
    first = models.DateField()
    last = models.DateField()
    relief = models.CharField(max_length=10)
    withdrawn = models.PositiveSmallIntegerField(default=0)
    source = models.TextField()
    actor = models.TextField()
    recorded_on = models.DateField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(last__gte=models.F("first")), name="relief_days"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insurer", "household_id"], name="relief_household"),
        ]
