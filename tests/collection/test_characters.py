"""Half-width kana: what becomes it, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.collection import load_layout, to_bank
from kokuho.collection.characters import not_in
from kokuho.collection.layout import Kana

ALLOWED = load_layout("zengin_direct_debit").characters


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("カクウ タロウ", "ｶｸｳ ﾀﾛｳ"),
        ("がぎぐ パピ", "ｶﾞｷﾞｸﾞ ﾊﾟﾋﾟ"),
        ("きょうと", "ｷﾖｳﾄ"),
        ("ｼｮｯﾌﾟ", "ｼﾖﾂﾌﾟ"),
        ("ショーワ", "ｼﾖ-ﾜ"),
        ("ヴィ ヶヵ", "ｳﾞｲ ｹｶ"),
        ("Ａｂｃ(カ)1２", "ABC(ｶ)12"),
        ("¥「カ」", "\\｢ｶ｣"),
    ],
)
def test_a_name_is_written_in_the_banks_characters(text: str, written: str) -> None:
    assert to_bank(text, Kana()) == written
    assert not_in(written, ALLOWED) == ""


def test_kanji_stay_and_are_named() -> None:
    assert not_in(to_bank("架空ハナコ、架", Kana()), ALLOWED) == "架空､"


def test_a_bank_may_refuse_small_kana_or_keep_the_long_mark() -> None:
    kana = Kana(small="refuse", long_mark="ｰ")
    assert to_bank("ショー", kana) == "ｼｮｰ"
    assert not_in(to_bank("ショー", kana), ALLOWED) == "ｮｰ"


@given(st.text(alphabet=ALLOWED))
def test_what_a_bank_can_read_stays_as_it_is(text: str) -> None:
    assert to_bank(text, Kana()) == text


@given(st.text())
def test_writing_twice_changes_nothing(text: str) -> None:
    once = to_bank(text, Kana())
    if not not_in(once, ALLOWED):
        assert to_bank(once, Kana()) == once
