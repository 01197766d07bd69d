"""Many papers as one PDF: the same as alone, with the pages of each; a fault is told across."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from kokuho.base.errors import FormError
from kokuho.forms.papers import SAMPLES, paper_pdf
from kokuho.forms.press import press, press_apart, sides

DAY = date(2026, 7, 1)


def test_the_pages_of_each_paper_are_counted_and_come_to_those_of_the_pdf() -> None:
    papers = [
        sides(SAMPLES[key]("premium"), languages)
        for key, languages in (("slip", ()), ("reminder", ("ne",)), ("statement", ("easy_ja",)))
    ]
    made = press(papers, DAY)
    assert len(PdfReader(io.BytesIO(made.content)).pages) == sum(made.pages)
    for key, languages, pages in zip(
        ("slip", "reminder", "statement"), ((), ("ne",), ("easy_ja",)), made.pages, strict=True
    ):
        alone = paper_pdf(SAMPLES[key]("premium"), languages)
        assert len(PdfReader(io.BytesIO(alone)).pages) == pages


def test_a_process_of_its_own_makes_the_same_bytes() -> None:
    papers = [sides(SAMPLES["statement"]("tax"), ("vi",))]
    assert press_apart(papers, DAY) == press(papers, DAY)


def test_a_character_without_typeface_is_named_by_the_other_process_too() -> None:
    paper = SAMPLES["statement"]("tax")
    addressee = replace(paper.letter.addressee, name="\U00013000")
    letter = replace(paper.letter, addressee=addressee)
    with pytest.raises(FormError, match="13000"):
        press_apart([sides(replace(paper, letter=letter))], DAY)  # type: ignore[arg-type]
