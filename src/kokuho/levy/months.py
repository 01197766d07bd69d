"""Months of the fiscal year as sets of bits, read from dates by tables made in plain Python.

A *mask* holds one bit a month, bit 0 for April to bit 11 for March. A date becomes a mask by a
look-up: each rule about dates (joining, leaving, turning 40, 65 or 75, a maternity exemption) is a
function of one day, written below and called once for every day of its window, so that leap years
and the day-before-birthday rule (年齢計算ニ関スル法律) stand in ordinary date arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import polars as pl

from kokuho.base.calendar import birthday, first_day_of_year, fiscal_year_of, last_day_of_year
from kokuho.levy.few import for_few

MONTHS = 12
ALL_MONTHS: int = 2**MONTHS - 1
MASK = pl.Int16
LONGEST_MATERNITY = 6
"""The longest span that a record may hold: multiple birth, three months before to two after."""
_DAY = timedelta(days=1)


def month_index(day: date, fiscal_year: int) -> int:
    """Months from April of the fiscal year to the month of ``day``; negative before."""
    return (day.year - fiscal_year) * 12 + day.month - 4


def months_from(index: int) -> int:
    """The mask of the months from ``index`` on."""
    return ALL_MONTHS - months_until(index)


def months_until(index: int) -> int:
    """The mask of the months before ``index``."""
    return sum(1 << month for month in range(min(max(index, 0), MONTHS)))


def months_between(first: int, end: int) -> int:
    """The mask of the months from ``first`` to the one before ``end``."""
    return months_from(first) & months_until(end)


def months_joined(day: date, fiscal_year: int) -> int:
    """The months of somebody who joins on a day: from its month on (資格取得の日の属する月から)."""
    return months_from(month_index(day, fiscal_year))


def months_left(day: date, fiscal_year: int) -> int:
    """The months of somebody who leaves on a day (資格喪失日): those before its month.

    Loss on the last day of a month counts that month.
    """
    return months_until(month_index(day + _DAY, fiscal_year))


def look_up(
    column: str, first: date, last: date, rule: Callable[[date], int], *, empty: int
) -> pl.Expr:
    """The mask that ``rule`` gives for the date in ``column``, a date that few rows have.

    Days before ``first`` count as ``first`` and days after ``last`` as ``last``, so the window must
    reach to where the rule no longer changes. An empty date gives ``empty``.
    """
    other = pl.lit(empty, dtype=MASK)
    return for_few(pl.col(column).is_not_null(), _table(column, first, last, rule), other, MASK)


def look_up_birth(first: date, last: date, rule: Callable[[date], int]) -> pl.Expr:
    """As :func:`look_up`, for a date that everybody has and of which few lie in the window."""
    born = pl.col("birth_date")
    outside = (
        pl.when(born < first)
        .then(pl.lit(rule(first), dtype=MASK))
        .when(born > last)
        .then(pl.lit(rule(last), dtype=MASK))
        .otherwise(pl.lit(ALL_MONTHS, dtype=MASK))
    )
    found = _table("birth_date", first, last, rule)
    return for_few(born.is_between(first, last), found, outside, MASK)


def _table(column: str, first: date, last: date, rule: Callable[[date], int]) -> pl.Expr:
    days = (last - first).days
    table = pl.Series([rule(first + n * _DAY) for n in range(days + 1)], dtype=MASK)
    return pl.lit(table).gather(_days_after(first, column, days))


def _days_after(first: date, column: str, last: int) -> pl.Expr:
    """Days from ``first`` to the date in ``column``, not below 0 and not above ``last``."""
    return (pl.col(column).cast(pl.Int32) - (first - date(1970, 1, 1)).days).clip(0, last)


@cache
def joined(fiscal_year: int) -> pl.Expr:
    """Months from the month of joining."""
    return look_up(
        "joined_on",
        first_day_of_year(fiscal_year),
        last_day_of_year(fiscal_year) + _DAY,
        lambda day: months_joined(day, fiscal_year),
        empty=ALL_MONTHS,
    )


@cache
def left(fiscal_year: int) -> pl.Expr:
    """Months before the month of loss."""
    return look_up(
        "left_on",
        first_day_of_year(fiscal_year) - _DAY,
        last_day_of_year(fiscal_year),
        lambda day: months_left(day, fiscal_year),
        empty=ALL_MONTHS,
    )


def _birth_window(fiscal_year: int, age: int) -> tuple[date, date]:
    """The births that reach ``age`` in the year, with a margin of some days on both sides."""
    return date(fiscal_year - age, 3, 25), date(fiscal_year - age + 1, 4, 8)


@cache
def reaches(fiscal_year: int, age: int, *, month_of_reaching: bool) -> pl.Expr:
    """Months from the one in which ``age`` is reached, the day before the birthday; or before it.

    ``month_of_reaching=True`` gives the months from it on (40), ``False`` those before it (65).
    """
    rule = months_from if month_of_reaching else months_until

    def of_birth(born: date) -> int:
        return rule(month_index(birthday(born, age) - _DAY, fiscal_year))

    return look_up_birth(*_birth_window(fiscal_year, age), of_birth)


@cache
def before_birthday(fiscal_year: int, age: int) -> pl.Expr:
    """Months before the month of the birthday itself (75: 後期高齢者医療 from the birthday)."""

    def of_birth(born: date) -> int:
        return months_until(month_index(birthday(born, age), fiscal_year))

    return look_up_birth(*_birth_window(fiscal_year, age), of_birth)


@cache
def to_end_of_next_year(fiscal_year: int, column: str) -> pl.Expr:
    """Months from a day to the end of the fiscal year after the one in which it lies (失業)."""

    def rule(day: date) -> int:
        if fiscal_year_of(day) < fiscal_year - 1:
            return 0
        return months_from(month_index(day, fiscal_year))

    return look_up(
        column,
        first_day_of_year(fiscal_year - 1) - _DAY,
        last_day_of_year(fiscal_year) + _DAY,
        rule,
        empty=0,
    )


@cache
def span(fiscal_year: int, column: str, first_month: int, months: int) -> pl.Expr:
    """``months`` months, ``first_month`` months after the month of the date in ``column``."""

    def rule(day: date) -> int:
        start = month_index(day, fiscal_year) + first_month
        return months_between(start, start + months)

    back = (first_month + months) // 12 + 1
    return look_up(
        column,
        first_day_of_year(fiscal_year - back),
        last_day_of_year(fiscal_year) + _DAY,
        rule,
        empty=0,
    )


@cache
def onwards(fiscal_year: int, column: str) -> pl.Expr:
    """Months from the month of the date in ``column`` on, without end."""
    return look_up(
        column,
        first_day_of_year(fiscal_year),
        last_day_of_year(fiscal_year) + _DAY,
        lambda day: months_from(month_index(day, fiscal_year)),
        empty=0,
    )


@cache
def maternity(fiscal_year: int, not_before: date | None) -> pl.Expr:
    """Exempt months (産前産後): ``maternity_months`` from the month of ``maternity_from``.

    ``not_before`` is the first month that the law exempts; None before there was such a law.
    """
    if not_before is None:
        return pl.lit(0, dtype=MASK)
    floor = months_from(month_index(not_before, fiscal_year))
    first = first_day_of_year(fiscal_year - 1)
    days = (last_day_of_year(fiscal_year) + _DAY - first).days + 1
    table = []
    for length in range(LONGEST_MATERNITY + 1):
        for n in range(days):
            start = month_index(first + n * _DAY, fiscal_year)
            table.append(months_between(start, start + length) & floor)
    stated = pl.col("maternity_months")
    row = pl.when(stated.is_between(1, LONGEST_MATERNITY)).then(stated).otherwise(0)
    index = row.cast(pl.Int32) * days + _days_after(first, "maternity_from", days - 1)
    found = pl.lit(pl.Series(table, dtype=MASK)).gather(index)
    some = pl.col("maternity_from").is_not_null()
    return for_few(some, found, pl.lit(0, dtype=MASK), MASK)


def count(mask: pl.Expr) -> pl.Expr:
    """How many months a mask holds."""
    return mask.bitwise_count_ones().cast(pl.Int64)


def without(mask: pl.Expr, *others: pl.Expr) -> pl.Expr:
    """The months of ``mask`` that are in none of the others."""
    for other in others:
        mask = mask & (other ^ pl.lit(ALL_MONTHS, dtype=MASK))
    return mask
