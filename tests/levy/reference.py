"""The levy of one household, slowly: docs/levy.md read aloud, step by step.

Rates are fractions, months are sets, and nothing is rounded except where the definition names a
rounding. Nothing here comes from ``kokuho.levy`` or ``kokuho.law``. An ordinance is anything with
the attributes of ``kokuho.ordinance.OrdinanceYear``; :mod:`tests.levy.plain` has a plain one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from math import ceil, floor
from typing import Any

from tests.levy.reference_law import LAW, Statute
from tests.levy.reference_persons import (
    BLANK,
    YEAR,
    Months,
    Person,
    Steps,
    incomes,
    month_of,
    months_and_classes,
)

PARTS = ("medical", "support", "care", "child")
ALONE: Steps = {
    "same_household_elders": 0,
    "elders_income": 0,
    "elders_earners": 0,
    "specific_from": None,
    "forced_reduction": None,
}
"""A household of which nothing special is known."""


def levy(
    persons: Iterable[Person],
    household: Steps,
    ordinance: Any,
    law: Statute | None = None,
) -> Steps:
    """Every step of one household's levy of a fiscal year.

    Args:
        persons: dicts by the columns of docs/formats.md; what is left out is empty. Dates are
            ``datetime.date``; ``per_capita_exemption`` is in millionths.
        household: ``same_household_elders`` and so on; ``forced_reduction`` for worked cases.
        ordinance: ``fiscal_year, parts, rounding, months, exemption(kind)``.
        law: the statutory numbers; those of the ordinance's year unless given.

    Returns:
        The household's steps by the names of docs/levy.md, with the part's name where it says
        ``part``: ``medical_gross``; under ``persons`` each person's, in the given order.
    """
    law = law or LAW[ordinance.fiscal_year]
    house = ALONE | household
    people = [BLANK | person for person in persons]
    for person in people:
        person |= months_and_classes(person, law)
        person |= incomes(person, law, ordinance.rounding.base)

    house |= judgement(people, house, law)
    house |= household_months(people, house, law)
    for name in PARTS:
        if name in ordinance.parts:
            house |= part_of_levy(name, people, house, ordinance, law)
    house["total"] = cut(sum(house.get(name, 0) for name in PARTS), ordinance.rounding.total)
    return house | {"persons": people}


# §3 Households ------------------------------------------------------------------------------------


def judgement(people: list[Person], house: Steps, law: Statute) -> Steps:
    """The statutory reduction, as it was on the household's judgement day."""
    starts = [person["starts_on"] for person in people if person["starts_on"]]
    day = min(starts, default=None)
    for person in people:
        start, left = person["starts_on"], person["left_on"]
        member = start is not None and start <= day and (left is None or left > day)
        person["insured_on_the_day"] = member
        person["judging"] = person["head"] or member

    judging = [person for person in people if person["judging"]]
    # A head who is insured only later is judged, as a 擬制世帯主 is, but is no head to count.
    insured_count = sum(1 for person in people if person["insured_on_the_day"])
    judged_income = sum(person["judged"] for person in judging) + house["elders_income"]
    earners = sum(person["earner"] for person in judging) + house["elders_earners"]
    heads = insured_count + house["same_household_elders"]
    undeclared = any(person["declared"] == "undeclared" for person in judging)

    def threshold(per_head: int) -> int:
        return law.threshold + per_head * heads + law.earner_term * max(0, earners - 1)

    steps = {
        "insured_count": insured_count,
        "judged_income": judged_income,
        "earners": earners,
        "heads": heads,
        "undeclared": undeclared,
        "threshold_7": threshold(0),
        "threshold_5": threshold(law.per_head_5),
        "threshold_2": threshold(law.per_head_2),
    }
    if house["forced_reduction"] is not None:
        reduction = house["forced_reduction"]
    elif undeclared or not starts:
        reduction = 0
    else:
        fitting = [tenths for tenths in (7, 5, 2) if judged_income <= steps[f"threshold_{tenths}"]]
        reduction = max(fitting, default=0)
    return steps | {"reduction": reduction}


def household_months(people: list[Person], house: Steps, law: Statute) -> Steps:
    """Months in which anyone is insured, and the classes of the per-household amount."""
    insured = set().union(*(person["insured_mask"] for person in people))
    care = set().union(*(person["care_mask"] for person in people))
    former = {
        month
        for month in insured
        if all(
            month in person["former_half_mask"]
            for person in people
            if month in person["insured_mask"]
        )
    }
    half: Months = set()
    three_quarters: Months = set()
    became = house["specific_from"]
    alone = house["insured_count"] <= 1
    if became and date(law.fiscal_year, 4, 1) < became <= date(law.fiscal_year + 1, 3, 31):
        # the other left within the year: who is insured in that month, or when the household begins
        days = [person["starts_on"] for person in people if person["starts_on"]]
        at = month_of(max([became, min(days, default=became)]), law.fiscal_year)
        alone = sum(at in person["insured_mask"] for person in people) <= 1
    if became and alone:
        first = month_of(became, law.fiscal_year)
        half = {month for month in YEAR if first <= month < first + 60}
        three_quarters = {month for month in YEAR if first + 60 <= month < first + 96}
    return {
        "insured_union": insured,
        "care_union": care,
        "former_union": former,
        "specific_half": half,
        "specific_three_quarters": three_quarters,
    }


# §4 Amounts ---------------------------------------------------------------------------------------


def cut(amount: int, unit: int) -> int:
    """Cut to a multiple of ``unit`` yen."""
    return amount // unit * unit


def ceil_to(amount: Fraction, unit: int) -> int:
    """Raised to a multiple of ``unit`` yen."""
    return ceil(amount / unit) * unit


def half_up(amount: Fraction) -> int:
    """The nearest whole yen, halves upwards (四捨五入)."""
    return floor(amount + Fraction(1, 2))


def reduced(amount: int, reduction: int, rounding: Any) -> int:
    """An annual per-capita or per-household amount after 7/5/2割軽減."""
    if rounding.reduction == "reduced_unit":
        return floor(Fraction(amount * (10 - reduction), 10))
    taken_off = ceil_to(Fraction(amount * reduction, 10), rounding.reduction_unit)
    return max(0, amount - taken_off)


def by_months(amounts: Iterable[tuple[int, Months]], order: str) -> int:
    """What annual amounts, each for some months, come to."""
    if order == "multiply_first":
        return sum(amount * len(months) for amount, months in amounts) // 12
    return sum(
        amount if len(months) == 12 else amount // 12 * len(months) for amount, months in amounts
    )


def part_of_levy(
    name: str, people: list[Person], house: Steps, ordinance: Any, law: Statute
) -> Steps:
    """One part of the levy; the persons get their steps of it."""
    part, rounding, order = ordinance.parts[name], ordinance.rounding, ordinance.months.order
    mask = "care_mask" if name == "care" else "insured_mask"
    union = house["care_union" if name == "care" else "insured_union"]
    by_person = rounding.income_component == "per_person"

    for person in people:
        months = income_months(person, person[mask])
        if by_person:
            person |= income_and_asset(name, person, months, ordinance)
        person |= per_capita(name, person, months, house["reduction"], ordinance, law)
        components = ("income", "asset", "per_capita", "per_capita_adult")
        share = sum(person.get(f"{name}_{component}", 0) for component in components)
        person[f"{name}_share"] = cut(share, rounding.person)

    gross = sum(person[f"{name}_share"] for person in people)
    if by_person:
        income = sum(person[f"{name}_income"] for person in people)
        asset = sum(person[f"{name}_asset"] for person in people)
    else:
        income, asset = income_and_asset_of_household(part, people, mask)
        gross += income + asset

    classes = household_classes(name, union, house, part, rounding)
    per_household = by_months(classes, order)
    gross += per_household
    cap = part.cap
    if ordinance.months.cap == "prorated":
        cap = part.cap * len(union) // 12
    return {
        f"{name}_income_sum": income,
        f"{name}_asset_sum": asset,
        f"{name}_per_household": per_household,
        f"{name}_gross": gross,
        f"{name}_cap": cap,
        name: cut(min(gross, cap), rounding.part),
    }


def income_months(person: Person, mask: Months) -> dict[str, Months]:
    """The months of a part, by what is levied in them."""
    no_income = person["maternity_mask"] | person["former_mask"]
    half = (mask & person["former_half_mask"]) - person["maternity_mask"]
    return {
        "full": mask - person["involuntary_mask"] - no_income,
        "cut": (mask & person["involuntary_mask"]) - no_income,
        "asset": mask - person["former_mask"],
        "half": half,
        "plain": mask - person["maternity_mask"] - half,
    }


def income_and_asset(name: str, person: Person, months: dict[str, Months], ordinance: Any) -> Steps:
    """所得割 and 資産割 of one person, to the yen."""
    part, order = ordinance.parts[name], ordinance.months.order
    mode = ordinance.rounding.income_mode
    if not isinstance(mode, str):
        mode = mode.get(name, "floor")
    to_yen = half_up if mode == "half_up" else floor
    full = to_yen(person["base"] * Fraction(part.income_rate))
    reduced_salary = to_yen(person["base_involuntary"] * Fraction(part.income_rate))
    asset = to_yen(person["asset_tax"] * Fraction(part.asset_rate))
    return {
        f"{name}_income": by_months(
            [(full, months["full"]), (reduced_salary, months["cut"])], order
        ),
        f"{name}_asset": by_months([(asset, months["asset"])], order),
    }


def income_and_asset_of_household(part: Any, people: list[Person], mask: str) -> tuple[int, int]:
    """所得割 and 資産割, computed once for the household and cut to the yen once."""
    income = asset = Fraction(0)
    for person in people:
        months = income_months(person, person[mask])
        income += Fraction(person["base"] * len(months["full"]), 12)
        income += Fraction(person["base_involuntary"] * len(months["cut"]), 12)
        asset += Fraction(person["asset_tax"] * len(months["asset"]), 12)
    return floor(income * Fraction(part.income_rate)), floor(asset * Fraction(part.asset_rate))


def per_capita(
    name: str,
    person: Person,
    months: dict[str, Months],
    reduction: int,
    ordinance: Any,
    law: Statute,
) -> Steps:
    """均等割 of one person; in the child part also 18歳以上均等割, each on its own."""
    part = ordinance.parts[name]
    amounts = {"per_capita": part.per_capita}
    if name == "child":
        amounts["per_capita_adult"] = part.per_capita_adult

    steps = {}
    for kind, annual in amounts.items():
        unit = reduced(annual, reduction, ordinance.rounding)
        if name == "child":
            if person["child"]:
                unit = 0
        elif person["preschool"]:
            if law.preschool_half:
                own_cut = ordinance.exemption("preschool_per_capita")
                unit = floor(unit * (1 - (own_cut or Fraction(1, 2))))
        elif person["child"]:
            unit = floor(unit * (1 - (ordinance.exemption("under_18_per_capita") or 0)))
        decided = Fraction(person["per_capita_exemption"], 1_000_000)
        unit = max(0, unit - ceil(annual * decided))
        # 旧被扶養者: half of the unreduced amount, never on top of 7割 or 5割
        half_unit = min(unit, annual * 5 // 10)
        steps[f"{name}_{kind}_unit"] = unit
        steps[f"{name}_{kind}"] = by_months(
            [(unit, months["plain"]), (half_unit, months["half"])], ordinance.months.order
        )
    return steps


def household_classes(
    name: str, union: Months, house: Steps, part: Any, rounding: Any
) -> list[tuple[int, Months]]:
    """平等割: each class of the household's months with its annual amount."""
    annual = part.per_household
    half = house["specific_half"] if name != "care" else set()
    three_quarters = house["specific_three_quarters"] if name != "care" else set()
    ordinary = union - half - three_quarters
    former = house["former_union"]

    classes: list[tuple[int, Months]] = []
    for amount, months in (
        (annual, ordinary),
        (annual // 2, union & half),
        (annual * 3 // 4, union & three_quarters),
    ):
        unit = reduced(amount, house["reduction"], rounding)
        classes += [
            (unit, months - former),
            (min(unit, annual // 2), months & former),
        ]
    return classes
