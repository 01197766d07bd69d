"""Incomes of a year: grown from those of the persons file, and changed at certain ages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.base.money import PPM, mul_floor
from kokuho.plan.forecast.city import INCOMES, OTHER, PENSION, SALARY, City
from kokuho.plan.forecast.world import World
from kokuho.plan.scenario.assumptions import Incomes, Transition


@dataclass(frozen=True)
class Growth:
    """What incomes have grown to since the persons file, in millionths."""

    salary: int = PPM
    pension: int = PPM
    other: int = PPM

    def next(self, incomes: Incomes, world: World, year: int) -> Growth:
        """The growth up to ``year``, the one after."""
        return Growth(
            **{
                kind: mul_floor(
                    getattr(self, kind),
                    PPM + world.rate(getattr(incomes, kind), f"incomes.{kind}", year),
                )
                for kind in ("salary", "pension", "other")
            }
        )


def grown(city: City, growth: Growth) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Persons and households with the incomes of the city's year, as the levy takes them.

    Income that stands beside its revenue is left to the statutory table.
    """
    factors = {
        **dict.fromkeys(SALARY, growth.salary),
        **dict.fromkeys(PENSION, growth.pension),
        **dict.fromkeys(OTHER, growth.other),
    }
    people = city.persons.with_columns(
        mul_floor(pl.col(name), factor).alias(name) for name, factor in factors.items()
    )
    if growth != Growth():
        people = people.with_columns(
            pl.when(pl.col(f"{kind}_revenue").is_null()).then(f"{kind}_income").alias(
                f"{kind}_income"
            )
            for kind in ("salary", "pension")
        )  # fmt: skip
    houses = city.households.with_columns(
        elders_income=mul_floor(pl.col("elders_income"), growth.pension)
    )
    return people, houses


class Donors:
    """The persons of the base year whose incomes others take at certain ages."""

    def __init__(self, city: City, ages: Sequence[Transition]) -> None:
        self.incomes = city.persons.select(*INCOMES, "declared")
        self.rows: list[tuple[int, dict[str, pl.Series]]] = []
        for entry in ages:
            first, last = entry.like
            of_age = city.persons.with_row_index("row").filter(
                pl.col("insured"), _aged(city.year, first, last)
            )
            by_sex = {sex: of_age.filter(sex=sex)["row"] for sex in ("M", "F")}
            # where the file does not say the sex, anybody of the age
            by_sex["any"] = of_age["row"]
            self.rows.append((entry.at, by_sex))

    def taken_over(self, city: City, world: World) -> City:
        """The city with the incomes of those who reach such an age in its year changed."""
        people = city.persons.with_columns(state=world.state())
        for at, by_sex in self.rows:
            if by_sex["any"].is_empty():
                continue
            name = f"incomes at {at}"
            row: pl.Expr = _chosen(by_sex["any"], name, world, city.year)
            for sex in ("M", "F"):
                if not by_sex[sex].is_empty():
                    own = _chosen(by_sex[sex], name, world, city.year)
                    row = pl.when(pl.col("sex").eq_missing(sex)).then(own).otherwise(row)
            people = people.with_columns(donor=pl.when(_aged(city.year, at, at)).then(row))
            taken = pl.col("donor").is_not_null()
            people = people.with_columns(
                pl.when(taken)
                .then(pl.lit(self.incomes[column]).gather(pl.col("donor")))
                .otherwise(column)
                .alias(column)
                for column in self.incomes.columns
            )
        return City(city.year, people.select(city.persons.columns), city.households)


def _chosen(rows: pl.Series, name: str, world: World, year: int) -> pl.Expr:
    return pl.lit(rows).gather(world.drawn(name, year, rows.len()).cast(pl.UInt32))


def _aged(year: int, first: int, last: int) -> pl.Expr:
    """Age at the end of 31 December before the fiscal year (reached on the day before birthday)."""
    born = pl.col("birth_date")
    return (born > date(year - last - 1, 1, 1)) & (born <= date(year - first, 1, 1))
