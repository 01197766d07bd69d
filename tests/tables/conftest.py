"""Columns of a small fictional table, and a way to write and read it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kokuho.tables import Column, Table, read_table

COLUMNS = (
    Column("id", "text", "番号", required=True, aliases=("コード",)),
    Column("name", "text", "氏名", nullable=True),
    Column("amount", "yen", "金額", default=0, minimum=-1_000, maximum=3_000_000_000),
    Column("day", "date", "日付", nullable=True, minimum=date(1900, 1, 1)),
    Column("born", "partial_date", "生年月日", nullable=True),
    Column("head", "yes_no", "世帯主", default=False),
    Column(
        "kind", "choice", "区分", nullable=True, choices={"tax": ("税",), "fee": ("料", "保険料")}
    ),
    Column("share", "fraction", "割合", default=0),
)

Read = Callable[..., Table]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Write a file of this content and read it as a table."""

    def read_content(content: bytes | str, encoding: str = "utf-8") -> Table:
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return read_table(path, COLUMNS)

    return read_content
