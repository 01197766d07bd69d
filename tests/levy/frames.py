"""The frames that the kernel takes, from plain dicts, and its way to write the same steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from tests.levy.reference import ALONE
from tests.levy.reference_persons import BLANK, NUMBERS

PERSONS = {
    "insurer_code": pl.String,
    "household_id": pl.String,
    "person_id": pl.String,
    "head": pl.Boolean,
    "insured": pl.Boolean,
    "declared": pl.String,
    "birth_date": pl.Date,
    "joined_on": pl.Date,
    "left_on": pl.Date,
    "involuntary_unemployment_from": pl.Date,
    "maternity_from": pl.Date,
    "former_dependant_from": pl.Date,
    "salary_revenue": pl.Int64,
    "salary_income": pl.Int64,
    "pension_revenue": pl.Int64,
    "pension_income": pl.Int64,
} | dict.fromkeys(NUMBERS, pl.Int64)
HOUSEHOLDS = {
    "insurer_code": pl.String,
    "household_id": pl.String,
    "same_household_elders": pl.Int64,
    "elders_income": pl.Int64,
    "elders_earners": pl.Int64,
    "specific_from": pl.Date,
    "forced_reduction": pl.Int64,
}

Household = dict[str, Any]
"""``{"household": {...}, "persons": [{...}, ...]}``, all with their identifiers."""


def persons_frame(households: Iterable[Household]) -> pl.DataFrame:
    """The persons of all households, sorted as the kernel wants them."""
    rows = [BLANK | person for each in households for person in each["persons"]]
    frame = pl.DataFrame(rows, schema=PERSONS, orient="row")
    return frame.sort("insurer_code", "household_id", "person_id")


def households_frame(households: Iterable[Household]) -> pl.DataFrame:
    """The households, sorted as the kernel wants them."""
    rows = [ALONE | each["household"] for each in households]
    frame = pl.DataFrame(rows, schema=HOUSEHOLDS, orient="row")
    return frame.sort("insurer_code", "household_id")


def same_kind(value: Any) -> Any:
    """A step of the reference as the kernel writes it: a set of months is a number of 12 bits."""
    if isinstance(value, set):
        return sum(1 << month for month in value)
    return value
