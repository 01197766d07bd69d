"""Checks of a plan: what does not hold, and what a reader should know."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from itertools import groupby

from kokuho.plan.amounts import (
    LONGEST_WITHOUT_REASON,
    ROWS,
    Row,
    add,
    base_of,
    capacity,
    cumulative_rate,
    planned,
    planned_sum,
    rates_of_years,
    remaining,
    settled_deficit,
    sheet_years,
)
from kokuho.plan.checks_print import print_findings
from kokuho.plan.checks_results import advance_findings, result_findings
from kokuho.plan.findings import Finding
from kokuho.plan.model import CurrentDeficit, Plan, Rates
from kokuho.plan.years import runs, span

_Years = Sequence[int]


def check_plan(plan: Plan) -> list[Finding]:
    """Everything that is to be said about a plan, findings and notes, in the order of the form."""
    return [found for check in _CHECKS for found in check(plan)]


def _period(plan: Plan) -> Iterator[Finding]:
    missing = [year for year in plan.period.years if plan.year(year) is None]
    for run in runs(missing):
        yield Finding("year-missing", span(run))
    outside = [entry.year for entry in plan.years if entry.year not in plan.period.years]
    for run in runs(outside):
        yield Finding("year-outside", span(run))
    unknown = [entry.year for entry in plan.years if entry.planned.total is None]
    for run in runs(unknown):
        yield Finding("amount-unknown", span(run))
    target = plan.policy.target_year
    if target != plan.period.last_year:
        yield Finding("target-year", "policy.target_year", target, plan.period.last_year)
    length = len(plan.period)
    if length > LONGEST_WITHOUT_REASON and not plan.period.reason:
        yield Finding("length-without-reason", "period", length, f"<= {LONGEST_WITHOUT_REASON}")


def _deficit(plan: Plan) -> Iterator[Finding]:
    occurrence = plan.occurrence
    if occurrence.total is None:
        yield Finding("deficit-unknown", "occurrence.total")
    parts = add([occurrence.other_transfer, occurrence.advance_increase])
    if None not in (parts, occurrence.total) and parts != occurrence.total:
        yield Finding("deficit-total", "occurrence.total", occurrence.total, parts)
    total, surplus, after = occurrence.total, occurrence.surplus, occurrence.after_surplus
    if total is not None and surplus is not None and after is not None and total - surplus != after:
        yield Finding("deficit-total", "occurrence.after_surplus", after, total - surplus)
    subtotal = occurrence.form5_subtotal
    if subtotal is None:
        yield Finding("form5-unknown", "occurrence.form5_subtotal")
    elif occurrence.other_transfer is not None and subtotal != occurrence.other_transfer:
        yield Finding(
            "form5-differs", "occurrence.other_transfer", occurrence.other_transfer, subtotal
        )
    yield from advance_findings("occurrence", occurrence)


def _totals(plan: Plan) -> Iterator[Finding]:
    for number, sheet in enumerate(plan.declared, start=1):
        years = sheet.years
        for row in ROWS:
            ours, stated = planned_sum(plan, years, row), getattr(sheet, row)
            if row == "total":
                ours = add(sheet.year_totals)
            if None not in (ours, stated) and ours != stated:
                yield Finding("row-total", f"sheets.{number}.{row}", stated, ours)
        for year, total in zip(years, sheet.year_totals, strict=True):
            ours = planned(plan, year, "total")
            if None not in (ours, total) and ours != total:
                yield Finding("year-total", f"years.{year}.total", total, ours)
        both = add([sheet.other_transfer, sheet.advance_increase])
        if None not in (both, sheet.total) and both != sheet.total:
            yield Finding("sheet-total", f"sheets.{number}.total", sheet.total, both)
    whole = planned_sum(plan, plan.period.years)
    if None not in (whole, plan.declared_total) and whole != plan.declared_total:
        yield Finding("whole-total", "declared_total", plan.declared_total, whole)


def _reductions(plan: Plan) -> Iterator[Finding]:
    current, occurrence = plan.current_deficit, plan.occurrence
    if current is not None:
        yield Finding("two-bases", "current_deficit", current.amount, settled_deficit(plan))
        yield from _current(plan, current)
    first_of_current = current.reduced_from if current else None
    old = [y for y in plan.period.years if first_of_current is None or y < first_of_current]
    exceeded = yield from _exceeded(plan, old)
    if not exceeded and current is None:
        for row in ROWS[:2]:
            done, part = planned_sum(plan, old, row), getattr(occurrence, row)
            if done is not None and part and done > part:
                yield Finding("reduction-exceeds-deficit", f"occurrence.{row}", part, f">= {done}")
    if occurrence.advance_increase == 0:
        reducing = [year for year in old if planned(plan, year, "advance_increase")]
        for run in runs(reducing):
            amount = planned_sum(plan, run, "advance_increase")
            yield Finding("advance-without-deficit", span(run), amount, 0)
    left = remaining(plan)
    if (
        current is not None
        and (over := min((n for n in left.values() if n is not None), default=0)) < 0
    ):
        amount = current.amount or 0
        yield Finding(
            "reduction-exceeds-deficit", "current_deficit.amount", amount, f">= {amount - over}"
        )
    target = plan.policy.target_year
    last = target if target in left else max(left, default=None)
    if last is not None and (rest := left[last]) is not None and rest > 0:
        yield Finding("remaining-not-zero", f"years.{last}", rest, 0)


def _current(plan: Plan, current: CurrentDeficit) -> Iterator[Finding]:
    if current.amount is None:
        yield Finding("deficit-unknown", "current_deficit.amount")
    since = current.reduced_from
    if since not in plan.period.years:
        yield Finding("reduced-from-outside", "current_deficit.reduced_from", since)


def _exceeded(plan: Plan, years: _Years) -> Generator[Finding, None, bool]:
    """The first sheet by whose end more was to be reduced than the settled deficit."""
    deficit = settled_deficit(plan)
    if deficit is None:
        return False
    done = 0
    for number, shown in enumerate(sheet_years(plan), start=1):
        amount = planned_sum(plan, [year for year in shown if year in years])
        if amount is None:
            return False
        done += amount
        if done > deficit:
            place = f"occurrence.total, sheets.{number}.total"
            yield Finding("reduction-exceeds-deficit", place, deficit, f">= {done}")
            return True
    return False


def _rates(plan: Plan) -> Iterator[Finding]:
    uncertain = [year for year in plan.period.years if base_of(plan, year) is None]
    for run in runs(uncertain):
        yield Finding("rate-base-uncertain", span(run))
    printed: list[tuple[str, _Years, Rates | None]] = [
        (f"years.{entry.year}", [entry.year], entry.rates) for entry in plan.years
    ]
    printed += [
        (f"sheets.{number}", sheet.years, sheet.rates)
        for number, sheet in enumerate(plan.declared, start=1)
    ]
    for place, years, rates in printed:
        for row in ROWS:
            yield from _rate(plan, place, years, row, rates)


def _rate(
    plan: Plan, place: str, years: _Years, row: Row, rates: Rates | None
) -> Iterator[Finding]:
    rate = getattr(rates, row) if rates is not None else None
    base, amount = base_of(plan, years[-1]), planned_sum(plan, years, row)
    if rate is None or base is None or amount is None:
        return
    decimals = max(0, -int(rate.as_tuple().exponent))
    computed = rates_of_years(plan, years, decimals)
    right = getattr(computed, row) if computed is not None else None
    if right is not None and right != rate:
        if rate == cumulative_rate(plan, years[-1], row, decimals):
            yield Finding("rate-cumulative", f"{place}.{row}.rate", str(rate), str(right))
            return
        full = (rate == 100) != (amount == base.amount) and (rate == 100 or right == 100)
        code = "rate-hundred" if full else "rate-differs"
        yield Finding(code, f"{place}.{row}.rate", str(rate), str(right))


def _measures(plan: Plan) -> Iterator[Finding]:
    if not plan.measures:
        yield Finding("measures-missing", "measures")
    for number, measure in enumerate(plan.measures, start=1):
        if measure.amount is None and not measure.yearly:
            yield Finding("measures-unknown", f"measures.{number}.amount")

    def outcome(year: int) -> tuple[str, int | None, int | None]:
        gives, wants = capacity(plan.measures, year), planned(plan, year, "total")
        if not plan.measures or gives is None or wants is None or gives == wants:
            return "", gives, wants
        if all(year in measure.yearly for measure in plan.measures):
            return "measures-differ", gives, wants
        return ("measures-short" if gives < wants else "measures-exceed"), gives, wants

    reducing = [year for year in plan.period.years if planned(plan, year, "total")]
    for run in runs(reducing):
        for (code, gives, wants), alike in groupby(run, key=outcome):
            if code:
                yield Finding(code, f"measures, {span(list(alike))}", gives, wants)


_CHECKS: tuple[Callable[[Plan], Iterator[Finding]], ...] = (
    _period,
    _deficit,
    _totals,
    _reductions,
    _rates,
    _measures,
    result_findings,
    print_findings,
)
