"""Matching (消込): what files report against what is owed; every yen that comes in goes out again.

Only money that agrees in demand, payer and amount with a real demand is posted. All other money
stands in suspense (仮受) with the reason and, where there is one, the demand that it may be for; a
clerk decides. What is reported as preliminary (速報) is not money yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from kokuho.base.errors import CollectionError
from kokuho.base.messages import translator
from kokuho.collection.incoming import INCOMING
from kokuho.collection.payables import check_payables, plain_number
from kokuho.ledger import RECEIVED

_ = translator("collection")

OUTCOMES = {
    "exact": "agrees; posted",
    "partial": "less than is owed; in suspense",
    "over": "more than is owed; in suspense",
    "unknown": "no such demand, not its payer, or a doubt; in suspense",
    "duplicate": "paid already; in suspense",
    "announced": "preliminary; no money yet",
    "cancelled": "the announcement is cancelled",
    "again": "reported before; nothing is done",
}
"""What becomes of a payment; a closed list."""

SUSPENDED = ("partial", "over", "unknown", "duplicate")
"""The outcomes whose money goes into suspense."""

MATCHED: dict[str, pl.DataType] = INCOMING | {
    "outcome": pl.String(),
    "insurer_code": pl.String(),
    "household_id": pl.String(),
    "demand_id": pl.String(),
    "owed": pl.Int64(),
}
"""Payments with their outcome; the demand is the one that they are for, or may be for."""

SEEN: dict[str, pl.DataType] = {"key": pl.String(), "stage": pl.String()}
"""What is kept of earlier runs, so that nothing is posted twice."""


@dataclass(frozen=True)
class Matched:
    """One run of matching: :data:`MATCHED` in the order of the files."""

    lines: pl.DataFrame

    def post(self) -> pl.DataFrame:
        """Money for its demands, as :func:`kokuho.ledger.receive` takes it."""
        return _received(self.lines.filter(pl.col("outcome") == "exact"))

    def suspense(self) -> pl.DataFrame:
        """Money whose purpose is not certain, in the same form; the ledger holds it (仮受)."""
        held = self.lines.filter(pl.col("outcome").is_in(SUSPENDED) & (pl.col("amount") > 0))
        nobody = pl.lit(None, pl.String)
        return _received(held).with_columns(household_id=nobody, demand_id=nobody)

    def seen(self) -> pl.DataFrame:
        """What to keep for later runs: :data:`SEEN`."""
        return self.lines.select(*SEEN).unique(maintain_order=True)

    def totals(self) -> pl.DataFrame:
        """Count and yen by outcome: ``outcome, count, amount``."""
        order = list(OUTCOMES)
        return (
            self.lines.group_by("outcome")
            .agg(count=pl.len().cast(pl.Int64), amount=pl.col("amount").sum())
            .sort(pl.col("outcome").replace_strict(order, range(len(order)), default=len(order)))
        )


def match(
    incoming: pl.DataFrame,
    payables: pl.DataFrame,
    insurer_code: str,
    seen: pl.DataFrame | None = None,
) -> Matched:
    """Match what files report with what is owed.

    Args:
        incoming: :data:`kokuho.collection.INCOMING`, in the order of the files.
        payables: :data:`kokuho.collection.PAYABLES` of that insurer, paid ones (0 yen) included.
        insurer_code: whose money it is.
        seen: ``key, stage`` of everything that earlier runs took.

    Raises:
        CollectionError: references that cannot be told apart, or payables of another insurer; and
            if what went out were not what came in, to the yen.
    """
    check_payables(payables)
    foreign = payables.filter(pl.col("insurer_code") != insurer_code)
    if foreign.height:
        raise CollectionError(
            _("demand {demand} belongs to the insurer {other}, not to {insurer}").format(
                demand=foreign["demand_id"][0],
                other=foreign["insurer_code"][0],
                insurer=insurer_code,
            )
        )
    lines = pl.DataFrame(
        list(_lines(incoming, payables, insurer_code, seen)), schema=MATCHED, orient="row"
    )
    matched = Matched(lines)
    final = (pl.col("stage") == "final") & (pl.col("amount") > 0)
    money = lines.filter(final & (pl.col("outcome") != "again"))
    out = pl.concat([matched.post(), matched.suspense()])
    if money["amount"].sum() != out["amount"].sum() or money.height != out.height:
        raise CollectionError(_("what went out is not what came in; nothing may be posted"))
    return matched


def _lines(
    incoming: pl.DataFrame, payables: pl.DataFrame, insurer_code: str, seen: pl.DataFrame | None
) -> Iterator[dict[str, Any]]:
    demands = {plain_number(row["reference"]): row for row in payables.iter_rows(named=True)}
    before = set() if seen is None else set(seen.select(*SEEN).iter_rows())
    paid: set[str] = set()
    for row in incoming.select(*INCOMING).iter_rows(named=True):
        demand = demands.get(row["reference"])
        outcome, doubt = _judged(row, demand, before, paid)
        before.add((row["key"], row["stage"]))
        if outcome == "exact":
            paid.add(row["reference"])
        known = demand or {}
        yield row | {
            "outcome": outcome,
            "doubt": doubt,
            "insurer_code": insurer_code,
            "household_id": known.get("household_id"),
            "demand_id": known.get("demand_id"),
            "owed": known.get("amount"),
        }


def _judged(
    row: dict[str, Any],
    demand: dict[str, Any] | None,
    before: set[tuple[str, str]],
    paid: set[str],
) -> tuple[str, str | None]:
    """The outcome of one payment, and the reason where it is not plain."""
    key = row["key"]
    if (key, row["stage"]) in before:
        return "again", None
    if row["stage"] == "cancelled":
        if (key, "final") in before:
            return "cancelled", "after_final"
        return "cancelled", None if (key, "preliminary") in before else "not_announced"
    doubt = _doubt(row, demand)
    if row["stage"] == "preliminary":
        return "announced", doubt
    if row["amount"] == 0:
        return "unknown", "no_amount"
    if doubt is not None or demand is None:
        return "unknown", doubt
    if (key, "cancelled") in before:
        return "unknown", "after_cancelled"
    if row["reference"] in paid or demand["amount"] == 0:
        return "duplicate", "paid"
    if row["amount"] == demand["amount"]:
        return "exact", None
    return ("partial", "partial") if row["amount"] < demand["amount"] else ("over", "over")


def _doubt(row: dict[str, Any], demand: dict[str, Any] | None) -> str | None:
    if row["doubt"] is not None:
        return str(row["doubt"])
    if demand is None:
        return "no_demand"
    known = None if demand["payer"] is None else plain_number(demand["payer"])
    if row["payer"] is not None and plain_number(row["payer"]) != known:
        return "payer_differs"
    return None


def _received(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines as receipts of the ledger; the source names the payment and where it was reported."""
    source = pl.format("{} {} {}:{}", "channel", "key", "file", "record")
    nobody = pl.lit(None, pl.String)
    return lines.select(
        "insurer_code",
        "household_id",
        "demand_id",
        "amount",
        value_on="paid_on",
        payer=nobody,
        source=source,
    ).select(pl.col(name).cast(dtype) for name, dtype in RECEIVED.items())
