"""Cells of worksheets as a person reads them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from kokuho.plan.grid import Grid, GridCell, shown


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (50_000, '#,##0"千円"', "50,000千円"),
        (50_000, "", "50,000"),
        (50_000.0, "#,##0", "50,000"),
        (0, '#,##0"千円"', "0千円"),
        (70_000, '"【"#,##0"千円】"', "【70,000千円】"),
        (50_000_000, '#,##0,"千円"', "50,000千円"),
        (50_000_500, '#,##0,"千円"', "50,000.5千円"),
        (50.5, "#,##0", "50.5"),
        (6.25, '"（"0.00"%）"', "(6.25%)"),
        (Decimal("10.00"), '"（"0.00"%）"', "(10.00%)"),
        (0.0625, "0.00%", "6.25%"),
        (0.11254, "0.00%", "11.25%"),
        (0.1, "0%", "10%"),
        (1 / 16, r"\(0.00%\)", "(6.25%)"),
        (-5, '#,##0;"△"#,##0', "-5"),
        (1_000, "[$-411]#,##0_ ;[Red]-#,##0", "1,000"),
        (date(2026, 3, 31), "", "令和8年3月31日"),
        (datetime(2019, 5, 1), "", "令和元年5月1日"),
        ("５０，０００千円（％）", "", "50,000千円(%)"),
        (" ① 取組 ", "", "① 取組"),
        (None, "#,##0", ""),
        (True, "", ""),
    ],
)
def test_a_value_reads_as_displayed_and_no_digit_of_an_amount_is_hidden(
    value: Any, number_format: str, text: str
) -> None:
    assert shown(value, number_format) == text


def test_neighbours_are_found_beside_merged_cells_and_empty_cells_are_none() -> None:
    label = GridCell(1, 1, "年度", rows=2, columns=2)
    right, under = GridCell(2, 3, "右"), GridCell(3, 2, "下")
    grid = Grid([under, right, label, GridCell(1, 3, None)])
    assert grid.right_of(label) is None
    assert grid.below(label) is None
    wide = Grid([label, GridCell(1, 3, "右", rows=2), GridCell(3, 0, "下", columns=4)])
    beside, beneath = wide.right_of(label), wide.below(label)
    assert beside is not None
    assert beneath is not None
    assert (beside.text, beneath.text) == ("右", "下")
    assert list(grid.rows) == [1, 2, 3]
    assert grid.between(2) == [[right], [under]]
    assert grid.between(0, 2) == [[label]]
