"""Random ordinances and households: in bulk by a seed, or drawn by hypothesis, which shrinks."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.levy.dice import Dice, DrawnDice, SeededDice
from tests.levy.random_households import Record, household
from tests.levy.random_ordinances import FISCAL_YEARS, Spec, ordinance_spec

__all__ = [
    "FISCAL_YEARS",
    "Dice",
    "Record",
    "Spec",
    "bulk_households",
    "bulk_ordinances",
    "household_and_ordinance",
    "households",
    "ordinances",
]


def bulk_ordinances(seed: int, count: int, fiscal_year: int) -> dict[str, Spec]:
    """So many random ordinances of one year, by the code of their fictional insurer."""
    dice = SeededDice(seed)
    return {f"99{number:04d}": ordinance_spec(dice, fiscal_year) for number in range(count)}


def bulk_households(seed: int, count: int, fiscal_year: int, codes: list[str]) -> list[Record]:
    """So many random households, dealt out to the insurers in turn."""
    dice = SeededDice(seed)
    return [
        household(dice, fiscal_year, codes[number % len(codes)], number) for number in range(count)
    ]


fiscal_years = st.sampled_from(sorted(FISCAL_YEARS, reverse=True))


@st.composite
def ordinances(draw: Any, fiscal_year: int | None = None) -> Spec:
    """An ordinance; of any year unless one is given."""
    return ordinance_spec(DrawnDice(draw), fiscal_year or draw(fiscal_years))


@st.composite
def households(draw: Any, fiscal_year: int, members: int = 4) -> Record:
    """A household with up to so many members."""
    return household(DrawnDice(draw), fiscal_year, members=members)


@st.composite
def household_and_ordinance(draw: Any, members: int = 4) -> tuple[Record, Spec]:
    """A household and the ordinance under which it is levied."""
    spec = draw(ordinances())
    return draw(households(spec["fiscal_year"], members)), spec
