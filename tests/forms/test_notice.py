"""The paper of a notice: complete, or not made."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from kokuho.base.errors import FormError
from kokuho.forms.notice import REQUIRED, notice_pdf

DAY = date(2026, 11, 25)


def notice(**more: Any) -> dict[str, Any]:
    return {
        "title": "国民健康保険料 変更決定通知書",
        "number": "1",
        "issued_on": "令和8年11月25日",
        "issuer": "架空市長",
        "addressee": {
            "name": "架空 太郎", "postal_code": "999-0001", "address": "架空市1", "before": [],
        },
        "opening": "次のとおり変更しましたので通知します。",
        "facts": [{"name": "年度", "value": "令和8年度"}],
        "parts": [
            {"title": "医療分", "before": 1_234_500, "after": 7_654_300, "difference": 6_419_800},
            {"title": "子ども分", "before": None, "after": 900, "difference": 900},
            {"title": "合計", "before": 1_234_500, "after": 7_655_200, "difference": 6_420_700},
        ],
        "note_to_amounts": "",
        "causes": ["架空 花子:加入"],
        "persons": [{"name": "架空 花子", "months": "4月～3月(12か月)", "note": ""}],
        "owed": True,
        "instalments": [
            {"name": "第1期", "due": "令和8年7月31日", "before": None, "amount": 1_000_000}
        ],
        "payment": ["徴収の方法: 普通徴収"],
        "heirs": [],
        "basis": ["根拠の文"],
        "late": ["遅れた場合の文"],
        "redress": ["不服がある場合の文"],
        "contact": "国保年金課",
        **more,
    }  # fmt: skip


def text_of(pdf: bytes) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_everything_that_is_given_stands_on_the_paper() -> None:
    text = text_of(notice_pdf(notice(), made_on=DAY))
    for shown in (
        "変更決定通知書", "架空太郎様", "〒999-0001", "1,234,500", "7,655,200", "6,420,700", "―",
        "架空花子:加入", "4月～3月(12か月)", "第1期", "1,000,000", "根拠の文", "遅れた場合の文",
        "不服がある場合の文", "国保年金課", "参考様式",
    ):  # fmt: skip
        assert shown in text, shown


@pytest.mark.parametrize("key", REQUIRED)
def test_a_notice_that_lacks_something_is_not_made(key: str) -> None:
    lacking = notice()
    del lacking[key]
    with pytest.raises(FormError, match=key):
        notice_pdf(lacking, made_on=DAY)


@pytest.mark.parametrize("redress", [[], [""], ["x", " "]])
def test_a_notice_that_does_not_say_where_to_turn_is_not_made(redress: list[str]) -> None:
    with pytest.raises(FormError, match="教示"):
        notice_pdf(notice(redress=redress), made_on=DAY)


def test_a_large_household_goes_on_to_another_page_and_loses_nobody() -> None:
    people = [
        {"name": f"架空 {number:03}", "months": "4月～3月(12か月)", "note": ""}
        for number in range(60)
    ]
    pdf = notice_pdf(notice(persons=people), made_on=DAY)
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 1
    text = text_of(pdf)
    assert all(f"架空{number:03}" in text for number in range(60))


def test_the_same_notice_gives_the_same_bytes() -> None:
    assert notice_pdf(notice(), made_on=DAY) == notice_pdf(notice(), made_on=DAY)
