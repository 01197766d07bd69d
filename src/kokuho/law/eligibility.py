"""Who may be insured (国民健康保険の被保険者となるか): a dated decision table and what it asks for.

The answer is ``insured``, ``not_insured`` or ``look``: a clerk must look, and the reason says at
what. The table is ``data/decisions/eligibility.yaml``; here is only how the facts that it asks for
follow from what an office knows of a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from kokuho.base.calendar import PartialDate, last_day
from kokuho.law.decision import Row, table
from kokuho.law.registry import parameter

JAPANESE = "JPN"


@dataclass(frozen=True)
class Situation:
    """What an office knows of a person on a day; ``unknown`` or ``None`` where it does not know.

    Attributes:
        birth_date: may be partial.
        cover: what covers the person in place of NHI (``cover`` of the table).
        address: whether the person lives here, 住所地特例 included (``address`` of the table).
        nationality: ISO 3166-1 alpha-3 or the office's own code; empty: unknown.
        resident_class: class of 住民基本台帳法30条の45, empty if there is none; None: unknown.
        status: name of the status of residence (在留資格) in Japanese, empty if there is none.
        designation: what the paper of 特定活動 says (``designation`` of the table).
        period_from, period_to: the period of stay (在留期間); ``period_to`` None: without end.
        extension_applied: whether an extension or change was applied for in time and is open.
        documents: whether documents show a stay longer than the short one.
        insured_before: whether the person is insured now.
        agreement: certificate of an agreement on social security (``agreement`` of the table).
    """

    birth_date: PartialDate | None
    cover: str = "unknown"
    address: str = "unknown"
    nationality: str = ""
    resident_class: str | None = None
    status: str | None = None
    designation: str = "unknown"
    period_from: date | None = None
    period_to: date | None = None
    extension_applied: bool | None = None
    documents: bool | None = None
    insured_before: bool = False
    agreement: str = "unknown"


@dataclass(frozen=True)
class Verdict:
    """The answer, the row of the table that gives it, and the facts that were looked at."""

    answer: str
    row: Row
    facts: Mapping[str, str]


def eligibility(situation: Situation, day: date) -> Verdict:
    """Whether a person may be insured on a day.

    Raises:
        LawError: the law of that day is not known.
    """
    facts = facts_of(situation, day)
    row = table("eligibility").decide(facts, day)
    return Verdict(row.answer, row, facts)


def facts_of(situation: Situation, day: date) -> dict[str, str]:
    """The facts that the table asks for."""
    return {
        "cover": situation.cover,
        "age": _age(situation.birth_date, day),
        "address": situation.address,
        "nationality": _nationality(situation.nationality),
        "register": _register(situation, day),
        "status": _status(situation.status),
        "designation": situation.designation,
        "documents": _yes_no(situation.documents),
        "insured_before": _yes_no(situation.insured_before),
        "agreement": situation.agreement,
        "expiry": _expiry(situation, day),
    }


def _age(born: PartialDate | None, day: date) -> str:
    """75 is reached on the birthday itself."""
    if born is None:
        return "unknown"
    years = cast("int", parameter("age.leave_at").on(day).value)
    if _years_later(born.latest(), years) <= day:
        return "reached"
    return "unknown" if _years_later(born.earliest(), years) <= day else "below"


def _years_later(day: date, years: int) -> date:
    """The day of the year that answers to a birthday; to 29 February, 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _nationality(code: str) -> str:
    if not code:
        return "unknown"
    return "japanese" if code == JAPANESE else "foreign"


def _status(name: str | None) -> str:
    if name is None:
        return "unknown"
    return table("eligibility").statuses.get(name, "unknown") if name else "none"


def _register(situation: Situation, day: date) -> str:
    """Whether the person is a foreign resident (外国人住民); a short period tells it too."""
    if situation.resident_class is not None:
        return "resident" if situation.resident_class else "not_resident"
    if situation.status and situation.period_from and situation.period_to:
        months = cast("int", parameter("eligibility.short_stay_months").on(day).value)
        short = situation.period_to <= _months_later(situation.period_from, months)
        return "not_resident" if short else "unknown"
    return "unknown"


def _expiry(situation: Situation, day: date) -> str:
    if situation.period_to is None or day <= situation.period_to:
        return "in_time"
    if not situation.extension_applied:
        return "expired" if situation.extension_applied is False else "unknown"
    months = cast("int", parameter("eligibility.pending_months").on(day).value)
    within = day <= _months_later(situation.period_to, months)
    return "pending" if within else "pending_too_long"


def _yes_no(value: bool | None) -> str:
    return "unknown" if value is None else "yes" if value else "no"


def _months_later(day: date, months: int) -> date:
    """The same day some months later, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return min(last_day(year, month + 1), date(year, month + 1, 1) + timedelta(day.day - 1))
