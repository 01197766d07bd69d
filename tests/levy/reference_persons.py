"""The slow reference, first half: the months, classes and incomes of one person.

docs/levy.md §1 and §2. Months are sets of numbers from 0 (April) to 11 (March).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.levy.reference_law import Statute, look_up

Person = dict[str, Any]
Steps = dict[str, Any]
Months = set[int]

YEAR: Months = set(range(12))
NUMBERS = (
    "business",
    "farming",
    "real_estate",
    "interest",
    "dividend",
    "transfer_short",
    "transfer_long",
    "occasional",
    "miscellaneous",
    "other_income",
    "separate_transfer_short",
    "separate_transfer_long",
    "separate_transfer_deduction",
    "shares",
    "listed_dividend",
    "futures",
    "forestry",
    "retirement",
    "family_worker_salary",
    "family_worker_deduction",
    "adjustment_deduction",
    "loss_carried_over",
    "casualty_loss_carried_over",
    "asset_tax",
    "maternity_months",
    "per_capita_exemption",
)
"""Columns in which nothing written means 0."""
BLANK: Person = {
    "head": False,
    "insured": False,
    "declared": "declared",
    "salary_revenue": None,
    "salary_income": None,
    "pension_revenue": None,
    "pension_income": None,
    "joined_on": None,
    "left_on": None,
    "involuntary_unemployment_from": None,
    "maternity_from": None,
    "former_dependant_from": None,
} | dict.fromkeys(NUMBERS, 0)
"""A person of whom nothing is known but the birth date."""


# Months -------------------------------------------------------------------------------------------


def month_of(day: date, fiscal_year: int) -> int:
    """The number of a day's month, counted from April of the fiscal year; any number."""
    return (day.year - fiscal_year) * 12 + day.month - 4


def last_day(month: int, fiscal_year: int) -> date:
    """The last day of a month of the fiscal year."""
    first_of_next = date(fiscal_year + (month + 4) // 12, (month + 4) % 12 + 1, 1)
    return first_of_next - timedelta(days=1)


def span(first: int, end: int) -> Months:
    """The months of the year from ``first`` to the one before ``end``."""
    return {month for month in YEAR if first <= month < end}


def birthday(born: date, age: int) -> date:
    """The day on which people say that they are ``age``; of 29 February, 1 March in other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def reached(born: date, age: int) -> date:
    """The day on which an age is reached in law: the one before (年齢計算ニ関スル法律)."""
    return birthday(born, age) - timedelta(days=1)


def insured_months(person: Person, fiscal_year: int) -> Months:
    """A month belongs to the insurer of its last day; it ends before the month of turning 75."""
    if not person["insured"]:
        return set()
    joined = person["joined_on"] or date.min
    left = person["left_on"] or date.max
    month_of_75 = month_of(birthday(person["birth_date"], 75), fiscal_year)
    return {
        month
        for month in YEAR
        if joined <= last_day(month, fiscal_year) <= left and month < month_of_75
    }


def months_and_classes(person: Person, law: Statute) -> Steps:
    """docs/levy.md §1."""
    fiscal_year, born = law.fiscal_year, person["birth_date"]
    insured = insured_months(person, fiscal_year)
    from_40 = month_of(reached(born, 40), fiscal_year)
    from_65 = month_of(reached(born, 65), fiscal_year)

    maternity: Months = set()
    if person["maternity_from"]:
        first = month_of(person["maternity_from"], fiscal_year)
        known_since = month_of(date(2024, 1, 1), fiscal_year)  # 産前産後免除: since January 2024
        maternity = span(max(first, known_since), first + person["maternity_months"])

    involuntary: Months = set()
    if lost_work := person["involuntary_unemployment_from"]:
        year_of_it = lost_work.year - (lost_work.month < 4)
        end_of_next_year = month_of(date(year_of_it + 2, 4, 1), fiscal_year)
        involuntary = span(month_of(lost_work, fiscal_year), end_of_next_year)

    former: Months = set()
    former_half: Months = set()
    if person["former_dependant_from"]:
        first = month_of(person["former_dependant_from"], fiscal_year)
        former = span(first, 12)
        # The two years' limit came with FY2019; before, the half had no end.
        former_half = former if fiscal_year == 2018 else span(first, first + 24)

    return {
        "insured_mask": insured,
        "care_mask": insured & span(from_40, from_65),
        "maternity_mask": maternity,
        "involuntary_mask": involuntary,
        "former_mask": former,
        "former_half_mask": former_half,
        "preschool": born >= date(fiscal_year - 6, 4, 2),
        "child": born >= date(fiscal_year - 18, 4, 2),
        "elder_65": born <= date(fiscal_year - 65, 1, 1),
        "starts_on": max(person["joined_on"] or date.min, date(fiscal_year, 4, 1))
        if insured
        else None,
    }


# Incomes of the year before -----------------------------------------------------------------------


def salary_from(revenue: int, adjustment: int, law: Statute) -> int:
    """The table of the income year, less the 所得金額調整控除."""
    return max(0, look_up(law.salary, revenue) - adjustment)


def pension_from(revenue: int, elder_65: bool, other_income: int, law: Statute) -> int:
    """The table of those under or from 65, in the column of all other income."""
    columns = [table for first, table in law.pension if first <= other_income]
    table = columns[-1] if columns else law.pension[0][1]
    return look_up(table.elder_65 if elder_65 else table.under_65, revenue)


def basic_deduction_for(gross_income: int, law: Statute) -> int:
    """基礎控除 by 合計所得金額."""
    amounts = [amount for first, amount in law.basic_deduction if first <= gross_income]
    return amounts[-1]


def incomes(person: Person, law: Statute, base_unit: int) -> Steps:
    """docs/levy.md §2, bases and judged income; ``person`` has the steps of §1."""
    p = person
    adjustment = p["adjustment_deduction"]

    if p["salary_income"] is not None:
        salary = max(0, p["salary_income"] - adjustment)
    else:
        salary = salary_from(p["salary_revenue"] or 0, adjustment, law)
    ordinary = (
        p["business"]
        + p["farming"]
        + p["real_estate"]
        + p["interest"]
        + p["dividend"]
        + p["miscellaneous"]
        + p["other_income"]
        + p["transfer_short"]
        + (p["transfer_long"] + p["occasional"]) // 2
    )
    transfers = p["separate_transfer_short"] + p["separate_transfer_long"]
    separate_gross = transfers + p["shares"] + p["listed_dividend"] + p["futures"] + p["forestry"]
    separate = separate_gross - min(p["separate_transfer_deduction"], transfers)

    beside_pension = max(0, salary + ordinary) + separate_gross
    if p["pension_income"] is not None:
        pension = p["pension_income"]
    else:
        pension = pension_from(p["pension_revenue"] or 0, p["elder_65"], beside_pension, law)

    gross_income = max(0, salary + pension + ordinary) + separate_gross
    deduction = basic_deduction_for(gross_income, law)

    def base(own_salary: int) -> int:
        total = max(0, own_salary + pension + ordinary) + separate - p["loss_carried_over"]
        return max(0, total - deduction) // base_unit * base_unit

    steps = {
        "salary": salary,
        "pension": pension,
        "ordinary": ordinary,
        "separate_gross": separate_gross,
        "separate": separate,
        "gross_income": gross_income,
        "basic_deduction": deduction,
        "base": base(salary),
        "base_involuntary": base(salary * 30 // 100),
    }
    return steps | judged_income(person, steps, law)


def judged_income(person: Person, steps: Steps, law: Statute) -> Steps:
    """The income for 軽減判定, and whether the person is one of the 給与所得者等."""
    p = person

    salary = steps["salary"]
    if p["family_worker_salary"] and p["salary_revenue"] is not None:
        own_revenue = p["salary_revenue"] - p["family_worker_salary"]
        salary = salary_from(own_revenue, p["adjustment_deduction"], law)
    if p["involuntary_mask"] & p["insured_mask"]:
        salary = salary * 30 // 100

    pension = steps["pension"]
    if p["elder_65"]:
        pension = max(0, pension - 150_000)

    judged = (
        max(0, salary + pension + steps["ordinary"] + p["family_worker_deduction"])
        + steps["separate_gross"]
        - p["loss_carried_over"]
        - p["casualty_loss_carried_over"]
    )

    if p["salary_revenue"] is not None:
        by_salary = p["salary_revenue"] - p["family_worker_salary"] > 550_000
    else:
        by_salary = steps["salary"] > 0
    if p["pension_revenue"] is not None:
        by_pension = p["pension_revenue"] > (1_250_000 if p["elder_65"] else 600_000)
    else:
        by_pension = pension > 0
    return {
        "salary_judged": salary,
        "pension_judged": pension,
        "judged": max(0, judged),
        "earner": bool(law.earner_term) and (by_salary or by_pension),
    }
