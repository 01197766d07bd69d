"""The report for the council: every chart, its words, its table, the definitions."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.publish.city import CODE


@pytest.fixture(scope="module")
def text(small_site: Path) -> str:
    content = (small_site / "data" / CODE / "report.pdf").read_bytes()
    pages = PdfReader(io.BytesIO(content)).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "")


def test_it_has_figures_words_tables_and_definitions(text: str) -> None:
    for wanted in ("国民健康保険運営協議会資料", "架空市", "図1", "表1", "図の説明", "計算方法",
                   "被保険者に占める外国人の割合", "秘匿"):  # fmt: skip
        assert wanted in text


def test_it_says_on_every_page_that_its_figures_are_invented(small_site: Path) -> None:
    pages = PdfReader(small_site / "data" / CODE / "report.pdf").pages
    assert all("数値はすべて架空です" in page.extract_text() for page in pages)


def test_its_pictures_have_their_words_as_alternative(small_site: Path) -> None:
    content = (small_site / "data" / CODE / "report.pdf").read_bytes()
    reader = PdfReader(io.BytesIO(content))
    told = _alternatives(reader)
    assert len(told) >= 4
    assert all("。" in one for one in told)


def _alternatives(reader: PdfReader) -> list[str]:
    found: list[str] = []
    todo = [reader.root_object["/StructTreeRoot"]]
    while todo:
        one = todo.pop().get_object()
        if isinstance(one, list):
            todo += one
        elif isinstance(one, dict):
            if "/Alt" in one:
                found.append(str(one["/Alt"]))
            if "/K" in one:
                todo.append(one["/K"])
    return found
