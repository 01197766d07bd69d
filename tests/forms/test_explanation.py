"""The explanation page: one A4 page with the levy's own figures, archivable and readable."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from kokuho.base.errors import FormError
from kokuho.forms import explanation_pdf

Explanation = dict[str, Any]
Make = Callable[[int], Explanation]


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(pdf).pages)


def compact(pdf: bytes) -> str:
    return "".join(text_of(pdf).split())


@pytest.mark.parametrize("members", [1, 2, 4, 8])
def test_a_household_of_up_to_eight_members_has_one_a4_page(
    explanation: Make, members: int
) -> None:
    pages = read(explanation_pdf(explanation(members))).pages
    assert len(pages) == 1
    assert [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]


def different_earners(made: Explanation) -> Explanation:
    """The same household where no two persons have the same figures: nothing can be merged."""
    for place, line in enumerate(made["lines"]):
        if line["person"] is not None:
            line["value"] += place
            line["value_text"] = f"{line['value']:,}円"
    return made


def test_eight_members_with_eight_different_incomes_have_one_page(explanation: Make) -> None:
    made = different_earners(explanation(8))
    pdf = explanation_pdf(made)
    assert len(read(pdf).pages) == 1
    text = compact(pdf)
    assert all(line["value_text"] in text for line in made["lines"])


def test_a_household_too_large_for_one_page_goes_on_and_loses_nothing(explanation: Make) -> None:
    made = different_earners(explanation(24))
    pdf = explanation_pdf(made)
    assert len(read(pdf).pages) > 1
    text = compact(pdf)
    assert all(line["value_text"] in text for line in made["lines"])


def test_every_line_shows_its_formula_result_and_rule(explanation: Make) -> None:
    made = explanation(2)
    text = compact(explanation_pdf(made))
    for line in made["lines"]:
        assert "".join(line["title"].split()) in text
        assert "".join(line["formula"].replace(" - ", " − ").split()) in text
        assert line["value_text"] in text
        assert line["rule"] in text


def test_the_parts_table_and_the_total_are_the_figures_given(explanation: Make) -> None:
    made = explanation(4)
    made["parts"][0]["income"] = 1_234_567
    made["total"] = 7_654_300
    text = text_of(explanation_pdf(made))
    assert "1,234,567" in text
    assert "7,654,300" in text
    for part in made["parts"]:
        assert f"{part['amount']:,}" in text


def test_the_asset_row_stands_only_where_assets_are_levied(explanation: Make) -> None:
    without = explanation(1)
    assert "資産割" not in text_of(explanation_pdf(without))
    without["parts"][0]["asset"] = 12_345
    text = text_of(explanation_pdf(without))
    assert "資産割" in text
    assert "12,345" in text


def test_the_page_says_that_it_is_no_notice(explanation: Make) -> None:
    made = explanation(1)
    assert "説明資料（納税通知書ではありません）" in compact(explanation_pdf(made))
    made["insurer"]["kind"] = "premium"
    text = compact(explanation_pdf(made))
    assert "説明資料（納入通知書ではありません）" in text
    assert "国民健康保険料計算の説明" in text
    assert "賦課限度額" in text


def test_a_doubtful_line_is_marked_and_a_certain_one_is_not(explanation: Make) -> None:
    made = explanation(1)
    made["notes"] = []
    assert compact(explanation_pdf(made)).count("［未確認］") == 1
    for line in made["lines"]:
        line["certainty"] = "confirmed"
    assert "未確認" not in compact(explanation_pdf(made))


def test_persons_with_the_same_lines_are_named_together(explanation: Make) -> None:
    text = compact(explanation_pdf(explanation(4)))
    assert "世帯員3・4（それぞれ同じ）" in text
    assert "均等割（世帯員1・2・3・4）" in text
    assert "各31,000円" in text


def test_persons_with_different_lines_are_not_named_together(explanation: Make) -> None:
    text = compact(explanation_pdf(different_earners(explanation(4))))
    assert "それぞれ同じ" not in text
    assert "世帯員3・4" not in text


def test_long_address_numbers_stand_once_and_short_numbers_elsewhere(explanation: Make) -> None:
    made = explanation(3)
    for line in made["lines"]:
        if line["person"] is not None:
            line["person"] = f"000002770{line['person']}"
        if line["step"] == "judged_income":
            line["formula"] = "0000027701: 3,560,000 + 0000027702: 1,250,000 + 0000027703: 0"
    text = compact(explanation_pdf(made))
    assert text.count("0000027701") == text.count("0000027703") == 1
    assert "世帯員2宛名番号0000027702" in text
    assert "均等割（世帯員1・2・3）" in text
    assert "世帯員1:3,560,000+世帯員2:1,250,000+世帯員3:0" in text


def test_the_pdf_embeds_only_the_house_face(explanation: Make) -> None:
    page: Any = read(explanation_pdf(explanation(1))).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object()
        assert "BIZUDPGothic" in inner["/BaseFont"]
        assert "/FontFile2" in inner["/FontDescriptor"]


def test_the_pdf_is_titled_tagged_dated_and_archivable(explanation: Make) -> None:
    reader = read(explanation_pdf(explanation(1)))
    metadata: Any = reader.xmp_metadata
    assert metadata.dc_title["x-default"] == "国民健康保険税 計算の説明（令和8年度）"
    packet = metadata.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in packet
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert reader.root_object["/MarkInfo"]["/Marked"]
    assert reader.root_object["/Lang"] == "ja-JP"
    information: Any = reader.metadata
    assert information.creation_date.date() == date(2026, 11, 24)


def test_the_same_explanation_gives_the_same_bytes(explanation: Make) -> None:
    assert explanation_pdf(explanation(2)) == explanation_pdf(explanation(2))


def test_text_in_the_data_is_never_markup(explanation: Make) -> None:
    made = explanation(1)
    made["household_id"] = "#strong[*H1*] $x$"
    assert "#strong[*H1*]$x$" in compact(explanation_pdf(made))


def test_an_explanation_without_a_total_is_refused_by_name(explanation: Make) -> None:
    made = explanation(1)
    del made["total"], made["notes"]
    with pytest.raises(FormError, match="total, notes"):
        explanation_pdf(made)


def test_a_line_without_its_formula_is_refused(explanation: Make) -> None:
    made = explanation(1)
    del made["lines"][3]["formula"]
    with pytest.raises(FormError, match="formula"):
        explanation_pdf(made)


def test_a_day_that_is_no_date_is_refused(explanation: Make) -> None:
    with pytest.raises(FormError, match="きのう"):
        explanation_pdf(explanation(1) | {"made_on": "きのう"})
