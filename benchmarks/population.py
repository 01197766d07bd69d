"""Synthetic households for the benchmark: every column that the levy reads, seeded, fictional.

Shares are of the order of a city's (about 1.6 members, a tenth part-year, rare reliefs), chosen so
that every rule that the ordinance reaches is met by some thousand of a million households; they
are no statistics.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

INSURER = "132101"
FISCAL_YEAR = 2026
EPOCH = date(1970, 1, 1)

ZERO_COLUMNS = (
    "interest",
    "dividend",
    "transfer_short",
    "occasional",
    "separate_transfer_short",
    "shares",
    "listed_dividend",
    "futures",
    "forestry",
    "retirement",
)
"""Kinds of income that few persons have; each is given to one in two thousand."""


def _day(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - EPOCH).days


def _sparse(chance: np.random.Generator, size: int, share: float, low: int, high: int):
    values = chance.integers(low, high, size)
    return np.where(chance.random(size) < share, values, 0)


def generate(households: int, seed: int = 20_260_401) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Persons and households, sorted by their keys, as the levy takes them."""
    chance = np.random.default_rng(seed)
    sizes = chance.choice([1, 2, 3, 4, 5, 6], households, p=[0.60, 0.26, 0.08, 0.04, 0.015, 0.005])
    size = int(sizes.sum())
    house = np.repeat(np.arange(households), sizes)
    starts = np.cumsum(sizes) - sizes
    number = np.arange(size) - starts[house]
    year = FISCAL_YEAR

    head_born = chance.integers(_day(year - 76, 1, 1), _day(year - 20, 12, 31), households)
    away = np.array([0, -2, 28, 31, 34, 36])[number] * 365
    born = head_born[house] + away + chance.integers(-900, 900, size)
    born = np.minimum(born, _day(year, 12, 1))
    age = (_day(year, 4, 1) - born) // 365

    def some_days(share: float, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
        return chance.random(size) < share, chance.integers(first, last + 1, size)

    together = chance.random(households) < 0.06
    house_joins = chance.integers(_day(year, 4, 1), _day(year + 1, 3, 31), households)
    own_join, own_day = some_days(0.03, _day(year - 3, 1, 1), _day(year + 1, 3, 31))
    joined = np.where(together[house], house_joins[house], own_day)
    has_joined = together[house] | own_join
    has_left, left = some_days(0.06, _day(year, 4, 1), _day(year + 1, 3, 31))
    left = np.where(has_joined, np.maximum(left, joined + 1), left)

    salary = np.where(
        (chance.random(size) < 0.45) & (age >= 16) & (number != 2),
        chance.gamma(1.6, 1_150_000, size).astype(np.int64),
        0,
    )
    pension = np.where(
        (chance.random(size) < np.where(age >= 65, 0.93, 0.02)) & (age >= 40),
        chance.gamma(3.0, 480_000, size).astype(np.int64),
        0,
    )
    stated = chance.random(size) < 0.02
    own_salary = chance.integers(0, 6_000_000, size)
    own_pension = chance.integers(0, 1_500_000, size)
    pension_stated = stated & (age >= 65)
    trades = (chance.random(size) < 0.12) & (age >= 20)
    business = np.where(trades, chance.normal(1_800_000, 2_500_000, size).astype(np.int64), 0)
    unemployed, unemployed_day = some_days(0.02, _day(year - 2, 6, 1), _day(year + 1, 3, 31))
    unemployed &= (salary > 0) & (age < 65)
    expecting, expecting_day = some_days(0.015, _day(year - 1, 10, 1), _day(year + 1, 3, 31))
    expecting &= (age >= 18) & (age < 45)
    former, former_day = some_days(0.012, _day(year - 4, 1, 1), _day(year + 1, 3, 31))
    former &= age >= 65
    land = _sparse(chance, size, 0.004, 1, 40_000_000)

    def days(values: np.ndarray, known: np.ndarray | None = None) -> pl.Series:
        series = pl.Series(values.astype(np.int32))
        if known is not None:
            series = pl.select(pl.when(pl.Series(known)).then(series)).to_series()
        return series.cast(pl.Date)

    def known_yen(values: np.ndarray, known: np.ndarray) -> pl.Series:
        return pl.select(pl.when(pl.Series(known)).then(pl.Series(values))).to_series()

    declared = chance.choice(["declared", "undeclared", "dependant"], size, p=[0.90, 0.05, 0.05])
    persons = pl.DataFrame(
        {
            "insurer_code": pl.repeat(INSURER, size, eager=True),
            "household_id": pl.Series(house).cast(pl.String).str.zfill(7),
            "person_id": pl.Series(number + 1).cast(pl.String).str.zfill(2),
            "head": number == 0,
            "insured": (number != 0) | (sizes[house] == 1) | (chance.random(size) < 0.82),
            "declared": declared,
            "birth_date": days(born),
            "joined_on": days(joined, has_joined),
            "left_on": days(left, has_left),
            "involuntary_unemployment_from": days(unemployed_day, unemployed),
            "maternity_from": days(expecting_day, expecting),
            "former_dependant_from": days(former_day, former),
            "salary_revenue": known_yen(salary, ~stated & (age >= 16)),
            "salary_income": known_yen(own_salary, stated),
            "pension_revenue": known_yen(pension, ~pension_stated & (age >= 40)),
            "pension_income": known_yen(own_pension, pension_stated),
            "business": business,
            "farming": _sparse(chance, size, 0.01, -800_000, 3_000_000),
            "real_estate": _sparse(chance, size, 0.03, -1_500_000, 8_000_000),
            "transfer_long": _sparse(chance, size, 0.002, 1, 9_000_000),
            "miscellaneous": _sparse(chance, size, 0.03, 1, 900_000),
            "separate_transfer_long": land,
            "separate_transfer_deduction": land * (chance.random(size) < 0.5) // 2,
            "family_worker_salary": np.where(
                chance.random(size) < 0.02, np.minimum(salary, 960_000), 0
            ),
            "family_worker_deduction": np.where(trades, 1, 0)
            * _sparse(chance, size, 0.1, 1, 860_000),
            "adjustment_deduction": np.where((salary > 650_000) & (pension > 700_000), 100_000, 0),
            "loss_carried_over": _sparse(chance, size, 0.003, 1, 4_000_000),
            "casualty_loss_carried_over": _sparse(chance, size, 0.0005, 1, 2_000_000),
            "other_income": _sparse(chance, size, 0.004, 1, 2_000_000),
            "asset_tax": _sparse(chance, size, 0.3, 1, 200_000),
            "maternity_months": np.where(expecting, chance.choice([4, 6], size, p=[0.97, 0.03]), 0),
            "per_capita_exemption": np.where(chance.random(size) < 0.001, 500_000, 0),
            **{name: _sparse(chance, size, 0.0005, 1, 3_000_000) for name in ZERO_COLUMNS},
        }
    )
    elders = np.where(chance.random(households) < 0.05, 1, 0)
    specific = pl.Series(
        chance.integers(_day(year - 9, 1, 1), _day(year + 1, 3, 31), households).astype(np.int32)
    ).cast(pl.Date)
    houses = pl.DataFrame(
        {
            "insurer_code": pl.repeat(INSURER, households, eager=True),
            "household_id": pl.Series(np.arange(households)).cast(pl.String).str.zfill(7),
            "same_household_elders": elders,
            "elders_income": elders * chance.integers(0, 2_000_000, households),
            "elders_earners": elders * chance.integers(0, 2, households),
            "specific_from": pl.select(pl.when(pl.Series(elders) == 1).then(specific)).to_series(),
        }
    )
    whole_numbers = pl.col(pl.Int8, pl.Int16, pl.Int32).cast(pl.Int64)
    return persons.with_columns(whole_numbers), houses.with_columns(whole_numbers)


def write(folder: Path, households: int) -> None:
    """Write the Parquet files that all engines read."""
    folder.mkdir(parents=True, exist_ok=True)
    persons, houses = generate(households)
    persons.write_parquet(folder / "persons.parquet")
    houses.write_parquet(folder / "households.parquet")
