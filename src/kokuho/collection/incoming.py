"""Money that files report, in one form for every channel, before it is matched."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date

import polars as pl

from kokuho.base.messages import translator
from kokuho.collection.layout import Stage

_ = translator("collection")

INCOMING: dict[str, pl.DataType] = {
    "channel": pl.String(),
    "file": pl.String(),
    "record": pl.Int64(),
    "key": pl.String(),
    "stage": pl.String(),
    "reference": pl.String(),
    "payer": pl.String(),
    "amount": pl.Int64(),
    "paid_on": pl.Date(),
    "doubt": pl.String(),
}
"""A frame of what files report, in their order."""

DOUBTS: Mapping[str, str] = {
    "not_asked": "a debit that was never asked for",
    "account_differs": "not the account that was asked for",
    "amount_differs": "not the amount that was asked for",
    "no_demand": "no demand has this reference",
    "payer_differs": "the payer is not that of the demand",
    "partial": "less than is owed",
    "over": "more than is owed",
    "paid": "the demand is paid already",
    "no_amount": "a payment of no yen",
    "after_final": "cancelled after it was reported as final",
    "after_cancelled": "final after it was cancelled",
    "not_announced": "cancelled without having been announced",
}
"""Why something is not posted by itself; a closed list."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One payment that a file reports.

    ``key`` is the same whenever the same payment is reported again; ``payer`` is given where the
    file names one. ``doubt`` is one of :data:`DOUBTS` where the file itself gives reason to.
    """

    channel: str
    file: str
    record: int
    key: str
    stage: Stage
    reference: str
    payer: str | None
    amount: int
    paid_on: date
    doubt: str | None = None


def frame_of_incoming(rows: Iterable[Incoming]) -> pl.DataFrame:
    """Payments as a frame, in their order."""
    return pl.DataFrame([astuple(row) for row in rows], schema=INCOMING, orient="row")


class Keys:
    """Keys of payments: the same values give the same key, the n-th time within a file another."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._count: Counter[tuple[str, ...]] = Counter()

    def key(self, stage: str, *values: str) -> str:
        """The key of one record."""
        self._count[stage, *values] += 1
        text = "\x1f".join((self._channel, *values, str(self._count[stage, *values])))
        return hashlib.sha256(text.encode()).hexdigest()[:20]
