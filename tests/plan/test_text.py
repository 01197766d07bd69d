"""What a page prints: characters, cells, labels, values, sheets."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kokuho.plan.characters import amount_cells, fiscal_year, number, plain, thousands
from kokuho.plan.printed import Cell
from kokuho.plan.text import parse
from kokuho.plan.text_fields import measures, values


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("50,000", 50_000),
        ("5000", 5_000),
        ("0", 0),
        ("5,0000", None),
        ("50.000", None),
        ("O", None),
        ("05", None),
        ("", None),
        ("1,234,567,890", None),
    ],
)
def test_a_number_is_read_only_if_it_is_one(text: str, amount: int | None) -> None:
    assert number(text) == amount


def test_amounts_in_yen_are_whole_thousands_or_not_read() -> None:
    assert thousands("70,000,000", "円") == 70_000
    assert thousands("70,000,500", "円") is None


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("平成30年度", 2018),
        ("令和元年度", 2019),
        ("令和 8 年度", 2026),
        ("令和8年", 2026),
        ("令和91年度", None),
        ("令和8月", None),
        ("8年度", None),
    ],
)
def test_a_fiscal_year_is_read_with_its_era(text: str, year: int | None) -> None:
    assert fiscal_year(text) == year


def test_a_cell_has_its_amount_and_its_rate() -> None:
    (cell,) = amount_cells("50,000 千円(6.25%)") or []
    assert (cell.amount, cell.rate) == (50_000, Decimal("6.25"))
    (blank,) = amount_cells("50,000 千円(%)") or []
    assert (blank.amount, blank.rate, blank.rate_text) == (50_000, None, "")


def test_two_amounts_run_together_are_two_cells() -> None:
    cells = amount_cells("50,000 千円(%)90,000 千円(%)") or []
    assert [cell.amount for cell in cells] == [50_000, 90_000]


def test_an_amount_that_cannot_be_read_is_a_cell_without_one() -> None:
    assert [cell.amount for cell in amount_cells("5O,000 千円(%)") or []] == [None]
    assert [cell.amount for cell in amount_cells("50,000 千円(%) 外") or []] == [None]
    assert amount_cells("法定外繰入の削減予定額") is None


@pytest.mark.parametrize("text", ["6.25.1", "x", "-1", "1.23456", "９.５"])
def test_a_rate_that_is_no_number_is_not_read(text: str) -> None:
    assert Cell("", 1, text).rate is None


def test_circled_numbers_keep_their_circle() -> None:
    assert plain("①２％\r\n") == "①2%\n"


def test_labels_may_stand_beside_their_value_or_above_it() -> None:
    beside = [
        "法定外繰入金 ※1\t\t226,236千円",
        "繰上充用金の新規増加分\t0千円",
        "赤字額(合計)\t226,236千円",
    ]
    above = [
        "\t法定外繰入金※1\t繰上充用金の新規増加分※2\t赤字額(合計)\t保険者番号",
        "\t226,236千円\t0千円\t226,236千円\t48",
    ]
    for lines in (beside, above):
        found = values(lines, [])
        assert [found[f"occurrence.{key}"].value for key in ("other_transfer", "total")] == [
            226_236,
            226_236,
        ]
        assert found["occurrence.advance_increase"].value == 0


def test_amounts_of_another_number_than_their_labels_are_not_given_out() -> None:
    found = values(
        ["\t法定外繰入金\t繰上充用金の新規増加分\t赤字額(合計)", "\t226,236千円\t226,236千円"], []
    )
    assert {found[f"occurrence.{key}"].value for key in ("other_transfer", "total")} == {None}


def test_a_person_s_name_after_the_office_is_left_out() -> None:
    found = values([], ["架空県知事 殿", "見本市長 架空 太郎"])
    assert found["document.signatory"].value == "見本市長"
    assert found["document.addressee"].value == "架空県知事"


def test_a_measure_has_name_amount_and_lines() -> None:
    lines = [
        "基本方針\t取組",
        "1 歳入の確保【70,000千円】 ① 税率の見直し ② 補助 2 収納率【5000円】 ① 口座振替",
    ]
    first, second = measures(lines)
    assert (first.name, first.items) == ("歳入の確保", ("税率の見直し", "補助"))
    assert first.amount is not None
    assert first.amount.value == 70_000
    assert second.amount is not None
    assert (second.amount.text, second.amount.value) == ("5000円", 5)


def test_an_amount_in_brackets_without_its_unit_is_not_read() -> None:
    (measure,) = measures(["基本方針", "1 歳入の確保【70,000千】 ① 税率の見直し"])
    assert measure.amount is not None
    assert measure.amount.value is None


def test_labels_are_known_in_spite_of_a_misread_character() -> None:
    text = (
        "\t計画年次\t第1年次\t第2年次\t合計\n\t年 度\t令和8年度\t令和9年度\t\n"
        "法定外緑入の削減予定額(率)※3\t1,000千円(%)\t1,000千円(%)\t2,000千円(%)\n"
        "繰上充用金の新規増加分の削減予定額\t0千円(%)\t0千円(%)\t0千円(%)\n"
        "合計\t1,000千円(%)\t1,000千円(%)\t2,000千円(%)\n"
    )
    (sheet,) = parse(text, "paper.txt").sheets
    assert [line.slot for line in sheet.lines] == [1, 2, 3]
    assert [value.value for value in sheet.years] == [2026, 2027]
    assert [value.value for value in sheet.ordinals] == [1, 2]
