"""Worksheets that an office goes on working with: one typeface, A4 landscape, one page each."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from kokuho.base.errors import FormError
from kokuho.base.messages import translator

_ = translator("forms")

FACE = "BIZ UDPGothic"
"""The typeface that the workbook asks for, by the name that all systems know it under."""

_BORDER = {"border": 1}
_TINT = {"bg_color": "#EEF3F6", "text_wrap": True, **_BORDER}

STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14, "align": "center"},
    "centred": {"align": "center"},
    "centred small": {"align": "center", "font_size": 8.5},
    "label": _TINT,
    "label centred": {**_TINT, "align": "center"},
    "upright": {**_TINT, "align": "center", "rotation": 270},
    "boxed centred": {**_BORDER, "align": "center", "text_wrap": True},
    "boxed right": {**_BORDER, "align": "right"},
    "boxed text": {**_BORDER, "text_wrap": True},
    "boxed top": {**_BORDER, "text_wrap": True, "valign": "top"},
    "amount": {**_BORDER, "align": "right", "shrink": True},
    "amount upper": {"align": "right", "left": 1, "right": 1, "top": 1, "shrink": True},
    "rate": {"align": "right", "left": 1, "right": 1, "bottom": 1, "shrink": True},
    "rate computed": {
        "align": "right",
        "left": 1,
        "right": 1,
        "bottom": 1,
        "font_color": "#0B4F71",
        "shrink": True,
    },
    "measure": {"bold": True, "left": 1, "text_wrap": True},
    "yield": {"bold": True, "align": "right", "right": 1, "shrink": True},
    "item": {"left": 1, "right": 1, "indent": 1, "text_wrap": True},
    "measures end": {"left": 1, "right": 1},
    "note": {"font_size": 8.5, "text_wrap": True, "valign": "top"},
    "plain": {},
    "right": {"align": "right"},
    "name": {"bottom": 1},
    "data": {"valign": "top"},
}
"""What a named style looks like; all share the typeface, its size and the vertical middle."""

_TALLEST = 950
"""Rows higher than this together, in points, would be printed too small on one page."""

_HARMLESS = ("number_stored_as_text", "formula_differs", "formula_range", "empty_cell_reference")

_LONGEST_TEXT = 32_767
"""Characters that a cell of a worksheet takes."""

_CREATED = datetime(2000, 1, 1)
"""The day kept in the file's properties: fixed, so that the same data give the same bytes."""


def workbook_bytes(pages: Sequence[Mapping[str, Any]], title: str) -> bytes:
    """An XLSX of some worksheets.

    Args:
        pages: each with ``name``, ``widths`` of columns, ``heights`` of rows in points, ``cells``
            (row, column, rows, columns, value, style, number_format, formula), ``counts``
            (ranges that take whole numbers only), ``printed`` (how many columns are printed, 0
            for all), ``frozen`` (rows that stay in view, the last of them printed on each page) and
            ``hidden``.
        title: kept in the file's properties.

    Raises:
        FormError: a text is too long for a cell.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": title, "created": _CREATED})
    book.formats[0].set_font_name(FACE)
    writer = _Writer(book)
    for page in pages:
        writer.write(page)
    book.close()
    return buffer.getvalue()


class _Writer:
    def __init__(self, book: Any) -> None:
        self.book = book
        self.formats: dict[tuple[str, str], Any] = {}

    def style(self, name: str, number_format: str) -> Any:
        key = name, number_format
        if key not in self.formats:
            look = {"font_name": FACE, "font_size": 10, "valign": "vcenter", **STYLES[name]}
            if number_format:
                look["num_format"] = number_format
            self.formats[key] = self.book.add_format(look)
        return self.formats[key]

    def write(self, page: Mapping[str, Any]) -> None:
        sheet = self.book.add_worksheet(page["name"])
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.35, bottom=0.35)
        sheet.center_horizontally()
        tall = sum(page["heights"].values())
        sheet.fit_to_pages(1, 1 if tall <= _TALLEST else 0)
        sheet.hide_gridlines(2)
        for column, width in enumerate(page["widths"]):
            sheet.set_column(column, column, width)
        for row, height in page["heights"].items():
            sheet.set_row(row, height)
        for cell in page["cells"]:
            self._cell(sheet, cell)
        if page["cells"] and not page["hidden"]:
            last = max(cell["row"] + cell["rows"] for cell in page["cells"]) - 1
            sheet.print_area(0, 0, last, (page["printed"] or len(page["widths"])) - 1)
            # no green corners: an insurer's number is text, and sums skip the rows of rates
            area = f"A1:{chr(ord('A') + len(page['widths']) - 1)}{last + 1}"
            sheet.ignore_errors(dict.fromkeys(_HARMLESS, area))
        for area in page["counts"]:
            sheet.data_validation(
                *area,
                {
                    "validate": "integer",
                    "criteria": ">=",
                    "value": 0,
                    "error_title": _("Amount"),
                    "error_message": _("A whole number of thousands of yen, 0 or more."),
                },
            )
        if page["frozen"]:
            sheet.freeze_panes(page["frozen"], 0)
            sheet.repeat_rows(page["frozen"] - 1)
        if page["hidden"]:
            sheet.hide()

    def _cell(self, sheet: Any, cell: Mapping[str, Any]) -> None:
        row, column, value = cell["row"], cell["column"], cell["value"]
        style = self.style(cell["style"], cell["number_format"])
        if cell["rows"] > 1 or cell["columns"] > 1:
            last = row + cell["rows"] - 1, column + cell["columns"] - 1
            sheet.merge_range(row, column, *last, "", style)
        number = float(value) if isinstance(value, Decimal) else value
        if isinstance(number, str) and len(number) > _LONGEST_TEXT:
            # the library would leave it out without a word
            raise FormError(
                _(
                    "A text of {count:,} characters does not fit into a cell (at most {most:,})."
                ).format(count=len(number), most=_LONGEST_TEXT)
            )
        if cell["formula"]:
            sheet.write_formula(
                row, column, cell["formula"], style, "" if number is None else number
            )
        elif number is None or number == "":
            sheet.write_blank(row, column, None, style)
        elif isinstance(number, str):
            sheet.write_string(row, column, number, style)
        else:
            sheet.write_number(row, column, number, style)
