"""Checks of settlements against the plan: on track or off, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator

from kokuho.plan.amounts import new_increase, planned_left
from kokuho.plan.findings import Finding
from kokuho.plan.model import Actual, Occurrence, Plan
from kokuho.plan.years import runs, span


def result_findings(plan: Plan) -> Iterator[Finding]:
    """What settlements show, and what is not known of them."""
    current = plan.current_deficit
    settled_by = current.year if current is not None else None
    unknown = [
        entry.year
        for entry in plan.years
        if entry.actual == "unknown" and settled_by is not None and entry.year <= settled_by
    ]
    for run in runs(unknown):
        yield Finding("settlement-unknown", span(run))
    if plan.document.kind == "change" and not plan.versions:
        yield Finding("earlier-version-unknown", "versions")
    leaves = planned_left(plan)
    for entry in plan.years:
        if not isinstance(entry.actual, Actual):
            continue
        left, known = leaves.get(entry.year), _known(entry.actual)
        if left is not None and known > max(0, left):
            yield Finding("off-track", f"years.{entry.year}.actual", known, f"<= {max(0, left)}")
        yield from advance_findings(f"years.{entry.year}.actual", entry.actual)
        yield from _per_person(plan, entry.year, entry.actual)


def _known(actual: Actual) -> int:
    """What is known of a settled deficit: a part alone may already be more than the plan leaves."""
    return (actual.other_transfer or 0) + (actual.advance_increase or 0)


def _per_person(plan: Plan, year: int, actual: Actual) -> Iterator[Finding]:
    target, transfer = plan.per_person, actual.other_transfer
    if target is None or transfer is None or actual.insured is None:
        return
    limit = target.target_yen if year >= target.target_year else target.base_yen
    if transfer * 1000 > limit * actual.insured:
        # half up, for the message alone; the comparison above is exact
        yen = (2 * transfer * 1000 + actual.insured) // (2 * actual.insured)
        yield Finding("off-track-per-person", f"years.{year}.actual", yen, f"<= {limit}")


def advance_findings(place: str, deficit: Occurrence | Actual) -> Iterator[Finding]:
    """繰上充用金の新規増加分 against the advances of the two years, where they are given (※2)."""
    advance, stated = deficit.advance, deficit.advance_increase
    if advance is not None and stated is not None:
        increase = new_increase(advance.this_year, advance.year_before)
        if increase != stated:
            yield Finding("advance-increase", f"{place}.advance_increase", stated, increase)
