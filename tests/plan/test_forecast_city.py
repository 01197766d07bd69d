"""A city through the years: who leaves, who joins, what becomes of households and incomes."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kokuho.base.errors import PlanError
from kokuho.base.money import PPM
from kokuho.law import for_fiscal_year, held
from kokuho.levy import Method, judge
from kokuho.levy.frames import household_frame, person_frame
from kokuho.ordinance import find
from kokuho.plan.forecast.arrivals import Pool, join
from kokuho.plan.forecast.city import GONE, STAYS, City, begin
from kokuho.plan.forecast.course import Start, Year
from kokuho.plan.forecast.departures import depart
from kokuho.plan.forecast.incomes import Donors, Growth, grown
from kokuho.plan.forecast.late import turn, with_birthdays
from kokuho.plan.forecast.world import World
from kokuho.plan.scenario.assumptions import Newcomers, Population, Transition
from tests.plan.scenarios import bands, inputs, invented

WORLD = World(seed=5)
LATE = for_fiscal_year(2026).ages.leave_at
NOBODY = bands()


def population(**told: Any) -> Population:
    """Nobody comes or goes, but as told."""
    still = {
        "employment": NOBODY,
        "coverage_expansion": invented(value="0"),
        "moving_out": NOBODY,
        "deaths": NOBODY,
        "births": NOBODY,
        "newcomers": invented(like="all", value="0"),
    }
    return Population.model_validate(still | told)


def everybody(rate: str = "1") -> dict[str, Any]:
    return bands((0, 110, rate))


def city(*households: list[dict[str, Any]], **of_household: Any) -> City:
    persons = [
        {
            "insurer_code": "992011",
            "household_id": f"{house:03d}",
            "person_id": f"{house:03d}{place}",
            "head": place == 0,
            **member,
        }
        for house, members in enumerate(households)
        for place, member in enumerate(members)
    ]
    houses = [
        {"insurer_code": "992011", "household_id": f"{house:03d}", **of_household}
        for house in range(len(households))
    ]
    people = person_frame(persons).with_columns(sex=pl.lit("F"))
    return begin(people, household_frame(houses), 2026)


def born(year: int, **told: Any) -> dict[str, Any]:
    return {"birth_date": date(year, 6, 1), **told}


def judged_as(now: City, income: int, *, earner: bool) -> pl.DataFrame:
    """Stage 1 of the levy as far as the turn of the year needs it: the same for everybody."""
    everybody = now.persons.height
    return pl.DataFrame({"judged": [income] * everybody, "earner": [earner] * everybody})


def next_year(now: City, people: Population | None = None, world: World = WORLD) -> City:
    judged = judged_as(now, 600_000, earner=True)
    made, _aged_out = turn(now, judged, people or population(), world, LATE, PPM)
    return made


def rows(made: City, *columns: str) -> list[tuple[Any, ...]]:
    return made.persons.select(columns).rows()


def test_whoever_reaches_75_within_the_year_is_gone_in_the_next() -> None:
    now = city([born(1951)], [born(1952)])
    assert rows(next_year(now), "person_id") == [("0010",)]


def test_a_birthday_on_1_april_counts_for_the_year_that_begins() -> None:
    now = city([{"birth_date": date(1952, 4, 1)}], [{"birth_date": date(1952, 4, 2)}])
    assert rows(next_year(now), "person_id") == [("0010",)]


def test_a_member_who_reached_75_is_kept_among_the_households_elders() -> None:
    made = next_year(city([born(1955), born(1951)]))
    assert rows(made, "person_id") == [("0000",)]
    house = made.households.row(0, named=True)
    assert (house["same_household_elders"], house["elders_income"]) == (1, 600_000)
    assert house["elders_earners"] == 1
    # one insured is left behind: a household of the special class from that birthday on
    assert house["specific_from"] == date(2026, 6, 1)


def test_a_head_who_reached_75_stays_as_uninsured_head_with_the_own_income() -> None:
    made = next_year(city([born(1951, pension_revenue=2_000_000), born(1955)]))
    assert rows(made, "head", "insured", "pension_revenue") == [
        (True, False, 2_000_000),
        (False, True, None),
    ]
    house = made.households.row(0, named=True)
    assert (house["same_household_elders"], house["elders_income"]) == (1, 0)
    assert house["specific_from"] == date(2026, 6, 1)


def specific_months(made: City) -> list[int]:
    """The months in which the levy takes each household for one of the special class."""
    law = for_fiscal_year(2026) if made.year == 2026 else held(2026, made.year)
    ordinance = find("koganei").year(2026)
    judged = judge(made.persons, made.households, law, Method.of(ordinance), steps=False)
    return judged.households["specific_half"].bitwise_count_ones().to_list()


def test_a_single_member_left_behind_is_of_the_special_class_from_the_birthday_on() -> None:
    now = next_year(city([born(1990), born(1952)], [born(1990), born(1990), born(1952)]))
    marked = with_birthdays(now, LATE)
    assert marked.households["specific_from"].to_list() == [date(2027, 6, 1)] * 2
    # June to March; where two stay insured, not at all
    assert specific_months(marked) == [10, 0]
    assert specific_months(next_year(marked)) == [12, 0]


def test_an_elders_income_is_kept_in_yen_of_the_persons_file() -> None:
    now = city([born(1955), born(1951)])
    judged = judged_as(now, 606_000, earner=False)
    made, aged_out = turn(now, judged, population(), WORLD, LATE, 1_010_000)
    assert aged_out == 1
    assert made.households["elders_income"].to_list() == [600_000]
    _people, houses = grown(made, Growth(pension=1_010_000))
    assert houses["elders_income"].to_list() == [606_000]


def test_a_household_without_insured_is_gone() -> None:
    assert next_year(city([born(1951)], [born(1990)])).households.height == 1


def test_elders_die_by_their_household_and_the_special_class_ends() -> None:
    now = next_year(city([born(1951), born(1955)]))
    made = next_year(now, population(deaths=bands((75, 110, "1"))))
    assert rows(made, "head", "insured") == [(True, True)]
    house = made.households.row(0, named=True)
    assert (house["same_household_elders"], house["specific_from"]) == (0, None)


def test_a_loss_that_the_file_states_is_carried_out() -> None:
    now = city([born(1980, left_on=date(2026, 9, 10)), born(2015)], [born(1990)])
    made = next_year(now)
    # the head stays as uninsured head of the child, whose loss the file does not state
    assert rows(made, "person_id", "insured") == [
        ("0000", False), ("0001", True), ("0010", True),
    ]  # fmt: skip


def test_who_dies_is_gone_and_the_oldest_insured_is_head() -> None:
    now = city([born(1980), born(1990), born(1985)])
    died = now.persons.with_columns(
        left_on=pl.when("head").then(date(2026, 7, 7)), loss=pl.when("head").then(pl.lit(GONE))
    )
    made = next_year(City(2026, died, now.households))
    assert rows(made, "person_id", "head") == [("0001", False), ("0002", True)]


def test_everybody_moving_out_leaves_on_the_same_day_as_the_household() -> None:
    now = city([born(1980), born(1990)], [born(1970)])
    made, counts = depart(now, population(moving_out=everybody()), WORLD, LATE)
    days = made.persons["left_on"].to_list()
    assert days[0] == days[1]
    assert all(date(2026, 4, 1) <= day <= date(2027, 3, 31) for day in days)
    assert made.persons["loss"].to_list() == [GONE] * 3
    assert (counts["moving_out"], sum(counts.values())) == (3, 3)
    assert next_year(made).persons.height == 0


def test_dependants_go_with_a_head_who_takes_up_employees_insurance() -> None:
    now = city([born(1980), born(1985), born(1988, business=900_000)])
    made, counts = depart(now, population(employment=bands((45, 46, "1"))), WORLD, LATE)
    assert counts["employment"] == counts["dependants"] == 1
    assert made.persons["loss"].to_list() == [STAYS, STAYS, None]
    assert rows(next_year(made), "person_id", "head", "insured") == [
        ("0000", True, False),
        ("0002", False, True),
    ]


def test_the_expansion_of_coverage_concerns_those_with_a_salary() -> None:
    now = city([born(1980, salary_revenue=1_200_000)], [born(1980, business=1_200_000)])
    expansion = invented(value="1")
    made, counts = depart(now, population(coverage_expansion=expansion), WORLD, LATE)
    assert counts["coverage_expansion"] == 1
    assert [day is not None for day in made.persons["left_on"].to_list()] == [True, False]


def test_a_rate_by_age_is_that_of_the_age_on_1_april() -> None:
    now = city([{"birth_date": date(1986, 4, 1)}], [{"birth_date": date(1986, 4, 2)}])
    made, _counts = depart(now, population(deaths=bands((40, 40, "1"))), WORLD, LATE)
    assert [loss is not None for loss in made.persons["loss"].to_list()] == [True, False]


def test_newcomers_are_of_their_models_age_in_the_year_in_which_they_join() -> None:
    now = city([born(1966), born(1996)], [born(2000)])
    people = population(newcomers=invented(like="all", value="1"))
    later = City(2029, now.persons, now.households)
    made, counts = join(later, Pool(now, people.newcomers), people, WORLD, 4)
    new = made.persons.filter(pl.col("household_id").str.starts_with("n2029"))
    assert counts["newcomers"] == new.height >= 3
    assert set(new["birth_date"].dt.year().to_list()) <= {1969, 1999, 2003}
    assert new["joined_on"].is_between(date(2029, 4, 1), date(2030, 3, 31)).all()
    assert new["person_id"].n_unique() == new.height
    assert made.households.height == made.persons["household_id"].n_unique()


def test_newcomers_like_those_who_joined_take_no_others_as_models() -> None:
    joined = date(2026, 8, 1)
    now = city([born(1966)], [born(1996, joined_on=joined), born(2020, joined_on=joined)])
    like = Newcomers.model_validate(invented(like="joined", value="1"))
    people = population(newcomers=invented(like="joined", value="1"))
    made, _counts = join(City(2027, now.persons, now.households), Pool(now, like), people, WORLD, 4)
    new = made.persons.filter(pl.col("household_id").str.starts_with("n2027"))
    assert set(new["birth_date"].dt.year().to_list()) == {1997, 2021}
    assert set(new["joined_on"].to_list()) == {date(2027, 8, 1)}


def test_the_ages_of_newcomers_are_mixed_as_stated() -> None:
    now = city(*[[born(1961)]] * 3, *[[born(1996)]] * 3)
    heads = [{"ages": [0, 40], "share": "0.1"}, {"ages": [41, 74], "share": "0.9"}]
    stated = invented(like="all", value="1", heads=heads)
    people = population(newcomers=stated)
    thousand = city(*[[born(1980)]] * 1_000)
    made, _counts = join(thousand, Pool(now, people.newcomers), people, WORLD, 4)
    new = made.persons.filter(pl.col("household_id").str.starts_with("n"))
    old = (new["birth_date"].dt.year() == 1961).sum()
    assert new.height == 1_000
    assert 870 <= old <= 930


def test_newcomers_that_are_like_nobody_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")
    like = Newcomers.model_validate(invented(like="joined", value="0.1"))
    with pytest.raises(PlanError, match="with a head of 0 to 120 joined within the base year"):
        Pool(city([born(1990)]), like)


def test_a_birth_brings_a_child_and_exempt_months() -> None:
    now = city([born(1995)], [born(1960)])
    people = population(births=bands((20, 44, "1")))
    pool = Pool(now, people.newcomers)
    made, counts = join(now, pool, people, WORLD, 4)
    assert counts == {"newcomers": 0, "births": 1}
    mother, child, _other = made.persons.rows(named=True)
    assert child["birth_date"] == child["joined_on"]
    assert date(2026, 4, 1) <= child["birth_date"] <= date(2027, 3, 31)
    assert (child["head"], child["insured"], child["household_id"]) == (False, True, "000")
    assert mother["maternity_months"] == 4
    months = (child["birth_date"].year - mother["maternity_from"].year) * 12
    assert months + child["birth_date"].month - mother["maternity_from"].month == 1


def test_incomes_grow_by_kind_and_stay_whole() -> None:
    now = city([born(1980, salary_revenue=3_333_333, business=1_000_001)],
               [born(1958, pension_revenue=1_999_999, pension_income=899_999)])  # fmt: skip
    people, _houses = grown(now, Growth(salary=1_010_000, pension=1_005_000, other=990_000))
    first, second = people.rows(named=True)
    assert (first["salary_revenue"], first["business"]) == (3_366_666, 990_000)
    # the income beside a revenue follows from the statutory table again
    assert (second["pension_revenue"], second["pension_income"]) == (2_009_998, None)


def test_without_growth_incomes_stay_as_the_file_states_them() -> None:
    now = city([born(1958, pension_revenue=1_999_999, pension_income=899_999)])
    people, _houses = grown(now, Growth())
    assert people.select(now.persons.columns).equals(now.persons)


def test_at_65_a_person_takes_the_incomes_of_somebody_of_that_age() -> None:
    now = city(
        [born(1959, pension_revenue=1_500_000)],
        [born(1961, salary_revenue=4_000_000)],
        [born(1975, salary_revenue=5_000_000)],
    )
    donors = Donors(now, [Transition(at=65, like=(65, 69))])
    made = donors.taken_over(City(2027, now.persons, now.households), WORLD)
    assert rows(made, "salary_revenue", "pension_revenue") == [
        (None, 1_500_000), (None, 1_500_000), (5_000_000, None),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> list[Year]:
    start = Start(inputs(tmp_path_factory.mktemp("course")))
    return list(start.years(World(seed=7)))


def test_the_insured_of_a_year_are_those_before_less_losses_and_more_arrivals(
    course: list[Year],
) -> None:
    for before, after in pairwise(course):
        there = int(before.city.persons["insured"].sum())
        # some of those with a day of loss reach 75 on top of it: they are counted once
        lost = int(
            before.city.persons.filter(
                pl.col("insured")
                & (pl.col("left_on").is_not_null()
                   | (pl.col("birth_date") <= date(after.city.year - 75, 4, 1)))
            ).height
        )  # fmt: skip
        came = after.flows["newcomers"] + after.flows["births"]
        assert int(after.city.persons["insured"].sum()) == there - lost + came
        assert came > 0
        assert before.flows["aged_out"] > 0


def test_households_stay_levyable_every_year(course: list[Year]) -> None:
    for made in course:
        heads = made.city.persons.group_by("household_id").agg(pl.col("head").sum())
        assert heads["head"].unique().to_list() == [1]
        assert made.relevy.judged.households.height == made.city.households.height
        insured = made.city.persons.filter("insured")
        assert (insured["birth_date"] > date(made.city.year - 75, 4, 1)).all()


def changed(tmp_path: Path, name: str, value: dict[str, Any], trial: int = 0) -> list[Year]:
    data: dict[str, Any] = {"assumptions": {"population": {name: value}}} if name else {}
    return list(Start(inputs(tmp_path / name, data)).years(World(7, trial)))


def keys_of(made: Year, *columns: str) -> list[tuple[Any, ...]]:
    native = ~pl.col("household_id").str.starts_with("n")
    born_here = ~pl.col("person_id").str.contains("b20")
    return made.city.persons.filter(native & born_here).select("person_id", *columns).rows()


def test_the_same_seed_gives_the_same_people_and_another_trial_others(tmp_path: Path) -> None:
    first, again = changed(tmp_path, "", {}), changed(tmp_path, "", {})
    other = changed(tmp_path, "", {}, trial=1)
    for one, two in zip(first, again, strict=True):
        assert one.city.persons.equals(two.city.persons)
    assert first[0].city.persons.equals(other[0].city.persons)
    assert not first[1].city.persons.equals(other[1].city.persons)


def test_more_births_change_nobody_elses_fate(tmp_path: Path) -> None:
    plain = changed(tmp_path, "", {})
    more = changed(tmp_path, "births", bands((20, 44, "0.5")))
    for one, two in zip(plain, more, strict=True):
        assert keys_of(one, "left_on", "loss", "insured") == keys_of(
            two, "left_on", "loss", "insured"
        )
    assert more[1].flows["births"] > plain[1].flows["births"]


def test_other_newcomers_change_nobody_elses_fate(tmp_path: Path) -> None:
    plain = changed(tmp_path, "", {})
    fewer = changed(tmp_path, "newcomers", invented(like="all", value="0.02"))
    for one, two in zip(plain, fewer, strict=True):
        assert keys_of(one, "left_on", "insured") == keys_of(two, "left_on", "insured")
    assert fewer[1].flows["newcomers"] < plain[1].flows["newcomers"]


def test_a_higher_rate_of_leaving_takes_the_same_people_and_more(tmp_path: Path) -> None:
    low = changed(tmp_path, "employment", bands((16, 74, "0.05")))[1]
    high = changed(tmp_path, "employment", bands((16, 74, "0.15")))[1]

    def leaving(made: Year) -> set[str]:
        return set(made.city.persons.filter(pl.col("loss") == STAYS)["person_id"])

    assert leaving(low) < leaving(high)
