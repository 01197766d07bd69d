"""The course of one trial: the city year by year, levied anew in each.

People do not depend on rates, so that paths of rates are compared on the same people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from kokuho.base.calendar import first_day_of_year
from kokuho.law import LawYear, parameter
from kokuho.levy.method import Method
from kokuho.plan.forecast.arrivals import Pool, join
from kokuho.plan.forecast.city import City, age_on_1_april, begin
from kokuho.plan.forecast.departures import depart
from kokuho.plan.forecast.incomes import Donors, Growth, grown
from kokuho.plan.forecast.late import turn, with_birthdays
from kokuho.plan.forecast.relevy import Relevy
from kokuho.plan.forecast.world import World
from kokuho.plan.scenario.inputs import Inputs

COHORTS = ((0, 6), (7, 18), (19, 39), (40, 64), (65, 69), (70, 74))
"""Ages on 1 April by which the insured are shown."""

FLOWS = (
    "aged_out", "moving_out", "deaths", "coverage_expansion", "employment", "dependants",
    "left_in_file", "newcomers", "births",
)  # fmt: skip
"""Why the insured of a year change. ``aged_out`` reached 75 within it; ``left_in_file`` are the
losses that the persons file itself states for the base year."""


@dataclass(frozen=True)
class Year:
    """One year of a course: the people, the levy's stage 1, and who came and went within it."""

    city: City
    relevy: Relevy
    cohorts: dict[tuple[int, int], int]
    flows: dict[str, int]


class Start:
    """What all trials begin with: the city of the base year, and whom newcomers are like."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        scenario = inputs.scenario
        self.method = Method.of(inputs.ordinance)
        self.city = begin(inputs.persons, inputs.households, scenario.base_year)
        population = scenario.assumptions.population
        self.pool = Pool(self.city, population.newcomers)
        self.donors = Donors(self.city, scenario.assumptions.incomes.transitions.ages)

    def years(self, world: World) -> Iterator[Year]:
        """The years of a trial, the base year first."""
        scenario = self.inputs.scenario
        assumed = scenario.assumptions
        city, growth = self.city, Growth()
        flows = {"left_in_file": int((city.persons["left_on"].is_not_null()).sum())}
        for year in scenario.years:
            law = self.inputs.laws[year]
            persons, households = grown(city, growth)
            relevy = Relevy(persons, households, law, self.method)
            following, aged_out = turn(
                city, relevy.judged.persons, assumed.population, world, law.ages.leave_at,
                growth.pension,
            )  # fmt: skip
            yield Year(city, relevy, _cohorts(city), {**flows, "aged_out": aged_out})
            if year == scenario.last_year:
                return
            growth = growth.next(assumed.incomes, world, year + 1)
            ahead = self.donors.taken_over(following, world)
            left, lost = depart(ahead, assumed.population, world, law.ages.leave_at)
            months = _maternity_months(self.inputs.laws[year + 1])
            joined, came = join(left, self.pool, assumed.population, world, months)
            city = with_birthdays(joined, law.ages.leave_at)
            flows = {**lost, **came}


def _cohorts(city: City) -> dict[tuple[int, int], int]:
    """The insured on 1 April by age."""
    first = first_day_of_year(city.year)
    there = pl.col("insured") & (pl.col("joined_on").fill_null(first) <= first)
    ages = city.persons.filter(there & (pl.col("birth_date") <= first)).select(
        age=age_on_1_april(city.year)
    )
    return {(low, high): int(ages["age"].is_between(low, high).sum()) for low, high in COHORTS}


def _maternity_months(law: LawYear) -> int:
    known = parameter("maternity.months").find(first_day_of_year(law.held_from or law.fiscal_year))
    return int(str(known.value)) if known else 0
