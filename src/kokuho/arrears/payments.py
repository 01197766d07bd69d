"""What was paid, as prescription and agreements ask for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

_MONEY = ("receive", "release")
"""Kinds of journals by which a payer's money reaches a demand; 充当 is the office's own act."""


def money_for(entries: pl.DataFrame) -> pl.DataFrame:
    """Money that reached demands, net of reversals: ``demand_id, value_on, component, payer, yen``.

    Money of the payer alone: what the office appropriated (充当) is not among it.
    """
    return (
        entries.filter(
            pl.col("kind").is_in(_MONEY)
            & (pl.col("account") == "receipts")
            & pl.col("demand_id").is_not_null()
        )
        .group_by("demand_id", "value_on", "component", "payer")
        .agg(yen=pl.col("amount").sum())
        .filter(pl.col("yen") > 0)
        .sort("value_on", "demand_id", "component")
    )


def part_payments(entries: pl.DataFrame) -> Mapping[str, tuple[tuple[date, int], ...]]:
    """By demand: day and yen of what the debtor paid of its principal (一部納付).

    Payments of somebody else (第三者納付) acknowledge nothing and are left out. Whether a rest was
    left is for the caller, who asks only of demands that are owed.
    """
    own = money_for(entries).filter(
        (pl.col("component") == "principal") & pl.col("payer").is_null()
    )
    found: dict[str, list[tuple[date, int]]] = {}
    for demand, day, yen in own.select("demand_id", "value_on", "yen").iter_rows():
        found.setdefault(demand, []).append((day, yen))
    return {demand: tuple(paid) for demand, paid in found.items()}


def paid_for(
    money: pl.DataFrame, demands: Iterable[str], since: date
) -> tuple[tuple[date, int], ...]:
    """Day and yen of all money for some demands from a day on, whoever paid, oldest first."""
    rows = (
        money.filter(pl.col("demand_id").is_in(list(demands)) & (pl.col("value_on") >= since))
        .group_by("value_on")
        .agg(pl.col("yen").sum())
        .sort("value_on")
    )
    return tuple(rows.iter_rows())
