"""Rates of delinquency interest (延滞金) and refund interest (還付加算金), by calendar year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from kokuho.base.errors import LawError
from kokuho.base.messages import translator
from kokuho.law import registry
from kokuho.law.registry import parameter

_ = translator("law")


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


_NAMES = ("interest.first", "interest.after", "interest.refund", "interest.deferral")


def _rate(name: str, year: int) -> Decimal | None:
    # asked on the last day too: a rate that ends within the year is not the year's rate
    entry = parameter(name)
    if entry.find(date(year, 12, 31)) is None:
        return None
    found = entry.find(date(year, 1, 1))
    return None if found is None else cast("Decimal", found.value)


def interest_rates(year: int) -> InterestRates:
    """The interest rates of a calendar year.

    Raises:
        LawError: the rates of that year are not known; another year's are never used.
    """
    rates = {name: _rate(name, year) for name in _NAMES}
    first, after, refund, deferral = rates.values()
    if first is None or after is None or refund is None or deferral is None:
        raise LawError(
            _(
                "the special rates of interest of {year} are not in the law data: {names}. "
                "They are announced in December of the year before; add a row of {year} for each "
                "to {file}. The rates of another year are not used."
            ).format(
                year=year,
                names=", ".join(name for name, rate in rates.items() if rate is None),
                file=registry.DATA / "interest.yaml",
            )
        )
    return InterestRates(first, after, refund, deferral)
