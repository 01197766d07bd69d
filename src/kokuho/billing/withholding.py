"""What is withheld from pensions, and when (特別徴収の額と時期).

Law: 国民健康保険法76条の4 (which applies 介護保険法134条 and the following); 地方税法706条3項 and
718条の2 to 718条の10. April, June and August are provisional (仮徴収); what is left of the year is
withheld in October, December and February (本徴収), the remainder in October
(地方税法20条の4の2第9項).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast

import polars as pl

from kokuho.base.calendar import first_day_of_year
from kokuho.base.money import floor_to, mul_floor, rate_numerator
from kokuho.billing.demand import COLUMNS, KEYS, SCHEMA, Reason, in_order, no_demands
from kokuho.billing.settings import first_pension_year, instalment_unit, law_number
from kokuho.billing.spread import spread
from kokuho.billing.terms import Slot, term_slots
from kokuho.law import open_day, parameter
from kokuho.ordinance import OrdinanceYear

_LAW = "pension_collection."
WITHHELD: Mapping[str, int] = {"april": 4, "june": 6, "august": 8}
"""Columns of what is withheld provisionally, and their months."""


def pension_yearly(
    totals: pl.DataFrame,
    withheld: pl.DataFrame,
    year: OrdinanceYear,
    *,
    provisional: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The demands of households that pay from a pension.

    Who had something withheld from April on goes on in October with what is left. For the others
    it begins in October: the ordinance says what the terms before it collect.

    Args:
        totals: columns ``insurer_code``, ``household_id``, ``total``.
        withheld: the same keys with ``april``, ``june``, ``august``: yen withheld provisionally, 0
            for none.
        year: the ordinance of the fiscal year.
        provisional: what was demanded provisionally (仮算定) in the terms of ordinary collection.

    Raises:
        BillingError: a household begins in October and ``billing.pension.first_year`` is not
            stated.
    """
    ordinary = no_demands() if provisional is None else provisional
    from_april = withheld_provisionally(withheld, year)
    unit = law_number(_LAW + "instalment_unit", year)
    going_on = totals.join(from_april, on=KEYS, how="semi")
    beginning = totals.join(from_april, on=KEYS, how="anti")
    parts = [no_demands()]
    if not going_on.is_empty():
        stands = pl.concat([from_april, ordinary]).join(going_on, on=KEYS, how="semi")
        places = pension_slots(year, "settlement")
        parts.append(spread(going_on, stands, lambda: places, unit, year))
    if not beginning.is_empty():
        own = ordinary.join(beginning, on=KEYS, how="semi")
        stands = _before_october(beginning, own, year)
        first = pension_slots(year, "levy")
        parts.append(spread(beginning, stands, lambda: first, unit, year))
    return in_order(pl.concat(parts))


def withheld_provisionally(withheld: pl.DataFrame, year: OrdinanceYear) -> pl.DataFrame:
    """What is withheld from April to August (仮徴収), as demands.

    Who pays from a pension in February goes on with that amount (地方税法718条の7第1項).

    Args:
        withheld: ``insurer_code``, ``household_id``, and yen in ``april``, ``june``, ``august``.
        year: the ordinance of the fiscal year.
    """
    months = payment_months(year)
    parts = [no_demands()]
    for column, month in WITHHELD.items():
        term = months.index(month) + 1
        made = withheld.filter(pl.col(column) > 0).with_columns(
            fiscal_year_levied=pl.lit(year.fiscal_year, dtype=pl.Int32),
            fiscal_year_meant=pl.lit(year.fiscal_year, dtype=pl.Int32),
            kind=pl.lit(year.insurer.kind, dtype=SCHEMA["kind"]),
            channel=pl.lit("pension", dtype=SCHEMA["channel"]),
            term=pl.lit(term, dtype=pl.Int32),
            amount=pl.col(column).cast(pl.Int64),
            due=pl.lit(remit_day(term, year)),
            reason=pl.lit("provisional", dtype=SCHEMA["reason"]),
        )
        parts.append(made.select(COLUMNS))
    return pl.concat(parts)


def _before_october(
    totals: pl.DataFrame, provisional: pl.DataFrame, year: OrdinanceYear
) -> pl.DataFrame:
    """What the ordinary terms collect before collection from a pension begins."""
    setting, unit = first_pension_year(year), instalment_unit(year)
    places = [
        slot
        for slot in term_slots(year, "levy", final_only=True)
        if slot.term <= setting.ordinary_terms
    ]
    if not places:  # the terms before October were all provisional
        return provisional
    share = mul_floor(pl.col("total"), rate_numerator(setting.ordinary_share))
    demanded = provisional.group_by(KEYS).agg(demanded=pl.col("amount").sum())
    least = pl.col("demanded").fill_null(0)
    ordinary = totals.join(demanded, on=KEYS, how="left").select(
        *KEYS, total=pl.max_horizontal(floor_to(share, unit), least)
    )
    return spread(ordinary, provisional, lambda: places, unit, year)


def first_payment(subject_since: date, year: OrdinanceYear) -> date:
    """The first of the month from whose pension is withheld (地方税法706条3項, 718条の6, 718条の8).

    Who becomes subject from 2 April to 1 June may pay from December on, until 1 August from
    February on; until 1 October from April on, and so forth; until 1 April from October on.
    """
    before = subject_since - timedelta(days=1)
    month = before.year * 12 + before.month
    begins = month - month % 2 + law_number(_LAW + "lead_months", year) - 1
    return date(begins // 12, begins % 12 + 1, 1)


def expected_instalment(previous: Any, year: OrdinanceYear) -> Any:
    """What is withheld from who is new before the levy is known, for numbers and columns.

    The amount of the year before divided by the payments of a year, cut to the unit
    (地方税法718条の8第2項). Who paid from a pension before goes on with what was withheld in
    February (718条の7).
    """
    unit = law_number(_LAW + "instalment_unit", year)
    return floor_to(previous // len(payment_months(year)), unit)


def payment_months(year: OrdinanceYear) -> tuple[int, ...]:
    """The months of the six payments of a fiscal year, April to February."""
    return _months(year, "provisional_months") + _months(year, "final_months")


def _months(year: OrdinanceYear, name: str) -> tuple[int, ...]:
    day = first_day_of_year(year.fiscal_year)
    return cast("tuple[int, ...]", parameter(_LAW + name).on(day).value)


def month_of(term: int, year: OrdinanceYear) -> date:
    """The first of the month in which a pension instalment is withheld; terms count from April."""
    month = payment_months(year)[term - 1]
    return date(year.fiscal_year + (month < 4), month, 1)


def pension_slots(year: OrdinanceYear, reason: Reason) -> list[Slot]:
    """The places of the final payments, October to February (本徴収)."""
    months = payment_months(year)
    numbers = [months.index(month) + 1 for month in _months(year, "final_months")]
    return [Slot("pension", number, remit_day(number, year), reason) for number in numbers]


def remit_day(term: int, year: OrdinanceYear) -> date:
    """The day by which the payer remits: the 10th of the month after (地方税法718条の4)."""
    after = month_of(term, year) + timedelta(days=31)
    day = after.replace(day=law_number(_LAW + "remit_day", year))
    return open_day(day, year.billing.closed_days)
