"""What each kind of journal debits and credits: the rules of the double entry as one table.

A posting is a frame with the columns of :data:`HEADER` and amounts in yen, none below zero. Each
amount has one debit and one credit line, so that every journal sums to zero by the table alone. One
row or a million go the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from kokuho.ledger.accounts import Account, Kind
from kokuho.ledger.entries import ENTRIES, KIND, no_entries

HEADER = (
    "number",
    "posted_on",
    "value_on",
    "component",
    "insurer_code",
    "household_id",
    "demand_id",
    "book_year",
    "year_assessed",
    "year_meant",
    "payer",
    "source",
)
"""The columns of a posting beside its amounts; ``book_year`` is where its lines stand."""


@dataclass(frozen=True)
class Pair:
    """An amount with its two lines. ``later`` moves both into the next year's books."""

    amount: str
    debit: Account
    credit: Account
    later: bool = False


A = Account
_ASSESSED = (Pair("amount", A.RECEIVABLE, A.ASSESSED),)
_CHANGED = (
    Pair("up", A.RECEIVABLE, A.ASSESSED),
    Pair("from_owed", A.ASSESSED, A.RECEIVABLE),
    Pair("from_received", A.ASSESSED, A.OVERPAID),
    Pair("from_past", A.PAST_REDUCTION, A.REFUND_PAYABLE),
)
_RECEIVED = (
    Pair("paid", A.RECEIPTS, A.RECEIVABLE),
    Pair("over", A.RECEIPTS, A.OVERPAID),
    Pair("unknown", A.HELD, A.SUSPENSE),
)

POSTINGS: Mapping[Kind, tuple[Pair, ...]] = {
    Kind.ASSESS: _ASSESSED,
    Kind.CHARGE_FEE: _ASSESSED,
    Kind.REASSESS: _CHANGED,
    Kind.FIX_INTEREST: _CHANGED,
    Kind.RECEIVE: _RECEIVED,
    Kind.RELEASE: (
        Pair("paid", A.RECEIPTS, A.RECEIVABLE),
        Pair("over", A.RECEIPTS, A.OVERPAID),
        Pair("released", A.SUSPENSE, A.HELD),
    ),
    Kind.SETTLE: (
        Pair("amount", A.OVERPAID, A.RECEIVABLE),
        Pair("out", A.OVERPAID, A.APPROPRIATION),
        Pair("paid", A.APPROPRIATION, A.RECEIVABLE),
    ),
    Kind.APPROPRIATE: (
        Pair("out", A.OVERPAID, A.APPROPRIATION),
        Pair("out_past", A.REFUND_PAYABLE, A.EXPENDITURE),
        Pair("out_earned", A.INTEREST_PAYABLE, A.EXPENDITURE),
        Pair("paid", A.APPROPRIATION, A.RECEIVABLE),
        Pair("new_interest", A.REFUND_INTEREST, A.INTEREST_PAYABLE),
    ),
    Kind.REFUND: (
        Pair("out", A.OVERPAID, A.REFUNDS),
        Pair("out_past", A.REFUND_PAYABLE, A.EXPENDITURE),
        Pair("out_earned", A.INTEREST_PAYABLE, A.EXPENDITURE),
        Pair("extra", A.REFUND_INTEREST, A.EXPENDITURE),
    ),
    Kind.RETURN: (Pair("released", A.SUSPENSE, A.HELD),),
    Kind.WRITE_OFF: (Pair("amount", A.WRITTEN_OFF, A.RECEIVABLE),),
    Kind.CARRY: (
        Pair("owed", A.CARRIED_OUT, A.RECEIVABLE),
        Pair("owed", A.RECEIVABLE, A.CARRIED_IN, later=True),
        Pair("over", A.OVERPAID, A.REFUND_OUT),
        Pair("over", A.REFUND_IN, A.REFUND_PAYABLE, later=True),
        Pair("past", A.REFUND_PAYABLE, A.REFUND_IN),
        Pair("past", A.REFUND_IN, A.REFUND_PAYABLE, later=True),
        Pair("earned", A.INTEREST_PAYABLE, A.REFUND_IN),
        Pair("earned", A.REFUND_IN, A.INTEREST_PAYABLE, later=True),
    ),
    Kind.LAPSE: (
        Pair("past", A.REFUND_PAYABLE, A.LAPSED),
        Pair("earned", A.INTEREST_PAYABLE, A.LAPSED),
    ),
}
"""Kind of journal to its pairs of lines."""


def post(kind: Kind, *postings: pl.DataFrame) -> pl.DataFrame:
    """The entries of postings of one kind.

    Several rows may share a number: they are one journal. Amounts that a frame does not have, and
    those that are 0, make no line.
    """
    pieces = []
    for place, pair in enumerate(POSTINGS[kind]):
        for frame in postings:
            if pair.amount in frame.columns:
                used = frame.filter(pl.col(pair.amount) > 0)
                pieces += [
                    _lines(used, pair, pair.debit, 1, 2 * place),
                    _lines(used, pair, pair.credit, -1, 2 * place + 1),
                ]
    if not pieces:
        return no_entries()
    return (
        pl.concat(pieces)
        .sort("number", "order", maintain_order=True)
        .with_columns(
            line=pl.int_range(1, pl.len() + 1, dtype=pl.Int16).over("number"),
            kind=pl.lit(kind, KIND),
            reverses=pl.lit(None, pl.Int64),
        )
        .select(*ENTRIES)
    )


def _lines(
    frame: pl.DataFrame, pair: Pair, account: Account, sign: int, order: int
) -> pl.DataFrame:
    return frame.select(
        *(pl.col(name).cast(ENTRIES[name]) for name in HEADER if name != "book_year"),
        book_year=(pl.col("book_year") + int(pair.later)).cast(ENTRIES["book_year"]),
        account=pl.lit(account, ENTRIES["account"]),
        amount=(sign * pl.col(pair.amount)).cast(ENTRIES["amount"]),
        order=pl.lit(order, pl.Int16),
    )
