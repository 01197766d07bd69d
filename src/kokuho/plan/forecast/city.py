"""A city through the years: its people and households at the beginning of a fiscal year.

Incomes stay those of the persons file (or of whoever a person's incomes are taken from) and are
grown to the year when it is levied, so that no rounding piles up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.base.chance import word

KEYS = ("insurer_code", "household_id")
ORDER = (*KEYS, "person_id")

SALARY = ("salary_revenue", "salary_income", "family_worker_salary")
PENSION = ("pension_revenue", "pension_income")
OTHER = (
    "business", "farming", "real_estate", "interest", "dividend", "transfer_short",
    "transfer_long", "occasional", "miscellaneous", "separate_transfer_short",
    "separate_transfer_long", "separate_transfer_deduction", "shares", "listed_dividend",
    "futures", "forestry", "family_worker_deduction", "other_income",
)  # fmt: skip
FIXED = ("adjustment_deduction", "loss_carried_over", "casualty_loss_carried_over", "retirement")
INCOMES = (*SALARY, *PENSION, *OTHER, *FIXED)
"""The columns that are a person's incomes, by what makes them grow; the last ones do not."""

STAYS, GONE = "stays", "gone"
"""Why somebody loses the insurance: a head who ``stays`` is an uninsured head afterwards."""


@dataclass(frozen=True)
class City:
    """The people of one fiscal year, sorted by their keys, and their households.

    ``persons`` are the levy's columns, with ``key`` (what chance knows the person by), ``hh`` (the
    row of the household) and ``loss`` (:data:`STAYS`, :data:`GONE` or empty).
    """

    year: int
    persons: pl.DataFrame
    households: pl.DataFrame


def begin(persons: pl.DataFrame, households: pl.DataFrame, year: int) -> City:
    """The city of the base year, as its files state it."""
    absent = {"per_capita_exemption": 0, "elders_earners": 0}
    people = persons.with_columns(
        pl.lit(value, dtype=pl.Int64).alias(name)
        for name, value in absent.items()
        if name not in persons.columns and name == "per_capita_exemption"
    ).with_columns(
        key=_keys(persons, "household_id", "person_id"), loss=pl.lit(None, dtype=pl.String)
    )
    houses = households.with_columns(
        pl.lit(value, dtype=pl.Int64).alias(name)
        for name, value in absent.items()
        if name not in households.columns and name == "elders_earners"
    ).with_columns(key=_keys(households, "household_id"))
    return settled(year, people, houses)


def _keys(frame: pl.DataFrame, *columns: str) -> pl.Series:
    rows = frame.select(columns).iter_rows()
    return pl.Series("key", [word("/".join(row)) for row in rows], dtype=pl.UInt64)


def settled(year: int, persons: pl.DataFrame, households: pl.DataFrame) -> City:
    """Persons and households in order, each person with the row of the household."""
    people = persons.drop("hh", strict=False).sort(ORDER)
    houses = households.sort(KEYS)
    numbered = houses.select("household_id").with_row_index("hh")
    return City(year, people.join(numbered, on="household_id", maintain_order="left"), houses)


def age_on_1_april(year: int) -> pl.Expr:
    """Full years on 1 April of the fiscal year."""
    born = pl.col("birth_date")
    later = (born.dt.month() > 4) | ((born.dt.month() == 4) & (born.dt.day() > 1))
    return (year - born.dt.year().cast(pl.Int64)) - later.cast(pl.Int64)


def of_household(value: pl.Expr, where: pl.Expr) -> pl.Expr:
    """A value of one person of each household (where it holds), for all of its persons."""
    return value.filter(where).first().over("hh")


def day_in_year(year: int, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """A day of the fiscal year: month 0 is April, day 0 the first."""
    firsts = [date(year + (n + 3) // 12, (n + 3) % 12 + 1, 1) for n in range(12)]
    table = pl.lit(pl.Series(firsts, dtype=pl.Date))
    return table.gather(month) + pl.duration(days=day)
