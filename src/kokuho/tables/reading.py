"""Reading tables from CSV, XLSX and Parquet: good rows typed, bad rows named."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from kokuho.base.errors import TableError
from kokuho.base.messages import translator
from kokuho.tables.cells import expected, read_cells
from kokuho.tables.columns import Column
from kokuho.tables.refusals import Refusal

_ = translator("tables")

LINE = "_line"
"""The column that keeps the line of each row in its file; the header is line 1."""


@dataclass(frozen=True)
class Table:
    """The accepted rows, typed, with :data:`LINE`; and every refused cell or row.

    ``refused_keys`` has the text columns of the refused rows, so that what belongs to them can be
    found; a text that itself was missing is null there.
    """

    file: str
    frame: pl.DataFrame
    refusals: list[Refusal]
    refused_keys: pl.DataFrame

    def refused_lines(self) -> set[int]:
        """The lines that have at least one refusal."""
        return {refusal.line for refusal in self.refusals}


def read_table(path: Path, columns: Sequence[Column]) -> Table:
    """Read a table whose columns are known.

    CSV may be UTF-8 (with or without byte-order mark) or CP932; the first sheet of an XLSX is
    read; Parquet may hold typed values or text. Cells may have full-width digits, thousands
    separators and dates of the Japanese calendar; texts are kept as they are.

    Raises:
        TableError: the file cannot be read as a table, or its header lacks a required column or
            names one that is not known.
    """
    if not path.is_file():
        raise TableError(_("There is no file {file}.").format(file=path))
    texts, refusals = _texts(path)
    texts = _rename(texts, columns, path)
    return _typed(texts, columns, path, refusals)


def _texts(path: Path) -> tuple[pl.DataFrame, list[Refusal]]:
    """All cells as text, empty ones null, with their lines."""
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        try:
            frame = pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise TableError(
                _("{file} is not a readable Parquet file ({reason}).").format(
                    file=path, reason=error
                )
            ) from None
        # Parquet has no header line: its rows count from 1
        return frame.with_row_index(LINE, 1).with_columns(pl.col(LINE).cast(pl.Int64)), []
    if suffix == ".xlsx":
        rows = _xlsx_rows(path)
    elif suffix in (".csv", ".txt"):
        text = _decode(path)
        try:
            return _fast_csv(text), []
        except pl.exceptions.PolarsError:
            rows = list(csv.reader(io.StringIO(text, newline="")))
    else:
        raise TableError(_("{file}: a table is a .csv, .xlsx or .parquet file.").format(file=path))
    return _ragged(rows, path)


def _decode(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as utf8:
        try:
            return data.decode("cp932")
        except UnicodeDecodeError as cp932:
            place = max(utf8.start, cp932.start)
            raise TableError(
                _(
                    "{file}, line {line}: byte 0x{byte:02X} fits neither UTF-8 nor CP932 "
                    "(Shift_JIS); save the file in one of them."
                ).format(file=path, line=data.count(b"\n", 0, place) + 1, byte=data[place])
            ) from None


def _fast_csv(text: str) -> pl.DataFrame:
    frame = pl.read_csv(
        io.BytesIO(text.encode()), infer_schema=False, has_header=True, null_values=[""]
    )
    frame = frame.with_columns(pl.all().str.strip_chars(" \t"))
    rows = pl.int_range(2, frame.height + 2, dtype=pl.Int64, eager=True)
    if '"' in text:
        inside = frame.select(
            pl.sum_horizontal(pl.all().fill_null("").str.count_matches("\n", literal=True))
        ).to_series()
        rows = rows + inside.cast(pl.Int64).cum_sum().shift(1, fill_value=0)
    frame = frame.with_columns(
        pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in frame.columns
    )
    frame = frame.with_columns(rows.alias(LINE))
    return _without_blank(frame)


def _without_blank(frame: pl.DataFrame) -> pl.DataFrame:
    cells = [name for name in frame.columns if name != LINE]
    return frame.filter(pl.any_horizontal(pl.col(cells).is_not_null()))


def _xlsx_rows(path: Path) -> list[list[str]]:
    import openpyxl  # only a workbook needs it

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise TableError(
            _("{file} is not a readable XLSX file ({reason}).").format(file=path, reason=error)
        ) from None
    sheet = book.worksheets[0]
    rows = [[_cell_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    book.close()
    return rows


def _cell_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if hasattr(value, "date"):
        return str(value.date())
    return str(value)


def _ragged(rows: list[list[str]], path: Path) -> tuple[pl.DataFrame, list[Refusal]]:
    """Rows from the slow reader: those with too many or too few cells are refused."""
    if not rows:
        raise TableError(_("{file} is empty.").format(file=path))
    header, *body = rows
    while header and not header[-1].strip():
        header = header[:-1]
    refusals = []
    good: list[list[Any]] = []
    for line, row in enumerate(body, start=2):
        cells = list(row)
        while len(cells) > len(header) and not cells[-1].strip():
            cells.pop()
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            refusals.append(
                Refusal(
                    file=path.name,
                    line=line,
                    column="",
                    value=",".join(cells)[:80],
                    code="wrong_cell_count",
                    expected=_("{count} cells").format(count=len(header)),
                )
            )
            continue
        good.append([line, *[cell.strip(" \t") or None for cell in cells]])
    schema: dict[str, Any] = {LINE: pl.Int64} | dict.fromkeys(header, pl.String)
    if len(schema) != len(header) + 1:
        raise TableError(_("{file}: a column name stands twice in the header.").format(file=path))
    return pl.DataFrame(good, schema=schema, orient="row"), refusals


def _rename(frame: pl.DataFrame, columns: Sequence[Column], path: Path) -> pl.DataFrame:
    found: dict[str, str] = {}
    for header in frame.columns:
        if header == LINE:
            continue
        column = next((c for c in columns if c.answers_to(header)), None)
        if column is None:
            near = difflib.get_close_matches(header, [c.name for c in columns], n=1, cutoff=0.5)
            hint = _(" Did you mean {name}?").format(name=near[0]) if near else ""
            raise TableError(
                _("{file}: the column {name} is not known.{hint}").format(
                    file=path, name=header, hint=hint
                )
            )
        if column.name in found.values():
            raise TableError(
                _("{file}: the column {name} stands twice in the header.").format(
                    file=path, name=column.name
                )
            )
        found[header] = column.name
    missing = [c for c in columns if c.required and c.name not in found.values()]
    if missing:
        named = ", ".join(f"{c.name} ({c.title})" for c in missing)
        raise TableError(
            _("{file}: required columns are missing: {names}").format(file=path, names=named)
        )
    return frame.rename(found)


def _typed(
    texts: pl.DataFrame, columns: Sequence[Column], path: Path, refusals: list[Refusal]
) -> Table:
    typed: dict[str, pl.Series] = {LINE: texts[LINE]}
    bad = pl.Series([False]).new_from_index(0, texts.height)
    for column in columns:
        if column.name in texts.columns:
            cells = _plain(texts[column.name], column)
        else:
            cells = pl.Series([None], dtype=pl.String).new_from_index(0, texts.height)
        values, codes = read_cells(cells, column)
        typed |= {name: series.alias(name) for name, series in values.items()}
        wrong = codes.is_not_null()
        if wrong.any():
            bad = bad | wrong
            refused = pl.DataFrame(
                {"line": texts[LINE], "value": cells.cast(pl.String), "code": codes}
            )
            refusals += [
                Refusal(path.name, line, column.name, value or "", code, expected(column))
                for line, value, code in refused.filter(wrong).iter_rows()
            ]
    everything = pl.DataFrame(typed)
    keys = [column.name for column in columns if column.kind == "text"]
    return Table(
        file=path.name,
        frame=everything.filter(~bad),
        refusals=sorted(refusals, key=lambda r: (r.line, r.column)),
        refused_keys=everything.filter(bad).select(keys),
    )


def _plain(series: pl.Series, column: Column) -> pl.Series:
    """Text without blanks around it; what a Parquet file holds in the right type stays."""
    if series.dtype == pl.String:
        stripped = series.str.strip_chars(" \t")
        return stripped.set(stripped == "", None) if (stripped == "").any() else stripped
    native = {
        "yen": series.dtype.is_integer(),
        "count": series.dtype.is_integer(),
        "fraction": False,
        "date": series.dtype == pl.Date,
        "partial_date": series.dtype == pl.Date,
        "yes_no": series.dtype == pl.Boolean,
    }
    if native.get(column.kind):
        return series.cast(pl.Int64) if series.dtype.is_integer() else series
    return series.cast(pl.String)
