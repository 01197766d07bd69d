"""The rules that a ledger works by: the law, and what the ordinance file chooses under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from kokuho.base.calendar import last_day, last_day_of_year
from kokuho.base.errors import OrdinanceError
from kokuho.base.messages import translator
from kokuho.law import parameter
from kokuho.ordinance import AllocationChoices, OrdinanceYear

_ = translator("ledger")

HalfRelief = Literal["special_rate", "half"]
Starts = Literal["due_date", "reminder"]


@dataclass(frozen=True)
class InterestRule:
    """How delinquency interest (延滞金) is computed, beside the rates of the years.

    Amounts are yen. ``half_relief`` says what a deferral that waives half comes to; ``starts``
    whether interest begins on the day after the due date, or on a day that each demand brings
    (:data:`kokuho.ledger.demands.INTEREST_FROM`).
    """

    first_band_months: int
    half_relief: HalfRelief
    minimum_principal: int
    principal_unit: int
    minimum: int
    unit: int
    year_days: int
    starts: Starts = "due_date"


@dataclass(frozen=True)
class AllocationRule:
    """What a payment pays first (充当の順序); see :class:`kokuho.ordinance.AllocationChoices`."""

    order: tuple[str, ...]
    across: Literal["by_demand", "by_component"] = "by_demand"
    excess: Literal["overpaid", "next_due"] = "overpaid"


@dataclass(frozen=True)
class LedgerRules:
    """The rules of one insurer in one fiscal year."""

    kind: Literal["tax", "premium"]
    interest: InterestRule
    allocation: AllocationRule


def _law(name: str, on: date) -> int:
    return cast("int", parameter(name).on(on).value)


def interest_rule(
    on: date,
    first_band_months: int | None = None,
    half_relief: HalfRelief = "special_rate",
    starts: Starts = "due_date",
) -> InterestRule:
    """The rule of interest by the law of a day (地方税法20条の4の2第2項・5項, 723条).

    Args:
        on: the day; the roundings and thresholds are those of that day.
        first_band_months: the months of the lower rate; the law's if left out.
        half_relief: what a deferral that waives half comes to.
        starts: when interest and its first band begin.

    Raises:
        LawError: the law of that day is not known.
    """
    if first_band_months is None:
        first_band_months = _law("interest.first_band_months", on)
    return InterestRule(
        first_band_months=first_band_months,
        half_relief=half_relief,
        minimum_principal=_law("interest.minimum_principal", on),
        principal_unit=_law("interest.principal_unit", on),
        minimum=_law("interest.minimum", on),
        unit=_law("interest.unit", on),
        year_days=_law("interest.year_days", on),
        starts=starts,
    )


def ledger_rules(ordinance: OrdinanceYear, on: date) -> LedgerRules:
    """The rules of an ordinance's year, by the law of a day.

    Raises:
        OrdinanceError: the ordinance leaves out what neither the law nor anybody else decides.
        LawError: the law of that day is not known.
    """
    stated, kind = ordinance.collection, ordinance.insurer.kind
    if stated.interest is None and kind == "premium":
        raise _missing(ordinance, "collection.interest.first_band_months")
    interest = interest_rule(on)
    if (own := stated.interest) is not None:
        interest = interest_rule(on, own.first_band_months, own.half_relief, own.starts)
    allocation = _required(stated.allocation, ordinance)
    return LedgerRules(
        kind, interest, AllocationRule(allocation.order, allocation.across, allocation.excess)
    )


def reminder_fee(ordinance: OrdinanceYear) -> int:
    """The fee for a reminder (督促手数料), in yen; 0 where none is charged.

    Raises:
        OrdinanceError: the ordinance file does not say.
    """
    if ordinance.collection.reminder_fee is None:
        raise _missing(ordinance, "collection.reminder_fee")
    return ordinance.collection.reminder_fee


def _required(stated: AllocationChoices | None, ordinance: OrdinanceYear) -> AllocationChoices:
    if stated is None:
        raise _missing(ordinance, "collection.allocation.order")
    return stated


def _missing(ordinance: OrdinanceYear, key: str) -> OrdinanceError:
    return OrdinanceError(
        _(
            "{insurer} ({code}) does not state {key} for fiscal year {year}; the law leaves it to "
            "the municipality, and nothing is assumed. Add it to the ordinance file."
        ).format(
            insurer=ordinance.insurer.name,
            code=ordinance.insurer.code,
            key=key,
            year=ordinance.fiscal_year,
        )
    )


def settlement_end(fiscal_year: int) -> date:
    """The last day of the settlement period (出納の閉鎖, 5月31日) of a fiscal year's books.

    Source: 地方自治法235条の5.

    Raises:
        LawError: the law of that year is not known.
    """
    end = last_day_of_year(fiscal_year)
    month = end.month + _law("settlement.months", end)
    return last_day(end.year, month)
