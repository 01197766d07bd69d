"""Charts: the same picture each time, readable without colour, in the house's typeface."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from kokuho.base.errors import FormError
from kokuho.forms import chart_svg, council_paper_pdf


def line(name: str, style: str, values: list[int | None], **more: Any) -> dict[str, Any]:
    return {"name": name, "style": style, "values": values, "low": [], "high": [], **more}


def chart(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "chart",
        "kind": "lines",
        "label": "図1",
        "title": "赤字",
        "places": ["R8", "R9", "R10"],
        "unit": "百万円",
        "divide": 1_000_000,
        "alternative": "赤字は減る。",
        "notes": [],
        "sources": ["forecast/years.csv [central]"],
        "panels": [{"title": "", "lines": list(lines)}],
        **more,
    }


HELD = line("対策なし", "dotted", [700_000_000, 720_000_000, 760_000_000])
PLAN = line("この案", "solid", [700_000_000, 400_000_000, 0])
PAPER: dict[str, Any] = {
    "title": "税率の改定",
    "kind": "資料",
    "draft": "(案)",
    "insurer": "試験の市",
    "made_on": "作成日 令和8年11月25日",
    "fictional": "架空の市のデータ",
    "about": [],
    "main": [],
    "warnings": ["架空"],
    "words": {"source": "出典: ", "alternative": "図の説明: ", "contents": "目次", "main": "要点"},
    "sections": [{"key": "outlook", "title": "1 見通し", "blocks": [chart(HELD, PLAN)]}],
}


def test_the_same_values_give_the_same_picture_however_many_were_drawn_before() -> None:
    once = chart_svg(chart(HELD, PLAN))
    chart_svg(chart(PLAN))
    assert chart_svg(chart(HELD, PLAN)) == once


def test_lines_differ_without_colour_and_bear_their_names() -> None:
    svg = chart_svg(chart(HELD, PLAN))
    assert 'stroke-dasharray="2,2.5"' in svg
    assert 'stroke-dasharray="1,0"' in svg
    assert ">対策なし</text>" in svg
    assert ">この案</text>" in svg
    assert "BIZ UDPGothic" in svg


def test_a_year_without_a_value_is_left_out_of_a_line() -> None:
    whole = chart_svg(chart(line("計画", "dashed", [1, 2, 3]), divide=1))
    gap = chart_svg(chart(line("計画", "dashed", [1, None, 3]), divide=1))
    assert gap.count('role="graphics-symbol"') < whole.count('role="graphics-symbol"')


def test_bars_stand_side_by_side_in_light_and_dark() -> None:
    bars = [line("据置き", "light", [1, 2, 3]), line("この案", "dark", [2, 3, 4])]
    svg = chart_svg(chart(*bars, kind="bars", divide=1))
    assert svg.count('fill="#c5d3dc"') >= 3
    assert svg.count('fill="#0b4f71"') >= 3


def test_a_paper_is_tagged_and_each_chart_has_its_alternative() -> None:
    pdf = council_paper_pdf(PAPER, made_on=date(2026, 11, 25))
    reader = PdfReader(BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    found = list(_alternatives(root["/StructTreeRoot"]))
    assert found == ["図1 赤字. 赤字は減る。"]
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "架空の市のデータ" in reader.pages[0].extract_text()


def _alternatives(element: Any) -> Any:
    """The alternative texts of a structure tree, in its order."""
    element = element.get_object()
    if isinstance(element, dict):
        if "/Alt" in element:
            yield element["/Alt"]
        children = element.get("/K")
        if children is not None:
            yield from _alternatives(children)
    elif isinstance(element, list):
        for one in element:
            yield from _alternatives(one)


def test_a_paper_that_lacks_something_names_it() -> None:
    lacking = {key: value for key, value in PAPER.items() if key != "insurer"}
    with pytest.raises(FormError, match="insurer"):
        council_paper_pdf(lacking, made_on=date(2026, 11, 25))
