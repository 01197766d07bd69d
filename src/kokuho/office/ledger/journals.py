"""The journals (伝票) of a household, and what stands in suspense (仮受): as lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.ledger import ENTRIES
from kokuho.office.ledger.models import Entry
from kokuho.office.ledger.rows import read


@dataclass(frozen=True, slots=True)
class JournalLine:
    """What one journal did to one demand and component.

    ``amount`` is the sum of its debits in yen, below 0 in a reversing journal (赤伝). ``reverses``
    is the journal that it undoes, ``reversed_by`` the one that undid it.
    """

    number: int
    kind: str
    posted_on: date
    value_on: date
    book_year: int
    demand_id: str
    component: str
    amount: int
    payer: str | None
    source: str
    reverses: int | None
    reversed_by: int | None


def journals_of(insurer: str, household: str, on: date) -> list[JournalLine]:
    """The journals of a household that were posted by a day, in their order, inside ``seeing``."""
    rows = read(
        Entry, ENTRIES, insurer, "household_id = %s AND posted_on <= %s", [household, on],
        "number, line",
    )  # fmt: skip
    keys = ("number", "kind", "posted_on", "value_on", "book_year", "demand_id", "component")
    sign = pl.when(pl.col("reverses").is_null()).then(1).otherwise(-1)
    debits = (sign * pl.col("amount")).clip(lower_bound=0) * sign
    undone = (
        rows.select(number="reverses", reversed_by="number").drop_nulls().unique(subset="number")
    )
    lines = (
        rows.group_by(keys, maintain_order=True)
        .agg(
            debits.sum().alias("amount"),
            *(pl.col(n).first() for n in ("payer", "source", "reverses")),
        )
        .join(undone, on="number", how="left", maintain_order="left")
    )
    return [JournalLine(**row) for row in lines.iter_rows(named=True)]


def in_suspense(insurer: str, on: date) -> pl.DataFrame:
    """What stands in suspense on a day, as it was known then, inside ``seeing``.

    Returns:
        ``source`` (収納整理番号), ``value_on``, ``payer``, ``amount`` in yen; the oldest first.
    """
    rows = read(
        Entry, ENTRIES, insurer, "account = 'suspense' AND value_on <= %s AND posted_on <= %s",
        [on, on],
    )  # fmt: skip
    return (
        rows.group_by("source")
        .agg(
            value_on=pl.col("value_on").min(),
            payer=pl.col("payer").first(),
            amount=-pl.col("amount").sum(),
        )
        .filter(pl.col("amount") != 0)
        .sort("value_on", "source")
    )
