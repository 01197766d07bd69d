"""Appropriation (充当): what was overpaid pays what else the household owes."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from kokuho.ledger.accounts import Kind
from kokuho.ledger.allocation import allocate
from kokuho.ledger.assessments import KEYS
from kokuho.ledger.entries import no_entries
from kokuho.ledger.overpaid import overpayments
from kokuho.ledger.postings import post
from kokuho.ledger.rules import AllocationRule
from kokuho.ledger.standing import open_on, positions, wide
from kokuho.ledger.vouchers import Voucher, headed


def appropriate(
    demands: pl.DataFrame,
    entries: pl.DataFrame,
    voucher: Voucher,
    rule: AllocationRule,
    interest: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The entries of appropriations (充当) of everything overpaid to what the same debtor owes.

    Where the head of a household changed, what one overpaid does not pay what the other owes.

    Args:
        demands: all demands of the households concerned.
        entries: all of their entries.
        voucher: number, posting date; what is due by then is paid.
        rule: the order of allocation; here the principal always comes before its interest
            (17条の2第3項).
        interest: ``insurer_code, demand_id, component, extra``: interest on the overpayment that is
            appropriated with it.

    An appropriation counts from the day on which it became possible: the later of the overpayment
    and the due date (17条の2第4項). One journal for each pair of demands.

    Raises:
        LedgerError: demands that are open in closed books.
    """
    stand = open_on(positions(demands, entries), voucher.posted_on)
    sources = overpayments(demands, entries)
    if interest is None:
        sources = sources.with_columns(extra=pl.lit(0, pl.Int64))
    else:
        keys = [*KEYS, "component"]
        sources = sources.join(interest, on=keys, how="left", maintain_order="left")
    sources = (
        sources.with_columns(pl.col("extra").fill_null(0))
        .with_row_index("receipt")
        .cast({"receipt": pl.Int64})
    )
    # each debtor of a household is allocated to as if they were a household of their own
    debtor = pl.concat_str("household_id", "debtor", separator="\0").alias("household_id")
    owed = wide(stand).filter(pl.col("due") <= voucher.posted_on).with_columns(debtor)
    money = sources.select(
        "receipt",
        "insurer_code",
        debtor,
        pl.lit(None, pl.String).alias("demand_id"),
        amount=pl.col("refundable") + pl.col("extra"),
    )
    lines = allocate(owed, money, _principal_first(rule)).paid
    if not lines.height:
        return no_entries()
    return _pair_entries(_split(lines, sources), stand, voucher)


def _principal_first(rule: AllocationRule) -> AllocationRule:
    """The rule with the principal no later than its interest."""
    order = list(rule.order)
    if order.index("interest") < order.index("principal"):
        order.remove("principal")
        order.insert(order.index("interest"), "principal")
    return replace(rule, order=tuple(order))


def _split(lines: pl.DataFrame, sources: pl.DataFrame) -> pl.DataFrame:
    """Each line's money by where it comes from: overpaid, past years, interest, in this order."""
    own = sources.select(
        "receipt",
        "overpaid",
        "past",
        "extra",
        "arose",
        from_demand="demand_id",
        from_component="component",
    )
    spent = pl.col("paid").cum_sum().over("receipt")
    already = spent - pl.col("paid")

    def share(start: pl.Expr, size: pl.Expr) -> pl.Expr:
        """The part of a line that falls into one source of its money."""
        return pl.min_horizontal(spent, start + size) - pl.max_horizontal(already, start)

    overpaid, past, extra = pl.col("overpaid"), pl.col("past"), pl.col("extra")
    return (
        lines.rename({"amount": "paid"})
        .join(own, on="receipt", maintain_order="left")
        .with_columns(
            out=share(pl.lit(0), overpaid).clip(lower_bound=0),
            out_past=share(overpaid, past).clip(lower_bound=0),
            extra=share(overpaid + past, extra).clip(lower_bound=0),
        )
    )


def _pair_entries(pairs: pl.DataFrame, stand: pl.DataFrame, voucher: Voucher) -> pl.DataFrame:
    places = stand.select(
        *KEYS, "household_id", "book_year", "year_assessed", "year_meant", "due"
    ).unique(KEYS)
    numbered = (
        pairs.with_columns(number=pl.int_range(pl.len(), dtype=pl.Int64) + voucher.number)
        .join(places.select(*KEYS, "due"), on=KEYS, maintain_order="left")
        .with_columns(value_on=pl.max_horizontal("arose", "due"))
    )
    into = numbered.select("number", "value_on", *KEYS, "component", "paid")
    out = numbered.select(
        "number",
        "value_on",
        "insurer_code",
        "out",
        "out_past",
        "extra",
        demand_id="from_demand",
        component="from_component",
    )
    frames = [
        headed(frame.join(places.drop("due"), on=KEYS, maintain_order="left"), voucher)
        for frame in (out, into)
    ]
    return post(Kind.APPROPRIATE, *frames)
