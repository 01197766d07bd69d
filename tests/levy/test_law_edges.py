"""The kernel and the reference at every edge of the law's tables: one person, one yen either side.

The kernel takes its numbers from ``kokuho.law``, the reference has them typed in again.
"""

from __future__ import annotations

from datetime import date
from itertools import count, product
from typing import Any

import pytest

from tests.levy.frames import Household
from tests.levy.random_ordinances import CAPS, FISCAL_YEARS, Spec
from tests.levy.reference_law import LAW, Table
from tests.levy.test_against_reference import compare

CODE = "990019"
ABOUT = (-1, 0, 1)


def spec(fiscal_year: int, **rounding: Any) -> Spec:
    part = {"income_rate": "0.07", "per_capita": 30_000, "per_household": 20_000}
    names = ("medical", "support", "care")
    caps = zip(names, CAPS[fiscal_year], strict=True)
    parts: Spec = {name: part | {"cap": cap * 10_000} for name, cap in caps}
    if fiscal_year >= 2026:
        parts["child"] = part | {"per_capita": 1_800, "per_capita_adult": 73, "cap": 30_000}
    return {
        "fiscal_year": fiscal_year,
        "parts": parts,
        "rounding": {"part": 1} | rounding,
        "months": {},
    }


def alone(people: list[dict[str, Any]], **special: Any) -> list[Household]:
    """Each person as the head of a household of one."""
    made = []
    for number, person in zip(count(), people, strict=False):
        keys = {"insurer_code": CODE, "household_id": f"H{number:06d}"}
        head = {"person_id": "1", "head": True, "insured": True}
        made.append({"household": keys | special, "persons": [keys | head | person]})
    return made


def edges(table: Table) -> list[int]:
    """One yen about the start of each row, and within the steps of 4,000 yen."""
    starts = [first for first, _ in table]
    return sorted({max(0, start + off) for start in starts for off in (*ABOUT, 3_999, 4_000)})


@pytest.mark.parametrize("fiscal_year", FISCAL_YEARS)
def test_employment_income_at_every_edge(fiscal_year: int) -> None:
    revenues = [*edges(LAW[fiscal_year].salary), *range(549_998, 552_003), 700_000_000]
    born = date(fiscal_year - 50, 6, 15)
    people = [{"birth_date": born, "salary_revenue": revenue} for revenue in revenues]
    assert compare(alone(people), {CODE: spec(fiscal_year)}) == {}


@pytest.mark.parametrize("fiscal_year", FISCAL_YEARS)
def test_pension_income_at_every_edge_of_revenue_and_other_income(fiscal_year: int) -> None:
    tables = [table for _, table in LAW[fiscal_year].pension]
    rows = {first for table in tables for first, _ in (*table.under_65, *table.elder_65)}
    earners = (600_000, 700_000, 1_100_000, 1_200_000, 1_250_000)
    revenues = {max(0, edge + off) for edge in (*rows, *earners) for off in ABOUT}
    others = [0, *(edge + off for edge in (10_000_000, 20_000_000) for off in ABOUT)]
    first_of_january = date(fiscal_year - 65, 1, 1)
    births = [first_of_january, first_of_january.replace(day=2)]
    people = [
        {"birth_date": born, "pension_revenue": revenue, "other_income": other}
        for revenue, other, born in product(sorted(revenues), others, births)
    ]
    assert compare(alone(people), {CODE: spec(fiscal_year)}) == {}


@pytest.mark.parametrize("fiscal_year", FISCAL_YEARS)
def test_the_basic_deduction_at_every_edge(fiscal_year: int) -> None:
    limits = (330_000, 430_000, 24_000_000, 24_500_000, 25_000_000)
    born = date(fiscal_year - 30, 6, 15)
    people = [
        {"birth_date": born, kind: limit + off}
        for limit, off, kind in product(limits, ABOUT, ("other_income", "separate_transfer_long"))
    ]
    assert compare(alone(people), {CODE: spec(fiscal_year)}) == {}


@pytest.mark.parametrize("fiscal_year", FISCAL_YEARS)
def test_the_limit_of_each_reduction(fiscal_year: int) -> None:
    law = LAW[fiscal_year]
    per_heads = (0, law.per_head_5, law.per_head_2)
    born = date(fiscal_year - 30, 6, 15)
    for elders, earners in product(range(3), range(3)):
        limits = [
            law.threshold + per_head * (1 + elders) + law.earner_term * beyond
            for per_head, beyond in product(per_heads, range(3))
        ]
        people = [
            {"birth_date": born, "other_income": limit + off}
            for limit, off in product(limits, ABOUT)
        ]
        special = {"same_household_elders": elders, "elders_earners": earners}
        assert compare(alone(people, **special), {CODE: spec(fiscal_year)}) == {}


@pytest.mark.parametrize("age", [0, 6, 18, 40, 65, 75])
def test_every_day_about_a_birthday_that_matters(age: int) -> None:
    first_months = range(3, 17)  # March before the year to April after it
    days = [
        date(2026 - age + (month - 1) // 12, (month - 1) % 12 + 1, day)
        for month, day in product(first_months, (1, 2, 27, 28))
    ]
    people = [{"birth_date": day} for day in days if day < date(2027, 4, 1)]
    assert compare(alone(people), {CODE: spec(2026)}) == {}


def test_a_reduction_raised_above_the_amount_leaves_nothing() -> None:
    born = {"birth_date": date(1990, 6, 15)}
    raised = spec(2026, reduction="reduction_amount", reduction_unit=100)
    for tenths in (7, 5, 2):
        house = alone([born], forced_reduction=tenths)
        assert compare(house, {CODE: raised}) == {}
