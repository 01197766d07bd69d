"""The printed rates (率): each is taken only where amount and base give it, or flagged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kokuho.plan.amounts import ROWS, Row, rates_of_years
from kokuho.plan.model import Plan, Rates
from kokuho.plan.printed import PrintedPlan
from kokuho.plan.report import Entry
from kokuho.plan.verdicts import SheetVerdict, field_of


def settle_rates(
    printed: PrintedPlan, plan: Plan, verdicts: Sequence[SheetVerdict]
) -> tuple[dict[str, Any], list[Entry]]:
    """The printed rates, each tested against amount and base; nothing where all are blank."""
    entries: list[Entry] = []
    texts = [
        cell.rate_text
        for sheet in printed.sheets
        for line in sheet.lines
        for cell in line.cells
        if cell.rate_text
    ]
    if not texts:
        return {}, entries
    # a rate with fewer decimals than the others may have lost one
    decimals = max(len(text.partition(".")[2]) for text in texts)
    by_year: dict[int, Rates] = {}
    of_sheet: list[Rates | None] = []
    for number, verdict in enumerate(verdicts, start=1):
        rates = [
            _rates_at(plan, number, verdict, place, decimals, entries)
            for place in range(len(verdict.years) + 1)
        ]
        by_year |= {
            year: rate for year, rate in zip(verdict.years, rates, strict=False) if rate is not None
        }
        of_sheet.append(rates[-1])
    years = tuple(
        entry.model_copy(update={"rates": by_year.get(entry.year)}) for entry in plan.years
    )
    declared = tuple(
        sheet.model_copy(update={"rates": rates})
        for sheet, rates in zip(plan.declared, of_sheet, strict=True)
    )
    return {"years": years, "declared": declared}, entries


def _rates_at(
    plan: Plan,
    number: int,
    verdict: SheetVerdict,
    place: int,
    decimals: int,
    entries: list[Entry],
) -> Rates | None:
    years = verdict.years if place == len(verdict.years) else (verdict.years[place],)
    taken: dict[Row, Any] = {}
    for row in ROWS:
        cell = verdict.cells[row][place]
        name = f"{field_of(number, verdict.years, row, place)}.rate"
        if cell and not cell.rate_text and _left_blank(verdict, row, place):
            continue
        rate = taken[row] = None if cell is None else cell.rate
        if cell is None or rate is None:
            entries.append(
                Entry(number, name, cell.rate_text if cell else "", None, "not_readable")
            )
            continue
        computed = rates_of_years(plan, years, decimals)
        right = getattr(computed, row) if computed else None
        why = "rate_holds" if right == rate else "contradicts"
        if right is None:
            why = "base_uncertain"
        entries.append(Entry(number, name, cell.rate_text, str(rate), why))
    return Rates(**taken) if taken else None


def _left_blank(verdict: SheetVerdict, row: Row, place: int) -> bool:
    """Whether a rate that is not printed was never meant to be: its row or its column has none."""
    cell = verdict.cells[row][place]
    if cell is None or cell.amount is None or row in verdict.loose:
        return False
    in_row = any(one is not None and one.rate_text for one in verdict.cells[row])
    in_column = any(
        one is not None and one.rate_text for one in (verdict.cells[other][place] for other in ROWS)
    )
    return not (in_row and in_column)
