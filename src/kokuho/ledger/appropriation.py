"""Appropriation (充当): what was overpaid pays what else the household owes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from kokuho.ledger.accounts import Account, Kind
from kokuho.ledger.allocation import allocate
from kokuho.ledger.appropriated_interest import Earned, earned_interest
from kokuho.ledger.assessments import KEYS
from kokuho.ledger.entries import no_entries
from kokuho.ledger.overpaid import overpayments
from kokuho.ledger.postings import post
from kokuho.ledger.rates import YearRates
from kokuho.ledger.rules import AllocationRule
from kokuho.ledger.standing import open_on, positions, wide
from kokuho.ledger.vouchers import Voucher, headed


def appropriate(
    demands: pl.DataFrame,
    entries: pl.DataFrame,
    voucher: Voucher,
    rule: AllocationRule,
    causes: pl.DataFrame | None = None,
    rates: Sequence[YearRates] | None = None,
) -> pl.DataFrame:
    """The entries of appropriations (充当) of everything overpaid to what the same debtor owes.

    Where the head of a household changed, what one overpaid does not pay what the other owes.

    An appropriation counts from the day on which it became possible: the later of the overpayment
    and the due date (17条の2第4項). Until then it earns interest (還付加算金, 17条の4), which pays
    what is still due; what of it is left is to be refunded. One journal for each pair of demands.

    Args:
        demands: all demands of the households concerned.
        entries: all of their entries.
        voucher: number, posting date; what is due by then is paid.
        rule: the order of allocation; here the principal always comes before its interest
            (17条の2第3項).
        causes: why demands are overpaid, where a person decided on it
            (:data:`kokuho.ledger.appropriated_interest.CAUSES`).
        rates: rates of interest on refunds by year; the law's if left out.

    Raises:
        LedgerError: demands that are open in closed books; a day that a cause needs is missing.
        LawError: the law's rates of a year are not known.
    """
    made = _once(demands, entries, voucher, rule, causes, rates)
    if not (made["account"] == str(Account.INTEREST_PAYABLE)).any():
        return made
    # interest earns none, so that it is over after the second time
    everything = pl.concat([entries, made])
    more = _once(demands, everything, voucher.after(made), rule, causes, rates)
    return pl.concat([made, more])


def _once(
    demands: pl.DataFrame,
    entries: pl.DataFrame,
    voucher: Voucher,
    rule: AllocationRule,
    causes: pl.DataFrame | None,
    rates: Sequence[YearRates] | None,
) -> pl.DataFrame:
    stand = open_on(positions(demands, entries), voucher.posted_on)
    sources = overpayments(demands, entries).with_row_index("receipt").cast({"receipt": pl.Int64})
    money = sources.select(
        "receipt",
        "insurer_code",
        "household_id",
        pl.lit(None, pl.String).alias("demand_id"),
        payer="debtor",
        amount="refundable",
    )
    owed = wide(stand).filter(pl.col("due") <= voucher.posted_on)
    lines = allocate(owed, money, _principal_first(rule)).paid
    if not lines.height:
        return no_entries()
    places = stand.select(
        *KEYS, "household_id", "book_year", "year_assessed", "year_meant", "due"
    ).unique(KEYS)
    pairs = _numbered(_split(lines, sources), places, voucher)
    earned = earned_interest(pairs, entries, causes, rates)
    return _pair_entries(pairs, earned, places, voucher)


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
        "earned",
        "arose",
        "earned_on",
        from_demand="demand_id",
        from_component="component",
    )
    spent = pl.col("paid").cum_sum().over("receipt")
    already = spent - pl.col("paid")

    def share(start: pl.Expr, size: pl.Expr) -> pl.Expr:
        """The part of a line that falls into one source of its money."""
        part = pl.min_horizontal(spent, start + size) - pl.max_horizontal(already, start)
        return part.clip(lower_bound=0)

    overpaid, past = pl.col("overpaid"), pl.col("past")
    return (
        lines.rename({"amount": "paid"})
        .join(own, on="receipt", maintain_order="left")
        .with_columns(
            out=share(pl.lit(0), overpaid),
            out_past=share(overpaid, past),
            out_earned=share(overpaid + past, pl.col("earned")),
        )
    )


def _numbered(pairs: pl.DataFrame, places: pl.DataFrame, voucher: Voucher) -> pl.DataFrame:
    """One journal a pair, with the day from which it counts and its money without interest."""
    by_interest = pl.when(pl.col("out_earned") > 0).then("earned_on")
    return (
        pairs.with_columns(number=pl.int_range(pl.len(), dtype=pl.Int64) + voucher.number)
        .join(places.select(*KEYS, "due"), on=KEYS, maintain_order="left")
        .with_columns(
            value_on=pl.max_horizontal("arose", "due", by_interest),
            money=pl.col("out") + pl.col("out_past"),
        )
    )


def _pair_entries(
    pairs: pl.DataFrame, earned: Sequence[Earned], places: pl.DataFrame, voucher: Voucher
) -> pl.DataFrame:
    interest = pl.DataFrame(
        [(one.number, one.yen) for one in earned],
        schema={"number": pl.Int64, "new_interest": pl.Int64},
        orient="row",
    )
    into = pairs.select("number", "value_on", *KEYS, "component", "paid")
    out = pairs.join(interest, on="number", how="left", maintain_order="left").select(
        "number",
        "value_on",
        "insurer_code",
        "out",
        "out_past",
        "out_earned",
        pl.col("new_interest").fill_null(0),
        demand_id="from_demand",
        component="from_component",
    )
    frames = [
        headed(frame.join(places.drop("due"), on=KEYS, maintain_order="left"), voucher)
        for frame in (out, into)
    ]
    return post(Kind.APPROPRIATE, *frames)
