"""Checks of the print that a plan was read from: its sheets against each other, its mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from kokuho.plan.amounts import add, planned
from kokuho.plan.findings import Finding
from kokuho.plan.model import Correction, Plan, Reading

_CODES = {
    "row_shifted": "print-row-shifted",
    "surplus_cell": "print-surplus",
    "surplus_line": "print-surplus",
    "row_lost": "print-lost",
    "cell_lost": "print-lost",
    "column_lost": "print-lost",
    "misread": "print-misread",
    "unreadable": "print-misread",
    "sequence": "print-misread",
    "totals_give": "print-misread",
    "other_sheets": "print-misread",
}
"""Which finding a repair is; cells that merely moved with a surplus or lost one are none."""


def print_findings(plan: Plan) -> Iterator[Finding]:
    """Amounts that sheets print differently, repairs, and what nobody could prove."""
    if plan.printed is None:
        return
    readings = sorted(plan.printed.readings, key=attrgetter("field", "sheet"))
    differing = set()
    for name, group in groupby(readings, key=attrgetter("field")):
        prints = list(group)
        if len({one.amount for one in prints if one.amount is not None}) > 1:
            differing.add(name)
            yield Finding("printed-differently", name, _listed(prints), _taken(plan, name))
    yield from _sums(plan, readings)
    yield from _repairs(plan.printed.corrections)
    flagged = [one for one in plan.printed.corrections if one.status == "flagged"]
    seen: dict[tuple[str, str], list[str]] = {}
    for one in flagged:
        if one.field not in differing:
            seen.setdefault((one.field, one.taken), []).append(one.printed)
    for (name, taken), texts in seen.items():
        distinct = " / ".join(dict.fromkeys(text for text in texts if text)) or None
        yield Finding("print-unproved", name, distinct, taken or None)


def _listed(prints: Sequence[Reading]) -> str:
    """``50,000千円 (1) / 5000千円 (2, 3)``: each print with the sheets that have it."""
    sheets: dict[str, list[str]] = {}
    for one in prints:
        sheets.setdefault(one.text, []).append(str(one.sheet))
    return " / ".join(f"{text} ({', '.join(numbers)})" for text, numbers in sheets.items())


def _taken(plan: Plan, field: str) -> int | None:
    """What the plan takes for a field that sheets repeat."""
    part, _dot, rest = field.partition(".")
    if part == "measures":
        at = int(rest.partition(".")[0]) - 1
        return plan.measures[at].amount if at < len(plan.measures) else None
    section = getattr(plan, part)
    value = getattr(section, rest) if section is not None else None
    return value if isinstance(value, int) else None


def _sums(plan: Plan, readings: Sequence[Reading]) -> Iterator[Finding]:
    ours = add(measure.amount for measure in plan.measures)
    totals = {planned(plan, year, "total") for year in plan.period.years}
    amounts: dict[int, list[int | None]] = {}
    for one in readings:
        if one.field.startswith("measures."):
            amounts.setdefault(one.sheet, []).append(one.amount)
    for sheet, prints in sorted(amounts.items()):
        total = add(prints)
        if len(prints) == len(plan.measures) and total not in (None, ours) and total not in totals:
            yield Finding("printed-sum", f"sheets.{sheet}.measures", total, ours)


def _repairs(corrections: Sequence[Correction]) -> Iterator[Finding]:
    """Repairs, those of one kind on one sheet and row together."""
    groups: dict[tuple[str, int, str], list[Correction]] = {}
    for one in corrections:
        code = _CODES.get(one.why)
        if one.status == "repaired" and code is not None:
            row = (
                one.field.rpartition(".")[2] if one.field.startswith(("years.", "sheets.")) else ""
            )
            groups.setdefault((code, one.sheet, row or one.field), []).append(one)
    for (code, sheet, row), members in groups.items():
        prints = dict.fromkeys(one.printed for one in members if one.printed)
        taken = dict.fromkeys(one.taken for one in members if one.taken)
        yield Finding(
            code,
            f"sheets.{sheet}.{row}",
            " / ".join(prints) or None,
            " / ".join(taken) or None,
        )
