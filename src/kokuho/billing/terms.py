"""Terms (期別) and due dates (納期限) of a year, and those that follow from a notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from kokuho.base.calendar import fiscal_year_name, fiscal_year_of, last_day
from kokuho.base.errors import BillingError
from kokuho.base.messages import translator
from kokuho.billing.demand import Channel, Reason
from kokuho.billing.settings import notice_days, out_of_term, refuse
from kokuho.law import open_day
from kokuho.ordinance import DueRule, OrdinanceYear

_ = translator("billing")


@dataclass(frozen=True)
class TermDate:
    """One term of the year: its day as the ordinance says it, and the due date after any shift."""

    number: int
    day: date
    due: date
    provisional: bool


@dataclass(frozen=True)
class Slot:
    """A place for an instalment.

    ``follows``: it is numbered after the last term that the household has in the channel; ``term``
    then counts from 1.
    """

    channel: Channel
    term: int
    due: date
    reason: Reason
    follows: bool = False


def terms(year: OrdinanceYear) -> tuple[TermDate, ...]:
    """The terms of a fiscal year with their due dates, as the ordinance has them (地方税法705条).

    A due date on a day on which offices are closed is the next day (地方税法20条の5第2項).

    Raises:
        BillingError: the ordinance states no terms, a term has no due date, or two terms fall due
            on one day.
    """
    if not year.terms:
        refuse(year, "terms", _("when the instalments fall due"))
    provisional = year.billing.provisional
    first_final = 1 if provisional is None else provisional.terms + 1
    found = []
    for index, term in enumerate(year.terms):
        if term.due is None:
            refuse(year, f"terms[{index}].due", _("when this instalment falls due"))
        due = open_day(term.due, year.billing.closed_days)
        found.append(TermDate(term.number, term.due, due, term.number < first_final))
    for before, after in pairwise(found):
        if after.due <= before.due:
            raise BillingError(
                _(
                    "{insurer}, {year}: terms {first} and {second} both fall due on {day} once "
                    "days on which offices are closed are skipped."
                ).format(
                    insurer=year.insurer.name,
                    year=fiscal_year_name(year.fiscal_year),
                    first=before.number,
                    second=after.number,
                    day=after.due,
                )
            )
    return tuple(found)


def term_slots(year: OrdinanceYear, reason: Reason, *, final_only: bool = False) -> list[Slot]:
    """All terms of the year, or those after the provisional ones, as places for instalments."""
    return [
        Slot("ordinary", term.number, term.due, reason)
        for term in terms(year)
        if not (final_only and term.provisional)
    ]


def open_slots(year: OrdinanceYear, notice: date, reason: Reason) -> list[Slot]:
    """The terms that a notice of that day can still use; none left, those out of term (随時期).

    A provisional term is never used once the levy itself is noticed.
    """
    earliest = notice + timedelta(days=notice_days(year))
    found = [slot for slot in term_slots(year, reason, final_only=True) if slot.due >= earliest]
    return found or out_of_term_slots(year, notice)


def out_of_term_slots(year: OrdinanceYear, notice: date) -> list[Slot]:
    """Places for a levy that is fixed when no term is left (随時期).

    Raises:
        BillingError: the ordinance does not say when it falls due, or the rule leaves less than the
            minimum notice.
    """
    rule = out_of_term(year)
    first = due_by_rule(rule.due, notice, year, notice_days(year))
    reason: Reason = "out_of_term"
    if levied_in(year, notice) > year.fiscal_year:
        reason = "retroactive"
    slots = [Slot("ordinary", 1, first, reason, follows=True)]
    for number in range(1, rule.instalments):
        nominal = _by_rule(rule.due, notice, months_later=number)
        due = open_day(nominal, year.billing.closed_days)
        slots.append(Slot("ordinary", number + 1, due, reason, follows=True))
    return slots


def due_by_rule(rule: DueRule, notice: date, year: OrdinanceYear, least: int) -> date:
    """The due date that a rule gives for a notice, after any shift.

    Raises:
        BillingError: fewer than ``least`` days lie between the notice and the due date.
    """
    due = open_day(_by_rule(rule, notice), year.billing.closed_days)
    if (due - notice).days < least:
        raise BillingError(
            _(
                "A notice of {notice} would fall due on {due} ({rule}), which leaves {left} days; "
                "the minimum notice is {least} days. Send the notice by {latest}, or in the next "
                "month."
            ).format(
                notice=notice,
                due=due,
                rule=rule.rule,
                left=(due - notice).days,
                least=least,
                latest=due - timedelta(days=least),
            )
        )
    return due


def levied_in(year: OrdinanceYear, notice: date | None) -> int:
    """The year in whose books a levy stands (調定年度): that of its notice, if it comes after."""
    if notice is None:
        return year.fiscal_year
    return max(year.fiscal_year, fiscal_year_of(notice))


def _by_rule(rule: DueRule, notice: date, months_later: int = 0) -> date:
    if rule.rule == "days_after_notice":
        return _months_after(notice + timedelta(days=rule.days or 0), months_later)
    if rule.rule == "end_of_following_month":
        months_later += 1
    month = notice.month - 1 + months_later
    return last_day(notice.year + month // 12, month % 12 + 1)


def _months_after(day: date, months: int) -> date:
    month = day.month - 1 + months
    end = last_day(day.year + month // 12, month % 12 + 1)
    return end.replace(day=min(day.day, end.day))
