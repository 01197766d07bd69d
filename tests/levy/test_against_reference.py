"""The kernel against the slow reference: every step, on random households of every kind.

An ordinance is one dict for both sides; the law is typed in twice. A difference here is a defect of
one of the two: docs/levy.md says of which.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kokuho.levy import Levy
from kokuho.levy import levy as levy_all
from tests.levy.frames import Household, households_frame, persons_frame, same_kind
from tests.levy.plain import plain
from tests.levy.random_households import GAINS
from tests.levy.random_ordinances import FISCAL_YEARS, Spec, real_ordinance
from tests.levy.reference import PARTS, levy
from tests.levy.strategies import bulk_households, bulk_ordinances, household_and_ordinance

INSURERS = 12
HOUSEHOLDS = 240

HOUSEHOLD_STEPS = (
    *("insured_count", "judged_income", "earners", "undeclared", "heads"),
    *("threshold_7", "threshold_5", "threshold_2", "reduction"),
    *("insured_union", "care_union", "former_union", "specific_half", "specific_three_quarters"),
)
PERSON_STEPS = (
    *("insured_mask", "care_mask", "maternity_mask", "involuntary_mask"),
    *("former_mask", "former_half_mask", "preschool", "child", "elder_65"),
    *("salary", "pension", "ordinary", "separate_gross", "separate", "gross_income"),
    *("basic_deduction", "base", "base_involuntary"),
    *("salary_judged", "pension_judged", "judged", "earner", "starts_on", "judging"),
)


def kernel(households: list[Household], specs: dict[str, Spec]) -> Levy:
    ordinances = [real_ordinance(spec, code) for code, spec in specs.items()]
    return levy_all(persons_frame(households), households_frame(households), ordinances)


def part_steps(spec: Spec) -> tuple[list[str], list[str]]:
    """The steps of the parts that the kernel computes for such an ordinance."""
    by_person = plain(spec).rounding.income_component == "per_person"
    of_house, of_person = ["total"], []
    for name, part in spec["parts"].items():
        of_house += [name, f"{name}_gross", f"{name}_cap"]
        of_person += [f"{name}_per_capita_unit", f"{name}_per_capita", f"{name}_share"]
        if part.get("per_household"):
            of_house.append(f"{name}_per_household")
        if by_person:
            of_person.append(f"{name}_income")
        else:
            of_house += [f"{name}_income_sum", f"{name}_asset_sum"]
        if name == "child":
            of_person += ["child_per_capita_adult_unit", "child_per_capita_adult"]
    return of_house, of_person


def differences(household: Household, spec: Spec, house: Any, people: Any) -> list[str]:
    """Each step that is not the same: whose, its name, the kernel's value, the reference's."""
    expected = levy(household["persons"], household["household"], plain(spec))
    of_house, of_person = part_steps(spec)
    pairs = [("household", house, expected, (*HOUSEHOLD_STEPS, *of_house))]
    for person in expected["persons"]:
        number = person["person_id"]
        pairs.append((number, people[number], person, (*PERSON_STEPS, *of_person)))
    return [
        f"{whose}: {step}: kernel {got[step]}, reference {same_kind(wanted[step])}"
        for whose, got, wanted, steps in pairs
        for step in steps
        if got[step] != same_kind(wanted[step])
    ]


def compare(households: list[Household], specs: dict[str, Spec]) -> dict[str, list[str]]:
    result = kernel(households, specs)
    houses = {row["household_id"]: row for row in result.households.iter_rows(named=True)}
    people: dict[str, dict[str, Any]] = {number: {} for number in houses}
    for row in result.persons.iter_rows(named=True):
        people[row["household_id"]][row["person_id"]] = row
    assert len(houses) == len(households)
    found = {}
    for household in households:
        number = household["household"]["household_id"]
        spec = specs[household["household"]["insurer_code"]]
        found[number] = differences(household, spec, houses[number], people[number])
    return {number: steps for number, steps in found.items() if steps}


@pytest.mark.parametrize("fiscal_year", FISCAL_YEARS)
def test_the_kernel_gives_what_the_reference_gives_at_every_step(fiscal_year: int) -> None:
    specs = bulk_ordinances(fiscal_year, INSURERS, fiscal_year)
    households = bulk_households(fiscal_year + 1, HOUSEHOLDS, fiscal_year, list(specs))
    assert compare(households, specs) == {}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(household_and_ordinance())
def test_a_drawn_household_is_levied_as_the_reference_says(drawn: tuple[Household, Spec]) -> None:
    household, spec = drawn
    assert compare([household], {household["household"]["insurer_code"]: spec}) == {}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(household_and_ordinance(), st.randoms(use_true_random=False))
def test_the_order_of_members_changes_nothing_for_the_household(
    drawn: tuple[Household, Spec], random: Any
) -> None:
    household, spec = drawn
    numbers = [person["person_id"] for person in household["persons"]]
    random.shuffle(numbers)
    renumbered = [
        person | {"person_id": number}
        for person, number in zip(household["persons"], numbers, strict=True)
    ]
    specs = {household["household"]["insurer_code"]: spec}
    before = kernel([household], specs).households
    after = kernel([household | {"persons": renumbered}], specs).households
    assert before.equals(after)


def test_the_order_of_households_and_ordinances_changes_nothing() -> None:
    specs = bulk_ordinances(1, 5, 2026)
    households = bulk_households(2, 100, 2026, list(specs))

    def turned(household: Household) -> Household:
        """The same household under a number that sorts the other way round."""
        number = household["household"]["household_id"]
        other = {"household_id": f"H{999_999 - int(number[1:]):06d}"}
        return {
            "household": household["household"] | other,
            "persons": [person | other for person in household["persons"]],
        }

    straight = kernel(households, specs).households
    around = kernel([turned(h) for h in households], dict(reversed(specs.items()))).households
    renumbered = around.with_columns(
        household_id="H"
        + (999_999 - around["household_id"].str.slice(1).cast(int)).cast(str).str.zfill(6)
    )
    by = ["insurer_code", "household_id"]
    assert straight.sort(by).equals(renumbered.sort(by).select(straight.columns))


def test_the_random_households_reach_every_branch_of_the_law() -> None:
    """Without this, a comparison could agree on nothing but easy households."""
    seen: dict[str, int] = {}

    def note(**facts: Any) -> None:
        for name, fact in facts.items():
            seen[name] = seen.get(name, 0) + bool(fact)

    for fiscal_year in FISCAL_YEARS:
        specs = bulk_ordinances(fiscal_year, INSURERS, fiscal_year)
        for household in bulk_households(fiscal_year + 1, HOUSEHOLDS, fiscal_year, list(specs)):
            ordinance = plain(specs[household["household"]["insurer_code"]])
            house = levy(household["persons"], household["household"], ordinance)
            note(**{f"{house['reduction']} tenths": True}, undeclared=house["undeclared"])
            note(one_month=len(house["insured_union"]) == 1, nobody=not house["insured_union"])
            note(
                former_only=house["former_union"],
                specific_half=house["specific_half"] & house["insured_union"],
                three_quarters=house["specific_three_quarters"] & house["insured_union"],
                both_specific=house["specific_half"] and house["specific_three_quarters"],
                earners_beyond_one=house["earners"] > 1,
            )
            for name in ordinance.parts:
                note(**{f"{name} capped": house[f"{name}_gross"] > house[f"{name}_cap"] > 0})
            for person in house["persons"]:
                insured, care = person["insured_mask"], person["care_mask"]
                note(
                    maternity=person["maternity_mask"] & insured,
                    some_involuntary=0 < len(person["involuntary_mask"] & insured) < len(insured),
                    former=person["former_mask"] & insured,
                    half_ends=person["former_half_mask"] < person["former_mask"],
                    turning_40=4 not in care and 11 in care and insured == set(range(12)),
                    turning_65=0 in care and 11 in insured - care,
                    turning_75=person["birth_date"].year == fiscal_year - 75 and insured,
                    head_outside=person["head"] and not insured,
                    preschool=person["preschool"] and insured,
                    child=person["child"] and insured,
                    loss=person["ordinary"] < 0,
                    family_salary=person["salary_judged"] < person["salary"],
                    separate=person["separate"] < person["separate_gross"],
                    less_basic=person["basic_deduction"] < 330_000,
                    late=not person["judging"] and insured,
                    gains=any(person[kind] for kind in GAINS),
                    decided=person["per_capita_exemption"] and insured,
                )
    assert set(PARTS) == {name.removesuffix(" capped") for name in seen if "capped" in name}
    rare = {name: count for name, count in seen.items() if count < 5}
    assert rare == {}, seen
