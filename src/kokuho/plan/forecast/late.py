"""From one year to the next: losses carried out, and reaching 75 (後期高齢者医療への移行).

Whoever has reached 75 by 1 April is insured no more. For the judgement of the reduction the
household keeps counting them (特定同一世帯所属者). From that birthday on the household is of the
special class (特定世帯), if the levy finds a single insured member left behind.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.base.money import PPM
from kokuho.plan.forecast.city import GONE, City, age_on_1_april, settled
from kokuho.plan.forecast.world import World
from kokuho.plan.scenario.assumptions import Population


def turn(
    city: City,
    judged: pl.DataFrame,
    population: Population,
    world: World,
    late_age: int,
    pension_growth: int,
) -> tuple[City, int]:
    """The city on 1 April of the next year before anybody joins, and how many reached 75.

    ``judged`` has ``judged`` (yen) and ``earner`` of each person under the city's own year;
    ``pension_growth`` (millionths) is what pensions have grown to since the persons file.
    """
    year = city.year + 1
    people = city.persons.with_columns(judged.select("judged", "earner").get_columns())
    people = _without_losses(people)
    reached = pl.col("insured") & (pl.col("birth_date") <= date(year - late_age, 4, 1))
    people = people.with_columns(late=reached)
    houses = _with_elders(city.households, people, late_age, pension_growth)
    aged_out = int(people["late"].sum())
    people = people.with_columns(insured=pl.col("insured") & ~pl.col("late")).filter(
        pl.col("insured") | pl.col("head")
    )
    people, houses = _without_dead_elders(people, houses, population, world, year, late_age)
    people = people.filter(pl.col("insured").any().over("household_id"))
    houses = houses.join(people.select("household_id").unique(), on="household_id", how="semi")
    people = _with_heads(people).select(city.persons.columns)
    return settled(year, people, houses.select(city.households.columns)), aged_out


def with_birthdays(city: City, late_age: int) -> City:
    """The city with the households in which somebody reaches 75 within the year marked so."""
    march = date(city.year + 1, 3, 31)
    birthday = pl.col("birth_date").dt.offset_by(f"{late_age}y")
    reaching = (
        city.persons.filter("insured")
        .select("household_id", birthday=birthday)
        .filter(pl.col("birthday") <= march)
        .group_by("household_id")
        .agg(pl.col("birthday").min())
    )
    houses = city.households.join(
        reaching, on="household_id", how="left", maintain_order="left"
    ).with_columns(specific_from=pl.coalesce("specific_from", "birthday"))
    return City(city.year, city.persons, houses.select(city.households.columns))


def _without_losses(people: pl.DataFrame) -> pl.DataFrame:
    """Whoever has left is insured no more; heads who did not go away stay as uninsured heads."""
    lost = pl.col("left_on").is_not_null() | pl.col("loss").is_not_null()
    gone = pl.col("loss").eq_missing(GONE)
    return people.filter(~gone & (~lost | pl.col("head"))).with_columns(
        insured=pl.col("insured") & ~lost,
        left_on=pl.lit(None, dtype=pl.Date),
        loss=pl.lit(None, dtype=pl.String),
    )


def _with_elders(
    houses: pl.DataFrame, people: pl.DataFrame, late_age: int, growth: int
) -> pl.DataFrame:
    """The households with those who just reached 75 among their elders.

    A head's own income stays in the persons; the judged income of the others goes to the household,
    in yen of the persons file.
    """
    apart = pl.col("late") & ~pl.col("head")
    new = people.group_by("household_id").agg(
        late=pl.col("late").sum().cast(pl.Int64),
        late_income=pl.when(apart).then("judged").otherwise(0).sum() * PPM // growth,
        late_earners=(apart & pl.col("earner")).sum().cast(pl.Int64),
        birthday=pl.col("birth_date").filter("late").min().dt.offset_by(f"{late_age}y"),
    )
    return (
        houses.join(new, on="household_id", how="left", maintain_order="left")
        .with_columns(pl.col("late", "late_income", "late_earners").fill_null(0))
        .with_columns(
            same_household_elders=pl.col("same_household_elders") + pl.col("late"),
            elders_income=pl.col("elders_income") + pl.col("late_income"),
            elders_earners=pl.col("elders_earners") + pl.col("late_earners"),
            specific_from=pl.coalesce("specific_from", "birthday"),
        )
        .select(houses.columns)
    )


def _without_dead_elders(
    people: pl.DataFrame,
    houses: pl.DataFrame,
    population: Population,
    world: World,
    year: int,
    late_age: int,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Elders die by household: they count no more, and the special class ends with them."""
    elder_age = pl.lit(late_age + 5, dtype=pl.Int64)
    rate = world.by_age(population.deaths, "deaths", year, elder_age)
    houses = houses.with_columns(state=world.state())
    died = (pl.col("same_household_elders") > 0) & (world.drawn("elders' deaths", year) < rate)
    houses = houses.with_columns(died=died)
    zero = pl.lit(0, dtype=pl.Int64)
    counts = ("same_household_elders", "elders_income", "elders_earners")
    alive = houses.with_columns(
        *(pl.when("died").then(zero).otherwise(name).alias(name) for name in counts),
        specific_from=pl.when(~pl.col("died")).then("specific_from"),
    )
    dead = houses.filter("died").select("household_id", lit=pl.lit(True))
    people = people.join(dead, on="household_id", how="left", maintain_order="left")
    elder_head = pl.col("head") & ~pl.col("insured") & (age_on_1_april(year) >= late_age)
    return people.filter(~(elder_head & pl.col("lit").fill_null(False))), alive


def _with_heads(people: pl.DataFrame) -> pl.DataFrame:
    """Where a head has gone, the oldest insured member is the head."""
    oldest = (
        people.select("household_id", "person_id", "head", "insured", "birth_date")
        .filter(~pl.col("head").any().over("household_id"))
        .filter("insured")
        .sort("household_id", "birth_date", "person_id")
        .unique("household_id", keep="first", maintain_order=True)
        .select("household_id", "person_id", heir=pl.lit(True))
    )
    return people.join(
        oldest, on=["household_id", "person_id"], how="left", maintain_order="left"
    ).with_columns(head=pl.col("head") | pl.col("heir").fill_null(False))
