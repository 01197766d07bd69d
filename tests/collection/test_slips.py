"""Codes on slips: an independent decoder reads the picture back to the same demand."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import vl_convert
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kokuho.base.errors import CollectionError
from kokuho.collection import (
    SlipCode,
    check_digit,
    load_book,
    make_slip,
    plain_number,
    png_of,
    read_code,
    svg_of,
)
from tests.collection.agent import bar_code
from tests.collection.town import TODAY, payable

BARCODE = load_book("rehearsal_barcode")
QR = load_book("rehearsal_qr")
NUMBERS = load_book("rehearsal_numbers")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


def scan(picture: bytes) -> Any:
    [found] = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return found


def code_of(row: dict[str, Any], *layouts: Any) -> SlipCode:
    return make_slip(row, layouts, TODAY).codes[0]


def as_png(svg: str | None, dots_per_inch: int) -> bytes:
    assert svg is not None
    return bytes(vl_convert.svg_to_png(svg, scale=1.0, ppi=dots_per_inch))


def test_the_check_digit_weighs_three_and_one_from_the_right() -> None:
    assert check_digit("491234567890") == "4"  # JAN 4912345678904 has the same rule
    digits = bar_code(51, 1001, "261228", 10_100)
    assert check_digit(digits[:-1]) == digits[-1]


def test_the_bar_code_is_the_44_digits_of_the_layout() -> None:
    made = code_of(payable(1), BARCODE)
    assert made.content == bar_code(51, 1001, "261228", 10_100)
    assert made.lines == (("", f"(91){made.content[2:]}"),)


@settings(max_examples=15, deadline=None)
@given(
    reference=st.integers(1, 10**12 - 1),
    payer=st.integers(0, 10**9 - 1),
    amount=st.integers(1, 300_000),
    due=st.dates(date(2026, 1, 1), date(2099, 12, 31)),
    reissue=st.integers(0, 9),
)
def test_the_picture_scans_back_to_the_same_demand(
    reference: int, payer: int, amount: int, due: date, reissue: int
) -> None:
    row = payable(1, amount, reference=str(reference), payer=str(payer), due=due)
    made = code_of(row | {"reissue": str(reissue)}, BARCODE)
    found = scan(as_png(svg_of(made), 300))
    assert found.symbology_identifier == "]C1"  # GS1-128: Code 128 with FNC1 first
    digits = found.text.replace("(", "").replace(")", "")
    assert digits == bar_code(payer, reference, due.strftime("%y%m%d"), amount, reissue)
    read = read_code(digits, *BARCODE)
    assert plain_number(read["reference"]) == str(reference)
    assert plain_number(read["payer"]) == str(payer)
    assert int(read["amount"]) == amount
    assert read["due"] == due.strftime("%y%m%d")


def test_the_picture_of_a_qr_scans_back_to_the_same_demand() -> None:
    made = code_of(payable(1), QR)
    picture = png_of(made)
    assert picture is not None
    read = read_code(scan(picture).text, *QR)
    assert plain_number(read["reference"]) == "1001"
    assert int(read["amount"]) == 10_100
    assert read["due"] == "20261228"


def test_the_bars_fit_the_scanners_of_stores() -> None:
    made = code_of(payable(1), BARCODE)
    svg = svg_of(made)
    assert svg is not None
    width = float(svg.split('width="')[1].split("mm")[0])
    assert width == pytest.approx(288 * 0.2 + 2 * 3)  # the bars alone: 57.6 mm of 60
    picture = made.layout.picture
    assert picture is not None
    wide = made.layout.model_copy(
        update={"picture": picture.model_copy(update={"module_mm": "0.21"})}
    )
    with pytest.raises(CollectionError, match=r"60\.48 mm"):
        svg_of(SlipCode("barcode", wide, made.content, ()))


def test_the_same_slip_gives_the_same_picture() -> None:
    assert svg_of(code_of(payable(1), BARCODE)) == svg_of(code_of(payable(1), BARCODE))
    assert svg_of(code_of(payable(1), QR)) == svg_of(code_of(payable(1), QR))


def test_without_a_layout_nothing_is_printed_and_the_slip_says_so() -> None:
    slip = make_slip(payable(1), [], TODAY)
    assert slip.codes == ()
    assert [note.split(":")[0] for note in slip.notes] == [
        "barcode for convenience stores",
        "QR",
        "Pay-easy",
    ]
    assert all("no layout of the operator" in note for note in slip.notes)


def test_the_public_structure_alone_prints_nothing() -> None:
    slip = make_slip(payable(1), [load_book("store_barcode")], TODAY)
    assert slip.codes == ()
    assert "has nothing in 請求書発行企業コード、自由使用欄" in slip.notes[0]


def test_what_is_made_up_says_on_the_slip_that_nobody_can_pay_with_it() -> None:
    slip = make_slip(payable(1), [BARCODE, QR], TODAY)
    assert [code.rehearsal for code in slip.codes] == [True, True]
    assert sum("for rehearsal only" in note for note in slip.notes) == 2


def test_numbers_that_only_their_owner_can_give_are_not_made_up() -> None:
    slip = make_slip(payable(1), [NUMBERS], TODAY)
    assert slip.codes == ()
    assert any("確認番号 is not given" in note for note in slip.notes)
    given = payable(1, confirmation_number="1234", payment_class="300")
    [made] = make_slip(given, [NUMBERS], TODAY).codes
    assert made.lines[1] == ("納付番号", "0000000000001001")
    assert svg_of(made) is None


def test_more_than_stores_take_has_no_barcode() -> None:
    assert code_of(payable(1, 300_000), BARCODE).content[37:43] == "300000"
    slip = make_slip(payable(1, 300_001), [BARCODE], TODAY)
    assert slip.codes == ()
    assert "300,001 yen are more than stores take (300,000 yen)" in slip.notes[0]


def test_a_limit_that_is_not_stated_for_the_day_is_not_guessed() -> None:
    slip = make_slip(payable(1), [BARCODE], date(2007, 3, 31))
    assert slip.codes == ()
    assert "is not valid on 2007-03-31" in slip.notes[0]


def test_the_stamp_flag_follows_the_operators_setting(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        """
id: own
version: "1"
title: 架空
extends: rehearsal_barcode
kind: barcode
standing: operator
sources: [{text: 架空の仕様書}]
limits:
  - {name: amount_max, yen: 300000, first: 2007-04-01, last: null, standing: operator, source: 架空}
  - {name: stamp_from, yen: 30000, first: 2007-04-01, last: 2014-03-31, standing: operator,
     source: 架空}
  - {name: stamp_from, yen: 50000, first: 2014-04-01, last: null, standing: operator, source: 架空}
""",
        encoding="utf-8",
    )
    own = load_book(tmp_path / "own.yaml")
    assert code_of(payable(1, 49_999), own).content[36] == "0"
    assert code_of(payable(1, 50_000), own).content[36] == "1"
    old = make_slip(payable(1, 30_000), [own], date(2014, 3, 31)).codes[0]
    assert old.content[36] == "1"


@pytest.mark.parametrize("bad", ["", "1" * 43, "9" * 44, "x" * 44])
def test_what_is_no_such_code_is_refused(bad: str) -> None:
    with pytest.raises(CollectionError):
        read_code(bad, *BARCODE)


def test_a_slip_has_one_code_of_a_kind() -> None:
    with pytest.raises(CollectionError):
        make_slip(payable(1), [BARCODE, BARCODE], TODAY)
    with pytest.raises(CollectionError):
        make_slip(payable(1), [load_book("rehearsal_bank")], TODAY)
