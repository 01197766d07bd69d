"""The file of a list, CSV or XLSX: the columns that the office set, in order, and no other."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from typing import Any

from kokuho.forms.workbook import workbook_bytes
from kokuho.linkage.sharing import column_title
from kokuho.office.sharing.making import Preview


def as_csv(found: Preview) -> bytes:
    """UTF-8 with a byte-order mark; a text that a spreadsheet would compute is made plain text."""
    buffer = io.StringIO()
    rows = csv.writer(buffer)
    rows.writerow(column_title(name) for name in found.settings.columns)
    for row in found.rows:
        rows.writerow(_harmless(row[name]) for name in found.settings.columns)
    return buffer.getvalue().encode("utf-8-sig")


def _harmless(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in "=+-@\t" and text else text


def as_xlsx(found: Preview) -> bytes:
    """A workbook of one sheet, the columns that are set and no other."""
    columns = found.settings.columns
    cells = [_cell(0, at, column_title(name), "label") for at, name in enumerate(columns)]
    cells += [
        _cell(line, at, "" if row[name] is None else row[name], "boxed text")
        for line, row in enumerate(found.rows, 1)
        for at, name in enumerate(columns)
    ]
    page = {
        "name": "リスト", "widths": [16] * len(columns), "heights": {}, "cells": cells,
        "counts": [], "printed": 0, "frozen": 1, "hidden": False,
    }  # fmt: skip
    return workbook_bytes([page], "滞納情報の共有リスト")


def _cell(row: int, column: int, value: Any, style: str) -> dict[str, Any]:
    return {
        "row": row, "column": column, "rows": 1, "columns": 1, "value": value, "style": style,
        "number_format": "#,##0" if isinstance(value, int) else "", "formula": "",
    }  # fmt: skip


FORMS: Mapping[str, Callable[[Preview], bytes]] = {".csv": as_csv, ".xlsx": as_xlsx}
"""How a list is written, by the end of the file's name."""
