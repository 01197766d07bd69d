"""Settings of the ordinance that the room needs: given, defaulted by law, or refused by name."""

from __future__ import annotations

from fractions import Fraction
from typing import NoReturn, TypeVar, cast

from kokuho.base.calendar import first_day_of_year, fiscal_year_name
from kokuho.base.errors import BillingError
from kokuho.base.messages import translator
from kokuho.law import parameter
from kokuho.ordinance import (
    DueRule,
    FirstPensionYear,
    OrdinanceYear,
    OutOfTerm,
    Prepayment,
    Provisional,
)

_ = translator("billing")
T = TypeVar("T")


def refuse(year: OrdinanceYear, setting: str, decides: str) -> NoReturn:
    """Stop for want of a setting: which, and what it decides.

    Raises:
        BillingError: always.
    """
    raise BillingError(
        _(
            "{insurer} ({code}): fiscal_years.{number}.{setting} is not stated. It decides "
            "{decides}; municipalities differ in it and nothing is assumed. Add it to the "
            "ordinance file."
        ).format(
            insurer=year.insurer.name,
            code=year.insurer.code,
            number=year.fiscal_year,
            setting=setting,
            decides=decides,
        )
    )


def stated(setting: T | None, year: OrdinanceYear, name: str, decides: str) -> T:
    """A setting without default, or a refusal that names it.

    Raises:
        BillingError: it is not stated.
    """
    if setting is None:
        refuse(year, name, decides)
    return setting


def law_number(name: str, year: OrdinanceYear) -> int:
    """A whole number of the law on the first day of the fiscal year."""
    return cast("int", parameter(name).on(first_day_of_year(year.fiscal_year)).value)


def law_share(name: str, year: OrdinanceYear) -> Fraction:
    """A share of 1 of the law on the first day of the fiscal year."""
    return cast("Fraction", parameter(name).on(first_day_of_year(year.fiscal_year)).value)


def instalment_unit(year: OrdinanceYear) -> int:
    """Yen to which instalments are cut; the rest goes to the first (地方税法20条の4の2第6項)."""
    unit = year.billing.instalment_unit
    if unit is None and year.insurer.kind == "tax":
        return law_number("tax.instalment_unit", year)
    return stated(unit, year, "billing.instalment_unit", _("to what unit instalments are cut"))


def notice_days(year: OrdinanceYear) -> int:
    """Days between a notice and the first due date that it may use."""
    stated = year.billing.minimum_notice_days
    return law_number("due.notice_days", year) if stated is None else stated


def out_of_term(year: OrdinanceYear) -> OutOfTerm:
    """When a levy falls due that is fixed after the terms (随時期)."""
    decides = _("when a levy falls due that is fixed when no term is left")
    return stated(year.billing.out_of_term, year, "billing.out_of_term", decides)


def provisional_terms(year: OrdinanceYear) -> Provisional:
    """The provisional terms (仮算定) of a year that has some."""
    decides = _("which terms are provisional, and of what")
    return stated(year.billing.provisional, year, "billing.provisional", decides)


def first_pension_year(year: OrdinanceYear) -> FirstPensionYear:
    """How the year is split in which collection from a pension begins in October."""
    decides = _("what the terms collect before the first payment from a pension")
    return stated(year.billing.pension.first_year, year, "billing.pension.first_year", decides)


def pension_increase(year: OrdinanceYear) -> str:
    """Whether an increase stops collection from a pension or is collected beside it."""
    decides = _("how an increase is collected from a household that pays from a pension")
    return stated(year.billing.pension.increase, year, "billing.pension.increase", decides)


def prepayment(year: OrdinanceYear) -> Prepayment:
    """The prepayment settings of an adopting ordinance.

    Raises:
        BillingError: the ordinance has not adopted prepayment for this year.
    """
    if year.prepayment.adopted:
        return year.prepayment
    raise BillingError(
        _("{insurer} ({code}) has not adopted prepayment for {year}.").format(
            insurer=year.insurer.name,
            code=year.insurer.code,
            year=fiscal_year_name(year.fiscal_year),
        )
    )


def prepayment_due(year: OrdinanceYear) -> tuple[DueRule, int]:
    """The due-date rule of a prepayment, and the days that must lie before it."""
    found = prepayment(year)
    due, days = _("when a prepayment falls due"), _("how long a notice must precede it")
    return (
        stated(found.due_date, year, "prepayment.due_date", due),
        stated(found.minimum_notice_days, year, "prepayment.minimum_notice_days", days),
    )
