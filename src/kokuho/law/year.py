"""The law of one fiscal year, as the levy takes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import cast

from kokuho.base.calendar import (
    first_day_of_year,
    fiscal_year_name,
    fiscal_year_of,
    last_day_of_year,
)
from kokuho.base.errors import LawError
from kokuho.base.messages import translator
from kokuho.law.model import DatedValue, Parameter, Rule
from kokuho.law.registry import generation, parameter
from kokuho.law.values import Band, Bracket, Value

_ = translator("law")

PARTS = ("medical", "support", "care", "child")
"""基礎(医療)分, 後期高齢者支援金等分, 介護納付金分, 子ども・子育て支援納付金分."""

_CLASSES = ("", ".over_10m", ".over_20m")


@dataclass(frozen=True)
class Judgement:
    """軽減判定: what the incomes of a household are compared with, in yen.

    The earners' numbers are 0 before FY2021, when the law had no such term.
    """

    basic: int
    per_head_5: int
    per_head_2: int
    earner_term: int
    earner_salary_revenue: int
    earner_pension_revenue: int
    earner_pension_revenue_65: int
    pension_deduction_65: int


@dataclass(frozen=True)
class Ages:
    """Age boundaries, in years."""

    care_from: int
    care_until: int
    leave_at: int
    preschool: int
    child: int
    elder: int
    involuntary_below: int
    former_dependant_from: int


@dataclass(frozen=True)
class LawYear:
    """Every statutory number that the levy of one fiscal year uses. Amounts are yen.

    ``salary_bands`` and ``pension_bands`` turn the revenue of the calendar year before into income;
    the keys of ``pension_bands`` are (65 or older, class of the other income: 0, 1 or 2), and the
    classes end at ``pension_other_income``. What the law did not know yet is ``None``, 0 or empty.
    ``former_dependant_months`` is ``None`` in FY2018: the relief had no limit (当分の間).
    ``held_from`` is ``None`` for law; in *assumed law* (:func:`held`) it names the year held.
    """

    fiscal_year: int
    parts: tuple[str, ...]
    caps: dict[str, int]
    judgement: Judgement
    basic_deduction: tuple[Bracket, ...]
    salary_bands: tuple[Band, ...]
    pension_bands: dict[tuple[bool, int], tuple[Band, ...]]
    pension_other_income: tuple[int, ...]
    adjustment_pension_limit: int
    ages: Ages
    reductions: tuple[int, ...]
    preschool_cut: Fraction | None
    maternity_first_month: date | None
    involuntary: Fraction
    former_dependant_months: int | None
    former_dependant_cut: Fraction
    specific_half_months: int
    specific_half: Fraction
    specific_continuing_months: int
    specific_continuing: Fraction
    child_cut: Fraction | None
    held_from: int | None = None


def _in_year(entry: Parameter, fiscal_year: int) -> DatedValue | None:
    """The value on 1 April, or the first that begins later in the year (産前産後 in FY2023)."""
    start, end = first_day_of_year(fiscal_year), last_day_of_year(fiscal_year)
    if found := entry.find(start):
        return found
    return next((dated for dated in entry.values if start < dated.first <= end), None)


class _Reader:
    """Takes the values of one year; remembers which it took, and which are missing."""

    def __init__(self, fiscal_year: int) -> None:
        self.fiscal_year = fiscal_year
        self.taken: list[str] = []
        self.missing: list[str] = []

    def _take(self, name: str, absent: Value = None) -> Value:
        entry = parameter(name)
        self.taken.append(name)
        if found := _in_year(entry, self.fiscal_year):
            return found.value
        if entry.begins is None or entry.begins <= last_day_of_year(self.fiscal_year):
            self.missing.append(name)
        return absent

    def whole(self, name: str) -> int:
        return cast("int", self._take(name, 0))

    def months(self, name: str) -> int | None:
        return cast("int | None", self._take(name))

    def share(self, name: str) -> Fraction:
        return cast("Fraction", self._take(name, Fraction(0)))

    def later_share(self, name: str) -> Fraction | None:
        return cast("Fraction | None", self._take(name))

    def day(self, name: str) -> date | None:
        return cast("date | None", self._take(name))

    def numbers(self, name: str) -> tuple[int, ...]:
        return cast("tuple[int, ...]", self._take(name, ()))

    def brackets(self, name: str) -> tuple[Bracket, ...]:
        return cast("tuple[Bracket, ...]", self._take(name, ()))

    def bands(self, name: str) -> tuple[Band, ...]:
        return cast("tuple[Band, ...]", self._take(name, ()))


def for_fiscal_year(fiscal_year: int) -> LawYear:
    """The law of one fiscal year (cached). Never another year's numbers.

    Raises:
        LawError: the year lies outside what is known, or some of its numbers are missing; the
            message names them.
    """
    return _for_fiscal_year(fiscal_year, generation())


def held(from_year: int, for_year: int) -> LawYear:
    """Assumed law (据置き): the numbers of one fiscal year held for a later one, for forecasts.

    It is no law: nothing that is owed is computed from it. :func:`for_fiscal_year`, which a levy
    run, its explanation and every notice use, never gives it.

    Raises:
        LawError: the law of ``for_year`` is known, so that nothing need be assumed; ``for_year`` is
            not later; or the law of ``from_year`` is not known.
    """
    law = for_fiscal_year(from_year)
    names = {"year": fiscal_year_name(for_year), "held": fiscal_year_name(from_year)}
    if for_year <= from_year:
        raise LawError(
            _("the law of {held} can be held for a later year, not for {year}").format(**names)
        )
    if for_year <= fiscal_year_of(parameter("cap.medical").values[-1].last):
        raise LawError(
            _("the law of {year} is known; that of {held} is not held in its place").format(**names)
        )
    return replace(law, fiscal_year=for_year, held_from=from_year)


@lru_cache(maxsize=64)  # each law that is held for a while comes by once
def _for_fiscal_year(fiscal_year: int, _generation: int) -> LawYear:
    known = parameter("cap.medical")
    first, last = fiscal_year_of(known.values[0].first), fiscal_year_of(known.values[-1].last)
    if not first <= fiscal_year <= last:
        raise LawError(
            _(
                "there is no law for fiscal year {year}: known are {first} to {last}, "
                "and the numbers of another year are not used"
            ).format(year=fiscal_year, first=fiscal_year_name(first), last=fiscal_year_name(last))
        )
    take = _Reader(fiscal_year)
    law = _build(take)
    if take.missing:
        raise LawError(
            _("the law of {year} is incomplete, no value for: {names}").format(
                year=fiscal_year_name(fiscal_year), names=", ".join(take.missing)
            )
        )
    return law


def names_of_year(fiscal_year: int) -> list[str]:
    """The names of the parameters that the levy of a fiscal year takes, sorted."""
    take = _Reader(fiscal_year)
    _build(take)
    return sorted(set(take.taken))


def _build(take: _Reader) -> LawYear:
    caps = {part: cap for part in PARTS if (cap := take.whole(f"cap.{part}"))}
    bounds = take.numbers("pension_income.other_income_bounds")
    return LawYear(
        fiscal_year=take.fiscal_year,
        parts=tuple(caps),
        caps=caps,
        judgement=Judgement(
            basic=take.whole("reduction.basic"),
            per_head_5=take.whole("reduction.per_head_5"),
            per_head_2=take.whole("reduction.per_head_2"),
            earner_term=take.whole("reduction.earner_term"),
            earner_salary_revenue=take.whole("reduction.earner_salary_revenue"),
            earner_pension_revenue=take.whole("reduction.earner_pension_revenue"),
            earner_pension_revenue_65=take.whole("reduction.earner_pension_revenue_65"),
            pension_deduction_65=take.whole("reduction.pension_deduction_65"),
        ),
        basic_deduction=take.brackets("basic_deduction"),
        salary_bands=take.bands("salary_income"),
        pension_bands={
            (elder, number): take.bands(
                f"pension_income.{'from_65' if elder else 'under_65'}{_CLASSES[number]}"
            )
            for elder in (False, True)
            for number in range(len(bounds) + 1)
        },
        pension_other_income=bounds,
        adjustment_pension_limit=take.whole("adjustment.pension_limit"),
        ages=Ages(
            care_from=take.whole("age.care_from"),
            care_until=take.whole("age.care_until"),
            leave_at=take.whole("age.leave_at"),
            preschool=take.whole("age.preschool"),
            child=take.whole("age.child"),
            elder=take.whole("age.elder"),
            involuntary_below=take.whole("involuntary.age_below"),
            former_dependant_from=take.whole("former_dependant.age_from"),
        ),
        reductions=take.numbers("reduction.tenths"),
        preschool_cut=take.later_share("preschool.cut"),
        maternity_first_month=take.day("maternity.first_month"),
        involuntary=take.share("involuntary.income_share"),
        former_dependant_months=take.months("former_dependant.months"),
        former_dependant_cut=take.share("former_dependant.cut"),
        specific_half_months=take.whole("specific.half_months"),
        specific_half=take.share("specific.half"),
        specific_continuing_months=take.whole("specific.continuing_months"),
        specific_continuing=take.share("specific.continuing"),
        child_cut=take.later_share("child.under_18_cut"),
    )


def rule(name: str, fiscal_year: int) -> Rule:
    """Article, source and certainty of a parameter in one fiscal year, for explanations.

    Raises:
        LawError: no such parameter, or no value in that year.
    """
    entry = parameter(name)
    dated = _in_year(entry, fiscal_year) or entry.on(first_day_of_year(fiscal_year))
    return Rule(
        article=dated.article,
        article_premium=dated.article_premium,
        article_tax=dated.article_tax,
        source=dated.source,
        certainty=dated.certainty,
        note=dated.note,
    )
