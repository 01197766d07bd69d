"""The measures of a plan with indicator, target and actual (具体的な取組の目標と実績), for paper.

It stands behind the progress sheet: as a table of its page in the PDF, as a worksheet of its own in
the workbook. It is not read back: what is typed in comes by the table of ``collection measures``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from kokuho.base.calendar import era_date
from kokuho.plan import wording
from kokuho.plan.indicators import UNITS, IndicatorRow
from kokuho.plan.model import Plan
from kokuho.plan.pages import LINE, Page, lines_of
from kokuho.plan.progress import insurer_of

NAME = "取組の目標と実績（参考様式）"

_WIDTHS = (38, 36, 18, 18, 18, 34)


def measures_data(rows: Sequence[IndicatorRow], as_of: date) -> dict[str, Any]:
    """The table as data for a template; lines of the plan in their order, indicators under each."""
    return {
        "title": wording.MEASURES_TITLE,
        "as_of": wording.MEASURES_AS_OF.format(day=era_date(as_of)),
        "columns": list(wording.MEASURES_COLUMNS),
        "groups": [
            {"text": group[0].text, "rows": [_cells(row)[1:] for row in group]}
            for group in _grouped(rows)
        ],
        "notes": list(wording.MEASURES_NOTES),
    }


def measures_page(plan: Plan, rows: Sequence[IndicatorRow], as_of: date) -> Page:
    """The worksheet."""
    page = Page(NAME, _WIDTHS)
    last = len(_WIDTHS) - 1
    page.put(0, 0, wording.PROGRESS_HEADING, "plain", to=1)
    page.put(1, 0, wording.MEASURES_TITLE, "title", to=last)
    page.put(2, 0, insurer_of(plan), "plain", to=1)
    page.put(2, last, wording.MEASURES_AS_OF.format(day=era_date(as_of)), "right")
    for column, label in enumerate(wording.MEASURES_COLUMNS):
        page.put(4, column, label, "label centred")
    at = 5
    for group in _grouped(rows):
        page.put(at, 0, group[0].text, "boxed text", rows=len(group))
        for row in group:
            cells = _cells(row)
            for column, value in enumerate(cells[1:], start=1):
                style = "boxed centred" if column in (2, 3, 4) else "boxed text"
                page.put(at, column, value, style)
            lines = [lines_of(cells[column], _WIDTHS[column]) for column in (1, 5)]
            alone = lines_of(row.text, _WIDTHS[0]) if len(group) == 1 else 1
            page.heights[at] = LINE * max(*lines, alone) + 6
            at += 1
    for note in wording.MEASURES_NOTES:
        at += 1
        page.put(at, 0, f"・{note}", "note", to=last)
        page.heights[at] = 13 * lines_of(note, sum(_WIDTHS))
    return page


def _grouped(rows: Sequence[IndicatorRow]) -> list[list[IndicatorRow]]:
    """Rows of one line of the plan together, in the order of the plan's lines."""
    order = {place: at for at, place in enumerate(dict.fromkeys(row.place for row in rows))}
    ordered = sorted(rows, key=lambda row: order[row.place])
    return [list(group) for _place, group in groupby(ordered, key=lambda row: row.place)]


def _cells(row: IndicatorRow) -> tuple[str, ...]:
    return (
        row.text, row.title, _shown(row.target, row.unit), _shown(row.actual, row.unit),
        wording.MEASURES_STANDINGS[row.state], row.note,
    )  # fmt: skip


def _shown(value: Decimal | None, unit: str) -> str:
    return "" if value is None else f"{value:,}{UNITS[unit]}"
