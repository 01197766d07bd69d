"""The kernel over several insurers, in any order, and on what it must refuse."""

from datetime import date

import polars as pl
import pytest

from kokuho.base.errors import LevyError
from kokuho.law import PARTS
from kokuho.levy import RESULT_COLUMNS, levy
from kokuho.levy.explain import explain
from kokuho.levy.frames import household_frame, person_frame
from kokuho.ordinance import OrdinanceYear, find
from kokuho.sample import generate
from tests.levy.random_ordinances import real_ordinance

YEAR = 2026
CITIES = ("小金井市", "西東京市", "泉佐野市", "目黒区", "昭島市")


def ordinance(name: str) -> OrdinanceYear:
    return find(name).year(YEAR)


def city(code: str, seed: int, persons: int = 300) -> tuple[pl.DataFrame, pl.DataFrame]:
    return generate(persons=persons, seed=seed, fiscal_year=YEAR, insurer_code=code)


@pytest.fixture(scope="module")
def nation() -> tuple[pl.DataFrame, pl.DataFrame, list[OrdinanceYear]]:
    ordinances = [ordinance(name) for name in CITIES]
    made = [city(o.insurer.code, seed) for seed, o in enumerate(ordinances)]
    keys = ["insurer_code", "household_id"]
    persons = pl.concat([m[0] for m in made]).sort(*keys, "person_id")
    households = pl.concat([m[1] for m in made]).sort(keys)
    return persons, households, ordinances


def test_many_insurers_in_one_run_give_what_each_gives_alone(
    nation: tuple[pl.DataFrame, pl.DataFrame, list[OrdinanceYear]],
) -> None:
    persons, households, ordinances = nation
    together = levy(persons, households, ordinances, steps=False).households
    for one in ordinances:
        ours = pl.col("insurer_code") == one.insurer.code
        alone = levy(persons.filter(ours), households.filter(ours), [one], steps=False).households
        assert together.filter(ours).select(RESULT_COLUMNS).equals(alone.select(RESULT_COLUMNS))


def test_insurers_of_one_method_share_a_run_with_their_rates_joined() -> None:
    pair = [ordinance("小金井市"), ordinance("町田市")]
    made = [city(o.insurer.code, 3) for o in pair]
    keys = ["insurer_code", "household_id"]
    persons = pl.concat([m[0] for m in made]).sort(*keys, "person_id")
    households = pl.concat([m[1] for m in made]).sort(keys)
    together = levy(persons, households, pair).households
    for one, (people, houses) in zip(pair, made, strict=True):
        alone = levy(people, houses, [one]).households
        ours = together.filter(insurer_code=one.insurer.code)
        assert ours.select(RESULT_COLUMNS).equals(alone.select(RESULT_COLUMNS))


@pytest.mark.parametrize("name", ["小金井市", "西東京市", "泉佐野市"])
def test_every_household_of_a_city_is_explained_with_the_levys_own_numbers(name: str) -> None:
    one = ordinance(name)
    result = levy(*city(one.insurer.code, 11, 150), [one])
    people = {
        (row["household_id"], row["person_id"]): row for row in result.persons.iter_rows(named=True)
    }
    for house in result.households.iter_rows(named=True):
        explanation = explain(result, house["household_id"], one, made_on=date(2026, 11, 24))
        assert explanation.total == house["total"] == sum(house[part] for part in PARTS)
        for line in explanation.lines:
            row = people[house["household_id"], line.person] if line.person else house
            value = int(row[line.step])
            if line.step.endswith("_mask"):
                value = (value & row["insured_mask"]).bit_count()
            assert line.value == value


def test_no_part_is_above_its_cap_and_every_part_is_cut_to_its_unit() -> None:
    one = ordinance("小金井市")
    houses = levy(*city(one.insurer.code, 5, 2000), [one]).households
    for part in PARTS:
        assert (houses[part] <= one.parts[part].cap).all()
        assert (houses[part] % 100 == 0).all()


def test_an_insurer_without_an_ordinance_is_named() -> None:
    with pytest.raises(LevyError, match="990019"):
        levy(*city("990019", 1, 20), [ordinance("小金井市")])


def test_frames_that_do_not_belong_together_are_refused() -> None:
    one = ordinance("小金井市")
    persons, households = city(one.insurer.code, 1, 40)
    with pytest.raises(LevyError):
        levy(persons, households.head(3), [one])
    with pytest.raises(LevyError):
        levy(persons.sample(fraction=1, shuffle=True, seed=1), households, [one])


def test_a_household_of_forty_is_levied() -> None:
    one = ordinance("小金井市")
    code = one.insurer.code
    people = [
        {
            "insurer_code": code,
            "household_id": "H",
            "person_id": f"{number:02d}",
            "head": number == 0,
            "birth_date": date(1990, 5, 5),
        }
        for number in range(40)
    ]
    houses = [{"insurer_code": code, "household_id": "H"}]
    row = levy(person_frame(people), household_frame(houses), [one]).households.row(0, named=True)
    assert row["heads"] == 40
    assert row["medical"] == min(40 * (31_000 * 3 // 10), 670_000) // 100 * 100


def test_a_household_is_specific_from_the_month_in_which_the_spouse_turns_75() -> None:
    keys = {"insurer_code": "990019", "household_id": "H"}
    wanted = {
        "medical": {"income_rate": "0", "per_capita": 0, "per_household": 24_000, "cap": 670_000}
    }
    spec = {"fiscal_year": YEAR, "parts": wanted, "rounding": {"part": 1}, "months": {}}
    head = {"person_id": "1", "head": True, "birth_date": date(1951, 10, 20), "business": 9_000_000}
    spouse = {"person_id": "2", "birth_date": date(1961, 11, 2)}
    child = {"person_id": "3", "birth_date": date(2000, 1, 5), "joined_on": date(2026, 12, 1)}

    def amount(became: date, *people: dict[str, object]) -> int:
        persons = person_frame([keys | one for one in people])
        households = household_frame([keys | {"specific_from": became}])
        made = levy(persons, households, [real_ordinance(spec, "990019")]).households
        return int(made["medical_per_household"][0])

    october = date(2026, 10, 20)
    assert amount(october, head, spouse) == 24_000 * 6 // 12 + 12_000 * 6 // 12
    assert amount(october, head, spouse, child) == 18_000
    assert amount(october, head, spouse, child | {"joined_on": date(2026, 5, 1)}) == 24_000
    assert amount(date(2026, 4, 1), head, spouse) == 24_000
