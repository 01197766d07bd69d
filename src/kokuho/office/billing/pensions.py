"""What is known of pensions (特別徴収の資料), and requests for direct debit instead.

The file in which payers of pensions tell it has a layout that is not public; the office brings its
content here in the columns of ``kokuho bill pensions`` (docs/billing.md).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from kokuho.billing import Decision, PensionFacts, PensionStanding, judge
from kokuho.office.assessment.documents import Inputs
from kokuho.office.billing.schedules import year_days
from kokuho.office.register import recordings
from kokuho.office.register.households import HouseholdVersion
from kokuho.office.register.models import Household
from kokuho.office.register.residents import ResidentVersion
from kokuho.office.store.recording import record
from kokuho.ordinance import OrdinanceYear


class PensionNotice(ResidentVersion):
    """What the payer of a resident's pension told, for one fiscal year; none is not told.

    ``pension`` yen a year, ``payment`` yen of one payment, ``care`` yen of the nursing-care premium
    withheld from one; ``april``, ``june``, ``august``: yen of this levy withheld provisionally.
    """

    fiscal_year = models.PositiveSmallIntegerField()
    pension = models.BigIntegerField(null=True)
    payment = models.BigIntegerField(null=True)
    care_from_pension = models.BooleanField(null=True)
    care = models.BigIntegerField(null=True)
    april = models.BigIntegerField(default=0)
    june = models.BigIntegerField(default=0)
    august = models.BigIntegerField(default=0)


class DirectDebit(HouseholdVersion):
    """The office found ordinary collection smoother, as after a request for direct debit.

    口座振替の申出; 国民健康保険法施行令29条の13第4号. Holds from the year of the finding on.
    """

    reason = models.TextField()
    person = models.TextField()
    decided_on = models.DateField()


@dataclass(frozen=True)
class Known:
    """What is known of pensions in a year: notices by payer, direct debit by household."""

    notices: dict[int, PensionNotice]
    instead: dict[int, Decision]


def known(fiscal_year: int, payers: Collection[int], households: Collection[int]) -> Known:
    """What is known now for some payers and households, by row number."""
    notices = PensionNotice.objects.known().filter(
        fiscal_year=fiscal_year, resident__in=list(payers)
    )
    first = year_days(fiscal_year)["valid_from"]
    chosen = DirectDebit.objects.as_of(first).filter(household__in=list(households))
    later = DirectDebit.objects.known().filter(
        household__in=list(households), valid_from__range=(first, date(fiscal_year + 1, 3, 31))
    )
    return Known(
        {row.resident_id: row for row in notices},
        {
            row.household_id: Decision(row.reason, row.person, row.decided_on)
            for row in (*chosen, *later)
        },
    )


def choose_direct_debit(
    household: Household, *, reason: str, person: str, decided_on: date
) -> None:
    """Record that a household pays in ordinary collection, inside ``seeing(…, writing=True)``."""
    moment = recordings.begin(household.insurer_id, actor=person, reason=reason)
    record(
        moment,
        [
            DirectDebit(
                household=household,
                valid_from=decided_on,
                reason=reason,
                person=person,
                decided_on=decided_on,
            )
        ],
    )


def standing(
    notice: PensionNotice,
    inputs: Inputs,
    instalment: int,
    instead: Decision | None,
    year: OrdinanceYear,
    on: date,
) -> PensionStanding:
    """Whether the law has a payer pay from the pension (kokuho.billing.judge), with the grounds."""
    persons: list[Any] = list(inputs.persons)
    payer = next(row for row in persons if row["person_id"] == inputs.payer)
    facts = PensionFacts(
        head_insured=bool(payer.get("insured")),
        head_born=payer["birth_date"],
        insured_born=tuple(row["birth_date"] for row in persons if row.get("insured")),
        pension=notice.pension,
        payment=notice.payment,
        care_from_pension=notice.care_from_pension,
        care=notice.care,
        instalment=instalment,
        ordinary_instead=instead,
    )
    return judge(facts, year, on)
