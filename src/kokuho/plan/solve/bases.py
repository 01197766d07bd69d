"""What the components of the levy are levied on, and 応益割合 (賦課割合)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from kokuho.levy.kernel import Judged
from kokuho.plan.scenario.rates import Vector


@dataclass(frozen=True)
class Bases:
    """What the components of a year are levied on, before reduction and cap, by part.

    Yen for incomes and assets, persons and households in twelfths, for the whole year.
    """

    income: dict[str, int]
    persons: dict[str, int]
    adults: int
    households: dict[str, int]


def bases_of(judged: Judged) -> Bases:
    """The bases of a year's people, from stage 1 of the levy."""
    persons, households = judged.persons, judged.households

    def months(mask: pl.Series) -> int:
        return int(mask.bitwise_count_ones().cast(pl.Int64).sum())

    income, heads, houses = {}, {}, {}
    for part in judged.method.parts:
        liability = "care" if part == "care" else "insured"
        if judged.method.per_person:
            full = persons["base"] * persons[f"{liability}_full"]
            cut = persons["base_involuntary"] * persons[f"{liability}_cut"]
            income[part] = int((full + cut).sum())
        else:
            income[part] = int(persons[f"{liability}_base_months"].sum())
        heads[part] = months(persons[f"{liability}_mask"])
        houses[part] = months(households[f"{liability}_union"])
    adults = months(persons.filter(~pl.col("child"))["insured_mask"])
    return Bases(income, heads, adults, houses)


def share(bases: Bases, vector: Vector) -> Fraction:
    """応益割合: what is levied by head and household, of all, before reduction and cap."""
    ability = benefit = 0
    for part, yen in bases.income.items():
        ability += yen * vector[f"rate_{part}_income"]
        persons = bases.persons[part] * vector[f"rate_{part}_per_capita"]
        if part == "child":
            # children's amounts are cut in full and spread over the adults
            persons = bases.adults * (
                vector["rate_child_per_capita"] + vector["rate_child_per_capita_adult"]
            )
        benefit += persons + bases.households[part] * vector[f"rate_{part}_per_household"]
    benefit *= 1_000_000
    return Fraction(benefit, ability + benefit) if ability + benefit else Fraction(0)
