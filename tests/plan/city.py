"""A fictional city's changed plan of 18 years, with the amounts that a real one has.

50,000 a year to FY2026, 90,000 to FY2029, 80,000 to FY2035: the sheets make 300,000, 420,000 and
480,000, and FY2026 to FY2035 make the 800,000 that the budget of FY2025 expects.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from kokuho.plan import (
    Actual,
    Amounts,
    CurrentDeficit,
    Document,
    Earlier,
    Insurer,
    Item,
    Measure,
    Note,
    Occurrence,
    Period,
    Plan,
    PlanYear,
    Policy,
)

YEARS = range(2018, 2036)


def yearly(year: int) -> int:
    """The planned reduction of a year, in thousands of yen."""
    if year <= 2026:
        return 50_000
    return 90_000 if year <= 2029 else 80_000


def city_plan(**changes: Any) -> Plan:
    """The plan, with everything in it that the form does not print."""
    plan = Plan(
        format="kokuho-plan/1",
        unit="thousand_yen",
        insurer=Insurer(prefecture="架空県", number="48", name="見本市"),
        document=Document(
            title="国保財政健全化変更計画書(案)",
            kind="change",
            draft=True,
            submitted_on="2026-00-00",
            addressee="架空県知事",
            signatory="見本市長",
            source="架空の協議会資料",
        ),
        period=Period(first_year=2018, last_year=2035, reason="保険税の急激な上昇を避けるため"),
        occurrence=Occurrence(
            year=2016,
            basis="settlement",
            other_transfer=226_236,
            advance_increase=0,
            total=226_236,
            surplus=0,
            after_surplus=226_236,
            form5_subtotal=226_236,
        ),
        current_deficit=CurrentDeficit(
            year=2025, basis="budget_estimate", amount=800_000, reduced_from=2026
        ),
        causes=("歳入:保険税率が低い", "歳出:医療費水準が高い"),
        policy=Policy(target_year=2035, means="歳入確保の強化に努め、赤字削減・解消を推進する。"),
        measures=(
            Measure(
                name="歳入の確保",
                amount=70_000,
                starts_on=date(2026, 4, 1),
                items=(
                    Item(text="保険税率の見直し", starts_on=date(2027, 4, 1)),
                    Item(text="インセンティブの獲得"),
                ),
            ),
            Measure(name="収納率向上対策の推進", amount=5_000, items=(Item(text="口座振替"),)),
            Measure(name="医療費適正化の推進", amount=15_000, items=(Item(text="点検の継続"),)),
        ),
        years=tuple(
            PlanYear(
                year=year,
                planned=Amounts(other_transfer=yearly(year), advance_increase=0),
                actual="unknown",
            )
            for year in YEARS
        ),
        versions=(
            Earlier(
                label="当初計画",
                period=Period(first_year=2018, last_year=2023),
                years=(
                    PlanYear(
                        year=2018,
                        planned=Amounts(other_transfer=40_000, advance_increase=0),
                        actual="unknown",
                    ),
                ),
            ),
        ),
        notes=(Note(place="occurrence.total", why="市に確認中"),),
    )
    return plan.model_copy(update=changes)


def settled(plan: Plan, year: int, other: int | None, advance: int | None, **more: Any) -> Plan:
    """The plan with the settlement of a year."""
    actual = Actual(
        other_transfer=other, advance_increase=advance, source="架空の決算書", insured=20_000
    )
    years = tuple(
        entry.model_copy(update={"actual": actual, **more}) if entry.year == year else entry
        for entry in plan.years
    )
    return plan.model_copy(update={"years": years})
