"""The assessments of a fiscal year (賦課決定) as they were known on a day, as a frame."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.base.calendar import first_day_of_year, last_day_of_year
from kokuho.office.ledger.rows import read
from kokuho.office.register.models import Assessment, Household
from kokuho.office.statistics.persons import known_then
from kokuho.statistics.levy import ASSESSED, PARTS


def assessments(insurer: str, year: int, known: date) -> pl.DataFrame:
    """:data:`kokuho.statistics.levy.ASSESSED` of a year, inside ``seeing``."""
    where, values = known_then(known)
    schema = {
        "household_id": pl.Int64(), "valid_from": pl.Date(), "reduction": pl.Int64(),
        **dict.fromkeys(PARTS, pl.Int64()),
    }  # fmt: skip
    first, last = first_day_of_year(year), last_day_of_year(year)
    rows = read(
        Assessment, schema, insurer, f"{where} AND valid_from BETWEEN %s AND %s",
        [*values, first.isoformat(), last.isoformat()],
    )  # fmt: skip
    numbers = read(Household, {"id": pl.Int64(), "household_number": pl.String()}, insurer)
    return (
        rows.join(numbers, left_on="household_id", right_on="id")
        .with_columns(
            insurer_code=pl.lit(insurer),
            household_id=pl.col("household_number"),
            since=pl.col("valid_from"),
        )
        .select(pl.col(name).cast(kind) for name, kind in ASSESSED.items())
    )
