"""Rates of delinquency interest (延滞金) and refund interest (還付加算金), by calendar year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from kokuho.law.registry import parameter


@dataclass(frozen=True)
class InterestRates:
    """The rates of one calendar year as exact fractions of 1 (2.8 % is ``Decimal("0.028")``).

    ``first`` holds in the first band after the due date, ``after`` from then on; both are the
    special rates (特例), not the 7.3 % and 14.6 % of the article itself. ``refund`` is for refunds,
    ``deferral`` for the days of a deferral (猶予特例基準割合): what is above it is waived.
    """

    first: Decimal
    after: Decimal
    refund: Decimal
    deferral: Decimal


def _rate(name: str, year: int) -> Decimal:
    # asked on the last day too: a rate that ends within the year is not the year's rate
    entry = parameter(name)
    entry.on(date(year, 12, 31))
    return cast("Decimal", entry.on(date(year, 1, 1)).value)


def interest_rates(year: int) -> InterestRates:
    """The interest rates of a calendar year.

    Raises:
        LawError: the rates of that year are not known; another year's are never used.
    """
    return InterestRates(
        first=_rate("interest.first", year),
        after=_rate("interest.after", year),
        refund=_rate("interest.refund", year),
        deferral=_rate("interest.deferral", year),
    )
