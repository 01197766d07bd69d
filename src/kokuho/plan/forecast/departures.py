"""Who leaves within a year: employees' insurance, moving out, death (資格喪失).

Days lie within the year, so that the levy counts the months before them. With a head who takes up
employees' insurance (社保加入) go the members without any income, as dependants (被扶養者).
"""

from __future__ import annotations

import polars as pl

from kokuho.plan.forecast.city import (
    GONE,
    INCOMES,
    STAYS,
    City,
    age_on_1_april,
    day_in_year,
    of_household,
)
from kokuho.plan.forecast.world import World
from kokuho.plan.scenario.assumptions import Population

REASONS = ("moving_out", "deaths", "coverage_expansion", "employment", "dependants")
"""The reasons for leaving; where several hold, the first one counts."""

_LAST_DAY = 27
"""Losses fall on the first days of a month: one on its last day would count the month."""


def depart(
    city: City, population: Population, world: World, late_age: int
) -> tuple[City, dict[str, int]]:
    """Draw the losses of the city's year; the numbers of persons by reason come with it.

    ``late_age`` is 75: uninsured heads from it on are the household's elders, whose deaths are
    drawn with them (:mod:`kokuho.plan.forecast.late`).
    """
    year = city.year
    drawn = _reasons(_with_states(city, world), population, world, year, late_age)
    leaves = pl.col("reason").is_not_null()
    day = day_in_year(
        year, _together(world, "month of loss", year, 12), _together(world, "day", year, _LAST_DAY)
    )
    gone = pl.col("reason").is_in(["moving_out", "deaths"])
    loss = pl.when(gone).then(pl.lit(GONE)).otherwise(pl.lit(STAYS))
    people = drawn.with_columns(
        left_on=pl.coalesce("left_on", pl.when(leaves & pl.col("insured")).then(day)),
        loss=pl.when(leaves).then(loss).otherwise("loss"),
    )
    counted = people.filter("insured", leaves).group_by("reason").len()
    counts = dict.fromkeys(REASONS, 0) | dict(counted.iter_rows())
    return City(year, people.select(city.persons.columns), city.households), counts


def _with_states(city: City, world: World) -> pl.DataFrame:
    """The persons with their own state, the household's, their age and the head's."""
    houses = city.households.select(world.state()).to_series()
    return city.persons.with_columns(
        state=world.state(),
        house_state=pl.lit(houses).gather(pl.col("hh")),
        age=age_on_1_april(city.year),
    ).with_columns(head_age=of_household(pl.col("age"), pl.col("head")))


def _reasons(
    people: pl.DataFrame, population: Population, world: World, year: int, late_age: int
) -> pl.DataFrame:
    """The persons with the reason for which they leave in the year, or none."""
    own, age = pl.col("insured"), pl.col("age")
    salaried = (pl.col("salary_revenue").fill_null(0) > 0) | (
        pl.col("salary_income").fill_null(0) > 0
    )
    moved = world.by_age(population.moving_out, "moving_out", year, pl.col("head_age"))
    died = world.by_age(population.deaths, "deaths", year, age)
    expansion = world.share(population.coverage_expansion, "coverage_expansion", year)
    employed = world.by_age(population.employment, "employment", year, age)
    mortal = own | (pl.col("head") & (age < late_age))
    no_income = pl.all_horizontal(pl.col(name).fill_null(0) == 0 for name in INCOMES)
    people = people.with_columns(
        moving_out=world.drawn("moving_out", year, state="house_state") < moved,
        deaths=mortal & (world.drawn("deaths", year) < died),
        coverage_expansion=own & salaried & (world.drawn("coverage_expansion", year) < expansion),
        employment=own & (world.drawn("employment", year) < employed),
    )
    head_employed = pl.col("head") & (pl.col("employment") | pl.col("coverage_expansion"))
    people = people.with_columns(
        dependants=own & ~pl.col("head") & no_income & head_employed.any().over("hh")
    )
    reason = pl.lit(None, dtype=pl.String)
    for name in reversed(REASONS):
        reason = pl.when(name).then(pl.lit(name)).otherwise(reason)
    return people.with_columns(reason=reason)


def _together(world: World, name: str, year: int, below: int) -> pl.Expr:
    """A draw that the members of a household share, but for those who die."""
    alone = world.drawn(name, year, below)
    shared = world.drawn(name, year, below, state="house_state")
    return pl.when(pl.col("reason") == "deaths").then(alone).otherwise(shared)
