"""Who pays from the head's pension (特別徴収の対象).

Law: 国民健康保険法76条の3・76条の4 (which apply 介護保険法134条 and the following) and
同法施行令29条の12・29条の13; 地方税法706条2項・3項. The file in which payers of pensions and
municipalities exchange what this test needs has a layout that is not public: the operator's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kokuho.base.calendar import birthday, last_day_of_year
from kokuho.billing.grounds import Decision, Ground, ground
from kokuho.billing.settings import law_number, law_share
from kokuho.law import for_fiscal_year
from kokuho.ordinance import OrdinanceYear

_LAW = "pension_collection."
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class PensionFacts:
    """What is known of a household for the test; None is not known.

    Attributes:
        head_insured: the head is insured himself (no 擬制世帯主).
        head_born: birth date of the head.
        insured_born: birth dates of all insured members.
        pension: yen of a year of the pension that has precedence (年金の年額).
        payment: yen of one of its payments.
        care_from_pension: the municipality collects the nursing-care premium from it.
        care: yen of nursing-care premium withheld from one payment.
        instalment: yen of health insurance that would be withheld from one payment.
        ordinary_instead: the municipality found ordinary collection smoother, as after a request
            for direct debit (口座振替の申出, 施行令29条の13第4号).
    """

    head_insured: bool
    head_born: date
    insured_born: tuple[date, ...]
    pension: int | None
    payment: int | None
    care_from_pension: bool | None
    care: int | None
    instalment: int
    ordinary_instead: Decision | None = None


@dataclass(frozen=True)
class PensionStanding:
    """Whether a household pays from the head's pension, and the grounds."""

    status: Literal["pension", "ordinary", "undecided"]
    grounds: tuple[Ground, ...]


def judge(facts: PensionFacts, year: OrdinanceYear, on: date) -> PensionStanding:
    """Whether the law has a household pay from the head's pension, on a day.

    A ground that fails makes it ordinary; one that is not known, where none fails, leaves it
    undecided.
    """
    youngest = law_number(_LAW + "youngest", year)
    oldest = for_fiscal_year(year.fiscal_year).ages.leave_at
    least = law_number(_LAW + "minimum_pension", year)
    grounds = [
        ground("head_insured", facts.head_insured),
        ground(
            "head_age",
            _reached(facts.head_born, youngest, on) and on < birthday(facts.head_born, oldest),
            youngest=youngest,
            oldest=oldest,
            born=facts.head_born,
        ),
        ground(
            "members_age",
            all(_reached(born, youngest, on) for born in facts.insured_born),
            youngest=youngest,
            born=max(facts.insured_born, default=facts.head_born),
        ),
        ground(
            "minimum_pension",
            None if facts.pension is None else facts.pension >= least,
            least=f"{least:,}",
            pension=_yen(facts.pension),
        ),
        ground("care_from_pension", facts.care_from_pension),
        _half(facts, year),
    ]
    if year.billing.pension.year_of_75 == "ordinary":
        within = birthday(facts.head_born, oldest) <= last_day_of_year(year.fiscal_year)
        grounds.insert(2, ground("year_of_75", not within, oldest=oldest, born=facts.head_born))
    if (decided := facts.ordinary_instead) is not None:
        made = {"person": decided.person, "day": decided.day, "reason": decided.reason}
        grounds.append(ground("ordinary_instead", False, **made))
    if any(one.holds is False for one in grounds):
        return PensionStanding("ordinary", tuple(grounds))
    unknown = any(one.holds is None for one in grounds)
    return PensionStanding("undecided" if unknown else "pension", tuple(grounds))


def undecided(grounds: Iterable[Ground]) -> bool:
    """Whether kept grounds are those of a household that :func:`judge` left undecided."""
    kept = list(grounds)
    return (
        any(one.code == "minimum_pension" for one in kept)
        and all(one.holds is not False for one in kept)
        and any(one.holds is None for one in kept)
    )


def _half(facts: PensionFacts, year: OrdinanceYear) -> Ground:
    """Both withheld in one month are at most half of the pension paid in it (29条の13第1号)."""
    share = law_share(_LAW + "largest_share", year)
    holds = together = None
    if facts.care is not None:
        together = facts.instalment + facts.care
    if together is not None and facts.payment is not None:
        holds = together * share.denominator <= facts.payment * share.numerator
    return ground("half_of_pension", holds, together=_yen(together), payment=_yen(facts.payment))


def _yen(amount: int | None) -> str | None:
    return None if amount is None else f"{amount:,}"


def _reached(born: date, age: int, on: date) -> bool:
    """An age is reached on the day before the birthday (年齢計算ニ関スル法律)."""
    return on >= birthday(born, age) - _DAY
