"""Reading tables from CSV, XLSX and Parquet: good rows typed, bad rows named."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path

import polars as pl

from kokuho.base.errors import TableError
from kokuho.base.messages import translator
from kokuho.tables.cells import expected, read_cells
from kokuho.tables.columns import Column, plain
from kokuho.tables.records import LINE, Broken, Records, csv_records
from kokuho.tables.refusals import Refusal
from kokuho.tables.workbooks import workbook_records

_ = translator("tables")


@dataclass(frozen=True)
class Table:
    """The accepted rows, typed, with :data:`LINE`; and every refused cell or row.

    ``refused_keys`` has the text columns and :data:`LINE` of the refused rows, so that what belongs
    to them can be found; a text that is missing or cannot be read is null there. ``cells`` has the
    rows as they stand in the file, so that a later refusal can show what was written; ``given`` the
    names of the columns in its header.
    """

    file: str
    frame: pl.DataFrame
    refusals: list[Refusal]
    refused_keys: pl.DataFrame
    cells: pl.DataFrame
    given: frozenset[str]

    def refused_lines(self) -> set[int]:
        """The lines that have at least one refusal."""
        return {refusal.line for refusal in self.refusals}


def read_table(path: Path, columns: Sequence[Column]) -> Table:
    """Read a table whose columns are known.

    CSV may be UTF-8 (with or without byte-order mark) or CP932; the first sheet of an XLSX is
    read; Parquet may hold typed values or text. Cells may have full-width digits, thousands
    separators and dates of the Japanese calendar; texts are kept as they are. A row with a bad
    cell, a line with too many or too few cells, with bytes of no encoding or a quote left open is
    refused alone. Lines are those of the file, its header is line 1; a Parquet file has no header
    and its rows count from 1.

    Raises:
        TableError: the file cannot be read as a table, or its header lacks a required column or
            names one that is not known.
    """
    if not path.is_file():
        raise TableError(_("There is no file {file}.").format(file=path))
    try:
        records = _records(path)
    except OSError as error:
        raise TableError(
            _("{file} cannot be read: {reason}").format(file=path, reason=error.strerror or error)
        ) from None
    places = _places(records, columns, path)
    given = [column for column in columns if column.name in places]
    cells = records.frame.select(
        LINE, *(pl.col(places[column.name]).alias(column.name) for column in given)
    )
    if not records.clean:
        cells = _trimmed(cells)
    if path.suffix.lower() != ".parquet":
        cells = cells.filter(~pl.all_horizontal(pl.exclude(LINE).is_null()))
    absent = [column for column in columns if column.name not in places]
    cells = cells.with_columns(pl.lit(None, dtype=pl.String).alias(c.name) for c in absent)
    return _table(cells, columns, records.broken, places, path.name)


def table_of(rows: pl.DataFrame, columns: Sequence[Column], file: str) -> Table:
    """A table whose rows were read otherwise, typed and refused as :func:`read_table` does.

    Args:
        rows: :data:`LINE` and texts by the canonical names of columns; others are left out.
        columns: those that are known.
        file: the name of the file, for messages.

    Raises:
        TableError: a required column is missing.
    """
    given = [column.name for column in columns if column.name in rows.columns]
    if missing := [c for c in columns if c.required and c.name not in given]:
        named = ", ".join(f"{c.name} ({c.title})" for c in missing)
        raise TableError(
            _("{file}: required columns are missing: {names}").format(file=file, names=named)
        )
    cells = _trimmed(rows.select(LINE, *given)).with_columns(
        pl.lit(None, dtype=pl.String).alias(c.name) for c in columns if c.name not in given
    )
    return _table(cells, columns, (), {name: name for name in given}, file)


def _records(path: Path) -> Records:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return _parquet_records(path)
    if suffix == ".xlsx":
        return workbook_records(path)
    if suffix in (".csv", ".txt"):
        return csv_records(path)
    raise TableError(_("{file}: a table is a .csv, .xlsx or .parquet file.").format(file=path))


def _parquet_records(path: Path) -> Records:
    try:
        frame = pl.read_parquet(path)
        header = frame.columns
        frame.columns = [str(place) for place in range(frame.width)]
        if nested := [name for name, dtype in frame.schema.items() if dtype.is_nested()]:
            raise TableError(
                _("{file}: the cells of the column {name} hold more than one value.").format(
                    file=path, name=header[int(nested[0])]
                )
            )
        frame = frame.with_columns(_untyped(series) for series in frame)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise TableError(
            _("{file} is not a readable Parquet file ({reason}).").format(file=path, reason=error)
        ) from None
    lines = pl.int_range(1, frame.height + 1, dtype=pl.Int64, eager=True).alias(LINE)
    return Records(header, frame.with_columns(lines))


def _untyped(series: pl.Series) -> pl.Series:
    """Values of a type that no kind of column has, in one that some have or as text."""
    dtype = series.dtype
    if dtype.is_float():
        whole = series.cast(pl.Int64, strict=False)
        if whole.null_count() == series.null_count() and (whole.cast(dtype) == series).all():
            return whole
    if isinstance(dtype, pl.Datetime) and (series.dt.time() == time.min).all():
        return series.dt.date()
    if dtype.is_integer() or dtype in (pl.String, pl.Date, pl.Boolean):
        return series
    return series.cast(pl.String)


def _trimmed(cells: pl.DataFrame) -> pl.DataFrame:
    """Texts without the blanks around them; a cell of nothing but blanks is empty."""
    texts = pl.col(pl.String).str.strip_chars(" \t\r\n")
    return cells.with_columns(pl.when(texts.str.strip_chars_start("\u3000") != "").then(texts))


def _places(records: Records, columns: Sequence[Column], path: Path) -> dict[str, str]:
    """The place of each known column in the file."""
    names = {plain(name): c for c in columns for name in (c.name, c.title, *c.aliases)}
    found: dict[str, str] = {}
    for place, header in enumerate(records.header):
        column = names.get(plain(header)) or names.get(plain(header).removesuffix("(円)"))
        if column is None:
            if not header.strip() and records.frame[str(place)].is_null().all():
                continue  # a column without name and without a cell
            raise TableError(
                _("{file}: the column {name} is not known.{hint}").format(
                    file=path, name=header or place + 1, hint=_hint(header, list(names))
                )
            )
        if column.name in found:
            raise TableError(
                _("{file}: the column {name} stands twice in the header.").format(
                    file=path, name=column.name
                )
            )
        found[column.name] = str(place)
    if missing := [c for c in columns if c.required and c.name not in found]:
        named = ", ".join(f"{c.name} ({'、'.join((c.title, *c.aliases))})" for c in missing)
        raise TableError(
            _("{file}: required columns are missing: {names}").format(file=path, names=named)
        )
    return found


def _hint(header: str, names: list[str]) -> str:
    near = difflib.get_close_matches(plain(header), names, n=1, cutoff=0.5)
    return _(" Did you mean {name}?").format(name=near[0]) if near else ""


def _table(
    cells: pl.DataFrame,
    columns: Sequence[Column],
    broken: Sequence[Broken],
    places: dict[str, str],
    file: str,
) -> Table:
    typed, refused = read_cells(cells, columns)
    frame = pl.DataFrame({LINE: cells[LINE]} | typed)
    keys = [column.name for column in columns if column.kind == "text"]
    refused_keys = _keys_of_broken(broken, keys, places)
    refusals = [Refusal(file, b.line, "", b.value, b.code, b.expected) for b in broken]
    if refused:
        for cell in refused:
            words = expected(cell.column, cell.code)
            name = cell.column.name
            rows = cells.select(LINE, pl.col(name).cast(pl.String)).select(
                pl.all().gather(cell.rows)
            )
            refusals += [
                Refusal(file, line, name, value or "", cell.code, words, cell.column.title)
                for line, value in rows.iter_rows()
            ]
        bad = pl.concat([cell.rows for cell in refused]).unique()
        good = pl.Series([True]).new_from_index(0, frame.height).scatter(bad, False)
        refused_keys = pl.concat([refused_keys, frame.filter(~good).select(LINE, *keys)])
        frame = frame.filter(good)
    order = {column.name: number for number, column in enumerate(columns)}
    refusals.sort(key=lambda r: (r.line, order.get(r.column, -1)))
    return Table(file, frame, refusals, refused_keys.sort(LINE), cells, frozenset(places))


def _keys_of_broken(
    broken: Sequence[Broken], keys: Sequence[str], places: dict[str, str]
) -> pl.DataFrame:
    """The keys of lines that are no rows: cells count from the left, so most can be told."""
    rows = []
    for line in broken:
        cells = [cell if "\ufffd" not in cell else "" for cell in line.cells]
        at = [int(places[key]) if key in places else len(cells) for key in keys]
        rows.append([line.line, *(cells[n] or None if n < len(cells) else None for n in at)])
    schema = {LINE: pl.Int64} | dict.fromkeys(keys, pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row")
