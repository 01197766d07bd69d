"""Balances on a day: what was owed, by whom, since when, as it was known then."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.ledger.standing import positions, seen

KEYS = ["insurer_code", "household_id", "demand_id", "book_year", "account", "component"]


def balances(
    entries: pl.DataFrame, on: date | None = None, known: date | None = None
) -> pl.DataFrame:
    """The balance of every account by demand and component; those that are zero have no row.

    Args:
        entries: the entries.
        on: value dates up to this day count; all if left out.
        known: posting dates up to this day count; all if left out.
    """
    return (
        seen(entries, on, known)
        .group_by(KEYS)
        .agg(pl.col("amount").sum())
        .filter(pl.col("amount") != 0)
        .sort(KEYS)
    )


def owed_on(
    demands: pl.DataFrame, entries: pl.DataFrame, on: date, known: date | None = None
) -> pl.DataFrame:
    """What was owed on a day, one row a demand and component.

    Args:
        demands: the demands.
        entries: their entries.
        on: the day; what counts from a later day is left out.
        known: as it was known on this day; on ``on`` itself if left out.

    Returns:
        ``insurer_code, household_id, debtor, demand_id, year_assessed, year_meant, term, component,
        owed, due, overdue_from, days``: ``overdue_from`` is the day after the due date, ``days``
        counts from it to ``on``, both included; empty and 0 where it was not yet overdue.
    """
    stand = positions(demands, seen(entries, on, known or on)).filter(pl.col("owed") > 0)
    overdue = pl.col("due") < pl.lit(on)
    next_day = pl.col("due") + pl.duration(days=1)
    return stand.select(
        "insurer_code",
        "household_id",
        "debtor",
        "demand_id",
        "year_assessed",
        "year_meant",
        "term",
        "component",
        "owed",
        "due",
        overdue_from=pl.when(overdue).then(next_day),
        days=pl.when(overdue).then((pl.lit(on) - pl.col("due")).dt.total_days()).otherwise(0),
    )
