"""Who joins within a year: newcomers like those of the persons file, and births (資格取得)."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.base.chance import child_states, draw, states
from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.base.money import PPM
from kokuho.plan.forecast.city import INCOMES, City, age_on_1_april, day_in_year, settled
from kokuho.plan.forecast.world import World
from kokuho.plan.scenario.assumptions import Newcomers, Population
from kokuho.plan.scenario.values import ppm

_ = translator("forecast")

OLDEST = 120
_DATES = ("birth_date", "joined_on", "involuntary_unemployment_from", "maternity_from",
          "former_dependant_from")  # fmt: skip
_MAY_BE_EMPTY = ("salary_revenue", "salary_income", "pension_revenue", "pension_income")


class Pool:
    """The households of the base year that newcomers are like, by the ages of their heads."""

    def __init__(self, city: City, newcomers: Newcomers) -> None:
        self.year = city.year
        self.like = newcomers.like
        joined_in_year = pl.col("joined_on") >= date(city.year, 4, 1)
        known = (
            city.persons.with_columns(age=age_on_1_april(city.year))
            .group_by("household_id")
            .agg(
                insured=pl.col("insured").sum().cast(pl.Int64),
                joined=(joined_in_year.fill_null(False) | ~pl.col("insured")).all(),
                head_age=pl.col("age").filter("head").first(),
            )
        )
        fit = known.filter(pl.col("joined") if self.like == "joined" else pl.lit(True))
        houses = city.households.join(fit, on="household_id").sort("household_id")
        numbered = houses.with_row_index("pool")
        self.insured = houses["insured"]
        self.households = numbered.drop(*known.drop("household_id").columns, "key")
        self.persons = city.persons.join(
            numbered.select("household_id", "pool"), on="household_id"
        ).sort("pool", "person_id")
        self.shares = [ppm(entry.share) for entry in newcomers.heads] or [PPM]
        ages = [entry.ages for entry in newcomers.heads] or [(0, OLDEST)]
        self.rows = [numbered.filter(pl.col("head_age").is_between(*one))["pool"] for one in ages]
        for one, rows in zip(ages, self.rows, strict=True):
            if rows.is_empty():
                raise PlanError(_nobody(self.like, one))

    def _chosen(self, world: World, year: int) -> pl.Expr:
        """A household of the pool by chance: first its ages, then which."""
        by_ages = [
            pl.lit(rows).gather(world.drawn("newcomers", year, rows.len()).cast(pl.UInt32))
            for rows in self.rows
        ]
        ages = world.drawn("newcomers' ages", year)
        chosen, upto = by_ages[-1], PPM
        for own, share in zip(by_ages[-2::-1], self.shares[:0:-1], strict=True):
            upto -= share
            chosen = pl.when(ages < upto).then(own).otherwise(chosen)
        return chosen

    def newcomers(self, city: City, wanted: int, world: World) -> tuple[pl.DataFrame, pl.DataFrame]:
        """So many insured persons (the last household may bring some more) and their households."""
        year = city.year
        later = year - self.year
        chosen = (
            pl.DataFrame({"number": pl.int_range(wanted, dtype=pl.UInt64, eager=True)})
            .with_columns(key=states(pl.col("number"), world.seed, f"newcomers {year}"))
            .with_columns(state=world.state())
            .with_columns(pool=self._chosen(world, year))
            .with_columns(before=_before(pl.lit(self.insured).gather(pl.col("pool"))))
            .filter(pl.col("before") < wanted)
        )
        number = pl.col("number").cast(pl.String).str.zfill(6)
        named = chosen.with_columns(household_id=pl.lit(f"n{year}-") + number)
        houses = named.join(self.households.drop("household_id"), on="pool", maintain_order="left")
        houses = houses.with_columns(pl.col("specific_from").dt.offset_by(f"{later}y"))
        people = (
            named.select("household_id", "pool", "state", house_key="key")
            .join(self.persons.drop("household_id", "key"), on="pool", maintain_order="left")
            .with_columns(place=pl.int_range(pl.len()).over("household_id"))
            .with_columns(
                key=child_states(pl.col("house_key"), pl.col("place")),
                person_id=pl.col("household_id")
                + (pl.col("place") + 1).cast(pl.String).str.zfill(2),
                left_on=pl.lit(None, dtype=pl.Date),
                loss=pl.lit(None, dtype=pl.String),
            )
            .with_columns(pl.col(name).dt.offset_by(f"{later}y") for name in _DATES)
        )
        if self.like == "all":
            day = day_in_year(
                year,
                draw(pl.col("state"), f"month of joining/{year}", 12),
                draw(pl.col("state"), f"day of joining/{year}", 28),
            )
            joins = pl.max_horizontal(day, "birth_date")
            people = people.with_columns(joined_on=pl.when("insured").then(joins))
        return people.select(city.persons.drop("hh").columns), houses.select(
            city.households.columns
        )


def _nobody(like: str, ages: tuple[int, int]) -> str:
    whose = {"first": ages[0], "last": ages[1]}
    if like == "all":
        return _("no household of the persons file has a head of {first} to {last}").format(**whose)
    return _(
        "no household of the persons file with a head of {first} to {last} joined within the base "
        "year as a whole, so newcomers cannot be like it; state `like: all`"
    ).format(**whose)


def _before(insured: pl.Expr) -> pl.Expr:
    """How many insured come in the rows before."""
    return insured.cum_sum() - insured


def join(
    city: City, pool: Pool, population: Population, world: World, maternity_months: int
) -> tuple[City, dict[str, int]]:
    """The city with its newcomers and newborn of the year; persons by kind come with it.

    ``maternity_months`` are the exempt months of a mother by law, 0 where there are none.
    """
    year = city.year
    there = int(city.persons["insured"].sum())
    share = world.share(population.newcomers, "newcomers", year)
    # the part of a person by chance, so that small cities are not always rounded down
    wanted = (there * share + world.once("newcomers' remainder", year)) // PPM
    mothers, children = _births(city, population, world, maternity_months)
    people, houses = [mothers, children], [city.households]
    joined = 0
    if wanted:
        new_people, new_houses = pool.newcomers(city, wanted, world)
        people.append(new_people)
        houses.append(new_houses)
        joined = int(new_people["insured"].sum())
    grown = settled(year, pl.concat(people), pl.concat(houses))
    return grown, {"newcomers": joined, "births": children.height}


def _births(
    city: City, population: Population, world: World, months: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The persons, mothers with their exempt months (産前産後), and the newborn."""
    year = city.year
    rate = world.by_age(population.births, "births", year, age_on_1_april(year))
    mother = pl.col("insured") & (pl.col("sex") == "F") & pl.col("left_on").is_null()
    people = city.persons.with_columns(state=world.state()).with_columns(
        born=pl.when((mother & (world.drawn("births", year) < rate)).fill_null(False)).then(
            day_in_year(
                year,
                world.drawn("month of birth", year, 12),
                world.drawn("day of birth", year, 28),
            )
        )
    )
    has = pl.col("born").is_not_null()
    children = people.filter(has).with_columns(
        person_id=pl.col("person_id") + f"b{year}",
        key=child_states(pl.col("key"), pl.lit(year)),
        head=pl.lit(False),
        declared=pl.lit("not_required"),
        birth_date="born",
        joined_on="born",
        sex=pl.lit(None, dtype=pl.String),
        **{
            name: pl.lit(None if name in _MAY_BE_EMPTY else 0, dtype=pl.Int64)
            for name in (*INCOMES, "asset_tax", "maternity_months", "per_capita_exemption")
        },
        **{
            name: pl.lit(None, dtype=pl.Date)
            for name in (
                "involuntary_unemployment_from", "maternity_from", "former_dependant_from",
            )
        },
    )  # fmt: skip
    exempt = has if months else pl.lit(False)
    mothers = people.with_columns(
        maternity_from=pl.when(exempt)
        .then(pl.col("born").dt.month_start().dt.offset_by("-1mo"))
        .otherwise("maternity_from"),
        maternity_months=pl.when(exempt).then(months).otherwise("maternity_months"),
    )
    columns = city.persons.drop("hh").columns
    return mothers.select(columns), children.select(columns)
