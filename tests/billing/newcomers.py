"""Households for the levy: one or two persons without income in Japan, nobody real."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from kokuho.levy import levy
from kokuho.levy.frames import household_frame, person_frame
from kokuho.ordinance import OrdinanceYear


def household(*persons: dict[str, Any], code: str, id: str = "1") -> tuple[Any, Any]:
    """Persons and households as the levy takes them; the first is the head."""
    rows = []
    for number, person in enumerate(persons, 1):
        row = {"insurer_code": code, "household_id": id, "person_id": f"{id}-{number}"}
        row |= {"birth_date": date(1990, 5, 10), "head": number == 1, "insured": True}
        rows.append(row | {"declared": "declared"} | person)
    return person_frame(rows), household_frame([{"insurer_code": code, "household_id": id}])


def amount(year: OrdinanceYear, *persons: dict[str, Any]) -> pl.DataFrame:
    """The assessment of one household: its keys and the total."""
    people, houses = household(*persons, code=year.insurer.code)
    return levy(people, houses, [year], steps=False).households
