"""Reading cells: whole columns at once, the slow way only for cells that are not plain."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

from kokuho.base.calendar import PartialDate, parse_date
from kokuho.base.messages import translator
from kokuho.base.money import rate_numerator
from kokuho.tables.columns import YES_NO, Column, plain

_ = translator("tables")

_GROUPED = r"^-?(\d+|\d{1,3}(,\d{3})+)$"


def read_cells(texts: pl.Series, column: Column) -> tuple[dict[str, pl.Series], pl.Series]:
    """Turn the texts of one column into typed values.

    Args:
        texts: the cells as text, empty ones null; numbers, dates and truth values that a
            Parquet file holds already come as they are.

    Returns:
        The typed columns by name, and for each cell the code of its refusal, or null.
    """
    if column.kind == "text":
        values = {column.name: texts}
        codes = _no_codes(len(texts))
    elif column.kind in ("yen", "count"):
        values, codes = _numbers(texts, column)
    elif column.kind in ("date", "partial_date"):
        values, codes = _dates(texts, column)
    elif column.kind == "fraction":
        values, codes = _mapped(texts, column, _ppm, "not_a_fraction", pl.Int64)
    else:
        names = _spellings(column)
        code = "not_yes_no" if column.kind == "yes_no" else "not_a_choice"
        kind = pl.Boolean if column.kind == "yes_no" else pl.String
        values, codes = _mapped(texts, column, lambda text: names[plain(text)], code, kind)
    return _fill(values, codes, texts, column)


def expected(column: Column) -> str:
    """What a cell of the column should be, in words."""
    if column.kind == "text":
        return _("a text")
    if column.kind in ("yen", "count"):
        low = column.minimum if column.minimum is not None else "-"
        high = f"{column.maximum:,}" if column.maximum is not None else "-"
        return _("a whole number from {low} to {high}").format(
            low=f"{low:,}" if isinstance(low, int) else low, high=high
        )
    if column.kind == "date":
        return _("a date such as 2026-04-01, 令和8年4月1日 or R8.4.1")
    if column.kind == "partial_date":
        return _("a date such as 1986-04-02 or 昭和61年4月2日; 00 for an unknown day or month")
    if column.kind == "fraction":
        return _("a decimal between 0 and 1, such as 0.5")
    if column.kind == "yes_no":
        return _("yes or no")
    return ", ".join(column.choices)


def _no_codes(length: int) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, length)


def _numbers(texts: pl.Series, column: Column) -> tuple[dict[str, pl.Series], pl.Series]:
    name = column.name
    frame = pl.DataFrame({"text": texts}).with_columns(
        value=pl.col("text").cast(pl.Int64, strict=False)
    )
    odd = frame["value"].is_null() & frame["text"].is_not_null()
    if odd.any():
        cleaned = (
            pl.col("text")
            .str.normalize("NFKC")
            .str.replace_all(r"[\s円]", "")
            .str.replace(r"^[▲△−‐―ー]", "-")
        )
        slow = pl.when(cleaned.str.contains(_GROUPED)).then(
            cleaned.str.replace_all(",", "").cast(pl.Int64, strict=False)
        )
        frame = frame.with_columns(value=pl.coalesce("value", slow))
    value = frame["value"]
    codes = _code_where(value.is_null() & texts.is_not_null(), "not_a_number")
    if column.minimum is not None:
        codes = _first(codes, _code_where(value < column.minimum, "too_small"))
    if column.maximum is not None:
        codes = _first(codes, _code_where(value > column.maximum, "too_large"))
    return {name: value}, codes


def _dates(texts: pl.Series, column: Column) -> tuple[dict[str, pl.Series], pl.Series]:
    partial = column.kind == "partial_date"
    if texts.dtype == pl.Date:
        names = [column.name, f"{column.name}_latest"] if partial else [column.name]
        return dict.fromkeys(names, texts), _no_codes(len(texts))
    fast = texts.str.to_date("%Y-%m-%d", strict=False)
    # the fast route also takes 1986-4-2, which is the same day
    odd = texts.filter(fast.is_null() & texts.is_not_null()).unique()
    first: dict[str, date | None] = {}
    last: dict[str, date | None] = {}
    for text in odd:
        try:
            read = parse_date(text)
        except ValueError:
            read = None
        if read is not None and (partial or read.complete):
            first[text], last[text] = _ends(read)
    found = {column.name: _look_up(texts, fast, first)}
    if partial:
        found[f"{column.name}_latest"] = _look_up(texts, fast, last)
    wrong = found[column.name].is_null() & texts.is_not_null()
    return found, _code_where(wrong, "not_a_date")


def _ends(read: PartialDate) -> tuple[date, date]:
    return read.earliest(), read.latest()


def _look_up(texts: pl.Series, fast: pl.Series, slow: dict[str, date | None]) -> pl.Series:
    if not slow:
        return fast
    mapped = texts.replace_strict(
        list(slow), list(slow.values()), default=None, return_dtype=pl.Date
    )
    return fast.zip_with(fast.is_not_null(), mapped)


def _mapped(
    texts: pl.Series, column: Column, read: Callable[[str], Any], code: str, kind: Any
) -> tuple[dict[str, pl.Series], pl.Series]:
    """Read each distinct text once; what cannot be read gets ``code``."""
    if texts.dtype == kind and kind != pl.String:
        return {column.name: texts}, _no_codes(len(texts))
    known: dict[str, Any] = {}
    for text in texts.drop_nulls().unique():
        try:
            known[text] = read(text)
        except (ValueError, KeyError):
            continue
    values = texts.replace_strict(
        list(known), list(known.values()), default=None, return_dtype=kind
    )
    return {column.name: values}, _code_where(values.is_null() & texts.is_not_null(), code)


def _ppm(text: str) -> int:
    return rate_numerator(plain(text))


def _spellings(column: Column) -> dict[str, Any]:
    if column.kind == "yes_no":
        return {plain(text): value for value, texts in YES_NO.items() for text in texts}
    return {
        plain(text): value for value, others in column.choices.items() for text in (value, *others)
    }


def _first(codes: pl.Series, others: pl.Series) -> pl.Series:
    return codes.zip_with(codes.is_not_null(), others)


def _code_where(wrong: pl.Series, code: str) -> pl.Series:
    return pl.select(
        pl.when(wrong).then(pl.lit(code)).otherwise(pl.lit(None, dtype=pl.String)).alias("code")
    ).to_series()


def _fill(
    values: dict[str, pl.Series], codes: pl.Series, texts: pl.Series, column: Column
) -> tuple[dict[str, pl.Series], pl.Series]:
    if column.nullable:
        return values, codes
    if column.default is None:
        empty = _code_where(texts.is_null(), "empty")
        return values, _first(codes, empty)
    name = column.name
    filled = pl.select(
        pl.when(texts.is_null())
        .then(pl.lit(column.default, dtype=values[name].dtype))
        .otherwise(values[name])
        .alias(name)
    ).to_series()
    return values | {name: filled}, codes
