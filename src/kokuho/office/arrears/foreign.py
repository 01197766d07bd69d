"""Arrears of households headed by foreign nationals (外国人世帯主の世帯の滞納).

Persons are shown to those who hold the right for it, and each view is written down. Counts say what
was collected of what was levied; nobody is judged by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from kokuho.arrears import HEADS, Household, age_group, rates, years_group
from kokuho.base.calendar import fiscal_year_of
from kokuho.office.arrears.standing import Arrears
from kokuho.office.ledger.books import open_books
from kokuho.office.register.models import Headship, Identity, Residence, Stay

JAPAN = "JPN"


@dataclass(frozen=True)
class Head:
    """The head of a household on a day: who, and what the register says of them.

    ``since`` is the day on which they became a resident (住民となった日).
    """

    resident: int
    household: int
    nationality: str
    status: str
    since: date | None
    age: int | None


def foreign_heads(insurer: str, on: date) -> dict[str, Head]:
    """The heads of foreign nationality on a day, by number of the household, inside ``seeing``."""
    heads = Headship.objects.as_of(on).filter(insurer_id=insurer)
    by_head: dict[int, list[tuple[str, int]]] = {}
    for number, house, head in heads.values_list(
        "household__household_number", "household_id", "head_id"
    ).iterator(chunk_size=5000):
        by_head.setdefault(head, []).append((number, house))
    names = _of(Identity, insurer, on, "nationality", "birth_date")
    stays = _of(Stay, insurer, on, "status")
    homes = _of(Residence, insurer, on, "became_resident_on", "valid_from")
    found = {}
    for head, houses in by_head.items():
        nationality, born = names.get(head, ("", None))
        if nationality in ("", JAPAN):
            continue
        became, since = homes.get(head, (None, None))
        for number, house in houses:
            found[number] = Head(
                head, house, nationality, (stays.get(head) or ("",))[0], became or since,
                None if born is None else _age(born, on),
            )  # fmt: skip
    return found


def _of(model: Any, insurer: str, on: date, *fields: str) -> dict[int, tuple[Any, ...]]:
    rows = model.objects.as_of(on).filter(insurer_id=insurer)
    return {row[0]: row[1:] for row in rows.values_list("resident_id", *fields).iterator(5000)}


def _age(born: Any, on: date) -> int | None:
    """Full years; by the year alone where month or day of birth are not known."""
    year, month, day = (int(part) for part in str(born).split("-"))
    return on.year - year - ((on.month, on.day) < (month, day))


def frame_of(insurer: str, heads: Mapping[str, Head], on: date) -> pl.DataFrame:
    """Heads as :data:`kokuho.arrears.HEADS`."""
    rows = [
        (insurer, number, head.nationality, head.status, years_group(head.since, on),
         age_group(head.age))
        for number, head in heads.items()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=HEADS, orient="row")


def counts(insurer: str, on: date, grouping: str) -> pl.DataFrame:
    """Households, levied, collected and rate by group, in the books of the day's fiscal year.

    Inside ``seeing``. Collected ÷ levied of the households that a foreign national heads on the
    day, as the ministry defines it; entries up to the day count.
    """
    heads = frame_of(insurer, foreign_heads(insurer, on), on)
    books = open_books(insurer, heads["household_id"], known=on)
    entries = books.entries.filter((pl.col("value_on") <= on) & (pl.col("posted_on") <= on))
    return rates(heads, entries, grouping, fiscal_year_of(on))


@dataclass(frozen=True)
class Row:
    """A household of the list with its head."""

    household: Household
    head: Head

    @property
    def overdue(self) -> int:
        """Everything overdue, in yen."""
        due = self.household.due
        return int(due.select(pl.sum_horizontal("principal", "interest", "fee")).sum().item())

    @property
    def months(self) -> int:
        """Full months since the oldest due date."""
        months = self.household.due["months"].max()
        assert isinstance(months, int)
        return months

    @property
    def demands(self) -> list[dict[str, Any]]:
        """The overdue demands: period, amount, due date, months overdue."""
        return list(self.household.due.iter_rows(named=True))


def listed(found: Arrears, heads: Mapping[str, Head], state: str = "") -> tuple[Row, ...]:
    """The households with arrears that a foreign national heads, in the order of their numbers."""
    rows = (
        Row(house, heads[house.number])
        for house in found.households
        if house.number in heads and house.due.height
    )
    return tuple(row for row in rows if not state or row.household.state == state)
