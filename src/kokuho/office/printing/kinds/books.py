"""What slips and statements share: the ledger of an insurer as frames."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from kokuho.office.ledger.books import Books, open_books
from kokuho.office.register.models import Household, Resident


def opened(insurer: str, household: str, known: date) -> Books:
    """The books of one household, or of all, as they were known on a day."""
    chosen = pl.Series([household]) if household else None
    books = open_books(insurer, chosen, known=known)
    seen = books.entries.filter((pl.col("posted_on") <= known) & (pl.col("value_on") <= known))
    return Books(insurer, books.claims, seen, books.reliefs)


def rows_of(insurer: str, households: Iterable[str], debtors: Iterable[str]) -> tuple[
    dict[str, int], dict[str, int]
]:  # fmt: skip
    """The row numbers of households and of residents, by their own numbers."""
    houses = Household.objects.filter(insurer_id=insurer).values_list("household_number", "pk")
    people = Resident.objects.filter(insurer_id=insurer).values_list("address_number", "pk")
    wanted, owing = set(households), set(debtors)
    return (
        {number: pk for number, pk in houses.iterator(chunk_size=5000) if number in wanted},
        {number: pk for number, pk in people.iterator(chunk_size=5000) if number in owing},
    )


def payers(insurer: str, numbers: Iterable[str]) -> dict[str, Resident]:
    """Residents by address number."""
    rows = Resident.objects.filter(insurer_id=insurer, address_number__in=sorted(set(numbers)))
    return {row.address_number: row for row in rows}
