"""Until when an assessment may be made or changed (賦課決定の期間制限).

Premium: 国民健康保険法110条の2. Tax: 地方税法17条の5. The months are law data (``limit.*``); they
run from the day after the first due date of the year, or after the day on which somebody became
liable, if that is later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from kokuho.base.calendar import first_day_of_year, last_day
from kokuho.base.errors import BillingError
from kokuho.billing import terms
from kokuho.law import parameter
from kokuho.office.assessment.frames import Look
from kokuho.office.assessment.outcomes import Outcome
from kokuho.office.register.models import HouseholdDecision
from kokuho.ordinance import OrdinanceYear

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """The last day on which a decision may be made (``None``: no end), and the article."""

    last: date | None
    article: str


def limit(name: str, start: date, decided_on: date) -> Limit:
    """A limit that runs from the day after ``start``.

    Args:
        name: a parameter such as ``limit.tax``.
        start: the first due date, or the day of becoming liable.
        decided_on: the day of the decision, by whose law it is judged.
    """
    dated = parameter(name).on(decided_on)
    months = cast("int | None", dated.value)
    end = None if months is None else _months_later(start + _DAY, months) - _DAY
    return Limit(end, dated.article)


def first_due(ordinance: OrdinanceYear) -> date | None:
    """The first due date of the year, after any shift; none if the ordinance does not say it."""
    try:
        return terms(ordinance)[0].due
    except BillingError:
        return None


def allowed(
    changes: Sequence[Outcome],
    ordinance: OrdinanceYear,
    decided_on: date,
    decisions: Sequence[HouseholdDecision],
) -> tuple[list[Outcome], list[Look]]:
    """The changes of one household's year that the law still allows, and those that it does not.

    A change that stays undone keeps the former assessment; where another one would then be for
    days of that, nothing of the household is changed.
    """
    kinds = {decision.kind for decision in decisions}
    looks: list[Look] = []
    free: list[Outcome] = []
    barred: list[Outcome] = []
    for change in changes:
        look = _look(change, ordinance, decided_on, kinds)
        (barred if look else free).append(change)
        looks += [look] if look else []
    kept = [
        (change.former.valid_from, change.former.valid_to or date.max)
        for change in barred
        if change.former
    ]
    for change in free:
        days = change.unit.period.days(ordinance.fiscal_year) if change.unit else None
        if days and any(days[0] < end and first < days[1] for first, end in kept):
            return [], looks
    return free, looks


def _look(
    change: Outcome, ordinance: OrdinanceYear, decided_on: date, kinds: set[str]
) -> Look | None:
    increase = change.after > change.before
    name = _name(ordinance.insurer.kind, increase=increase, kinds=kinds)
    year = ordinance.fiscal_year
    earliest = limit(name, first_day_of_year(year), decided_on)
    if earliest.last is None or decided_on <= earliest.last:
        return None
    due = first_due(ordinance)
    payer = change.unit.payer_number if change.unit else ""
    if due is None:
        return Look(change.household, payer, "", "", "no_due_date", earliest.article)
    found = limit(name, max(due, _liable_from(change, year)), decided_on)
    if found.last is None or decided_on <= found.last:
        return None
    code = "increase_too_late" if increase else "decrease_too_late"
    amounts = f"{change.before:,} → {change.after:,}"
    return Look(change.household, payer, "total", amounts, code, f"{found.article} ({found.last})")


def _name(kind: str, *, increase: bool, kinds: set[str]) -> str:
    if kind == "premium":
        adjusted = not increase and "coverage_adjusted" in kinds
        return "limit.premium_adjusted" if adjusted else "limit.premium"
    if "fraud" in kinds:
        return "limit.tax_fraud"
    return "limit.tax" if increase else "limit.tax_decrease"


def _liable_from(change: Outcome, fiscal_year: int) -> date:
    """The day from which the payer is liable: the first on which somebody is insured."""
    start = first_day_of_year(fiscal_year)
    if change.former or change.unit is None:
        return change.former.valid_from if change.former else start
    joined = [row["joined_on"] or start for row in change.unit.persons if row["insured"]]
    return max(change.unit.period.since, min(joined, default=start))


def _months_later(day: date, months: int) -> date:
    """The day that answers to ``day`` some months later; past a shorter month, the day after it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    end = last_day(year, month + 1)
    return date(year, month + 1, day.day) if day.day <= end.day else end + _DAY
