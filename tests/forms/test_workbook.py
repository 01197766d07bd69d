"""Worksheets as the house writes them."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest

from kokuho.base.errors import FormError
from kokuho.forms import workbook_bytes
from kokuho.forms.workbook import FACE, STYLES


def page(cells: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    blank = {"rows": 1, "columns": 1, "number_format": "", "formula": "", "style": "plain"}
    return {
        "name": "表",
        "widths": (10, 20, 30),
        "heights": {0: 30},
        "cells": [{**blank, **cell} for cell in cells],
        "counts": [],
        "printed": 0,
        "frozen": 0,
        "hidden": False,
        **more,
    }


def opened(*pages: dict[str, Any], values: bool = True) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(pages, "題")), data_only=values)


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_style_has_the_house_face(style: str) -> None:
    sheet = opened(page([{"row": 0, "column": 0, "value": "字", "style": style}])).active
    assert sheet["A1"].font.name == FACE


def test_text_that_looks_like_a_formula_or_a_link_stays_text() -> None:
    texts = ["=1+1", "http://example.jp", "@x", "+1"]
    cells = [{"row": at, "column": 0, "value": text} for at, text in enumerate(texts)]
    sheet = opened(page(cells), values=False).active
    assert [sheet.cell(at, 1).value for at in range(1, 5)] == texts
    assert [sheet.cell(at, 1).data_type for at in range(1, 5)] == ["s"] * 4
    assert sheet["A2"].hyperlink is None


def test_a_merged_cell_and_a_formula_keep_value_and_format() -> None:
    merged = {"row": 0, "column": 0, "rows": 2, "columns": 2, "value": "題", "style": "label"}
    total = {"row": 2, "column": 2, "value": 7, "formula": "=3+4", "number_format": "#,##0"}
    sheet = opened(page([merged, total])).active
    assert str(next(iter(sheet.merged_cells.ranges))) == "A1:B2"
    assert (sheet["A1"].value, sheet["C3"].value) == ("題", 7)
    assert sheet["C3"].number_format == "#,##0"
    assert opened(page([total]), values=False).active["C3"].value == "=3+4"


def test_amounts_take_whole_numbers_only() -> None:
    rule = opened(page([], counts=[(1, 1, 1, 2)])).active.data_validations.dataValidation[0]
    assert (str(rule.sqref), rule.type, rule.operator) == ("B2:C2", "whole", "greaterThanOrEqual")


def test_a_text_that_a_cell_cannot_take_is_refused_and_not_left_out() -> None:
    fits = page([{"row": 0, "column": 0, "value": "字" * 32_767}])
    assert len(opened(fits).active["A1"].value) == 32_767
    with pytest.raises(FormError, match="32,768"):
        workbook_bytes([page([{"row": 0, "column": 0, "value": "字" * 32_768}])], "題")


def test_only_the_columns_meant_for_paper_are_printed() -> None:
    cell = {"row": 4, "column": 0, "value": 1}
    assert opened(page([cell])).active.print_area == "'表'!$A$1:$C$5"
    assert opened(page([cell], printed=2)).active.print_area == "'表'!$A$1:$B$5"
    both = opened(page([cell]), page([cell], name="裏", hidden=True))
    assert not both["裏"].print_area


def test_a_heading_stays_in_view_and_is_printed_on_each_page() -> None:
    sheet = opened(page([{"row": 4, "column": 0, "value": 1}], frozen=3)).active
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A4", "$3:$3")


def test_a_sheet_too_high_for_one_page_goes_on_to_more() -> None:
    cells = [{"row": 0, "column": 0, "value": 1}]
    low = opened(page(cells)).active.page_setup
    high = opened(page(cells, heights=dict.fromkeys(range(90), 20))).active.page_setup
    assert low.fitToHeight in (None, 1)
    assert high.fitToHeight == 0
