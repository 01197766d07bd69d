"""Claims (レセプト) as the office's files tell them: kept for good, the last version counts."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import polars as pl
from django.db import models

from kokuho.office.ledger.rows import read
from kokuho.office.store.owned import Kept, Owned


class ClaimFile(Owned):
    """A file of claims that was imported; ``number`` is its place in the order of recording."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    number = models.IntegerField()
    name = models.TextField()
    digest = models.CharField(max_length=64)
    rows = models.IntegerField()
    actor = models.TextField()
    recorded_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "number"], name="claim_file_number"),
        ]


class ClaimLine(Owned):
    """One claim as a file says it. What a later file says of the same claim is its next version.

    Nothing of illness or treatment is kept: month, kind, cost and high-cost benefit alone.

    Attributes:
        claim_id: the office's own number of the claim (レセプト整理番号).
        person_id: the address number (宛名番号).
        month: first day of the month of treatment (診療年月).
        cost: whole cost in yen (医療費, 10割).
        high_cost: high-cost benefit in yen (高額療養費支給額).
        cancelled: the claim is taken back (返戻・取下げ).
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    claim_id = models.TextField()
    version = models.PositiveIntegerField(default=1)
    file_number = models.IntegerField()
    recorded_on = models.DateField()
    person_id = models.TextField()
    month = models.DateField()
    kind = models.CharField(max_length=20)
    cost = models.BigIntegerField()
    high_cost = models.BigIntegerField(default=0)
    cancelled = models.BooleanField(default=False)

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["insurer", "claim_id", "version"], name="claim_line_version"
            ),
        ]


KEPT: dict[str, Any] = {
    "claim_id": pl.String(),
    "version": pl.Int32(),
    "person_id": pl.String(),
    "month": pl.Date(),
    "kind": pl.String(),
    "cost": pl.Int64(),
    "high_cost": pl.Int64(),
    "cancelled": pl.Boolean(),
}
"""What is read of a claim."""


def claims_known(insurer: str, on: date) -> pl.DataFrame:
    """The claims of an insurer as they were known on a day, without those taken back."""
    rows = read(ClaimLine, KEPT, insurer, "recorded_on <= %s", [on.isoformat()])
    last = pl.col("version") == pl.col("version").max().over("claim_id")
    return rows.filter(last & ~pl.col("cancelled"))
