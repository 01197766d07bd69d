"""What pensions pay from April to August (仮徴収), before the levy of the year is known.

Who paid from a pension in February goes on with that amount (地方税法718条の7第1項), unless the
payer of the pension told other figures for the new year. Who begins in the new year is in the
payer's file; nothing is demanded of them here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from kokuho.base.calendar import birthday, last_day_of_year
from kokuho.billing import KEYS
from kokuho.billing.withholding import WITHHELD, payment_months, withheld_provisionally
from kokuho.law import for_fiscal_year
from kokuho.office.billing import pensions
from kokuho.office.billing.schedules import Instalment, Schedule
from kokuho.office.register.models import Headship, Identity
from kokuho.ordinance import OrdinanceYear


def anybody(fiscal_year: int) -> bool:
    """Whether somebody paid from a pension in the year before."""
    before = Schedule.objects.known().filter(fiscal_year=fiscal_year - 1, channel="pension")
    return bool(before.exists())


def withheld(year: OrdinanceYear, heads: Sequence[Headship]) -> dict[int, dict[str, int]]:
    """Yen by month (``april``, ``june``, ``august``) that pensions of heads pay, by household.

    Left out is who asked for direct debit instead, and who becomes 75 within the year where the
    ordinance has that year in ordinary collection (``billing.pension.year_of_75``).
    """
    payers = {row.household_id: row.head_id for row in heads}
    told = pensions.known(year.fiscal_year, list(payers.values()), list(payers))
    last = len(payment_months(year))
    february = {
        (row.schedule.household_id, row.schedule.payer_id): row.amount
        for row in Instalment.objects.filter(
            schedule__in=Schedule.objects.known().filter(
                fiscal_year=year.fiscal_year - 1, household__in=list(payers), channel="pension"
            ),
            channel="pension",
            term=last,
        ).select_related("schedule")
    }
    old = _too_old(year, [payer for _household, payer in february])
    found = {}
    for household, payer in payers.items():
        amount = february.get((household, payer))
        if amount is None or household in told.instead or payer in old:
            continue
        notice = told.notices.get(payer)
        figures = {month: getattr(notice, month, 0) for month in WITHHELD}
        found[household] = figures if any(figures.values()) else dict.fromkeys(WITHHELD, amount)
    return found


def demands(year: OrdinanceYear, withheld: Mapping[int, Mapping[str, int]]) -> pl.DataFrame:
    """The demands; ``household_id`` is the row number of the household."""
    rows = [
        {"insurer_code": year.insurer.code, "household_id": str(household), **months}
        for household, months in withheld.items()
    ]
    schema = {**dict.fromkeys(KEYS, pl.String()), **dict.fromkeys(WITHHELD, pl.Int64())}
    return withheld_provisionally(pl.DataFrame(rows, schema=schema), year)


def _too_old(year: OrdinanceYear, payers: Sequence[int]) -> set[int]:
    """Those who become 75 within the year, where that year is collected in the terms."""
    if year.billing.pension.year_of_75 != "ordinary":
        return set()
    oldest = for_fiscal_year(year.fiscal_year).ages.leave_at
    last = last_day_of_year(year.fiscal_year)
    rows = Identity.objects.as_of(last).filter(resident__in=list(payers))
    return {row.resident_id for row in rows if birthday(row.birth_date.earliest(), oldest) <= last}
