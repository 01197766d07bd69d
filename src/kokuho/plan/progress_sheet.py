"""The progress sheet as a worksheet: it follows the form, settlements are filled in by hand.

Written by us and read back by its labels, as the form is.
"""

from __future__ import annotations

from collections.abc import Iterator

from kokuho.base.calendar import fiscal_year_name
from kokuho.plan import wording
from kokuho.plan.amounts import BaseKind, base_of
from kokuho.plan.characters import compact, fiscal_year, thousands
from kokuho.plan.form_sheets import Places
from kokuho.plan.grid import Grid
from kokuho.plan.model import Plan
from kokuho.plan.pages import LINE, Page, known, lines_of, place, pointing
from kokuho.plan.printed import PrintedResult, Value
from kokuho.plan.progress import ProgressRow, insurer_of, progress_of

NAME = "進捗状況（参考様式）"

_WIDTHS = (10, 12, 13, 13, 13, 13, 13, 13, 14, 34, 22)
_COUNT = "#,##0"
_SIGNED = '#,##0;"△"#,##0'
_HEADER = 4
_YEAR, _PLANNED, _LEFT, _OTHER, _ADVANCE, _DEFICIT = range(1, 7)
_REASON, _SOURCE = 9, 10


def progress_page(plan: Plan, places: Places) -> Page:
    """The worksheet; ``places`` are those of the form in the same workbook."""
    page = Page(NAME, _WIDTHS)
    page.put(0, 0, wording.PROGRESS_HEADING, "plain", to=2)
    page.put(1, 0, wording.PROGRESS_TITLE, "title", to=_SOURCE)
    page.put(2, 0, insurer_of(plan), "plain", to=4)
    page.put(2, _SOURCE, wording.UNIT, "right")
    for column, label in enumerate(wording.PROGRESS_COLUMNS):
        settled = _OTHER <= column <= _DEFICIT
        row, rows = (_HEADER + 1, 1) if settled else (_HEADER, 2)
        page.put(row, column, label, "label centred", rows=rows)
    page.put(_HEADER, _OTHER, wording.SETTLEMENT, "label centred", to=_DEFICIT)
    page.heights |= {1: 24, 3: 6, _HEADER: 18, _HEADER + 1: 32}
    top = _HEADER + 2
    starts: dict[BaseKind, int] = {}
    for at, row_data in enumerate(progress_of(plan)):
        base = base_of(plan, row_data.year)
        left = ""
        if base is not None:
            start = starts.setdefault(base.kind, top + at)
            left = _left(places.bases[base.kind], start, top + at)
        _write(page, top + at, at, row_data, places.totals[at], left)
    end = top + len(plan.period)
    page.counts.append((top, _OTHER, end - 1, _ADVANCE))
    for at, note in enumerate(wording.PROGRESS_NOTES, start=end + 1):
        page.put(at, 0, f"・{note}", "note", to=_SOURCE)
        page.heights[at] = 13 * lines_of(note, sum(_WIDTHS))
    return page


def _write(page: Page, at: int, ordinal: int, row: ProgressRow, total: str, left: str) -> None:
    other, advance, deficit, goal = (
        place(at, column) for column in (_OTHER, _ADVANCE, _DEFICIT, _LEFT)
    )
    cells = (
        (wording.ORDINAL.format(number=ordinal + 1), "boxed centred", "", ""),
        (fiscal_year_name(row.year), "boxed centred", "", ""),
        (row.planned, "amount", _COUNT, pointing(total)),
        (row.left, "amount", _COUNT, left),
        (row.other_transfer, "amount", _COUNT, ""),
        (row.advance_increase, "amount", _COUNT, ""),
        (row.deficit, "amount", _COUNT, known("{}+{}", other, advance)),
        (row.difference, "amount", _SIGNED, known("{}-{}", deficit, goal)),
        (wording.STANDINGS[row.standing], "boxed centred", "", _standing(goal, deficit)),
        (row.reason, "boxed text", "", ""),
        (row.source, "boxed text", "", ""),
    )
    for column, (value, style, number_format, formula) in enumerate(cells):
        page.put(at, column, value, style, number_format=number_format, formula=formula)
    lines = (lines_of(row.reason, _WIDTHS[_REASON]), lines_of(row.source, _WIDTHS[_SOURCE]))
    page.heights[at] = LINE * max(lines) + 6


def _left(base: str, start: int, at: int) -> str:
    """The base less all that is planned up to a year, unknown while one of them is."""
    planned = f"{place(start, _PLANNED)}:{place(at, _PLANNED)}"
    count = at - start + 2
    return f'=IF(COUNT({base},{planned})={count},MAX(0,{base}-SUM({planned})),"")'


def _standing(goal: str, deficit: str) -> str:
    words = wording.STANDINGS
    return (
        f'=IF({deficit}="","{words["unknown"]}",IF({goal}="","{words["not_comparable"]}",'
        f'IF({deficit}>{goal},"{words["off_track"]}","{words["on_track"]}")))'
    )


def is_progress(grid: Grid) -> bool:
    """Whether a worksheet is a progress sheet."""
    return any(compact(cell.text) == wording.PROGRESS_TITLE for cell in grid.cells)


def read_progress(grid: Grid) -> Iterator[PrintedResult]:
    """The settlements that a progress sheet has, blank ones too; columns by their labels."""
    labels = {compact(label): at for at, label in enumerate(map(_plain, wording.PROGRESS_COLUMNS))}
    columns: dict[int, int] = {}
    for cell in grid.cells:
        if (at := labels.get(compact(cell.text))) is not None:
            columns.setdefault(at, cell.column)
    if not {_YEAR, _OTHER, _ADVANCE} <= columns.keys():
        return
    for row in grid.between(0):
        texts = {cell.column: " ".join(cell.text.split()) for cell in row}
        year, other, advance, reason, source = (
            texts.get(columns.get(at, -1), "") for at in (_YEAR, _OTHER, _ADVANCE, _REASON, _SOURCE)
        )
        if (fiscal := fiscal_year(year)) is not None:
            yield PrintedResult(fiscal, _amount(other), _amount(advance), reason, source)


def _plain(label: str) -> str:
    return label.replace("（", "(").replace("）", ")").replace("－", "-")


def _amount(text: str) -> Value:
    return Value(text, thousands(compact(text).removesuffix("千円")) if text else None)
