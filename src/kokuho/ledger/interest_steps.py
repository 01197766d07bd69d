"""Delinquency interest (延滞金) over columns: one definition for one claim and for a million.

A claim is an amount that was due; its *spans* are the periods in which the unpaid amount stays the
same and the same relief holds. Each span is cut at the end of the first band and at each 1 January;
what is left are the *steps*, each with one amount, one rate and a number of days:

    yen = amount × rate × days / 365, cut to the yen            (地方税法附則3条の2第6項)

The day after the due date is the first day, the day of payment the last (723条). 365 holds for
leap years too (利率等の表示の年利建て移行に関する法律25条). The amount is cut to 1,000 yen and is
nothing below 2,000, the sum is cut to 100 yen and is nothing below 1,000 (20条の4の2第2項・5項).
After a payment in part the rest is the amount from the next day on (20条の9の4第1項).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.base.money import EXACT_LIMIT, PPM, floor_to
from kokuho.ledger.rates import YearRates, rate_frame
from kokuho.ledger.rules import InterestRule

_ = translator("ledger")

RELIEFS = ("none", "half", "full")
"""What a deferral waives: nothing, half (事業廃止等の徴収猶予, 換価の猶予), all (災害等の徴収猶予,
滞納処分の執行停止; 地方税法15条の9第1項)."""

CLAIMS: dict[str, pl.DataType] = {
    "claim": pl.String(),
    "amount": pl.Int64(),
    "first": pl.Date(),
    "last": pl.Date(),
    "band_from": pl.Date(),
}
"""A frame of claims: ``first`` to ``last`` are the days of interest, both included; the first band
begins on ``band_from``."""

PAYMENTS: dict[str, pl.DataType] = {
    "claim": pl.String(),
    "paid_on": pl.Date(),
    "paid": pl.Int64(),
}
"""A frame of payments in part; several on one day count together."""

DEFERRALS: dict[str, pl.DataType] = {
    "claim": pl.String(),
    "from": pl.Date(),
    "until": pl.Date(),
    "relief": pl.Enum(RELIEFS),
}
"""A frame of deferrals, both days included; those of one claim do not overlap."""

_NO_RELIEF = pl.lit("none", pl.Enum(RELIEFS))
_DAY = pl.duration(days=1)


def band_end(band_from: pl.Expr, months: int) -> pl.Expr:
    """The last day of the first band: so many months from ``band_from`` (民法143条).

    The period ends on the day before the same day number, and on the last day of a month that has
    no such day.
    """
    reached = band_from.dt.offset_by(f"{months}mo")
    return pl.when(reached.dt.day() == band_from.dt.day()).then(reached - _DAY).otherwise(reached)


def spans(
    claims: pl.DataFrame,
    payments: pl.DataFrame | None = None,
    deferrals: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The periods of each claim in which the unpaid amount and the relief stay the same.

    Raises:
        LedgerError: deferrals of one claim overlap.
    """
    whole = claims.select(*CLAIMS)
    if payments is not None and payments.height:
        whole = _after_payments(whole, payments)
    whole = whole.filter((pl.col("first") <= pl.col("last")) & (pl.col("amount") > 0))
    if deferrals is None or not deferrals.height:
        return whole.with_columns(relief=_NO_RELIEF)
    return _relieved(whole, deferrals)


def _after_payments(claims: pl.DataFrame, payments: pl.DataFrame) -> pl.DataFrame:
    """Each payment ends a span on its day; the rest is the amount from the day after it."""
    rests = (
        payments.group_by("claim", "paid_on")
        .agg(pl.col("paid").sum())
        .join(claims, on="claim")
        .sort("claim", "paid_on")
        .with_columns(rest=pl.col("amount") - pl.col("paid").cum_sum().over("claim"))
        .with_columns(
            # more than the claim may have been paid; it is then an overpayment, not less than none
            amount=pl.col("rest").clip(0, pl.col("amount")),
            last=pl.min_horizontal("last", pl.col("paid_on").shift(-1).over("claim")),
            first=pl.max_horizontal("first", pl.col("paid_on") + _DAY),
        )
    )
    earliest = payments.group_by("claim").agg(until=pl.col("paid_on").min())
    before = claims.join(earliest, on="claim", how="left").with_columns(
        last=pl.min_horizontal("last", "until")
    )
    return pl.concat([before.select(*CLAIMS), rests.select(*CLAIMS)])


def _relieved(whole: pl.DataFrame, deferrals: pl.DataFrame) -> pl.DataFrame:
    """Cut the spans at the first and last days of the deferrals."""
    ordered = deferrals.select(*DEFERRALS).sort("claim", "from")
    clash = ordered.filter(
        (pl.col("from") <= pl.col("until").shift(1).over("claim"))
        | (pl.col("until") < pl.col("from"))
    )
    if clash.height:
        raise LedgerError(
            _("deferrals of {claim} overlap or end before they begin").format(
                claim=clash["claim"][0]
            )
        )
    distant = pl.lit(date.max)
    gaps = pl.concat(
        [
            ordered.group_by("claim").agg(
                pl.lit(date.min).alias("from"), (pl.col("from").min() - _DAY).alias("until")
            ),
            ordered.select(
                "claim",
                (pl.col("until") + _DAY).alias("from"),
                (pl.col("from").shift(-1).over("claim") - _DAY).fill_null(distant).alias("until"),
            ),
        ]
    ).with_columns(relief=_NO_RELIEF)
    pieces = (
        whole.join(pl.concat([ordered, gaps]), on="claim")
        .with_columns(
            first=pl.max_horizontal("first", "from"), last=pl.min_horizontal("last", "until")
        )
        .filter(pl.col("first") <= pl.col("last"))
    )
    others = whole.join(ordered, on="claim", how="anti").with_columns(relief=_NO_RELIEF)
    return pl.concat([others, pieces.select(*CLAIMS, "relief")])


def steps(spans: pl.DataFrame, rates: Iterable[YearRates], rule: InterestRule) -> pl.DataFrame:
    """Every step: ``claim, from, until, days, base, band, rate, relief, yen``, in order of days.

    Raises:
        LedgerError: rates of a year are missing, or an amount is beyond exact arithmetic.
    """
    base = floor_to(pl.col("amount"), rule.principal_unit)
    based = spans.with_columns(
        base=pl.when(pl.col("amount") < rule.minimum_principal).then(0).otherwise(base),
        band_last=band_end(pl.col("band_from"), rule.first_band_months),
    ).filter(pl.col("base") > 0)
    if not based.height:
        return _no_steps()
    years = _rates_of(based, rates)
    bands = pl.concat(
        [
            based.with_columns(
                until=pl.min_horizontal("last", "band_last"), band=pl.lit("first")
            ).rename({"first": "from"}),
            based.with_columns(
                pl.max_horizontal("first", pl.col("band_last") + _DAY).alias("from"),
                until=pl.col("last"),
                band=pl.lit("after"),
            ).drop("first"),
        ],
        how="diagonal",
    )
    cut = (
        bands.join(years, how="cross")
        .with_columns(
            pl.max_horizontal("from", "year_first").alias("from"),
            until=pl.min_horizontal("until", "year_last"),
            rate=pl.when(pl.col("band") == "first").then("first_rate").otherwise("after_rate"),
        )
        .filter(pl.col("from") <= pl.col("until"))
        .with_columns(days=(pl.col("until") - pl.col("from")).dt.total_days() + 1)
    )
    return (
        cut.with_columns(yen=_yen(rule)).select(*_STEPS).sort("claim", "from", maintain_order=True)
    )


_STEPS = ("claim", "from", "until", "days", "base", "band", "rate", "relief", "yen")


def _no_steps() -> pl.DataFrame:
    days = {"from": pl.Date(), "until": pl.Date(), "days": pl.Int64(), "base": pl.Int64()}
    rest = {"band": pl.String(), "rate": pl.Int64(), "relief": pl.Enum(RELIEFS), "yen": pl.Int64()}
    return pl.DataFrame(schema={"claim": pl.String(), **days, **rest})


def _rates_of(based: pl.DataFrame, rates: Iterable[YearRates]) -> pl.DataFrame:
    first, last = based["first"].min(), based["last"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    years = rate_frame(rates, first, last)
    highest = max(years["first_rate"].max(), years["after_rate"].max())  # type: ignore[type-var]
    largest = based["base"].max()
    assert isinstance(largest, int)
    assert isinstance(highest, int)
    if largest * highest * 366 >= EXACT_LIMIT:
        raise LedgerError(
            _("an amount is beyond what can be computed exactly: {amount} yen").format(
                amount=f"{largest:,}"
            )
        )
    halved = (based["relief"] == "half").any()
    if halved and years["deferral_rate"].null_count():
        raise LedgerError(_("no deferral rate was given for a year with a deferral"))
    return years


def _yen(rule: InterestRule) -> pl.Expr:
    """The interest of a step in yen, what a deferral waives taken off."""
    per_year = pl.col("base") * pl.col("days")
    plain = per_year * pl.col("rate") // (PPM * rule.year_days)
    if rule.half_relief == "special_rate":
        # 附則3条の2第3項: what is above the interest at the deferral rate is waived
        special = per_year * pl.col("deferral_rate") // (PPM * rule.year_days)
        half = pl.min_horizontal(plain, special)
    else:
        # 15条の9第1項: half of what is computed after the first band is waived
        half = pl.when(pl.col("band") == "after").then(plain - plain // 2).otherwise(plain)
    waived = pl.when(pl.col("relief") == "half").then(half).otherwise(plain)
    return pl.when(pl.col("relief") == "full").then(0).otherwise(waived)


def totals(steps: pl.DataFrame, rule: InterestRule) -> pl.DataFrame:
    """The interest of each claim that has steps: ``claim, sum, interest``, sorted by claim."""
    cut = floor_to(pl.col("sum"), rule.unit)
    return (
        steps.group_by("claim")
        .agg(sum=pl.col("yen").sum())
        .with_columns(
            interest=pl.when(pl.col("sum") < rule.minimum).then(0).otherwise(cut),
        )
        .sort("claim")
    )
