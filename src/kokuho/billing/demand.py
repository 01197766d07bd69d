"""The record that this room publishes: what one household owes by one due date (期別の調定)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date
from typing import Literal, get_args

import polars as pl

from kokuho.levy.frames import in_key_order
from kokuho.ordinance.model import Kind

Channel = Literal["ordinary", "pension", "prepaid"]
"""How it is paid: 普通徴収, 特別徴収 from a pension, 前納."""

Reason = Literal[
    "levy",
    "provisional",
    "settlement",
    "change",
    "out_of_term",
    "retroactive",
    "prepayment",
    "prepayment_increase",
]

REASONS: Mapping[str, str] = {
    "levy": "the levy of the year",
    "provisional": "provisional, before the year's incomes are known (仮算定, 仮徴収)",
    "settlement": "the levy of the year, less what was demanded provisionally (本算定)",
    "change": "an amount changed within the year, over the terms that were left",
    "out_of_term": "fixed when no term was left (随時期)",
    "retroactive": "of an earlier fiscal year (過年度)",
    "prepayment": "the year ahead of its terms (前納)",
    "prepayment_increase": "an increase after a prepayment, prepaid too",
}
"""Why a demand was made; a closed list."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What one household owes by one due date.

    A *schedule* is all demands of a household for one fiscal year; their sum is the year's amount.
    A demand that falls to nothing leaves the schedule. A later schedule replaces an earlier one;
    what a ledger posts is the difference of the two (:func:`kokuho.billing.differences`).

    Attributes:
        insurer_code: the insurer's own code.
        household_id: the household, whose head owes it (納税義務者, 納付義務者).
        fiscal_year_levied: the year in whose books it stands (調定年度).
        fiscal_year_meant: the year that it is the levy of (相当年度).
        kind: ``tax`` or ``premium``.
        channel: ``ordinary``, ``pension`` or ``prepaid``.
        term: its number within the channel (期). The terms of the ordinance count from 1, those
            out of term go on after them; pension months count from April as 1 to February as 6;
            prepayments count from 1.
        amount: whole yen, above 0.
        due: the due date (納期限) after any shift; for ``pension`` the day by which the payer of
            the pension remits.
        reason: one of :data:`REASONS`.
    """

    insurer_code: str
    household_id: str
    fiscal_year_levied: int
    fiscal_year_meant: int
    kind: Kind
    channel: Channel
    term: int
    amount: int
    due: date
    reason: Reason

    def __post_init__(self) -> None:
        if self.amount <= 0 or self.term < 1:
            raise ValueError(f"a demand has an amount and a term: {self}")
        if self.fiscal_year_levied < self.fiscal_year_meant:
            raise ValueError(f"a demand is not levied before the year it is meant for: {self}")

    @property
    def key(self) -> tuple[str | int, ...]:
        """What identifies it: :data:`KEY`."""
        return tuple(getattr(self, name) for name in KEY)


KEYS = ("insurer_code", "household_id")
"""What identifies a household."""

KEY = (*KEYS, "fiscal_year_meant", "fiscal_year_levied", "channel", "term")
"""What identifies a demand."""

SCHEMA: Mapping[str, pl.DataType] = {
    "insurer_code": pl.String(),
    "household_id": pl.String(),
    "fiscal_year_levied": pl.Int32(),
    "fiscal_year_meant": pl.Int32(),
    "kind": pl.Enum(get_args(Kind)),
    "channel": pl.Enum(get_args(Channel)),
    "term": pl.Int32(),
    "amount": pl.Int64(),
    "due": pl.Date(),
    "reason": pl.Enum(get_args(Reason)),
}
"""The columns of demands in a table, in the order of the record's fields."""

COLUMNS = tuple(field.name for field in fields(Demand))
"""The names of the columns; the keys of :data:`SCHEMA`."""


def to_frame(demands: Iterable[Demand]) -> pl.DataFrame:
    """Demands as a table, sorted by :data:`KEY`."""
    rows = [astuple(demand) for demand in demands]
    return in_order(pl.DataFrame(rows, schema=SCHEMA, orient="row"))


def to_demands(frame: pl.DataFrame) -> tuple[Demand, ...]:
    """The records of a table that has the columns of :data:`SCHEMA`."""
    return tuple(Demand(*row) for row in frame.select(COLUMNS).iter_rows())


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of :data:`SCHEMA` alone, the rows sorted by :data:`KEY`."""
    return in_key_order(frame.select(COLUMNS), KEY)


def no_demands() -> pl.DataFrame:
    """An empty table of demands."""
    return pl.DataFrame(schema=SCHEMA)
