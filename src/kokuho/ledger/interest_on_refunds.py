"""Interest on refunds (還付加算金): the same engine as delinquency interest, with its own start.

Source: 地方税法17条の4 (a premium follows it by 地方自治法231条の3第4項); rates 附則3条の2第4項;
roundings 20条の4の2第7項. It runs from the day after the day that the case names to the day on
which the payment was decided (支出を決定した日) or the appropriation counts, both included.

An appropriation counts from the day on which it became possible, if that is before the day on which
it was made (17条の4第1項, 17条の2第4項).

Not proved by a published figure: that the 1,000-yen cut is made on the amount of each period, where
an overpayment grew by several payments.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import cast

import polars as pl

from kokuho.base.calendar import months_after
from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.law import parameter
from kokuho.ledger.calculation import Deferral, Interest, Step
from kokuho.ledger.interest_steps import CLAIMS, DEFERRALS, spans, steps, totals
from kokuho.ledger.rates import YearRates, refund_rates
from kokuho.ledger.rules import InterestRule, interest_rule

_ = translator("ledger")
_DAY = timedelta(days=1)


class Cause(StrEnum):
    """Why an amount is overpaid; it decides from when interest runs."""

    ASSESSMENT = "assessment"  # 賦課決定の減額: 17条の4第1項1号
    INCOME_TAX = "income_tax"  # 所得税の更正・申告に基因: 1項3号
    ANNULLED = "annulled"  # 無効・取消しなど: 5項
    LAW = "law"  # 法令・条例の改正: 4項
    MISTAKE = "mistake"  # 誤納、二重納付など: 1項4号


@dataclass(frozen=True, slots=True)
class Overpaid:
    """An overpayment with the days that its case needs.

    ``payments`` are the payments of the demand, day and yen. ``happened_on`` is, by cause: the
    day on which the income tax return was filed or its correction was sent; the decision's day; the
    day on which the law made it too much. ``objected_on`` is for an annulled act, where the debtor
    spoke up before the decision.
    """

    amount: int
    cause: Cause
    payments: tuple[tuple[date, int], ...]
    happened_on: date | None = None
    objected_on: date | None = None


def _law(name: str, on: date) -> int:
    return cast("int", parameter(f"refund.{name}").on(on).value)


def interest_from(overpaid: Overpaid, paid_on: date) -> date:
    """The first day of interest on what was paid on ``paid_on``.

    Raises:
        LedgerError: a day that the case needs is missing.
        LawError: the law of that day is not known.
    """
    if overpaid.cause is Cause.ASSESSMENT:
        return paid_on + _DAY
    if overpaid.cause is Cause.MISTAKE:
        return months_after(paid_on, _law("wait_months", paid_on)) + _DAY
    if overpaid.happened_on is None:
        raise LedgerError(_("the day is missing from which interest on this refund is counted"))
    happened = overpaid.happened_on
    end = months_after(happened, _law("wait_months", happened))
    if overpaid.cause is Cause.ANNULLED and overpaid.objected_on is not None:
        objected = overpaid.objected_on
        end = min(end, months_after(objected, _law("objection_months", objected)))
    # nobody earns interest on money before it was paid
    return max(end, paid_on) + _DAY


def last_paid_first(payments: Iterable[tuple[date, int]], amount: int) -> list[tuple[date, int]]:
    """The payments that an overpayment consists of: the last one first (17条の4第3項).

    Raises:
        LedgerError: more than was paid.
    """
    rest, parts = amount, []
    for day, yen in sorted(payments, reverse=True):
        part = min(rest, yen)
        if part > 0:
            parts.append((day, part))
            rest -= part
    if rest:
        raise LedgerError(_("{amount} yen are more than was paid").format(amount=f"{amount:,}"))
    return parts


def unclaimed_days(notified_on: date, claimed_on: date | None, until: date) -> Deferral | None:
    """The days without interest because the debtor did not claim (17条の4第2項1号)."""
    first = notified_on + timedelta(days=_law("claim_days", notified_on)) + _DAY
    last = min(claimed_on or until, until)
    return Deferral(first, last, "full") if first <= last else None


def refund_interest(
    overpaid: Overpaid,
    until: date,
    *,
    without: Sequence[Deferral] = (),
    rates: Sequence[YearRates] | None = None,
) -> Interest:
    """Interest on an overpayment until the day of decision, with its steps.

    Args:
        overpaid: how much, why and from which payments.
        until: the day on which the payment was decided or the appropriation counts.
        without: days that do not count (:func:`unclaimed_days`, attachments; 17条の4第2項).
        rates: rates by year; the law's if left out.

    Raises:
        LedgerError: more than was paid, or a day that the case needs is missing.
        LawError: the law's rates of a year are not known.
    """
    claims = _periods("1", overpaid, until)
    made, total = _computed(claims, without, rates, interest_rule(until))
    return Interest(
        principal=overpaid.amount,
        due=min(first for _claim, _amount, first, _last, _band in claims) - _DAY,
        paid=until,
        rule=_without_band(interest_rule(until)),
        steps=tuple(Step(*row) for row in made.drop("claim").iter_rows()),
        sum=int(total["sum"].sum()),
        total=int(total["interest"].sum()),
    )


def refund_interests(
    many: Iterable[tuple[str, Overpaid, date]], rates: Sequence[YearRates] | None = None
) -> dict[str, int]:
    """:func:`refund_interest` in yen of many overpayments at once, by their names.

    Args:
        many: name, overpayment and last day of each; the roundings are those of the latest day.
        rates: rates by year; the law's if left out.

    Raises:
        LedgerError: as :func:`refund_interest`.
        LawError: the law's rates of a year are not known.
    """
    listed = list(many)
    if not listed:
        return {}
    claims = [row for name, one, until in listed for row in _periods(name, one, until)]
    rule = interest_rule(max(until for _name, _one, until in listed))
    _steps, total = _computed(claims, (), rates, rule)
    return dict(total.select("claim", "interest").iter_rows())


_Period = tuple[str, int, date, date, date]


def _periods(name: str, overpaid: Overpaid, until: date) -> list[_Period]:
    """The periods with one amount each, as rows of :data:`CLAIMS`."""
    parts = [
        (interest_from(overpaid, day), yen)
        for day, yen in last_paid_first(overpaid.payments, overpaid.amount)
    ]
    starts = sorted({day for day, _yen in parts})
    return [
        (name, sum(yen for day, yen in parts if day <= start), start, min(end, until), start)
        for start, end in zip(starts, [*(day - _DAY for day in starts[1:]), until], strict=True)
    ]


def _without_band(rule: InterestRule) -> InterestRule:
    """No lower rate at first: the band is empty."""
    return replace(rule, first_band_months=0)


def _computed(
    periods: Sequence[_Period],
    without: Sequence[Deferral],
    rates: Sequence[YearRates] | None,
    rule: InterestRule,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The steps and the totals of some claims; ``without`` is of a claim alone."""
    claims = pl.DataFrame(periods, schema=CLAIMS, orient="row")
    waived = pl.DataFrame(
        [("1", one.first, one.last, one.relief) for one in without], schema=DEFERRALS, orient="row"
    )
    found = spans(claims, None, waived)
    if rates is None:
        first, last = found["first"].min(), found["last"].max()
        years = range(first.year, last.year + 1) if found.height else range(0)  # type: ignore[union-attr]
        rates = refund_rates(years)
    made = steps(found, rates, _without_band(rule))
    return made, totals(made, rule)
