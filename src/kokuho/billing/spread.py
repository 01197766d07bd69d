"""The one rule by which an amount becomes instalments: what stands, what is left, where it goes.

    rest = amount - what stands
    rest > 0: split over the places, cut to the unit, what is cut to the first of them
    rest < 0: what stands is lowered, the latest due first

A yearly levy, a settlement of a provisional one, a change within the year, the end of collection
from a pension and a prepayment differ only in what stands and which places there are. The rule
works on tables, for one household and a whole municipality.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import polars as pl

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.errors import BillingError
from kokuho.base.messages import translator
from kokuho.base.money import floor_to
from kokuho.billing.demand import COLUMNS, KEYS, SCHEMA, in_order, no_demands
from kokuho.billing.terms import Slot, levied_in
from kokuho.ordinance import OrdinanceYear

_ = translator("billing")


def first_and_each(amount: Any, count: int, unit: int) -> tuple[Any, Any]:
    """The first instalment and each later one (地方税法20条の4の2第6項).

    Each is the amount divided by their number and cut to ``unit`` yen; what is cut off goes to the
    first. ``amount`` may be a whole number or a column.
    """
    each = floor_to(amount // count, unit)
    return amount - each * (count - 1), each


def spread(
    totals: pl.DataFrame,
    stands: pl.DataFrame,
    places: Callable[[], Sequence[Slot]],
    unit: int,
    year: OrdinanceYear,
    notice: date | None = None,
) -> pl.DataFrame:
    """The schedules of households whose year's amount is ``total``.

    Args:
        totals: columns ``insurer_code``, ``household_id``, ``total`` (yen, 0 or more).
        stands: the demands of these households that are not to be spread again.
        places: gives the places for the rest, in order, all of one channel; asked only where
            something is left, because it may need a setting that nobody has stated.
        unit: yen to which the instalments are cut.
        year: the ordinance of the fiscal year that the levy is meant for.
        notice: the day of the notice; it decides in whose books the new demands stand.

    Raises:
        BillingError: something is left and there is no place for it.
    """
    rest = totals.select(*KEYS, pl.col("total").cast(pl.Int64).alias("rest"))
    if not stands.is_empty():
        sums = stands.group_by(KEYS).agg(stands=pl.col("amount").sum())
        rest = rest.join(sums, on=KEYS, how="left").with_columns(
            rest=pl.col("rest") - pl.col("stands").fill_null(0)
        )
    more = rest.filter(pl.col("rest") > 0)
    parts = [_lowered(stands, rest.filter(pl.col("rest") < 0))]
    if not more.is_empty():
        parts.append(_placed(more, stands, places(), unit, year, notice))
    return in_order(pl.concat(part.select(COLUMNS) for part in parts))


def _placed(
    rest: pl.DataFrame,
    stands: pl.DataFrame,
    slots: Sequence[Slot],
    unit: int,
    year: OrdinanceYear,
    notice: date | None,
) -> pl.DataFrame:
    if not slots:
        raise BillingError(
            _("{insurer}, {year}: no term is left for an amount of {amount} yen.").format(
                insurer=year.insurer.name,
                year=fiscal_year_name(year.fiscal_year),
                amount=f"{rest['rest'][0]:,}",
            )
        )
    first, each = first_and_each(pl.col("rest"), len(slots), unit)
    table = pl.DataFrame(
        {
            "place": range(len(slots)),
            "channel": [slot.channel for slot in slots],
            "term": [slot.term for slot in slots],
            "due": [slot.due for slot in slots],
            "reason": [slot.reason for slot in slots],
        },
        schema_overrides={name: SCHEMA[name] for name in ("channel", "term", "due", "reason")},
    )
    if slots[0].follows:
        rest = _with_last_term(rest, stands, slots[0], year)
    else:
        rest = rest.with_columns(last_term=pl.lit(0, dtype=pl.Int32))
    return (
        rest.join(table, how="cross", maintain_order="left_right")
        .with_columns(
            pl.col("term") + pl.col("last_term"),
            amount=pl.when(pl.col("place") == 0).then(first).otherwise(each),
            fiscal_year_levied=pl.lit(levied_in(year, notice), dtype=pl.Int32),
            fiscal_year_meant=pl.lit(year.fiscal_year, dtype=pl.Int32),
            kind=pl.lit(year.insurer.kind, dtype=SCHEMA["kind"]),
        )
        .filter(pl.col("amount") > 0)
    )


def _with_last_term(
    rest: pl.DataFrame, stands: pl.DataFrame, slot: Slot, year: OrdinanceYear
) -> pl.DataFrame:
    """The last term number in the slot's channel; those of the ordinance are never used again."""
    least = len(year.terms) if slot.channel == "ordinary" else 0
    last = (
        stands.filter(pl.col("channel") == slot.channel)
        .group_by(KEYS)
        .agg(last_term=pl.col("term").max())
    )
    number = pl.col("last_term").fill_null(0).clip(lower_bound=least)
    return rest.join(last, on=KEYS, how="left").with_columns(last_term=number)


def _lowered(stands: pl.DataFrame, less: pl.DataFrame) -> pl.DataFrame:
    """What stands, lowered where it is more than the amount, the latest due first."""
    if less.is_empty() or stands.is_empty():
        return stands if not stands.is_empty() else no_demands()
    over = less.select(*KEYS, over=-pl.col("rest"))
    concerned = (
        stands.join(over, on=KEYS, how="inner")
        .sort("due", "term", descending=True)
        .with_columns(later=pl.col("amount").cum_sum().over(KEYS) - pl.col("amount"))
        .with_columns(cut=(pl.col("over") - pl.col("later")).clip(0, pl.col("amount")))
        .with_columns(amount=pl.col("amount") - pl.col("cut"))
        .filter(pl.col("amount") > 0)
    )
    others = stands.join(over, on=KEYS, how="anti")
    return pl.concat([others.select(COLUMNS), concerned.select(COLUMNS)])
