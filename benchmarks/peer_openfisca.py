"""The levy in openfisca-core, written as its documentation teaches: one variable a step.

openfisca-core is AGPL-3.0; it lives in the benchmark's own environment and is no dependency.
Its whole numbers are 32 bits wide, so products with a rate are widened inside the formulas.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

import peer_numpy as N
import rules as R

PERIOD = "2026"
Person = build_entity("person", "persons", "A person", is_person=True)
Household = build_entity(
    "household", "households", "A household", roles=[{"key": "member", "plural": "members"}]
)
BOOLEANS = ("head", "insured", "undeclared")
PERSON_DAYS = tuple(name for name in R.DAYS if name != "specific_from")
PERSON_YEN = (
    *R.NULLABLE,
    *R.ORDINARY,
    *R.SEPARATE,
    "transfer_long",
    "occasional",
    "separate_transfer_deduction",
    "family_worker_salary",
    "family_worker_deduction",
    "adjustment_deduction",
    "loss_carried_over",
    "casualty_loss_carried_over",
    "asset_tax",
    "maternity_months",
    "per_capita_exemption",
)
HOUSE_YEN = ("same_household_elders", "elders_income", "elders_earners")
VARIABLES: list[type[Variable]] = []
DEFAULTS: dict[str, Any] = dict.fromkeys((*BOOLEANS, *PERSON_YEN), 0)
DEFAULTS |= dict.fromkeys(R.NULLABLE, R.EMPTY) | {name: R.DAYS[name] for name in PERSON_DAYS}


def variable(
    name: str, entity: Any, formula: Callable | None = None, kind: type = int, default: Any = None
) -> None:
    content: dict[str, Any] = {
        "value_type": kind,
        "entity": entity,
        "definition_period": DateUnit.YEAR,
        "label": name,
    }
    if default is not None:
        content["default_value"] = default
    if formula is not None:
        content["formula"] = formula
    VARIABLES.append(type(name, (Variable,), content))


def step(entity: Any, kind: type = int) -> Callable:
    """A formula as a variable of its own name."""

    def make(formula: Callable) -> Callable:
        variable(formula.__name__, entity, formula, kind)
        return formula

    return make


for _name in BOOLEANS:
    variable(_name, Person, kind=bool)
for _name in PERSON_YEN:
    variable(_name, Person, default=R.EMPTY if _name in R.NULLABLE else 0)
for _name in PERSON_DAYS:
    variable(_name, Person, default=R.DAYS[_name])
for _name in HOUSE_YEN:
    variable(_name, Household)
variable("specific_from", Household, default=R.LATE)


def wide(array: np.ndarray) -> np.ndarray:
    return array.astype(np.int64)


@step(Person)
def insured_mask(person, period):
    born = person("birth_date", period)
    joined = R.look(R.JOINED, person("joined_on", period))
    left = R.look(R.LEFT, person("left_on", period))
    return person("insured", period) * (joined & left & R.look(R.BEFORE_75, born))


@step(Person)
def care_mask(person, period):
    born = person("birth_date", period)
    return person("insured_mask", period) & R.look(R.FROM_40, born) & R.look(R.BEFORE_65, born)


@step(Person)
def maternity_mask(person, period):
    day, length = person("maternity_from", period), person("maternity_months", period)
    return np.select([length == n for n in range(1, 7)],
                     [R.look(R.MATERNITY[n], day) for n in range(1, 7)])  # fmt: skip


@step(Person)
def involuntary_mask(person, period):
    return R.look(R.INVOLUNTARY, person("involuntary_unemployment_from", period))


@step(Person)
def former_mask(person, period):
    return R.look(R.FORMER, person("former_dependant_from", period))


@step(Person)
def former_half_mask(person, period):
    return R.look(R.FORMER_HALF, person("former_dependant_from", period))


@step(Person, bool)
def preschool(person, period):
    return person("birth_date", period) >= R.PRESCHOOL


@step(Person, bool)
def child_class(person, period):
    return person("birth_date", period) >= R.CHILD


@step(Person, bool)
def elder_65(person, period):
    return person("birth_date", period) <= R.ELDER


@step(Person)
def salary(person, period):
    stated = person("salary_income", period)
    income = np.where(
        stated != R.EMPTY, stated, N.salary_of(wide(person("salary_revenue", period)))
    )
    return np.maximum(income - person("adjustment_deduction", period), 0)


@step(Person)
def ordinary(person, period):
    whole = sum(person(name, period) for name in R.ORDINARY)
    return whole + (person("transfer_long", period) + person("occasional", period)) // 2


@step(Person)
def separate_gross(person, period):
    return sum(person(name, period) for name in R.SEPARATE)


@step(Person)
def separate(person, period):
    land = person("separate_transfer_short", period) + person("separate_transfer_long", period)
    return person("separate_gross", period) - np.minimum(
        person("separate_transfer_deduction", period), land
    )


@step(Person)
def income_beside_pension(person, period):
    own = person("salary", period) + person("ordinary", period)
    return np.maximum(own, 0) + person("separate_gross", period)


@step(Person)
def pension(person, period):
    stated = person("pension_income", period)
    table = N.pension_of(
        wide(person("pension_revenue", period)),
        person("elder_65", period),
        person("income_beside_pension", period),
    )
    return np.where(stated != R.EMPTY, stated, table)


@step(Person)
def gross_income(person, period):
    own = person("salary", period) + person("pension", period) + person("ordinary", period)
    return np.maximum(own, 0) + person("separate_gross", period)


@step(Person)
def basic_deduction(person, period):
    gross = person("gross_income", period)
    return np.select(
        [gross <= 24_000_000, gross <= 24_500_000, gross <= 25_000_000], [430_000, 290_000, 150_000]
    )


def base_with(person, period, own_salary):
    own = own_salary + person("pension", period) + person("ordinary", period)
    taxed = np.maximum(own, 0) + person("separate", period) - person("loss_carried_over", period)
    return np.maximum(taxed - person("basic_deduction", period), 0)


@step(Person)
def base(person, period):
    return base_with(person, period, person("salary", period))


@step(Person)
def base_involuntary(person, period):
    return base_with(person, period, wide(person("salary", period)) * 30 // 100)


@step(Person)
def salary_own(person, period):
    revenue, family = person("salary_revenue", period), person("family_worker_salary", period)
    own = N.salary_of(wide(revenue - family)) - person("adjustment_deduction", period)
    special = (family > 0) & (revenue != R.EMPTY)
    return np.where(special, np.maximum(own, 0), person("salary", period))


@step(Person)
def salary_judged(person, period):
    own = person("salary_own", period)
    relieved = person("involuntary_mask", period) & person("insured_mask", period)
    return np.where(relieved != 0, wide(own) * 30 // 100, own)


@step(Person)
def pension_judged(person, period):
    income = person("pension", period)
    return np.where(person("elder_65", period), np.maximum(income - 150_000, 0), income)


@step(Person)
def judged(person, period):
    own = (
        person("salary_judged", period)
        + person("pension_judged", period)
        + person("ordinary", period)
        + person("family_worker_deduction", period)
    )
    losses = person("loss_carried_over", period) + person("casualty_loss_carried_over", period)
    return np.maximum(np.maximum(own, 0) + person("separate_gross", period) - losses, 0)


@step(Person, bool)
def earner(person, period):
    revenue, pension_revenue = person("salary_revenue", period), person("pension_revenue", period)
    own = revenue - person("family_worker_salary", period)
    by_salary = np.where(revenue != R.EMPTY, own > 550_000, person("salary", period) > 0)
    limit = np.where(person("elder_65", period), 1_250_000, 600_000)
    by_pension = np.where(
        pension_revenue != R.EMPTY, pension_revenue > limit, person("pension_judged", period) > 0
    )
    return by_salary + by_pension


@step(Person)
def starts_on(person, period):
    day = np.maximum(person("joined_on", period), R.FIRST_DAY)
    return np.where(person("insured_mask", period) != 0, day, R.NO_DAY)


@step(Household)
def judgement_day(household, period):
    return household.min(household.members("starts_on", period))


@step(Person, bool)
def member_judged(person, period):
    day = person.household("judgement_day", period)
    there = (person("starts_on", period) <= day) * (person("left_on", period) > day)
    return (person("insured_mask", period) != 0) * there


@step(Person, bool)
def judging(person, period):
    return person("member_judged", period) + person("head", period)


def month_variables(kind: str) -> None:
    def counted(name: str, mask: Callable) -> None:
        variable(
            f"{kind}_{name}",
            Person,
            lambda person, period: R.COUNT[mask(person(f"{kind}_mask", period), person, period)],
        )

    def free(person, period):
        return person("maternity_mask", period) | person("former_mask", period)

    counted("full", lambda m, p, t: m & ~(p("involuntary_mask", t) | free(p, t)))
    counted("cut", lambda m, p, t: m & p("involuntary_mask", t) & ~free(p, t))
    counted("asset", lambda m, p, t: m & ~p("former_mask", t))
    counted("half", lambda m, p, t: m & p("former_half_mask", t) & ~p("maternity_mask", t))

    def plain(person, period):
        months = R.COUNT[person(f"{kind}_mask", period) & ~person("maternity_mask", period)]
        return months - person(f"{kind}_half", period)

    def base_months(person, period):
        return person("base", period) * person(f"{kind}_full", period) + person(
            "base_involuntary", period
        ) * person(f"{kind}_cut", period)

    def asset_months(person, period):
        return person("asset_tax", period) * person(f"{kind}_asset", period)

    def union(household, period):
        mask = household.members(f"{kind}_mask", period)
        return household.reduce(mask, reducer=np.bitwise_or, neutral_element=0)

    def house_sum(name: str) -> Callable:
        return lambda household, period: household.sum(household.members(name, period))

    variable(f"{kind}_plain", Person, plain)
    variable(f"{kind}_base_months", Person, base_months)
    variable(f"{kind}_asset_months", Person, asset_months)
    variable(f"{kind}_union", Household, union)
    for what in ("base", "asset"):
        name = f"{kind}_{what}_months"
        variable(f"household_{name}", Household, house_sum(name))


month_variables("insured")
month_variables("care")


@step(Household)
def insured_count(household, period):
    return household.sum(household.members("member_judged", period))


@step(Household)
def persons_judged_income(household, period):
    members = household.members
    return household.sum(members("judged", period) * members("judging", period))


@step(Household)
def persons_earners(household, period):
    members = household.members
    return household.sum(members("earner", period) * members("judging", period))


@step(Household, bool)
def undeclared_house(household, period):
    members = household.members
    return household.any(members("undeclared", period) * members("judging", period))


@step(Household)
def others_union(household, period):
    members = household.members
    others = members("insured_mask", period) & ~members("former_half_mask", period)
    return household.reduce(others, reducer=np.bitwise_or, neutral_element=0)


@step(Household)
def former_union(household, period):
    return household("insured_union", period) & ~household("others_union", period)


@step(Household)
def judged_income(household, period):
    return household("persons_judged_income", period) + household("elders_income", period)


@step(Household)
def earners(household, period):
    return household("persons_earners", period) + household("elders_earners", period)


@step(Household)
def heads(household, period):
    return household("insured_count", period) + household("same_household_elders", period)


def threshold_variable(tenths: int, per_head: int) -> None:
    def threshold(household, period):
        more = np.maximum(household("earners", period) - 1, 0)
        return 430_000 + per_head * household("heads", period) + 100_000 * more

    variable(f"threshold_{tenths}", Household, threshold)


for _tenths, _per_head in ((7, 0), (5, 310_000), (2, 570_000)):
    threshold_variable(_tenths, _per_head)


@step(Household)
def reduction(household, period):
    income = household("judged_income", period)
    tenths = np.select(
        [income <= household(f"threshold_{tenths}", period) for tenths in (7, 5, 2)], [7, 5, 2]
    )
    barred = household("undeclared_house", period) + (household("insured_union", period) == 0)
    return np.where(barred, 0, tenths)


@step(Household)
def specific_half(household, period):
    mask = R.look(R.SPECIFIC_HALF, household("specific_from", period))
    return np.where(household("insured_count", period) <= 1, mask, 0)


@step(Household)
def specific_three_quarters(household, period):
    mask = R.look(R.SPECIFIC_QUARTERS, household("specific_from", period))
    return np.where(household("insured_count", period) <= 1, mask, 0)


def capita_variables(part: str, field: str, yearly: int, kind: str) -> None:
    def unit(person, period):
        reduced = yearly * (10 - person.household("reduction", period)) // 10
        if part == "child":
            after = np.where(person("child_class", period), 0, reduced)
        else:
            after = np.where(person("preschool", period), reduced // 2, reduced)
        own = -(-yearly * wide(person("per_capita_exemption", period)) // 1_000_000)
        return np.maximum(after - own, 0)

    def amount(person, period):
        whole = person(f"{part}_{field}_unit", period)
        half = np.minimum(whole, yearly * 5 // 10)
        return (
            whole * person(f"{kind}_plain", period) + half * person(f"{kind}_half", period)
        ) // 12

    variable(f"{part}_{field}_unit", Person, unit)
    variable(f"{part}_{field}", Person, amount)


def part_variables(part: str, rate: int, yearly: int, cap: int) -> None:
    kind = "care" if part == "care" else "insured"
    fields = ["per_capita"]
    capita_variables(part, "per_capita", yearly, kind)
    if part == "child":
        capita_variables(part, "per_capita_adult", R.CHILD_ADULT, kind)
        fields.append("per_capita_adult")

    def share(person, period):
        return sum(person(f"{part}_{field}", period) for field in fields)

    def house_share(household, period):
        return household.sum(household.members(f"{part}_share", period))

    def income_sum(household, period):
        return wide(household(f"household_{kind}_base_months", period)) * rate // 12_000_000

    def asset_sum(household, period):
        return household(f"household_{kind}_asset_months", period) * 0

    def gross(household, period):
        return sum(
            household(f"{part}_{name}", period)
            for name in ("house_share", "income_sum", "asset_sum")
        )

    def limit(household, period):
        return cap * R.COUNT[household(f"{kind}_union", period)] // 12

    def levied(household, period):
        owed = np.minimum(household(f"{part}_gross", period), household(f"{part}_cap", period))
        return owed // 100 * 100

    variable(f"{part}_share", Person, share)
    variable(f"{part}_house_share", Household, house_share)
    variable(f"{part}_income_sum", Household, income_sum)
    variable(f"{part}_asset_sum", Household, asset_sum)
    variable(f"{part}_gross", Household, gross)
    variable(f"{part}_cap", Household, limit)
    variable(part, Household, levied)


for _part, (_rate, _yearly, _cap) in R.PARTS.items():
    part_variables(_part, _rate, _yearly, _cap)


@step(Household)
def total(household, period):
    return sum(household(part, period) for part in R.PARTS)


def system() -> TaxBenefitSystem:
    made = TaxBenefitSystem([Person, Household])
    for each in VARIABLES:
        made.add_variable(each)
    return made


INPUTS = {*BOOLEANS, *PERSON_YEN, *PERSON_DAYS, *HOUSE_YEN, "specific_from"}
STEPS = [each.__name__ for each in VARIABLES if each.__name__ not in INPUTS]


def build_arrays(rules: TaxBenefitSystem, p: dict, h: dict) -> Any:
    """The array route: entities declared by identifiers, inputs set as whole arrays."""
    count = len(p["hh"])
    builder = SimulationBuilder()
    builder.create_entities(rules)
    builder.declare_person_entity("person", np.arange(count))
    houses = builder.declare_entity("household", np.arange(len(h["elders_income"])))
    builder.join_with_persons(houses, p["hh"], np.array(["member"] * count))
    simulation = builder.build(rules)
    for name in (*BOOLEANS, *PERSON_YEN, *PERSON_DAYS):
        simulation.set_input(name, PERIOD, p[name])
    for name in (*HOUSE_YEN, "specific_from"):
        simulation.set_input(name, PERIOD, h[name])
    return simulation


def situation(p: dict, h: dict) -> dict[str, Any]:
    """The households as the dictionary that its web API takes (not timed), defaults left out."""
    columns = {n: p[n].tolist() for n in (*BOOLEANS, *PERSON_YEN, *PERSON_DAYS)}
    houses = {n: h[n].tolist() for n in (*HOUSE_YEN, "specific_from")}
    members: dict[int, list[str]] = {}
    for row, house in enumerate(p["hh"].tolist()):
        members.setdefault(house, []).append(str(row))
    return {
        "persons": {
            str(row): {
                name: {PERIOD: values[row]}
                for name, values in columns.items()
                if values[row] != DEFAULTS[name]
            }
            for row in range(len(p["hh"]))
        },
        "households": {
            str(house): {"members": rows}
            | {name: {PERIOD: values[house]} for name, values in houses.items()}
            for house, rows in members.items()
        },
    }


def build_dict(rules: TaxBenefitSystem, people: dict[str, Any]) -> Any:
    """The dict route."""
    return SimulationBuilder().build_from_entities(rules, people)


def calculate(simulation: Any) -> dict[str, np.ndarray]:
    """Every step of every person and household."""
    return {name: simulation.calculate(name, PERIOD) for name in STEPS}
