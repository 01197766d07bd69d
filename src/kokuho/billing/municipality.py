"""All households of a municipality at once, each by its way of paying."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.billing.demand import KEYS, in_order, no_demands
from kokuho.billing.instalments import prepaid, yearly
from kokuho.billing.withholding import WITHHELD, pension_yearly
from kokuho.ordinance import OrdinanceYear


def schedules(
    totals: pl.DataFrame,
    year: OrdinanceYear,
    *,
    channels: pl.DataFrame | None = None,
    provisional: pl.DataFrame | None = None,
    notice: date | None = None,
) -> pl.DataFrame:
    """The demands of one insurer's year.

    Args:
        totals: columns ``insurer_code``, ``household_id``, ``total``.
        year: the ordinance of the fiscal year.
        channels: households that do not pay in ordinary collection: the keys, ``channel``
            (``pension`` or ``prepaid``), and ``april``, ``june``, ``august``: yen withheld from a
            pension before the levy.
        provisional: provisional demands that the levy settles.
        notice: the day of the notice; prepayment needs it.

    Raises:
        BillingError: a setting that is needed is not stated.
        ValueError: households prepay and there is no day of the notice.
    """
    if channels is None or channels.is_empty():
        return yearly(totals, year, provisional=provisional, notice=notice)
    withheld = channels.filter(pl.col("channel") == "pension").select(*KEYS, *WITHHELD)
    ahead = channels.filter(pl.col("channel") == "prepaid").select(KEYS)
    parts = [no_demands()]
    from_pension = totals.join(withheld, on=KEYS, how="semi")
    if not from_pension.is_empty():
        parts.append(pension_yearly(from_pension, withheld, year, provisional=provisional))
    prepaying = totals.join(ahead, on=KEYS, how="semi")
    if not prepaying.is_empty():
        if notice is None:
            raise ValueError("a prepayment falls due by the day of its notice")
        parts.append(prepaid(prepaying, year, notice, provisional=provisional))
    others = totals.join(withheld, on=KEYS, how="anti").join(ahead, on=KEYS, how="anti")
    parts.append(yearly(others, year, provisional=provisional, notice=notice))
    return in_order(pl.concat(parts))
