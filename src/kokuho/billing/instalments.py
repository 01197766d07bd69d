"""The instalments of a year: yearly levy, provisional levy and its settlement, prepayment."""

from __future__ import annotations

from datetime import date
from functools import partial

import polars as pl

from kokuho.base.money import floor_to, mul_floor
from kokuho.billing.demand import KEYS, Reason, in_order, no_demands
from kokuho.billing.settings import instalment_unit, law_share, prepayment_due, provisional_terms
from kokuho.billing.spread import spread
from kokuho.billing.terms import Slot, due_by_rule, open_slots, term_slots, terms
from kokuho.ordinance import OrdinanceYear


def yearly(
    totals: pl.DataFrame,
    year: OrdinanceYear,
    *,
    provisional: pl.DataFrame | None = None,
    notice: date | None = None,
) -> pl.DataFrame:
    """The demands of a year's levy in ordinary collection (普通徴収).

    Where the ordinance has provisional terms, the levy itself uses the terms after them, less what
    was demanded provisionally (本算定; 地方税法706条の2第2項).

    Args:
        totals: columns ``insurer_code``, ``household_id``, ``total``; an assessment file has them.
        year: the ordinance of the fiscal year.
        provisional: the provisional demands of these households; none if left out.
        notice: the day of the notice: only terms that it can still use are taken, and those out of
            term (随時期) when none is left. Without it all terms are taken.

    Raises:
        BillingError: a setting that is needed is not stated.
    """
    stands = no_demands() if provisional is None else provisional
    unit = instalment_unit(year)
    groups: tuple[tuple[pl.DataFrame, Reason], ...] = (
        (totals.join(stands, on=KEYS, how="anti"), "levy"),
        (totals.join(stands, on=KEYS, how="semi"), "settlement"),
    )
    parts = [no_demands()]
    for households, reason in groups:
        if not households.is_empty():
            own = stands.join(households, on=KEYS, how="semi")
            places = partial(_places, year, notice, reason)
            parts.append(spread(households, own, places, unit, year, notice))
    return in_order(pl.concat(parts))


def _places(year: OrdinanceYear, notice: date | None, reason: Reason) -> list[Slot]:
    if notice is None:
        return term_slots(year, reason, final_only=True)
    return open_slots(year, notice, reason)


def provisional(
    before: pl.DataFrame, year: OrdinanceYear, *, last_terms: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The provisional demands (仮算定) of a year whose incomes are not known yet.

    Each is the amount of the year before divided by the number of this year's terms, or the amount
    of last year's last term, cut to the unit. For a tax they come to no more than half of the year
    before (地方税法706条の2第1項). Households without an amount of the year before have none.

    Args:
        before: the year before: ``insurer_code``, ``household_id``, ``total``.
        year: the ordinance of the year to come.
        last_terms: for the basis ``previous_last_term``: the demands of last year's last term.
    """
    setting, unit = provisional_terms(year), instalment_unit(year)
    slots = [
        Slot("ordinary", term.number, term.due, "provisional")
        for term in terms(year)
        if term.provisional
    ]
    if setting.basis == "previous_last_term":
        if last_terms is None:
            raise ValueError("the basis is last year's last term; give its demands")
        last = last_terms.group_by(KEYS).agg(each=pl.col("amount").sum())
        known = before.select(*KEYS, "total").join(last, on=KEYS, how="inner")
    else:
        known = before.select(*KEYS, "total", each=pl.col("total") // len(year.terms))
    if year.insurer.kind == "tax":
        share = law_share("provisional.largest_share", year)
        largest = mul_floor(pl.col("total"), share.numerator, share.denominator)
        known = known.with_columns(each=pl.min_horizontal("each", largest // len(slots)))
    each = floor_to(pl.col("each"), unit)
    sums = known.select(*KEYS, total=each * len(slots))
    return spread(sums, no_demands(), lambda: slots, unit, year)


def prepaid(
    totals: pl.DataFrame,
    year: OrdinanceYear,
    notice: date,
    *,
    provisional: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The demands of households that pay the year ahead: one due date in place of the terms (前納).

    What was demanded of them provisionally stays, and the prepayment is the rest.

    Raises:
        BillingError: the ordinance has not adopted prepayment, or the notice leaves too few days.
    """
    stands = no_demands() if provisional is None else provisional
    own = stands.join(totals, on=KEYS, how="semi")
    return spread(totals, own, lambda: [prepaid_slot(year, notice)], 1, year, notice)


def retroactive(
    totals: pl.DataFrame,
    earlier: OrdinanceYear,
    current: OrdinanceYear,
    notice: date,
    *,
    prepays: bool,
) -> pl.DataFrame:
    """The demands for months of an earlier fiscal year, fixed in the current one (過年度).

    They stand in the books of the current year. All terms of the earlier year have passed, so they
    fall due out of term; of households that prepay ahead like the rest, if the ordinance says so.

    Args:
        totals: the amounts of the earlier year.
        earlier: the ordinance of the year that they are meant for.
        current: the ordinance of the year of the notice.
        notice: the day of the notice.
        prepays: whether these households prepay the current year.
    """
    setting = current.prepayment
    asked = setting.first_fiscal_year is not None and (
        setting.first_fiscal_year <= earlier.fiscal_year
    )
    if prepays and asked and setting.retroactive_years == "included":
        slot = prepaid_slot(current, notice)
        return spread(totals, no_demands(), lambda: [slot], 1, earlier, notice)
    return yearly(totals, earlier, notice=notice)


def prepaid_slot(year: OrdinanceYear, notice: date, *, increase: bool = False) -> Slot:
    """The due date of a prepayment, by the ordinance's rule and minimum notice."""
    rule, least = prepayment_due(year)
    due = due_by_rule(rule, notice, year, least)
    reason: Reason = "prepayment_increase" if increase else "prepayment"
    return Slot("prepaid", 1, due, reason, follows=True)
