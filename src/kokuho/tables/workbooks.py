"""The first sheet of a workbook (XLSX) as rows of text."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import polars as pl

from kokuho.base.errors import TableError
from kokuho.base.messages import translator
from kokuho.tables.records import LINE, Broken, Records

_ = translator("tables")


def workbook_records(path: Path) -> Records:
    """The rows of the first sheet; formulas count with the value that was saved last.

    Raises:
        TableError: not a readable workbook (encrypted, damaged, another format), or an empty one.
    """
    import openpyxl  # only a workbook needs it

    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that no cell value depends on
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                rows = list(_rows(book.worksheets[0]))
            finally:
                book.close()
    except (OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile, ParseError) as error:
        raise TableError(
            _("{file} is not a readable XLSX file ({reason}).").format(file=path, reason=error)
        ) from None
    if not rows:
        raise TableError(_("{file} is empty.").format(file=path))
    header = rows[0][1]
    return _records(header, rows[1:])


def _records(header: list[str], rows: list[tuple[int, list[str]]]) -> Records:
    width = len(header)
    good: list[list[Any]] = []
    broken = []
    for line, cells in rows:
        if len(cells) > width:
            expected = _("{count} cells; this line has {got}").format(count=width, got=len(cells))
            value = ",".join(cells)[:80]
            broken.append(Broken(line, value, "wrong_cell_count", expected, tuple(cells)))
        else:
            good.append([*cells, *[""] * (width - len(cells)), line])
    names = [str(position) for position in range(width)]
    schema = dict.fromkeys(names, pl.String) | {LINE: pl.Int64}
    return Records(header, pl.DataFrame(good, schema=schema, orient="row"), broken)


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, numbered as in the sheet, without empty cells at their end."""
    for line, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            yield line, cells


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        # a number shown as 00012 is an identifier with leading zeros
        form = cell.number_format
        return f"{value:0{len(form)}d}" if set(form) == {"0"} else str(value)
    if isinstance(value, datetime) and value.time() == time.min:
        value = value.date()
    return str(value)
