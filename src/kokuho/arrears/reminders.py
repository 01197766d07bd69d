"""Reminders (督促): which demands need one, from when, until when, and why others do not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, cast

import polars as pl

from kokuho.arrears.acts import Act, in_force, standing
from kokuho.base.calendar import era_date
from kokuho.base.messages import translator
from kokuho.law import parameter

_ = translator("arrears")


@dataclass(frozen=True)
class ReminderRule:
    """When reminders are sent. ``days_after_due`` and ``pay_within_days`` are the ordinance's.

    For a tax the law sets the last day: within 20 days after the due date (地方税法726条). For a
    premium nothing but the ordinance or its rules does (地方自治法231条の3第1項).
    """

    kind: Literal["tax", "premium"]
    days_after_due: int | None = None

    def first_day(self, due: date) -> date:
        """From when a reminder may be sent: the ordinance's day, or the day after the due date."""
        return due + timedelta(days=self.days_after_due or 1)

    def last_day(self, due: date) -> date | None:
        """Until when it must be sent; ``None`` where nothing says so."""
        if self.kind == "tax":
            days = cast("int", parameter("reminder.issue_days_tax").on(due).value)
            return due + timedelta(days=days)
        return self.first_day(due) if self.days_after_due else None


@dataclass(frozen=True, slots=True)
class ReminderDue:
    """A demand that needs a reminder (督促).

    ``by`` is the last day for it, ``late`` whether that has passed (a late one is valid still).
    """

    household: str
    demand: str
    due: date
    principal: int
    since: date
    by: date | None
    late: bool
    reason: str


def reminders_due(
    owed: pl.DataFrame,
    acts: Mapping[str, Sequence[Act]],
    rule: ReminderRule,
    on: date,
    gone: Collection[str] = (),
) -> tuple[ReminderDue, ...]:
    """The demands that are overdue, were not reminded of, and may be on a day.

    None is due while the demand is under a deferral (徴収の猶予, 換価の猶予) or its execution is
    suspended. One that is paid by then has no row in ``owed``.

    Args:
        owed: of :func:`kokuho.arrears.owed.owed`.
        acts: the acts of each household.
        rule: when reminders are sent.
        on: the day.
        gone: demands whose right is gone, of which nobody is reminded.
    """
    found = []
    rows = owed.filter((pl.col("principal") > 0) & (pl.col("due") < on))
    columns = ("household_id", "demand_id", "due", "principal")
    stands = {house: standing(some) for house, some in acts.items()}
    for house, demand, due, principal in rows.select(columns).iter_rows():
        own = stands.get(house, ())
        since, by = rule.first_day(due), rule.last_day(due)
        if since > on or demand in gone or _held(demand, own, on):
            continue
        late = by is not None and by < on
        reason = _reason(due, by if late else None)
        found.append(ReminderDue(house, demand, due, principal, since, by, late, reason))
    return tuple(found)


def _reason(due: date, late: date | None) -> str:
    """Since when a demand is overdue, and by when its reminder was due if that is past."""
    day = era_date(due + timedelta(days=1))
    if late is None:
        return _("overdue since {day}").format(day=day)
    return _("overdue since {day}; a reminder was due by {by}").format(day=day, by=era_date(late))


def _held(demand: str, acts: Sequence[Act], on: date) -> bool:
    """Whether a demand was reminded of, or may not be now."""
    if any(act.kind == "reminder" and demand in act.demands for act in acts):
        return True
    kinds = ("deferral", "suspension")
    return any(demand in act.demands for kind in kinds for act in in_force(kind, acts, on))


def seizure_from(reminder: Act) -> date:
    """From when property is to be seized (差押え) if the demand is not paid (地方税法728条1項).

    After ten days from the day on which the reminder was sent, that day counted. For a premium the
    term that the reminder set comes before it (地方自治法231条の3第3項).
    """
    days = cast("int", parameter("reminder.seizure_days").on(reminder.day).value)
    passed = reminder.day + timedelta(days=days)
    return max(passed, reminder.until or passed) + timedelta(days=1)


def served_on(public_notice: date) -> date:
    """The day on which a paper counts as served by public notice (公示送達, 地方税法20条の2第3項).

    After seven days from the day on which it was put up, that day counted.
    """
    days = cast("int", parameter("service.public_notice_days").on(public_notice).value)
    return public_notice + timedelta(days=days)


def returned_and_open(acts: Iterable[Act]) -> tuple[Act, ...]:
    """Returned mail (返戻) that nothing has answered since: address, public notice or contact."""
    stand = standing(acts)
    answers = ("sending_address", "public_notice", "contact", "consultation", "agreement")
    return tuple(
        act for act in stand
        if act.kind == "returned_mail"
        and not any(other.kind in answers and other.day >= act.day for other in stand)
    )  # fmt: skip
