"""One calculation of delinquency interest (延滞金), with its steps for people.

It goes the same way as a million claims: :mod:`kokuho.ledger.interest_steps` with one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger.interest_steps import CLAIMS, DEFERRALS, PAYMENTS, RELIEFS, spans, steps, totals
from kokuho.ledger.rates import YearRates, law_rates
from kokuho.ledger.rules import InterestRule, interest_rule

_ = translator("ledger")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Deferral:
    """Days of a deferral (徴収猶予・換価の猶予・執行停止), both included, and what it waives.

    ``relief`` is one of :data:`kokuho.ledger.interest_steps.RELIEFS`.
    """

    first: date
    last: date
    relief: str


@dataclass(frozen=True)
class Step:
    """Days with one amount and one rate; ``rate`` is in millionths, ``yen`` cut to the yen."""

    first: date
    last: date
    days: int
    base: int
    band: str
    rate: int
    relief: str
    yen: int


@dataclass(frozen=True)
class Interest:
    """Interest on one amount: what was put in, the steps, their sum, and the total, in yen."""

    principal: int
    due: date
    paid: date
    rule: InterestRule
    steps: tuple[Step, ...]
    sum: int
    total: int


def interest(
    principal: int,
    due: date,
    paid: date,
    *,
    rule: InterestRule | None = None,
    rates: Sequence[YearRates] | None = None,
    payments: Sequence[tuple[date, int]] = (),
    deferrals: Sequence[Deferral] = (),
    starts_on: date | None = None,
    band_starts_on: date | None = None,
) -> Interest:
    """Delinquency interest on an amount that was due on ``due`` and paid in full on ``paid``.

    Args:
        principal: the amount that was due, in yen.
        due: the due date (納期限), after any shift for holidays.
        paid: the day of (the last) payment.
        rule: roundings, thresholds and first band; the law's of ``paid`` if left out.
        rates: rates by calendar year; the law's if left out.
        payments: earlier payments in part, day and yen.
        deferrals: days on which interest is waived.
        starts_on: first day of interest, where an ordinance counts from another day than the one
            after the due date (such as the day named in the reminder).
        band_starts_on: first day of the first band; ``starts_on`` if left out.

    Raises:
        LedgerError: a negative amount, overlapping deferrals, rates of a year not given.
        LawError: the law's rates of a year are not known; another year's are never used.
    """
    if principal < 0 or any(yen < 0 for _day, yen in payments):
        raise LedgerError(_("an amount must not be negative: {amount}").format(amount=principal))
    if unknown := [one.relief for one in deferrals if one.relief not in RELIEFS]:
        raise LedgerError(
            _("relief {relief} is not one of: {reliefs}").format(
                relief=unknown[0], reliefs=", ".join(RELIEFS)
            )
        )
    rule = rule or interest_rule(paid)
    first = starts_on or due + _DAY
    claim = {
        "claim": "1",
        "amount": principal,
        "first": first,
        "last": paid,
        "band_from": band_starts_on or first,
    }
    parts = pl.DataFrame([("1", day, yen) for day, yen in payments], schema=PAYMENTS, orient="row")
    waived = pl.DataFrame(
        [("1", one.first, one.last, one.relief) for one in deferrals],
        schema=DEFERRALS,
        orient="row",
    )
    found = spans(pl.DataFrame([claim], schema=CLAIMS), parts, waived)
    if rates is None:
        rates = law_rates(range(first.year, paid.year + 1)) if found.height else ()
    made = steps(found, rates, rule)
    total = totals(made, rule)
    return Interest(
        principal=principal,
        due=due,
        paid=paid,
        rule=rule,
        steps=tuple(Step(*row) for row in made.drop("claim").iter_rows()),
        sum=int(total["sum"].sum()),
        total=int(total["interest"].sum()),
    )
