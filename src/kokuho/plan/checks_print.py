"""Checks of the print that a plan was read from: its sheets against each other, its mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from kokuho.plan.amounts import ROWS, add, planned
from kokuho.plan.findings import Finding
from kokuho.plan.model import Correction, Plan, Reading
from kokuho.plan.report import by_sheet

_CODES = {
    "row_shifted": "print-row-shifted",
    "surplus_cell": "print-surplus",
    "surplus_line": "print-surplus",
    "row_lost": "print-lost",
    "cell_lost": "print-lost",
    "column_lost": "print-lost",
    "row_open": "print-lost",
    "sheet_lost": "print-lost",
    "misread": "print-misread",
    "unreadable": "print-misread",
    "sequence": "print-misread",
    "totals_give": "print-misread",
    "other_sheets": "print-misread",
}
"""Which finding a repair is, or a lost column or sheet; cells that merely moved with a surplus or
lost one are none, and all else that is flagged is unproved."""


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
            listed = by_sheet((one.sheet, one.text) for one in prints)
            yield Finding("printed-differently", name, listed, _taken(plan, name))
    yield from _sums(plan, readings)
    repaired = [one for one in plan.printed.corrections if one.status == "repaired"]
    yield from _grouped(one for one in repaired if one.why in _CODES)
    yield from _grouped(
        one
        for one in plan.printed.corrections
        if one.status == "flagged" and one.field not in differing and not noted(plan, one.field)
    )


def noted(plan: Plan, field: str) -> bool:
    """Whether a person has left a note on a field, or on what it is part of."""
    return any(field == note.place or field.startswith(f"{note.place}.") for note in plan.notes)


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


def _grouped(corrections: Iterable[Correction]) -> Iterator[Finding]:
    """One finding for the cells of one row of a sheet, or for a value with all its prints."""
    groups: dict[tuple[str, int, str], list[Correction]] = {}
    for one in corrections:
        code = _CODES.get(one.why, "print-unproved")
        in_table = one.field.startswith(("years.", "sheets.", "surplus"))
        row = one.field.split(".", 2)[-1] if in_table else f"{one.field}={one.taken}"
        groups.setdefault((code, one.sheet if in_table else 0, row), []).append(one)
    for (code, sheet, row), members in groups.items():
        place = f"sheets.{sheet}.{row}" if sheet else _span(members)
        prints = dict.fromkeys(one.printed for one in members if one.printed)
        taken = dict.fromkeys(_shown(row, one.taken) for one in members if one.taken)
        yield Finding(code, place, " / ".join(prints) or None, " / ".join(taken) or None)


def _shown(row: str, taken: str) -> str:
    """What was taken, with separators if it is an amount."""
    return f"{int(taken):,}" if row in ROWS and taken.isdigit() else taken


def _span(members: Sequence[Correction]) -> str:
    """The place of corrections that are on no sheet; years from the first to the last."""
    first, last = members[0].field, members[-1].field
    if not first.startswith("years.") or first == last:
        return first
    _years, year, row = first.split(".", 2)
    return f"years.{year}-{last.split('.')[1]}.{row}"
