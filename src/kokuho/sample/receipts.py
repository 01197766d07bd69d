"""A year of fictional receipts for the demands of a fictional city.

On time, late, in part, too much, twice, without a name, and not at all: the shares are invented,
and stand here in parts of 10,000. Households differ: some seldom pay.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.base.chance import SHARES, draw, happens, states

SELDOM = 700
"""Households that leave most of their demands unpaid."""

_SELDOM_PAYS = 2500
_WAYS = (("on_time", 8700), ("late", 600), ("partly", 250), ("over", 50), ("twice", 50),
         ("unknown", 50))  # fmt: skip
"""How a demand of another household is paid; what is left of 10,000 is not paid."""

COLUMNS = (
    "insurer_code", "reference", "received_on", "amount", "household_id", "fiscal_year",
    "levied_year", "channel", "term", "payer",
)  # fmt: skip


def receipts(demands: pl.DataFrame, seed: int, until: date) -> pl.DataFrame:
    """Receipts until a day, as a file of ``kokuho import receipts`` has them, by day.

    Args:
        demands: the columns of ``kokuho.billing.SCHEMA``, of one insurer, household numbers that
            end in digits.
        seed: the same seed gives the same receipts.
        until: later ones are left out.
    """
    if demands.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    insurer = str(demands["insurer_code"][0])
    number = pl.col("household_id").str.extract(r"(\d+)$").cast(pl.UInt64)
    place = number * 10_000 + (pl.col("fiscal_year_meant") % 100 * 100 + pl.col("term")).cast(
        pl.UInt64
    )
    own = demands.with_columns(
        _house=states(number, seed, insurer), _demand=states(place, seed, insurer)
    )
    dice = draw(pl.col("_demand"), "way").cast(pl.Int64)
    way = pl.lit("unpaid")
    for (name, _share), end in reversed(list(zip(_WAYS, _ends(), strict=True))):
        way = pl.when(dice < end).then(pl.lit(name)).otherwise(way)
    seldom = happens(pl.col("_house"), "seldom", SELDOM)
    pays = happens(pl.col("_demand"), "pays", _SELDOM_PAYS)
    own = own.with_columns(way=pl.when(seldom & ~pays).then(pl.lit("unpaid")).otherwise(way))
    days = draw(pl.col("_demand"), "days", 20).cast(pl.Int64)
    shift = pl.when(pl.col("way") == "late").then(5 + 6 * days).otherwise(-days)
    amount = (
        pl.when(pl.col("way") == "partly")
        .then(pl.max_horizontal(pl.col("amount") // 2, 1))
        .when(pl.col("way") == "over")
        .then(pl.col("amount") + 1_000)
        .otherwise("amount")
    )
    paid = own.filter(pl.col("way") != "unpaid").with_columns(
        received_on=pl.col("due") + pl.duration(days=shift), amount=amount, again=pl.lit(0)
    )
    twice = paid.filter(pl.col("way") == "twice").with_columns(again=pl.lit(1))
    nameless = pl.col("way") == "unknown"
    named = {
        name: pl.when(~nameless).then(source)
        for name, source in {
            "household_id": pl.col("household_id"),
            "fiscal_year": pl.col("fiscal_year_meant"),
            "levied_year": pl.col("fiscal_year_levied"),
            "term": pl.col("term"),
        }.items()
    }
    parent = happens(pl.col("_demand"), "payer", 100)
    everything = pl.concat([paid, twice]).filter(pl.col("received_on") <= until)
    reference = pl.format(
        "R{}-{}-{}-{}", "fiscal_year_meant", pl.col("household_id"), "term", pl.col("again") + 1
    )
    return (
        everything.with_columns(
            reference=reference,
            payer=pl.when(parent).then(pl.lit("架空の親族")),
            channel=pl.col("channel").cast(pl.String),
        )
        .with_columns(**named)
        .sort("received_on", "reference")
        .select(COLUMNS)
    )


def _ends() -> list[int]:
    """Where each way's part of 10,000 ends."""
    ends, end = [], 0
    for _name, share in _WAYS:
        end += share
        ends.append(end)
    assert end <= SHARES
    return ends
