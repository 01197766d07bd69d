"""XLSX and Parquet give the same table as CSV."""

import warnings
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from kokuho.base.errors import TableError
from kokuho.tables import LINE, Table, read_table
from tests.tables.conftest import COLUMNS


def workbook(path: Path, rows: list[list[Any]], formats: dict[str, str] | None = None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, form in (formats or {}).items():
        sheet[cell].number_format = form
    book.create_sheet("another").append(["not", "read"])
    book.save(path)
    return path


def test_the_first_sheet_of_a_workbook_is_read(tmp_path: Path) -> None:
    rows = [
        ["番号", "金額", "日付", "世帯主", "割合", None],
        [12, 1_234, datetime(2026, 4, 1), True, 0.5, None],
        [None, None, None],
        ["0013", "１，２３４円", "令和8年4月1日", "いいえ", "1", None],
        [7.0, 5.5, datetime(2026, 4, 1, 12, 30), None, None, None],
        ["8", 1, None, None, None, "surplus"],
    ]
    path = workbook(tmp_path / "a.xlsx", rows, {"A2": "00000"})
    table = read_table(path, COLUMNS)
    assert table.frame["id"].to_list() == ["00012", "0013"]
    assert table.frame["amount"].to_list() == [1_234, 1_234]
    assert table.frame["day"].to_list() == [date(2026, 4, 1)] * 2
    assert table.frame["head"].to_list() == [True, False]
    assert table.frame["share"].to_list() == [500_000, 1_000_000]
    assert table.frame[LINE].to_list() == [2, 4]
    assert [(r.line, r.column, r.value, r.code) for r in table.refusals] == [
        (5, "amount", "5.5", "not_a_number"),
        (5, "day", "2026-04-01 12:30:00", "not_a_date"),
        (6, "", "8,1,,,,surplus", "wrong_cell_count"),
    ]
    assert table.refused_keys["id"].to_list() == ["7", "8"]


@pytest.mark.parametrize("content", [b"PK\x03\x04 cut off", b"\xd0\xcf\x11\xe0 old or encrypted"])
def test_a_damaged_workbook_is_an_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(TableError, match=r"a\.xlsx.*XLSX"):
        read_table(tmp_path / "a.xlsx", COLUMNS)


def test_an_empty_workbook_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="空"):
        read_table(workbook(tmp_path / "a.xlsx", []), COLUMNS)


def parquet(path: Path, **columns: Any) -> Table:
    pl.DataFrame(columns).write_parquet(path)
    return read_table(path, COLUMNS)


def test_typed_values_of_parquet_stay_what_they_are(tmp_path: Path) -> None:
    table = parquet(
        tmp_path / "a.parquet",
        id=pl.Series([1, 2], dtype=pl.UInt32),
        amount=pl.Series([5, None], dtype=pl.Int32),
        day=[datetime(2026, 4, 1), None],
        born=[date(1986, 4, 2), date(1990, 1, 1)],
        head=[True, None],
        kind=pl.Series(["tax", None], dtype=pl.Categorical),
        share=["0.5", None],
    )
    assert table.refusals == []
    assert table.frame["id"].to_list() == ["1", "2"]
    assert table.frame["amount"].to_list() == [5, 0]
    assert table.frame["day"].to_list() == [date(2026, 4, 1), None]
    assert table.frame["head"].to_list() == [True, False]
    assert table.frame["kind"].to_list() == ["tax", None]
    assert table.frame["share"].to_list() == [500_000, 0]
    assert table.frame["born_latest"].to_list() == [date(1986, 4, 2), date(1990, 1, 1)]


def test_text_in_parquet_is_read_like_a_csv(tmp_path: Path) -> None:
    table = parquet(tmp_path / "a.parquet", id=["1", "2"], amount=["1,234", "x"], head=["はい", ""])
    assert table.frame["amount"].to_list() == [1_234]
    # a Parquet file has no header line: its rows count from 1
    assert [(r.line, r.value, r.code) for r in table.refusals] == [(2, "x", "not_a_number")]


def test_decimals_in_parquet_are_yen_only_if_they_are_whole(tmp_path: Path) -> None:
    whole = parquet(tmp_path / "a.parquet", id=["1", "2"], amount=[5.0, None])
    assert whole.frame["amount"].to_list() == [5, 0]
    mixed = parquet(tmp_path / "b.parquet", id=["1", "2", "3"], amount=[5.0, 5.5, float("nan")])
    assert mixed.frame["id"].to_list() == ["1"]
    assert [(r.line, r.code) for r in mixed.refusals] == [(2, "not_a_number"), (3, "not_a_number")]
    missing = parquet(tmp_path / "c.parquet", id=["1", "2"], amount=[5.0, float("nan")])
    assert [(r.line, r.value) for r in missing.refusals] == [(2, "NaN")]


def test_an_amount_that_no_integer_holds_is_refused(tmp_path: Path) -> None:
    table = parquet(
        tmp_path / "a.parquet", id=["1", "2"], amount=pl.Series([2**64 - 1, 1], dtype=pl.UInt64)
    )
    assert [(r.line, r.code) for r in table.refusals] == [(1, "too_large")]
    assert table.frame["id"].to_list() == ["2"]


def test_a_value_of_the_wrong_type_is_refused_not_read_as_something(tmp_path: Path) -> None:
    table = parquet(tmp_path / "a.parquet", id=["1"], amount=[date(2026, 4, 1)], day=[45_748])
    assert [(r.column, r.code) for r in table.refusals] == [
        ("amount", "not_a_number"),
        ("day", "not_a_date"),
    ]


def test_a_list_or_a_damaged_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="amount"):
        parquet(tmp_path / "a.parquet", id=["1"], amount=[[5, 6]])
    (tmp_path / "b.parquet").write_bytes(b"PAR1 cut off")
    with pytest.raises(TableError, match="Parquet"):
        read_table(tmp_path / "b.parquet", COLUMNS)


def test_reading_a_workbook_warns_of_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["id"], ["1"]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_table(path, COLUMNS).frame.height == 1
