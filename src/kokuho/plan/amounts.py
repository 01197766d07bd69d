"""The plan's arithmetic: sums, the base of a year, what remains, rates, new increases.

Everything is exact; a sum with an unknown term is unknown (``None``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kokuho.base.calendar import fiscal_year_of
from kokuho.plan.model import Earlier, Measure, Plan, Rates

SHEET_YEARS = 6
"""The official form has six years on a sheet."""

LONGEST_WITHOUT_REASON = 6
"""A plan has six years or less; a longer one needs a reason (保国発0129第2号)."""

Row = Literal["other_transfer", "advance_increase", "total"]
ROWS: tuple[Row, ...] = ("other_transfer", "advance_increase", "total")
"""The rows of the form: 法定外繰入, 繰上充用金の新規増加分, 合計."""

BaseKind = Literal["settlement", "budget_estimate"]
"""A deficit of a settled year (決算), or one that a budget expects (予算推計ベース)."""


@dataclass(frozen=True)
class Base:
    """What reductions are measured against from ``first_year`` on; in thousands of yen."""

    kind: BaseKind
    year: int | None
    amount: int
    first_year: int
    last_year: int


@dataclass(frozen=True)
class Sheet:
    """One sheet of the form: up to six years, its amounts and their sums, all computed."""

    number: int
    years: tuple[int, ...]
    amounts: dict[Row, tuple[int | None, ...]]
    totals: dict[Row, int | None]


def add(amounts: Iterable[int | None]) -> int | None:
    """The sum, unknown if any term is."""
    total = 0
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def new_increase(this_year: int, year_before: int) -> int:
    """繰上充用金の新規増加分: the increase over the year before, never below 0 (※2)."""
    return max(0, this_year - year_before)


def planned(plan: Plan | Earlier, year: int, row: Row) -> int | None:
    """The planned reduction of a year, unknown where the plan does not state it."""
    entry = plan.year(year)
    if entry is None:
        return None
    return entry.planned.total if row == "total" else getattr(entry.planned, row)


def planned_sum(plan: Plan | Earlier, years: Iterable[int], row: Row = "total") -> int | None:
    """The planned reductions of some years together."""
    return add(planned(plan, year, row) for year in years)


def sheet_years(plan: Plan | Earlier) -> list[tuple[int, ...]]:
    """The years of each sheet of the official form."""
    years = tuple(plan.period.years)
    return [years[at : at + SHEET_YEARS] for at in range(0, len(years), SHEET_YEARS)]


def sheets(plan: Plan | Earlier) -> list[Sheet]:
    """The sheets of the official form, with sums of our own."""
    return [
        Sheet(
            number=number,
            years=years,
            amounts={row: tuple(planned(plan, year, row) for year in years) for row in ROWS},
            totals={row: planned_sum(plan, years, row) for row in ROWS},
        )
        for number, years in enumerate(sheet_years(plan), start=1)
    ]


def settled_deficit(plan: Plan | Earlier) -> int | None:
    """The deficit of the occurrence year that is to be reduced, after 黒字分 where it is given."""
    occurrence = plan.occurrence
    if occurrence is None:
        return None
    return occurrence.total if occurrence.after_surplus is None else occurrence.after_surplus


def base_of(plan: Plan | Earlier, year: int) -> Base | None:
    """The base of a year's rate, or None where no base is certain.

    Once a plan sets out from a current deficit, only the years that reduce it have a certain
    base: the rows before are older plan rows, and 800 million of a later budget were not theirs.
    """
    current = plan.current_deficit
    first, last = plan.period.first_year, plan.period.last_year
    if current is None:
        amount = settled_deficit(plan)
        if not amount or plan.occurrence is None:
            return None
        return Base("settlement", plan.occurrence.year, amount, first, last)
    if not current.amount or current.reduced_from is None or year < current.reduced_from:
        return None
    return Base("budget_estimate", current.year, current.amount, current.reduced_from, last)


def remaining(plan: Plan | Earlier) -> dict[int, int | None]:
    """What is left of the base after each year; years without a certain base are not there."""
    left: dict[int, int | None] = {}
    for year in plan.period.years:
        base = base_of(plan, year)
        if base is not None:
            done = planned_sum(plan, range(base.first_year, year + 1))
            left[year] = None if done is None else base.amount - done
    return left


def planned_left(plan: Plan) -> dict[int, int | None]:
    """The deficit left for each year, by the plan and before it by its earlier versions."""
    left: dict[int, int | None] = {}
    for version in plan.versions:
        left |= remaining(version)
    left |= remaining(plan)
    return left


def share(amount: int, base: int, decimals: int = 2) -> Decimal:
    """``amount / base`` in percent, half up; 100 only if all of the base is cleared (※3)."""
    scaled = amount * 100 * 10**decimals
    units = (2 * scaled + base) // (2 * base)
    if amount < base and units >= 100 * 10**decimals:
        units = scaled // base
    return Decimal(units).scaleb(-decimals)


def rates_of_years(plan: Plan | Earlier, years: Iterable[int], decimals: int = 2) -> Rates | None:
    """The computed rates of a year, or of several years that share one certain base."""
    chosen = tuple(years)
    bases = {base_of(plan, year) for year in chosen}
    base = bases.pop() if len(bases) == 1 else None
    if base is None:
        return None
    values: dict[Row, Decimal | None] = {}
    for row in ROWS:
        amount = planned_sum(plan, chosen, row)
        values[row] = None if amount is None else share(amount, base.amount, decimals)
    return Rates(**values)


def cumulative_rate(
    plan: Plan | Earlier, year: int, row: Row = "total", decimals: int = 2
) -> Decimal | None:
    """The share of the base that a row clears up to a year, from the amounts, at most 100."""
    base = base_of(plan, year)
    if base is None:
        return None
    done = planned_sum(plan, range(base.first_year, year + 1), row)
    return None if done is None else share(min(done, base.amount), base.amount, decimals)


def cumulative_rates(plan: Plan | Earlier, decimals: int = 2) -> dict[int, Decimal | None]:
    """The share of the base that is cleared after each year that has a certain base."""
    return {year: cumulative_rate(plan, year, decimals=decimals) for year in remaining(plan)}


def course(plan: Plan | Earlier) -> list[dict[str, int | str | None]]:
    """Year by year what is planned, what remains of the base, and the share cleared so far."""
    cleared = cumulative_rates(plan)
    return [
        {
            "year": year,
            "planned": planned(plan, year, "total"),
            "remaining": left,
            "cleared": None if cleared[year] is None else str(cleared[year]),
        }
        for year, left in remaining(plan).items()
    ]


def capacity(measures: Iterable[Measure], year: int) -> int | None:
    """What the measures yield in a year together; unknown while one of them states no amount."""
    return add(
        measure.yearly.get(year, measure.amount if _runs(measure, year) else 0)
        for measure in measures
    )


def _runs(measure: Measure, year: int) -> bool:
    """Whether the measure runs on any day of the fiscal year."""
    begun = measure.starts_on is None or fiscal_year_of(measure.starts_on) <= year
    ended = measure.ends_on is not None and fiscal_year_of(measure.ends_on) < year
    return begun and not ended
