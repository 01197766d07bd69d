"""Letters of demand (催告): what they call for, by rule, and why other demands are left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kokuho.arrears.acts import Act, in_force
from kokuho.arrears.household import Household
from kokuho.base.calendar import era_date
from kokuho.base.messages import translator

_ = translator("arrears")

LEFT_OUT: Mapping[str, str] = {
    "early": "not overdue for long enough",
    "not_reminded": "not reminded yet",
    "term_runs": "the term of its reminder runs still",
    "agreed": "an agreement is kept",
    "deferred": "deferred",
    "suspended": "execution suspended",
    "sent": "a letter of demand was sent already",
    "gone": "the right is gone",
}
"""Why no letter calls for an overdue demand; a closed list."""


@dataclass(frozen=True)
class LetterRule:
    """When letters are sent: the office's choice, as no law asks for them.

    A demand is called for ``days_overdue`` days after its due date, once; where ``again_days`` is
    given, again when so many days have passed since the letter before.
    """

    days_overdue: int
    again_days: int | None = None


@dataclass(frozen=True, slots=True)
class LetterDue:
    """A letter that is due to a household: for which demands, over how much, since when.

    ``total`` is principal, fixed interest and fees in yen, as they stand in the ledger.
    """

    household: str
    demands: tuple[str, ...]
    total: int
    oldest: date
    reason: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An overdue demand that no letter calls for; ``why`` is a code of :data:`LEFT_OUT`."""

    household: str
    demand: str
    total: int
    why: str


def left_out_title(why: str) -> str:
    """Why a demand is left out, for people."""
    return _(LEFT_OUT[why])


def letters_due(
    houses: Iterable[Household], rule: LetterRule, on: date, gone: Collection[str] = ()
) -> tuple[tuple[LetterDue, ...], tuple[LeftOut, ...]]:
    """The letters that are due on a day, and what is left out of them.

    Nobody's nationality is asked for: the rule knows days, reminders, agreements and deferrals.

    Args:
        houses: of :func:`kokuho.arrears.household.households`, of the same day.
        rule: when letters are sent.
        on: the day.
        gone: demands whose right is gone.
    """
    letters, left = [], []
    for house in houses:
        called: list[tuple[str, date, int]] = []
        for demand, due, days, total in _overdue(house):
            why = _why_not(house, demand, days, rule, on)
            if demand in gone:
                why = "gone"
            if why:
                left.append(LeftOut(house.number, demand, total, why))
            else:
                called.append((demand, due, total))
        if called:
            oldest = min(due for _demand, due, _total in called)
            letters.append(
                LetterDue(
                    household=house.number,
                    demands=tuple(demand for demand, _due, _total in called),
                    total=sum(total for _demand, _due, total in called),
                    oldest=oldest,
                    reason=_("reminded and unpaid; overdue since {day}").format(
                        day=era_date(oldest + timedelta(days=1))
                    ),
                )
            )
    return tuple(letters), tuple(left)


def _overdue(house: Household) -> Iterator[tuple[str, date, int, int]]:
    columns = ("demand_id", "due", "days", "principal", "interest", "fee")
    for demand, due, days, *parts in house.due.select(columns).sort("due", "demand_id").iter_rows():
        if total := sum(parts):
            yield demand, due, days, total


def spared(house: Household, demand: str, on: date) -> str:
    """Why nobody is asked for a demand now: deferred, suspended, agreed and kept; else empty."""
    for kind, why in (("deferral", "deferred"), ("suspension", "suspended")):
        if any(demand in act.demands for act in in_force(kind, house.acts, on)):
            return why
    if any(one.state == "kept" and demand in one.agreement.demands for one in house.agreements):
        return "agreed"
    return ""


def _why_not(house: Household, demand: str, days: int, rule: LetterRule, on: date) -> str:
    """Why a demand is not called for; empty where it is."""
    if why := spared(house, demand, on):
        return why
    acts = house.acts
    reminder = _last("reminder", acts, demand)
    if reminder is None:
        return "not_reminded"
    if reminder.until is not None and reminder.until >= on:
        return "term_runs"
    if days < rule.days_overdue:
        return "early"
    letter = _last("demand_letter", acts, demand)
    if letter is not None and (rule.again_days is None or (on - letter.day).days < rule.again_days):
        return "sent"
    return ""


def _last(kind: str, acts: Sequence[Act], demand: str) -> Act | None:
    return next((act for act in reversed(acts) if act.kind == kind and demand in act.demands), None)
