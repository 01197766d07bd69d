"""Households worked by hand, apart from the engine: ours, not published."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from kokuho.base.money import rate_numerator
from kokuho.levy import Levy, levy
from kokuho.levy.frames import household_frame, person_frame
from kokuho.ordinance import Ordinance

FOLDER = Path(__file__).parent / "hand_worked"
PART_STEPS = {"part_gross": "gross", "part_cap": "cap", "person_share": "share"}


def load(name: str) -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return data


ORDINANCES = {
    name: Ordinance.model_validate(stated)
    for name, stated in load("ordinances.yaml")["ordinances"].items()
}
HOUSEHOLDS = [
    household
    for path in sorted(FOLDER.glob("*.yaml"))
    if path.name != "ordinances.yaml"
    for household in load(path.name)["households"]
]


def levied(household: dict[str, Any]) -> Levy:
    ordinance = ORDINANCES[household["ordinance"]].year(
        household["fiscal_year"], allow_unconfirmed=True
    )
    keys = {"insurer_code": ordinance.insurer.code, "household_id": household["id"]}
    persons = []
    for stated in household["persons"]:
        person = {**keys, **stated}
        if "per_capita_exemption" in person:
            person["per_capita_exemption"] = rate_numerator(str(person["per_capita_exemption"]))
        persons.append(person)
    return levy(
        person_frame(persons), household_frame([{**keys, **household["household"]}]), [ordinance]
    )


@pytest.mark.parametrize("household", HOUSEHOLDS, ids=lambda household: household["id"])
def test_a_household_worked_by_hand_owes_what_the_hand_says(household: dict[str, Any]) -> None:
    house = levied(household).households.row(0, named=True)
    got = {name: house[name] or 0 for name in household["expected"]}
    assert got == household["expected"]


def column(result: Levy, line: dict[str, Any]) -> int | None:
    """The levy's figure for a line; None where the levy has no such column."""
    step, part, person = line["step"], line.get("part"), line.get("person")
    house = result.households.row(0, named=True)
    people = {row["person_id"]: row for row in result.persons.iter_rows(named=True)}
    if part and step == "part":
        name = part
    elif part:
        name = f"{part}_{PART_STEPS.get(step, step)}"
    else:
        name = step
    if person:
        row = people[str(person)]
        if name not in row or row[name] is None:
            return None
        value = int(row[name])
        return value.bit_count() if name.endswith("_mask") else value
    if f"{name}_sum" in house:
        return int(house[f"{name}_sum"])
    if name in house:
        value = int(house[name])
        masks = ("specific_half", "specific_three_quarters")
        is_mask = name.endswith("_union") or name in masks
        return value.bit_count() if is_mask else value
    if any(name in row for row in people.values()):
        return sum(int(row[name] or 0) for row in people.values())
    return None


@pytest.mark.parametrize("household", HOUSEHOLDS, ids=lambda household: household["id"])
def test_every_line_worked_by_hand_is_the_levys_own_figure(household: dict[str, Any]) -> None:
    result = levied(household)
    wrong = [
        (line["step"], line.get("part"), line.get("person"), line["value"], got)
        for line in household["lines"]
        if (got := column(result, line)) is not None and got != line["value"]
    ]
    assert wrong == []
    compared = sum(column(result, line) is not None for line in household["lines"])
    assert compared >= len(household["lines"]) * 8 // 10


def test_there_are_more_than_thirty_and_every_line_has_its_article() -> None:
    assert len(HOUSEHOLDS) >= 30
    assert all(line["article"] for household in HOUSEHOLDS for line in household["lines"])
