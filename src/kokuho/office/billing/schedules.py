"""Schedules (期別の調定): what each payer owes of a fiscal year, by due date, version by version.

A schedule is replaced as a whole. What a ledger posts is the difference of two
(:func:`kokuho.billing.differences`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

import polars as pl
from django.db import models

from kokuho.base.calendar import first_day_of_year
from kokuho.billing import SCHEMA
from kokuho.office.register.households import HouseholdVersion
from kokuho.office.register.models import Document, Resident
from kokuho.office.store.owned import Kept, Owned
from kokuho.office.store.recording import Moment, Said, change

_AT_ONCE = 500


class Schedule(HouseholdVersion):
    """All demands on one payer of a household for one fiscal year; holds for that year.

    Attributes:
        total: the sum of the demands, yen.
        exempted: what a decided exemption (減免) took off, yen: the assessments add up to both.
        exemptions: the granted shares among them, each with the figures that its yen follow from,
            as ``kokuho.billing.Exempted.as_dict`` gives them.
        channel: how it is paid: ``ordinary``, ``pension`` or ``prepaid`` (kokuho.billing.Channel).
        made: ``provisional`` (仮算定), ``levy`` (the first after an assessment) or ``change``.
        noticed_on: the day of the notice that the due dates follow.
        assessments: the row numbers of the assessments that it was made from, in order.
        grounds: why it is paid so, as ``kokuho.billing.Ground.as_dict`` gives them.
    """

    subject = ("household", "payer")

    payer = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="+")
    fiscal_year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    channel = models.CharField(max_length=10)
    made = models.CharField(max_length=20)
    noticed_on = models.DateField()
    total = models.BigIntegerField()
    exempted = models.BigIntegerField(default=0)
    exemptions = models.JSONField(default=list)
    assessments = models.JSONField(default=list)
    grounds = models.JSONField(default=list)
    ordinance = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")

    class Meta(HouseholdVersion.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insurer", "fiscal_year", "household"], name="schedule_of")
        ]

    def says(self) -> tuple[Any, ...]:
        """What the schedule says, in a form that can be compared and kept in a set."""
        values = [getattr(self, name) for name in self.fact_names()]
        return (json.dumps(values, default=str, sort_keys=True),)


class Instalment(Owned):
    """One demand of a schedule (期別); see :class:`kokuho.billing.Demand` for its fields."""

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="instalments")
    fiscal_year_levied = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10)
    term = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField()
    due = models.DateField()
    reason = models.CharField(max_length=20)

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["schedule", "fiscal_year_levied", "channel", "term"],
                name="one_demand_a_term",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_demand_has_an_amount"),
        ]


def store(
    moment: Moment, schedules: Sequence[tuple[Schedule, Iterable[Mapping[str, Any]]]]
) -> None:
    """Record schedules with their demands; each takes the place of the one before it.

    Args:
        moment: the recording that this is part of.
        schedules: new schedules, each with its demands as rows of ``kokuho.billing.SCHEMA``.
    """
    change(moment, [Said(schedule) for schedule, _rows in schedules])
    rows = [
        Instalment(
            insurer_id=moment.insurer_id,
            schedule=schedule,
            **{name: row[name] for name in _OF_A_DEMAND},
        )
        for schedule, demands in schedules
        for row in demands
    ]
    Instalment.objects.bulk_create(rows, batch_size=_AT_ONCE)


_OF_A_DEMAND = ("fiscal_year_levied", "channel", "term", "amount", "due", "reason")


def demands(
    insurer: str,
    fiscal_year: int | None = None,
    *,
    known: date | datetime | None = None,
    household: int | None = None,
) -> pl.DataFrame:
    """The demands of an insurer as they were known at a moment: what the ledger posts.

    Inside ``seeing(…)``. The columns of ``kokuho.billing.SCHEMA``, and ``debtor``: the payer's
    address number. Where the head changed within the year, two payers of one household may owe the
    same term; ``debtor`` tells them apart, ``kokuho.billing.KEY`` alone does not.

    Args:
        insurer: its code.
        fiscal_year: the year that is levied for (相当年度); none: all.
        known: a moment; a day stands for its end; none for now.
        household: the row number of one household; none: all.
    """
    schedules = Schedule.objects.known(known).filter(insurer_id=insurer)
    if fiscal_year is not None:
        schedules = schedules.filter(fiscal_year=fiscal_year)
    if household is not None:
        schedules = schedules.filter(household=household)
    rows = Instalment.objects.filter(schedule__in=schedules).values_list(
        "insurer_id",
        "schedule__household__household_number",
        "fiscal_year_levied",
        "schedule__fiscal_year",
        "schedule__kind",
        "channel",
        "term",
        "amount",
        "due",
        "reason",
        "schedule__payer__address_number",
    )
    frame = pl.DataFrame(list(rows), schema={**SCHEMA, "debtor": pl.String()}, orient="row")
    return frame.sort("insurer_code", "household_id", "debtor", "due", "channel", "term")


def standing(schedules: Iterable[Schedule]) -> dict[int, list[dict[str, Any]]]:
    """The demands of schedules as rows of ``kokuho.billing.SCHEMA`` but the household, by pk."""
    by_pk = {schedule.pk: schedule for schedule in schedules}
    found: dict[int, list[dict[str, Any]]] = {pk: [] for pk in by_pk}
    keys = sorted(by_pk)
    for start in range(0, len(keys), _AT_ONCE):
        rows = Instalment.objects.filter(schedule__in=keys[start : start + _AT_ONCE])
        for row in rows.order_by("due", "channel", "term"):
            schedule = by_pk[row.schedule_id]
            found[row.schedule_id].append(
                {name: getattr(row, name) for name in _OF_A_DEMAND}
                | {"fiscal_year_meant": schedule.fiscal_year, "kind": schedule.kind}
            )
    return found


def year_days(fiscal_year: int) -> dict[str, date]:
    """The days for which a fact of a fiscal year holds."""
    return {
        "valid_from": first_day_of_year(fiscal_year),
        "valid_to": first_day_of_year(fiscal_year + 1),
    }
