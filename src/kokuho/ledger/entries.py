"""Entries (仕訳の明細): the rows of the ledger, and the only thing that it stores.

Rows are only added (追記のみ); a mistake is corrected by a reversing journal (赤) and, where there
is one, the right one (黒). A frame of entries has the columns of :data:`ENTRIES` in their order, so
that a store can copy it into its table as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger.accounts import Account, Component, Kind
from kokuho.ledger.rules import settlement_end

_ = translator("ledger")

ACCOUNT = pl.Enum(Account)
COMPONENT = pl.Enum(Component)
KIND = pl.Enum(Kind)

ENTRIES: dict[str, pl.DataType] = {
    "number": pl.Int64(),
    "line": pl.Int16(),
    "kind": KIND,
    "posted_on": pl.Date(),
    "value_on": pl.Date(),
    "account": ACCOUNT,
    "component": COMPONENT,
    "insurer_code": pl.String(),
    "household_id": pl.String(),
    "demand_id": pl.String(),
    "book_year": pl.Int32(),
    "year_assessed": pl.Int32(),
    "year_meant": pl.Int32(),
    "amount": pl.Int64(),
    "payer": pl.String(),
    "source": pl.String(),
    "reverses": pl.Int64(),
}
"""Column to type. ``number`` and ``line`` are the key."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row.

    ``posted_on`` is the day on which it was entered (記帳日), ``value_on`` the day from which it
    counts (収納日・調定日). ``book_year`` is the fiscal year whose books it belongs to (会計年度),
    ``year_assessed`` that of the assessment (調定年度), ``year_meant`` that which is levied for
    (相当年度). A row is of carried-over claims (滞納繰越分) where the books are of a later year
    than the assessment. ``payer`` is given when somebody other than the debtor paid (第三者納付,
    地方税法20条の6); ``source`` names the paper or file that the row comes from. Household, demand
    and years of assessment are empty in the suspense account alone.
    """

    number: int
    line: int
    kind: Kind
    posted_on: date
    value_on: date
    account: Account
    component: Component
    insurer_code: str
    household_id: str | None
    demand_id: str | None
    book_year: int
    year_assessed: int | None
    year_meant: int | None
    amount: int
    payer: str | None
    source: str
    reverses: int | None


def no_entries() -> pl.DataFrame:
    """An empty frame of entries."""
    return pl.DataFrame(schema=ENTRIES)


def frame_of(rows: Iterable[Entry]) -> pl.DataFrame:
    """Entries as a frame."""
    names = [field.name for field in fields(Entry)]
    data = [[getattr(row, name) for name in names] for row in rows]
    return pl.DataFrame(data, schema=ENTRIES, orient="row")


def rows_of(entries: pl.DataFrame) -> tuple[Entry, ...]:
    """A frame of entries as records."""
    return tuple(
        Entry(
            **row
            | {
                "kind": Kind(row["kind"]),
                "account": Account(row["account"]),
                "component": Component(row["component"]),
            }
        )
        for row in entries.iter_rows(named=True)
    )


def reverse(
    entries: pl.DataFrame, numbers: Iterable[int], first_number: int, posted_on: date, source: str
) -> pl.DataFrame:
    """The reversing journals (赤伝) of ``numbers``: the same rows with the sign turned.

    They keep kind, value date, books and years, so that the pair counts for nothing on any day.
    What follows for interest is posted by :func:`kokuho.ledger.settling.complete`.

    Raises:
        LedgerError: no such journal, one that is itself a reversal, one reversed before, or one of
            books that are closed.
    """
    wanted = list(dict.fromkeys(numbers))
    chosen = entries.filter(pl.col("number").is_in(wanted))
    missing = set(wanted) - set(chosen["number"].unique())
    if missing:
        raise LedgerError(_("there is no journal {numbers}").format(numbers=_listed(missing)))
    reds = set(chosen.filter(pl.col("reverses").is_not_null())["number"].unique())
    if reds:
        raise LedgerError(
            _("journal {numbers} is itself a reversal; post the right one anew").format(
                numbers=_listed(reds)
            )
        )
    before = set(entries["reverses"].drop_nulls().unique()) & set(wanted)
    if before:
        raise LedgerError(
            _("journal {numbers} has been reversed before").format(numbers=_listed(before))
        )
    for year in sorted(chosen["book_year"].unique()):
        if settlement_end(year) < posted_on:
            raise LedgerError(
                _("journal {numbers} stands in the books of {year}, which closed on {end}").format(
                    numbers=_listed(wanted), year=year, end=settlement_end(year)
                )
            )
    places = pl.DataFrame(
        {"number": wanted, "new": range(first_number, first_number + len(wanted))},
        schema={"number": pl.Int64, "new": pl.Int64},
    )
    return (
        chosen.join(places, on="number")
        .with_columns(
            reverses=pl.col("number"),
            number=pl.col("new"),
            amount=-pl.col("amount"),
            posted_on=pl.lit(posted_on),
            # what stands in suspense is known by the source that it was held under
            source=pl.when(pl.col("account") == str(Account.SUSPENSE))
            .then("source")
            .otherwise(pl.lit(source)),
        )
        .select(*ENTRIES)
        .sort("number", "line")
    )


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))
