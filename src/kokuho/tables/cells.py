"""Reading cells: whole columns at once, the slow way only for cells that are not plain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from kokuho.base.calendar import PartialDate, parse_date
from kokuho.base.messages import language, translator
from kokuho.base.money import rate_numerator
from kokuho.tables.columns import YES_NO, Column, plain

_ = translator("tables")

LATEST = "_latest"
"""Ending of the column that has the latest day that a partial date may be."""

_WHOLE = r"^(-?\d{1,3}(?:,\d{3})+|-?\d{1,3}(?: \d{3})+|-?\d+)(?:\.00?)?$"
_MINUS = r"^[▲△−‐‑–―ー-]"
_CURRENCY = r"^(-?)\s*[¥\\]\s*"
_YEARS = (date(1000, 1, 1), date(9999, 12, 31))


@dataclass(frozen=True)
class Refused:
    """Cells of one column that were not accepted: their rows and why."""

    column: Column
    rows: pl.Series
    code: str


def read_cells(
    cells: pl.DataFrame, columns: Sequence[Column]
) -> tuple[dict[str, pl.Series], list[Refused]]:
    """Turn the cells of a table into typed columns.

    Args:
        cells: a column for each of ``columns``: texts, trimmed and null where empty, or values
            that already have the column's type.
        columns: what the cells are.

    Returns:
        The typed columns by name, and what was refused in them; a refused cell is null or has a
        value that must not be used.
    """
    cells = cells.select(
        pl.col(column.name).cast(pl.String)
        if not _native(column, cells.schema[column.name])
        else pl.col(column.name)
        for column in columns
    )
    quick = cells.select(_quick(column, cells.schema[column.name]) for column in columns)
    typed: dict[str, pl.Series] = {}
    refused: list[Refused] = []
    for column in columns:
        raw, values = cells[column.name], quick[column.name]
        latest = values
        if values.null_count() != raw.null_count():
            rows = (values.is_null() & raw.is_not_null()).arg_true()
            slow, codes = _slow(raw.gather(rows), column)
            refused += [
                Refused(column, rows.filter(codes == code), code)
                for code in codes.drop_nulls().unique(maintain_order=True)
            ]
            latest = values.clone().scatter(rows, slow[-1])
            values = values.clone().scatter(rows, slow[0])
        refused += _out_of_bounds(values, column)
        if raw.null_count():
            if column.default is not None:
                values = values.fill_null(column.default)
            elif not column.nullable:
                refused.append(Refused(column, raw.is_null().arg_true(), "empty"))
        typed[column.name] = values
        if column.kind == "partial_date":
            typed[column.name + LATEST] = latest.alias(column.name + LATEST)
    return typed, refused


def expected(column: Column, code: str) -> str:
    """What a cell of the column should be, in words."""
    if column.kind in ("yen", "count"):
        if column.minimum is None or column.maximum is None:
            return _("a whole number")
        return _("a whole number from {low} to {high}").format(
            low=f"{column.minimum:,}", high=f"{column.maximum:,}"
        )
    if code == "date_impossible":
        return _("a date from {low} to {high}").format(low=column.minimum, high=column.maximum)
    if column.kind == "date":
        return _("a date such as 2026-04-01, 令和8年4月1日 or R8.4.1")
    if column.kind == "partial_date":
        return _("a date such as 1986-04-02 or 昭和61年4月2日; 00 for an unknown day or month")
    if column.kind == "fraction":
        return _("a decimal between 0 and 1, such as 0.5")
    if column.kind == "yes_no":
        return _("yes or no")
    if column.kind == "choice":
        return ", ".join(_choice(*choice) for choice in column.choices.items())
    return _("a text")


def _choice(value: str, others: tuple[str, ...]) -> str:
    return f"{value}({others[0]})" if others and language() == "ja" else value


def _native(column: Column, dtype: pl.DataType) -> bool:
    """Whether values of this type are the column's own, or texts."""
    if column.kind in ("yen", "count"):
        return dtype.is_integer() or dtype == pl.String
    own = {"date": pl.Date, "partial_date": pl.Date, "yes_no": pl.Boolean}
    return dtype in (pl.String, own.get(column.kind, pl.String))


def _quick(column: Column, dtype: pl.DataType) -> pl.Expr:
    """The values of plainly written cells; the others become null."""
    cell = pl.col(column.name)
    if column.kind == "text":
        return cell.cast(pl.String)
    if column.kind in ("yen", "count"):
        return cell.cast(pl.Int64, strict=False)
    if column.kind in ("date", "partial_date"):
        day = cell if dtype == pl.Date else cell.str.to_date("%Y-%m-%d", strict=False)
        return pl.when(day.is_between(*_YEARS)).then(day)
    if column.kind == "fraction":
        return pl.lit(None, dtype=pl.Int64).alias(column.name)
    if column.kind == "yes_no" and dtype == pl.Boolean:
        return cell
    kind: Any = pl.Boolean if column.kind == "yes_no" else pl.String
    known = _spellings(column)
    return cell.replace_strict(list(known), list(known.values()), default=None, return_dtype=kind)


def _slow(texts: pl.Series, column: Column) -> tuple[list[pl.Series], pl.Series]:
    """The values of cells that are not plain (two for the ends of a partial date), and codes."""
    texts = texts.cast(pl.String)
    if column.kind in ("yen", "count"):
        return _numbers(texts)
    if column.kind in ("date", "partial_date"):
        return _dates(texts, partial=column.kind == "partial_date")
    if column.kind == "fraction":
        return _each(texts, _ppm, pl.Int64, "not_a_fraction")
    known = _spellings(column)
    if column.kind == "yes_no":
        return _each(texts, lambda text: known[plain(text)], pl.Boolean, "not_yes_no")
    return _each(texts, lambda text: known[plain(text)], pl.String, "not_a_choice")


def _numbers(texts: pl.Series) -> tuple[list[pl.Series], pl.Series]:
    text = pl.col("text")
    frame = (
        pl.DataFrame({"text": texts})
        .with_columns(text.str.normalize("NFKC").str.strip_chars())
        .with_columns(text.str.strip_suffix("円").str.strip_chars().str.replace(_MINUS, "-"))
        .with_columns(text.str.replace(_CURRENCY, "$1").str.strip_prefix("+"))
        .with_columns(whole=text.str.extract(_WHOLE))
        .select(
            pl.col("whole").str.replace_all("[, ]", "").cast(pl.Int64, strict=False).alias("value"),
            "whole",
        )
    )
    codes = frame.select(
        pl.when(pl.col("value").is_not_null())
        .then(None)
        .when(pl.col("whole").is_not_null())
        .then(pl.lit("too_large"))
        .otherwise(pl.lit("not_a_number"))
    ).to_series()
    return [frame["value"]], codes


def _dates(texts: pl.Series, *, partial: bool) -> tuple[list[pl.Series], pl.Series]:
    read: dict[str, PartialDate] = {}
    for text in texts.unique():
        try:
            read[text] = parse_date(text)
        except ValueError:
            continue
    known = {text: day for text, day in read.items() if partial or day.complete}
    first = _look_up(texts, {text: day.earliest() for text, day in known.items()}, pl.Date)
    last = _look_up(texts, {text: day.latest() for text, day in known.items()}, pl.Date)
    wrong = {text: "date_incomplete" for text in read if text not in known}
    wrong |= {text: "not_a_date" for text in texts.unique() if text not in read}
    return [first, last], _look_up(texts, wrong, pl.String)


def _each(
    texts: pl.Series, read: Callable[[str], Any], kind: Any, code: str
) -> tuple[list[pl.Series], pl.Series]:
    """Read each distinct text once; what cannot be read gets ``code``."""
    known: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for text in texts.unique():
        try:
            known[text] = read(text)
        except (ValueError, KeyError):
            wrong[text] = code
    return [_look_up(texts, known, kind)], _look_up(texts, wrong, pl.String)


def _look_up(texts: pl.Series, known: dict[str, Any], kind: Any) -> pl.Series:
    return texts.replace_strict(
        pl.Series(list(known), dtype=pl.String),
        pl.Series(list(known.values()), dtype=kind),
        default=None,
        return_dtype=kind,
    )


def _ppm(text: str) -> int:
    return rate_numerator(plain(text))


def _spellings(column: Column) -> dict[str, Any]:
    if column.kind == "yes_no":
        return {plain(text): value for value, texts in YES_NO.items() for text in texts}
    return {
        plain(text): value for value, others in column.choices.items() for text in (value, *others)
    }


def _out_of_bounds(values: pl.Series, column: Column) -> list[Refused]:
    dates = column.kind in ("date", "partial_date")
    found = []
    if column.minimum is not None:
        rows = (values < column.minimum).arg_true()
        found.append(Refused(column, rows, "date_impossible" if dates else "too_small"))
    if column.maximum is not None:
        rows = (values > column.maximum).arg_true()
        found.append(Refused(column, rows, "date_impossible" if dates else "too_large"))
    return [refused for refused in found if refused.rows.len()]
