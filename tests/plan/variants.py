"""Two hundred damaged papers, read and compared with the truth, value by value.

``python -m tests.plan.variants`` prints the counts that ``docs/plan.md`` publishes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from kokuho.base.errors import PlanError
from kokuho.plan import ROWS, Declared, Plan, PlanRead, read_plan, resolve
from kokuho.plan.text import parse
from tests.plan.corruption import corrupt
from tests.plan.invented import invent, pages

COUNCIL = Path(__file__).parent / "data" / "koganei_council_2025_3.txt"
COUNT, SEED = 200, 1


@dataclass(frozen=True)
class Variant:
    """A damaged paper: the plan that it was, the events, the text, and what was read from it."""

    name: str
    truth: Plan
    events: tuple[str, ...]
    text: str
    read: PlanRead | None

    def differences(self) -> dict[str, tuple[Any, Any]]:
        """Values that are not the truth: field, true value, taken value."""
        if self.read is None:
            return {}
        true, taken = values_of(self.truth), values_of(self.read.plan)
        return {
            field: (true.get(field), taken.get(field))
            for field in true.keys() | taken.keys()
            if true.get(field) != taken.get(field)
        }

    def silent(self) -> dict[str, tuple[Any, Any]]:
        """Wrong values that nobody was told of."""
        if self.read is None:
            return {}
        told = _Told(self.read)
        return {field: pair for field, pair in self.differences().items() if field not in told}


class _Told:
    """The fields that a report tells a person to look at."""

    # a title decides kind and draft; a year decides from when on the deficit is reduced
    _OWNERS: ClassVar = {
        "document.kind": "document.title",
        "document.draft": "document.title",
        "current_deficit.basis": "current_deficit.amount",
        "current_deficit.reduced_from": "current_deficit.year",
    }

    def __init__(self, read: PlanRead) -> None:
        self.plan = read.plan
        self.flagged = {_by_years(field, read.plan) for field in read.report.flagged()}

    def __contains__(self, field: str) -> bool:
        if field in self.flagged:
            return True
        if field.endswith(".rate"):
            return field.removesuffix(".rate") in self
        if field.startswith("measures."):
            return "measures" in self.flagged
        if field.startswith("sheets."):
            # a sheet that was not found: its years are flagged instead
            _sheets, years, row = field.split(".")
            return years not in self._sheets and f"years.{years[-4:]}.{row}" in self
        if field.startswith("years.") and int(field.split(".")[1]) not in self.plan.period.years:
            return {"period.first_year", "period.last_year"} <= self.flagged
        return self._OWNERS.get(field) in self.flagged

    @property
    def _sheets(self) -> set[str]:
        return {_span(sheet) for sheet in self.plan.declared}


def _span(sheet: Declared) -> str:
    return f"{sheet.first_year}-{sheet.last_year}"


def _by_years(field: str, plan: Plan) -> str:
    """A field of a sheet by the years of the sheet: a lost page changes the numbers of others."""
    start, _dot, rest = field.partition(".")
    number, _dot, row = rest.partition(".")
    if start != "sheets" or int(number) > len(plan.declared):
        return field
    return f"sheets.{_span(plan.declared[int(number) - 1])}.{row}"


def values_of(plan: Plan) -> dict[str, Any]:
    """Every value of a plan that is read from paper, by the field that a report names."""
    values: dict[str, Any] = {
        "period.first_year": plan.period.first_year,
        "period.last_year": plan.period.last_year,
        "policy.target_year": plan.policy.target_year,
        "policy.means": plan.policy.means,
        "causes": "".join(plan.causes),
    }
    for part in ("insurer", "document", "occurrence", "current_deficit"):
        section = getattr(plan, part)
        if section is not None:
            values |= {f"{part}.{key}": value for key, value in section if key != "source"}
    for entry in plan.years:
        for row in ROWS[:2]:
            values[f"years.{entry.year}.{row}"] = getattr(entry.planned, row)
        values |= _rates(f"years.{entry.year}", entry.rates)
    for sheet in plan.declared:
        by_year = zip(sheet.years, sheet.year_totals, strict=True)
        values |= {f"years.{year}.total": amount for year, amount in by_year}
        values |= {f"sheets.{_span(sheet)}.{row}": getattr(sheet, row) for row in ROWS}
        values |= _rates(f"sheets.{_span(sheet)}", sheet.rates)
    for at, measure in enumerate(plan.measures, start=1):
        values[f"measures.{at}.name"] = measure.name
        values[f"measures.{at}.amount"] = measure.amount
        values[f"measures.{at}.items"] = "".join(item.text for item in measure.items)
    return {field: value for field, value in values.items() if value not in (None, "")}


def _rates(place: str, rates: Any) -> Iterator[tuple[str, Any]]:
    return iter((f"{place}.{row}.rate", getattr(rates, row)) for row in ROWS if rates is not None)


def variants(text: str, truth: Plan, count: int, seed: int) -> Iterator[Variant]:
    """Damaged papers in turn: the council paper itself, and a new invented plan each time."""
    for number in range(count):
        random = Random(f"{seed}/{number}")
        if number % 2:
            plan = invent(random)
            paper, name = pages(plan, random), "invented"
        else:
            plan, paper, name = truth, text, "council"
        damaged, events = corrupt(paper, random)
        yield Variant(f"{name} {number}", plan, tuple(events), damaged, _read(damaged))


def _read(text: str) -> PlanRead | None:
    try:
        return resolve(parse(text, "paper.txt"))
    except PlanError:
        return None


COUNTED = (
    "papers",
    "refused as a whole",
    "values confirmed",
    "values repaired",
    "values flagged",
    "wrong and flagged",
    "wrong and not flagged",
)


def counts(read: Iterable[Variant]) -> dict[str, Counter[str]]:
    """By kind of paper: papers, values by what the report says of them, wrong values."""
    table: dict[str, Counter[str]] = {"council": Counter(), "invented": Counter()}
    for variant in read:
        row = table[variant.name.split()[0]]
        row["papers"] += 1
        if variant.read is None:
            row["refused as a whole"] += 1
            continue
        for status, count in variant.read.report.counts.items():
            row[f"values {status}"] += count
        silent = len(variant.silent())
        row["wrong and not flagged"] += silent
        row["wrong and flagged"] += len(variant.differences()) - silent
    return table


def published(table: dict[str, Counter[str]]) -> str:
    """The counts as the page on plans has them."""
    titles = {"council": "the council paper", "invented": "invented plans"}
    lines = ["| | " + " | ".join(titles.values()) + " |", "|---|---:|---:|"]
    for name in COUNTED:
        cells = " | ".join(f"{table[kind][name]:,}" for kind in titles)
        lines.append(f"| {name} | {cells} |")
    return "\n".join(lines)


def council() -> tuple[str, Plan]:
    """The text of the council paper, and the plan that a person has settled from it."""
    return COUNCIL.read_text(encoding="utf-8"), read_plan(COUNCIL).plan


@cache
def two_hundred() -> tuple[Variant, ...]:
    """The damaged papers whose counts are published, read once."""
    return tuple(variants(*council(), COUNT, SEED))


if __name__ == "__main__":
    print(published(counts(two_hundred())))
