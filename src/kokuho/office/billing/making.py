"""Schedules of some payers, made by the pure room (kokuho.billing) from what stands and is owed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from kokuho.base.calendar import fiscal_year_of
from kokuho.base.errors import BillingError
from kokuho.base.messages import translator
from kokuho.billing import KEYS, SCHEMA, change, month_of, pension_yearly, prepaid, retroactive
from kokuho.billing import yearly as in_terms
from kokuho.billing.settings import notice_days
from kokuho.billing.withholding import WITHHELD
from kokuho.office.billing.cases import Case
from kokuho.office.billing.ways import Channel, Way
from kokuho.ordinance import OrdinanceYear

_ = translator("office_billing")

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Notice:
    """The notice that the due dates follow.

    Attributes:
        day: its day.
        current: the ordinance of the fiscal year of that day; the year's own where there is none.
        stop_pension_from: the first of the month from which a pension that stops pays nothing.
    """

    day: date
    current: OrdinanceYear
    stop_pension_from: date | None = None


def make(
    year: OrdinanceYear,
    cases: Sequence[Case],
    ways: Mapping[str, Way],
    notice: Notice,
) -> dict[str, Rows]:
    """The demands of cases after a notice, by the key of the case.

    What is not billed yet is made in full, less provisional demands; where the amount alone
    changed, what is due stays; where the way of paying changed, what is due stays too and the rest
    goes the new way.

    Raises:
        BillingError: a setting that is needed is not stated, too little time is left before a due
            date, or a pension stops and nobody said from which month.
    """
    made = [pl.DataFrame(schema=SCHEMA)]
    for way, fresh, some in _groups(cases, ways):
        totals, stands = _totals(year, some), _stands(year, some)
        if fresh:
            made.append(_fresh(year, some, ways, way, totals, stands, notice))
        elif all(case.former and case.former.channel == way for case in some):
            made.append(
                change(
                    stands, totals, year, notice.day, stop_pension_from=notice.stop_pension_from
                ).demands
            )
        else:
            made.append(_other_way(year, way, totals, stands, notice))
    rows: dict[str, Rows] = {case.key: [] for case in cases}
    for row in pl.concat(made).iter_rows(named=True):
        rows[row["household_id"]].append(row)
    return rows


def _groups(
    cases: Iterable[Case], ways: Mapping[str, Way]
) -> Iterable[tuple[Channel, bool, list[Case]]]:
    """Cases that are treated alike: by way, whether nothing is billed yet, and the way before."""
    groups: dict[tuple[Channel, bool, str], list[Case]] = {}
    for case in cases:
        way = ways[case.key].channel
        before = case.former.channel if case.former and case.levied else ""
        groups.setdefault((way, not case.levied, before), []).append(case)
    for (way, fresh, _before), some in groups.items():
        yield way, fresh, some


def _fresh(
    year: OrdinanceYear,
    cases: Sequence[Case],
    ways: Mapping[str, Way],
    way: str,
    totals: pl.DataFrame,
    stands: pl.DataFrame,
    notice: Notice,
) -> pl.DataFrame:
    if fiscal_year_of(notice.day) > year.fiscal_year and stands.is_empty():
        return retroactive(totals, year, notice.current, notice.day, prepays=way == "prepaid")
    from_pension = pl.col("channel") == "pension"
    if way == "pension":
        others = stands.filter(~from_pension)
        return pension_yearly(totals, _withheld(year, cases, ways), year, provisional=others)
    if notice.stop_pension_from is not None:
        stands = stands.filter(~from_pension | pl.col("term").is_in(_paid_from(year, notice)))
    place: Callable[..., pl.DataFrame] = prepaid if way == "prepaid" else in_terms
    return place(totals, year, provisional=stands, notice=notice.day)


def _other_way(
    year: OrdinanceYear, way: str, totals: pl.DataFrame, stands: pl.DataFrame, notice: Notice
) -> pl.DataFrame:
    """What a notice can no longer precede stays; the rest goes the other way."""
    least = notice.day + timedelta(days=notice_days(year))
    due = pl.col("due") < least
    pension = pl.col("channel") == "pension"
    if not stands.filter(pension).is_empty():
        if notice.stop_pension_from is None:
            raise BillingError(
                _(
                    "Households no longer pay from a pension: say from which month nothing is "
                    "withheld any more (--stop-pension-from)."
                )
            )
        due = pl.when(pension).then(pl.col("term").is_in(_paid_from(year, notice))).otherwise(due)
    place: Callable[..., pl.DataFrame] = prepaid if way == "prepaid" else in_terms
    return place(totals, year, provisional=stands.filter(due), notice=notice.day)


def _paid_from(year: OrdinanceYear, notice: Notice) -> list[int]:
    """The payments of a pension that still pay when collection from it stops."""
    stop = notice.stop_pension_from
    return [term for term in range(1, 7) if stop is None or month_of(term, year) < stop]


def _totals(year: OrdinanceYear, cases: Sequence[Case]) -> pl.DataFrame:
    rows = [(year.insurer.code, case.key, case.total) for case in cases]
    schema = {**dict.fromkeys(KEYS, pl.String()), "total": pl.Int64()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _stands(year: OrdinanceYear, cases: Sequence[Case]) -> pl.DataFrame:
    rows = [
        {**demand, "insurer_code": year.insurer.code, "household_id": case.key}
        for case in cases
        for demand in case.demands
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _withheld(year: OrdinanceYear, cases: Sequence[Case], ways: Mapping[str, Way]) -> pl.DataFrame:
    """What pensions pay from April to August: as their payers told, or as it is demanded."""
    rows = []
    for case in cases:
        told = dict(ways[case.key].withheld or {})
        if not any(told.values()):
            demanded = {one["term"]: one["amount"] for one in case.demands if _of_pension(one)}
            told = {month: demanded.get(n, 0) for n, month in enumerate(WITHHELD, start=1)}
        rows.append({"insurer_code": year.insurer.code, "household_id": case.key, **told})
    schema = {**dict.fromkeys(KEYS, pl.String()), **dict.fromkeys(WITHHELD, pl.Int64())}
    return pl.DataFrame(rows, schema=schema)


def _of_pension(demand: Mapping[str, Any]) -> bool:
    return bool(demand["channel"] == "pension" and demand["reason"] == "provisional")
