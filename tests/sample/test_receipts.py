"""Fictional receipts: the same seed gives the same, and every kind of payer is among them."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.billing import SCHEMA
from kokuho.sample.receipts import COLUMNS, receipts


def demands(houses: int = 800) -> pl.DataFrame:
    row = pl.int_range(houses * 4)
    return pl.select(
        insurer_code=pl.lit("992011"),
        household_id=(row // 4 + 1).cast(pl.String).str.zfill(8),
        fiscal_year_levied=2025,
        fiscal_year_meant=2025,
        kind=pl.lit("tax"),
        channel=pl.lit("ordinary"),
        term=row % 4 + 1,
        amount=(row % 50 + 1) * 1000,
        due=pl.date(2025, 7, 31).dt.offset_by(pl.format("{}mo", row % 4)),
        reason=pl.lit("levy"),
    ).cast(dict(SCHEMA))


def test_the_same_seed_gives_the_same_receipts_and_another_others() -> None:
    one = receipts(demands(), 1, date(2026, 5, 31))
    assert one.equals(receipts(demands(), 1, date(2026, 5, 31)))
    assert not one.equals(receipts(demands(), 2, date(2026, 5, 31)))
    assert one.columns == list(COLUMNS)
    assert one["reference"].is_unique().all()


def test_receipts_come_in_time_late_in_part_too_much_twice_nameless_and_not_at_all() -> None:
    owed = demands()
    made = receipts(owed, 1, date(2026, 5, 31))
    keys = {"fiscal_year": "fiscal_year_meant", "household_id": "household_id", "term": "term"}
    paid = made.join(owed, left_on=list(keys), right_on=list(keys.values()), suffix="_owed")
    assert paid.filter(pl.col("received_on") <= pl.col("due")).height > paid.height // 2
    assert paid.filter(pl.col("received_on") > pl.col("due")).height
    assert paid.filter(pl.col("amount") < pl.col("amount_owed")).height
    assert paid.filter(pl.col("amount") > pl.col("amount_owed")).height
    assert made.filter(pl.col("reference").str.ends_with("-2")).height
    assert made.filter(pl.col("household_id").is_null()).height
    assert made.filter(pl.col("payer").is_not_null()).height
    assert paid.select(*keys).unique().height < owed.height


def test_receipts_after_the_day_are_left_out() -> None:
    until = date(2025, 8, 31)
    assert receipts(demands(), 1, until)["received_on"].max() == until
