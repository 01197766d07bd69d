"""What holds for every levy, whatever the ordinance: shown on random households."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from kokuho.levy import levy
from tests.levy.frames import Household, households_frame, persons_frame
from tests.levy.random_ordinances import FISCAL_YEARS, Spec, real_ordinance
from tests.levy.reference import PARTS
from tests.levy.strategies import bulk_households, bulk_ordinances

YEARS = (2020, 2023, 2026)
KEYS = ["insurer_code", "household_id"]


def bulk(fiscal_year: int, seed: int, count: int = 300) -> tuple[list[Household], dict[str, Spec]]:
    specs = bulk_ordinances(seed, 10, fiscal_year)
    return bulk_households(seed + 1, count, fiscal_year, list(specs)), specs


def houses(households: list[Household], specs: dict[str, Spec]) -> pl.DataFrame:
    ordinances = [real_ordinance(spec, code) for code, spec in specs.items()]
    result = levy(persons_frame(households), households_frame(households), ordinances)
    return result.households.sort(KEYS)


def yen(frame: pl.DataFrame, column: str) -> list[int]:
    """A column of yen; a part that the ordinance does not have is 0."""
    if column not in frame.columns:
        return [0] * frame.height
    return frame[column].fill_null(0).to_list()


@pytest.mark.parametrize("fiscal_year", FISCAL_YEARS)
def test_no_part_is_above_its_cap_or_its_sum(fiscal_year: int) -> None:
    households, specs = bulk(fiscal_year, 500 + fiscal_year, 150)
    levied = houses(households, specs)
    caps = {
        name: [specs[code]["parts"].get(name, {"cap": 0})["cap"] for code in levied["insurer_code"]]
        for name in PARTS
    }
    for name in PARTS:
        amounts = yen(levied, name)
        assert min(amounts) >= 0
        assert all(a <= cap for a, cap in zip(amounts, caps[name], strict=True))
        assert all(a <= b for a, b in zip(amounts, yen(levied, f"{name}_gross"), strict=True))
        assert all(a <= b for a, b in zip(amounts, yen(levied, f"{name}_cap"), strict=True))
    summed = [sum(amounts) for amounts in zip(*(yen(levied, n) for n in PARTS), strict=True)]
    totals = levied["total"].to_list()
    assert all(0 <= s - total < 100 for s, total in zip(summed, totals, strict=True))
    assert sum(totals) > 0


@pytest.mark.parametrize("fiscal_year", YEARS)
@pytest.mark.parametrize("more", [1, 999, 40_000, 3_000_000, 30_000_000])
def test_more_income_with_the_same_earners_never_lowers_a_part(fiscal_year: int, more: int) -> None:
    households, specs = bulk(fiscal_year, 600 + fiscal_year)
    richer = []
    for number, household in enumerate(households):
        people = list(household["persons"])
        who = number % len(people)  # any member, the head among them
        people[who] = people[who] | {"other_income": people[who].get("other_income", 0) + more}
        richer.append(household | {"persons": people})
    before, after = houses(households, specs), houses(richer, specs)
    assert before["earners"].to_list() == after["earners"].to_list()
    for column in (*PARTS, "total"):
        pairs = zip(before["household_id"], yen(before, column), yen(after, column), strict=True)
        lower = [(number, b, a) for number, b, a in pairs if a < b]
        assert lower == [], column
    if more >= 40_000:
        assert sum(after["total"]) > sum(before["total"])


def whole_year(household: Household, fiscal_year: int, members: int) -> Household | None:
    """The household without anything that changes its months inside the year; None if it cannot."""
    people = []
    for person in household["persons"][:members]:
        kept = {
            name: value
            for name, value in person.items()
            if not name.startswith(("joined", "left", "involuntary", "maternity", "former"))
        }
        too_old = kept["birth_date"] < date(fiscal_year - 74, 4, 1)
        if too_old or kept["birth_date"] >= date(fiscal_year, 4, 1):
            return None
        people.append(kept)
    house = {
        name: value for name, value in household["household"].items() if name[:8] != "specific"
    }
    return {"household": house, "persons": people}


def parted(household: Household, on: date) -> tuple[Household, Household]:
    """The same household until a first of a month, and from it on."""

    def each(**days: Any) -> Household:
        return household | {"persons": [person | days for person in household["persons"]]}

    return each(left_on=on), each(joined_on=on)


def split(
    fiscal_year: int, seed: int, members: int
) -> tuple[list[Spec], pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Whole years beside their two pieces, household by household, with their ordinances."""
    drawn, specs = bulk(fiscal_year, seed)
    whole = [kept for each in drawn if (kept := whole_year(each, fiscal_year, members))]
    pieces = []
    for number, household in enumerate(whole):
        month = number % 11 + 5  # May to March
        on = date(fiscal_year + (month > 12), (month - 1) % 12 + 1, 1)
        pieces.append(parted(household, on))
    year, early, late = (
        houses(list(part), specs)
        for part in (whole, [p[0] for p in pieces], [p[1] for p in pieces])
    )
    assert year.height > 50
    assert year["reduction"].equals(early["reduction"])
    assert year["reduction"].equals(late["reduction"])
    return [specs[code] for code in year["insurer_code"]], year, early, late


def lost(spec: Spec) -> int:
    """The most that one amount of a year loses where it is cut into two pieces."""
    return 11 if spec["months"].get("order") == "divide_first" else 1


@pytest.mark.parametrize("fiscal_year", YEARS)
def test_two_pieces_of_a_year_sum_to_it_within_the_rounding(fiscal_year: int) -> None:
    """Before the cap: each amount loses at most the yen of its own division and of its own cut."""
    specs, year, early, late = split(fiscal_year, 700 + fiscal_year, members=8)
    for name in PARTS:
        gross = [yen(frame, f"{name}_gross") for frame in (year, early, late)]
        for spec, whole, first, second in zip(specs, *gross, strict=True):
            # income, asset, per capita (two in the child part) of up to eight, per household
            allowed = (8 * 4 + 1) * lost(spec) + 8 * spec["rounding"].get("person", 1)
            assert 0 <= whole - (first + second) <= allowed


@pytest.mark.parametrize("fiscal_year", YEARS)
def test_a_person_alone_owes_for_two_pieces_what_the_year_costs(fiscal_year: int) -> None:
    """With the cap by months; each cut may take a unit from either piece."""
    specs, year, early, late = split(fiscal_year, 800 + fiscal_year, members=1)
    compared = 0
    for spec, whole, first, second in zip(
        specs, *(frame["total"] for frame in (year, early, late)), strict=True
    ):
        if spec["months"]["cap"] == "annual":
            continue
        rounding = spec["rounding"]
        by_part = 5 * lost(spec) + 1 + 2 * rounding.get("person", 1) + 2 * rounding["part"]
        allowed = len(spec["parts"]) * by_part + 2 * rounding["total"]
        assert 0 <= whole - (first + second) <= allowed
        compared += 1
    assert compared > 20
