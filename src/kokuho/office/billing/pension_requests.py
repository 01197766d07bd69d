"""What pensions are asked to pay in a year (特別徴収の依頼), from the bills that stand."""

from __future__ import annotations

import polars as pl

from kokuho.office.billing.schedules import demands

MONTHS = ("april", "june", "august", "october", "december", "february")
"""The payments of a fiscal year in their order: the terms of a pension."""

COLUMNS = ("insurer_code", "person_id", "household_id", "fiscal_year", *MONTHS)


def asked(insurer: str, fiscal_year: int) -> pl.DataFrame:
    """One row a payer with the yen of each month, 0 where nothing is asked; inside ``seeing``.

    Who stopped paying from a pension keeps what was withheld before.
    """
    frame = demands(insurer, fiscal_year).filter(channel="pension")
    wide = (
        frame.group_by("insurer_code", "household_id", person_id="debtor")
        .agg(
            pl.col("amount").filter(pl.col("term") == term).sum().alias(name)
            for term, name in enumerate(MONTHS, 1)
        )
        .with_columns(fiscal_year=pl.lit(fiscal_year, pl.Int64))
    )
    return wide.select(COLUMNS).sort("household_id", "person_id")
