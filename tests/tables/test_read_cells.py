"""Cells: what each kind of column accepts, to which value, and what it refuses."""

from datetime import date

import pytest

from kokuho.tables import CODES, Refusal
from tests.tables.conftest import Read

ACCEPTED = [
    ("amount", "1234567", 1_234_567),
    ("amount", "1,234,567", 1_234_567),
    ("amount", "１，２３４，５６７", 1_234_567),
    ("amount", "1 200 000", 1_200_000),
    ("amount", "１２３円", 123),
    ("amount", "￥1,234", 1_234),
    ("amount", "\\1,234", 1_234),
    ("amount", "¥ 5", 5),
    ("amount", "▲１２", -12),
    ("amount", "△12", -12),
    ("amount", "−12", -12),
    ("amount", "-12", -12),
    ("amount", "－１２", -12),
    ("amount", "+12", 12),
    ("amount", "  12  ", 12),
    ("amount", "　１２　", 12),
    ("amount", "1234.0", 1_234),
    ("amount", "007", 7),
    ("amount", "", 0),
    ("amount", "　", 0),
    ("amount", "3000000000", 3_000_000_000),
    ("day", "2026-04-01", date(2026, 4, 1)),
    ("day", "2026/4/1", date(2026, 4, 1)),
    ("day", "20260401", date(2026, 4, 1)),
    ("day", "令和8年4月1日", date(2026, 4, 1)),
    ("day", "令和元年５月１日", date(2019, 5, 1)),
    ("day", "R8.4.1", date(2026, 4, 1)),
    ("day", "Ｓ６１．４．２", date(1986, 4, 2)),
    ("day", "", None),
    ("born", "1986-00-00", date(1986, 1, 1)),
    ("born", "昭和61年2月00日", date(1986, 2, 1)),
    ("head", "YES", True),
    ("head", "はい", True),
    ("head", "有", True),
    ("head", "１", True),
    ("head", "○", True),
    ("head", "いいえ", False),
    ("head", "×", False),
    ("head", "", False),
    ("kind", "tax", "tax"),
    ("kind", "ＴＡＸ", "tax"),
    ("kind", "保険料", "fee"),
    ("kind", "", None),
    ("share", "0.5", 500_000),
    ("share", "０．０６７４", 67_400),
    ("share", "1", 1_000_000),
    ("name", " ａｂｃ　", "ａｂｃ　"),
]


@pytest.mark.parametrize(("column", "cell", "value"), ACCEPTED)
def test_a_cell_is_read(read: Read, column: str, cell: str, value: object) -> None:
    table = read(f'id,{column}\n1,"{cell}"\n')
    assert table.refusals == []
    assert table.frame[column][0] == value


REFUSED = [
    ("id", "", "empty"),
    ("amount", "abc", "not_a_number"),
    ("amount", "12.5", "not_a_number"),
    ("amount", "1,23", "not_a_number"),
    ("amount", "1,2345", "not_a_number"),
    ("amount", "1 2", "not_a_number"),
    ("amount", "1円2", "not_a_number"),
    ("amount", "12万円", "not_a_number"),
    ("amount", "1e5", "not_a_number"),
    ("amount", "0x10", "not_a_number"),
    ("amount", "-", "not_a_number"),
    ("amount", "#REF!", "not_a_number"),
    ("amount", "-1001", "too_small"),
    ("amount", "▲１，００１", "too_small"),
    ("amount", "3000000001", "too_large"),
    ("amount", "99999999999999999999", "too_large"),
    ("day", "2026-02-30", "not_a_date"),
    ("day", "令和8年13月1日", "not_a_date"),
    ("day", "tomorrow", "not_a_date"),
    ("day", "0000-01-01", "not_a_date"),
    ("day", "86-04-02", "not_a_date"),
    ("day", "2026-04-00", "date_incomplete"),
    ("day", "昭和61年00月00日", "date_incomplete"),
    ("day", "1899-12-31", "date_impossible"),
    ("born", "1986-00-05", "not_a_date"),
    ("head", "maybe", "not_yes_no"),
    ("kind", "gift", "not_a_choice"),
    ("share", "1.5", "not_a_fraction"),
    ("share", "-0.1", "not_a_fraction"),
    ("share", "0.0000001", "not_a_fraction"),
    ("share", "half", "not_a_fraction"),
]


@pytest.mark.parametrize(("column", "cell", "code"), REFUSED)
def test_a_cell_is_refused_and_the_row_after_it_read(
    read: Read, column: str, cell: str, code: str
) -> None:
    cells = f'"{cell}",9' if column == "id" else f'1,"{cell}"'
    other = "amount" if column == "id" else column
    table = read(f"id,{other}\n2,\n{cells}\n3,\n")
    (refusal,) = table.refusals
    assert (refusal.file, refusal.line, refusal.column) == ("table.csv", 3, column)
    assert (refusal.value, refusal.code) == (cell, code)
    assert refusal.title
    assert table.frame["id"].to_list() == ["2", "3"]


def test_a_partial_date_has_its_latest_day_beside_it(read: Read) -> None:
    frame = read("id,born\n1,1986-00-00\n2,昭和63年2月00日\n3,1986-04-02\n4,\n").frame
    assert frame["born_latest"].to_list() == [
        date(1986, 12, 31),
        date(1988, 2, 29),
        date(1986, 4, 2),
        None,
    ]


def test_several_bad_cells_of_a_row_are_each_named(read: Read) -> None:
    table = read("id,amount,day,head\n1,x,y,z\n2,-5000,2026-04-01,yes\n")
    assert [(r.line, r.column) for r in table.refusals] == [
        (2, "amount"),
        (2, "day"),
        (2, "head"),
        (3, "amount"),
    ]
    assert table.frame.height == 0
    assert table.refused_keys["id"].to_list() == ["1", "2"]


def test_the_words_are_japanese_and_english_when_asked_for(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = "id,kind\n1,gift\n"
    assert read(content).refusals[0].message() == (
        "table.csv 2行目 区分(kind): 「gift」は受け付けられません(決められた値ではありません)。"
        "正しくは: tax(税), fee(料)"
    )
    monkeypatch.setenv("KOKUHO_LANG", "en")
    assert read(content).refusals[0].message() == (
        "table.csv, line 2, kind: 'gift' was refused (not one of the allowed values); "
        "expected: tax, fee"
    )


def test_a_row_that_cannot_be_split_is_named_without_a_column(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")
    (refusal,) = read("id,amount\n1,2,345\n").refusals
    assert refusal.message() == (
        "table.csv, line 2: '1,2,345' was refused (the row has more or fewer cells than the "
        "header); expected: 2 cells; this line has 3 (numbers with commas need quotes)"
    )


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_japanese_words(code: str) -> None:
    assert CODES[code] not in Refusal("f", 1, "c", "v", code, "e").message()
