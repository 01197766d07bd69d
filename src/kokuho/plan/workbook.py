"""The way in from XLSX: the official form, written by us or filled by hand in the same layout.

Nothing is repaired here; the outcome is what the worksheets print. A form that we wrote also keeps
its plan (see :mod:`kokuho.plan.data_sheet`).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.plan import data_sheet
from kokuho.plan.form import form_of
from kokuho.plan.form_sheets import form_pages
from kokuho.plan.grid import Grid, GridCell
from kokuho.plan.model import Plan
from kokuho.plan.printed import Kept, PrintedPlan
from kokuho.plan.progress_sheet import is_progress, read_progress
from kokuho.plan.sheet_reading import has_form, read_sheet

_ = translator("plan_form")

_REFERENCE = re.compile(r"(?<![A-Z!$'])\$?([A-Z]{1,2})\$?(\d+)(?::\$?([A-Z]{1,2})\$?(\d+))?")

_LONGEST = 100
"""Rows of a range that a formula of the form may have; longer ones are no form's."""


def read_workbook(path: Path) -> PrintedPlan:
    """The sheets that a workbook prints.

    Raises:
        PlanError: no readable XLSX, formulas that were never computed, no form in it, or a sheet
            データ that is no plan any more.
    """
    values, formulas = _opened(path, values=True), _opened(path, values=False)
    grids = {
        name: Grid(_cells(path, values[name], formulas[name]))
        for name in values.sheetnames
        if name != data_sheet.NAME and name in formulas.sheetnames
    }
    forms = [grid for grid in grids.values() if has_form(grid)]
    if not forms:
        raise PlanError(
            _(
                "{file}: no form was found. Each sheet of the form has a row "
                "計画年次 第1年次 第2年次 …"
            ).format(file=path)
        )
    kept = None
    if data_sheet.NAME in values.sheetnames:
        rows = values[data_sheet.NAME].iter_rows(max_col=1, values_only=True)
        lines = ["" if value is None else str(value) for (value,) in rows]
        kept = data_sheet.kept_plan(lines, str(path))
    progress = next((grid for grid in grids.values() if is_progress(grid)), None)
    own = kept is not None
    return PrintedPlan(
        source=path.name,
        sheets=tuple(read_sheet(grid, own) for grid in forms),
        typed=True,
        results=() if progress is None else tuple(read_progress(progress)),
        kept=None if kept is None else Kept(kept, printed_form(kept, path.name)),
    )


def printed_form(plan: Plan, source: str) -> PrintedPlan:
    """What the form of a plan prints, as a reader finds it."""
    pages, _places = form_pages(form_of(plan))
    sheets = (read_sheet(Grid(page.cells), own=True) for page in pages)
    return PrintedPlan(source, tuple(sheets), typed=True)


def _opened(path: Path, values: bool) -> Any:
    import openpyxl

    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that no cell value depends on
            warnings.simplefilter("ignore", UserWarning)
            return openpyxl.load_workbook(path, data_only=values)
    except OSError:
        raise
    except Exception as error:  # whatever the library stumbles over: the file cannot be read
        raise PlanError(
            _("{file} is not a readable XLSX file ({reason}).").format(file=path, reason=error)
        ) from None


def _cells(path: Path, values: Any, formulas: Any) -> Iterator[GridCell]:
    """The cells of a worksheet; merged ones once, at the place where they start."""
    spans = {
        (span.min_row, span.min_col): (span.size["rows"], span.size["columns"])
        for span in values.merged_cells.ranges
    }
    # only cells that are there: a stray one far out must not make millions of empty ones
    for (row, column), cell in list(formulas._cells.items()):
        if cell.value is None:
            continue
        result = values.cell(row, column)
        formula = str(cell.value) if cell.data_type == "f" else ""
        if formula and result.value is None and result.data_type == "n":
            _must_be_empty(path, formula, values, cell.coordinate)
        rows, columns = spans.get((row, column), (1, 1))
        yield GridCell(
            row=row - 1,
            column=column - 1,
            value=result.value,
            number_format="" if cell.number_format == "General" else cell.number_format,
            formula=formula,
            rows=rows,
            columns=columns,
        )


def _must_be_empty(path: Path, formula: str, values: Any, place: str) -> None:
    """A formula of numbers alone has a result; without one, it was never computed."""
    ends = [
        (start, int(row), end or start, int(last or row))
        for start, row, end, last in _REFERENCE.findall(formula)
    ]
    if any(last - row > _LONGEST for _start, row, _end, last in ends):
        return
    cells = [
        cell
        for start, row, end, last in ends
        for cells in values[f"{start}{row}:{end}{last}"]
        for cell in cells
    ]
    if cells and all(isinstance(cell.value, int | float) for cell in cells):
        raise PlanError(
            _(
                "{file}, {sheet}, {cell}: the result of the formula is not saved in the file. "
                "Open it in Excel or LibreOffice and save it there."
            ).format(file=path, sheet=values.title, cell=place)
        )
