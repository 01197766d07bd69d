"""特別療養費: which households may be looked at for it, and what is still lacking (国保法54条の3).

It takes the place of benefits in kind only after a year of arrears in which the office encouraged
payment and gave a chance to consult, where there are no special circumstances, and after a notice.
Nothing here decides: a candidate is a household whose record a clerk must read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from kokuho.arrears.acts import Act, in_force, standing
from kokuho.base.calendar import birthday, fiscal_year_of, last_day_of_year, months_after
from kokuho.law import parameter

_ENCOURAGED = ("reminder", "demand_letter", "contact")
_CONSULTED = ("consultation", "agreement", "deferral_asked")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A household with a year of arrears.

    Attributes:
        oldest: the due date of its oldest unpaid demand; ``since``: a year has passed since then.
        encouraged: whether payment was encouraged since (納付の勧奨).
        consulted: whether there was a chance to consult since (相談の機会).
        noticed: the day of the notice (事前通知), if there was one since.
        circumstances: codes of special circumstances in force (特別の事情), a list of its own.
        applied: since when the benefit applies, if it does.
        lacking: what has to be done or looked at first, as codes: ``encouragement``,
            ``consultation``, ``circumstances``, ``agreement``, ``deferral``, ``notice``.
    """

    household: str
    oldest: date
    since: date
    encouraged: bool
    consulted: bool
    noticed: date | None
    circumstances: tuple[str, ...]
    applied: date | None
    lacking: tuple[str, ...]


def candidate(household: str, oldest: date, acts: Sequence[Act], on: date) -> Candidate | None:
    """A household as a candidate on a day; ``None`` if a year has not passed, or before the law.

    Args:
        household: its number.
        oldest: the due date of its oldest unpaid demand (prepayment: that of the prepayment).
        acts: its acts.
        on: the day.
    """
    rule = parameter("special_benefit.months").find(on)
    if rule is None:
        return None
    since = months_after(oldest, cast("int", rule.value)) + timedelta(days=1)
    if since > on:
        return None
    stand = [act for act in standing(acts) if act.day <= on]
    after = [act for act in stand if act.day > oldest]
    encouraged = any(act.kind in _ENCOURAGED for act in after)
    consulted = any(act.kind in _CONSULTED for act in after)
    notices = [act.day for act in after if act.kind == "special_notice"]
    circumstances = tuple(
        dict.fromkeys(act.code for act in in_force("special_circumstances", stand, on))
    )
    benefit = in_force("special_benefit", stand, on)
    lacking = {
        "encouragement": not encouraged,
        "consultation": not consulted,
        "circumstances": bool(circumstances),
        "agreement": bool(in_force("agreement", stand, on)),
        "deferral": bool(in_force("deferral", stand, on)),
        "notice": not notices,
    }
    return Candidate(
        household=household,
        oldest=oldest,
        since=since,
        encouraged=encouraged,
        consulted=consulted,
        noticed=max(notices, default=None),
        circumstances=circumstances,
        applied=benefit[0].day if benefit else None,
        lacking=tuple(name for name, missing in lacking.items() if missing),
    )


def keeps_benefits_in_kind(born: date, on: date) -> bool:
    """Whether a person is a child whom it never concerns: until the 31 March after turning 18.

    The age is reached on the day before the birthday (年齢計算ニ関スル法律).

    Raises:
        LawError: the law of that day is not known.
    """
    age = cast("int", parameter("special_benefit.child_age").on(on).value)
    reached = birthday(born, age) - timedelta(days=1)
    return on <= last_day_of_year(fiscal_year_of(reached))
