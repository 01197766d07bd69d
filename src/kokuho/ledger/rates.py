"""Rates of interest by calendar year (暦年), as whole numerators over one million."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.base.money import rate_numerator
from kokuho.law import interest_rates

_ = translator("ledger")


@dataclass(frozen=True)
class YearRates:
    """The rates of one calendar year: 2.4 % is 24,000.

    ``deferral`` is the rate above which the interest of deferred days is waived
    (猶予特例基準割合); without it no deferral of that year can be computed.
    """

    year: int
    first: int
    after: int
    deferral: int | None = None

    @classmethod
    def of(cls, year: int, first: str, after: str, deferral: str | None = None) -> YearRates:
        """Rates as they are printed, in percent: ``YearRates.of(2022, "2.4", "8.7")``.

        Raises:
            ValueError: not a decimal number, or finer than one millionth.
        """

        def ppm(percent: str) -> int:
            try:
                return rate_numerator(Decimal(percent).scaleb(-2))
            except InvalidOperation:
                raise ValueError(f"not a decimal number: {percent!r}") from None

        return cls(year, ppm(first), ppm(after), None if deferral is None else ppm(deferral))


def law_rates(years: Iterable[int]) -> tuple[YearRates, ...]:
    """The law's rates of delinquency interest (地方税法723条・附則3条の2).

    Raises:
        LawError: a year whose rates are not known; another year's are never used.
    """
    found = ((year, interest_rates(year)) for year in sorted(set(years)))
    return tuple(
        YearRates(
            year,
            rate_numerator(rates.first),
            rate_numerator(rates.after),
            rate_numerator(rates.deferral),
        )
        for year, rates in found
    )


def refund_rates(years: Iterable[int]) -> tuple[YearRates, ...]:
    """The law's rates of interest on refunds (還付加算金, 地方税法17条の4・附則3条の2第4項).

    Raises:
        LawError: a year whose rates are not known.
    """
    found = ((year, interest_rates(year).refund) for year in sorted(set(years)))
    return tuple(
        YearRates(year, rate_numerator(rate), rate_numerator(rate)) for year, rate in found
    )


def rate_frame(rates: Iterable[YearRates], first: date, last: date) -> pl.DataFrame:
    """The rates of the years from ``first`` to ``last``, one row a year.

    Raises:
        LedgerError: the rates of a year in between were not given, or those of one twice.
    """
    given = list(rates)
    by_year = {one.year: one for one in given}
    if len(by_year) < len(given):
        raise LedgerError(_("the rates of a year were given twice"))
    years = range(first.year, last.year + 1)
    if missing := [year for year in years if year not in by_year]:
        raise LedgerError(
            _("no rates were given for {years}; another year's are never used").format(
                years=", ".join(map(str, missing))
            )
        )
    used = [by_year[year] for year in years]
    return pl.DataFrame(
        {
            "year_first": [date(one.year, 1, 1) for one in used],
            "year_last": [date(one.year, 12, 31) for one in used],
            "first_rate": [one.first for one in used],
            "after_rate": [one.after for one in used],
            "deferral_rate": [one.deferral for one in used],
        },
        schema={
            "year_first": pl.Date,
            "year_last": pl.Date,
            "first_rate": pl.Int64,
            "after_rate": pl.Int64,
            "deferral_rate": pl.Int64,
        },
    )
