"""The form of a fiscal plan as PDF: its figures and words, one page a sheet, archivable."""

from __future__ import annotations

import io
import re
from random import Random
from typing import Any

import pytest
from pypdf import PdfReader

from kokuho.base.errors import FormError
from kokuho.forms import plan_collection_pdf, plan_form_pdf
from kokuho.plan import Item, Plan, collection_table, form_of, progress_data
from kokuho.plan.collect import BrokenFile, Collection
from tests.plan.city import city_plan, settled
from tests.plan.invented import invent


def pages(plan: Plan, *, with_rates: bool = False, progress: bool = False) -> list[str]:
    """The text of each page, without spaces."""
    data = progress_data(plan) if progress else None
    reader = PdfReader(io.BytesIO(plan_form_pdf(form_of(plan, with_rates).as_dict(), data)))
    return ["".join(page.extract_text().split()) for page in reader.pages]


def of_length(length: int) -> Plan:
    return next(p for n in range(999) if len((p := invent(Random(n))).period) == length)


def test_the_three_sheets_show_the_amounts_of_the_plan() -> None:
    first, second, third = pages(city_plan())

    def count(page: str, amount: str) -> int:
        # what stands before an amount is another one, or the mark of a footnote
        return len(re.findall(rf"(?<![\d,]){amount}千円|(?<=※3){amount}千円", page))

    assert (count(first, "50,000"), count(first, "300,000")) == (12, 2)
    assert (count(second, "90,000"), count(second, "420,000")) == (6, 2)
    assert (count(third, "80,000"), count(third, "480,000")) == (12, 2)
    assert "第13年次" in third
    assert "令和17年度" in third


def test_every_sheet_has_the_words_of_the_form() -> None:
    for page in pages(city_plan()):
        for words in (
            "国保財政健全化変更計画書(案)",
            "「国民健康保険保険者の赤字削減・解消計画の策定等について」",
            "保国発0129第2号",
            "(平成30年度から令和17年度まで18ヵ年計画)",
            "法定外繰入金※1",
            "226,236千円",
            "①予算推計ベースの令和7年度の赤字額",
            "800,000千円",
            "②解消の目標年次",
            "1歳入の確保【70,000千円】",
            "①保険税率の見直し",
            "翌年度の歳入を繰り上げてこれに充てる)の額と",
            "赤字額がすべて解消される場合には削減率100%とする",
            "上記のとおり国保財政健全化変更計画書を提出します。",
            "令和8年月日",
            "架空県知事殿",
            "見本市長",
        ):
            assert words.replace("(", "（").replace(")", "）") in page.replace("(", "（").replace(
                ")", "）"
            ), words


def test_rates_are_blank_as_printed_or_computed_and_marked() -> None:
    blank = pages(city_plan())
    assert all("（%）" in page for page in blank)
    assert "6.25" not in "".join(blank)
    first, second, third = pages(city_plan(), with_rates=True)
    assert "（6.25%）＊" in second
    assert second.count("（11.25%）＊") == 6
    assert third.count("（10.00%）＊") == 12
    assert "（60.00%）＊" in third
    assert "計算値" in first
    assert "%）＊" not in first
    assert "空欄" in first


def test_a_partial_plan_shows_no_hundred_percent_but_in_the_footnote() -> None:
    current = city_plan().current_deficit
    assert current is not None
    more = city_plan(current_deficit=current.model_copy(update={"amount": 800_001}))
    text = "".join(pages(more, with_rates=True))
    assert text.count("100%") == 3
    assert "100.00" not in text
    assert "99.99%" in text


@pytest.mark.parametrize(("length", "sheets"), [(1, 1), (6, 1), (8, 2), (20, 4)])
def test_a_plan_of_another_start_and_length_has_one_page_a_sheet(length: int, sheets: int) -> None:
    plan = of_length(length)
    made = pages(plan, with_rates=True)
    assert len(made) == sheets
    assert f"第{length}年次" in made[-1]


def test_long_texts_make_the_type_smaller_and_nothing_is_lost() -> None:
    text = "被保険者の負担の増え方に配慮しながら税率等を毎年度見直し必要な額を確保する。"
    plan = city_plan()
    items = tuple(Item(text=f"その{at}{text}") for at in range(8))
    measures = tuple(m.model_copy(update={"items": items}) for m in plan.measures)
    policy = plan.policy.model_copy(update={"means": text * 6})
    made = pages(plan.model_copy(update={"measures": measures, "policy": policy}))
    assert len(made) == 3
    assert all(page.count(text) == 24 + 6 for page in made)


def test_a_text_too_long_for_a_page_runs_on_and_loses_nothing() -> None:
    plan = city_plan()
    items = tuple(Item(text=f"その{at}は" + "長い取組の説明" * 25) for at in range(30))
    measures = (plan.measures[0].model_copy(update={"items": items}),)
    made = pages(plan.model_copy(update={"measures": measures}))
    assert len(made) > 3
    assert all("".join(made).count(f"その{at}は") == 3 for at in range(30))


def test_an_unknown_amount_is_blank_on_paper() -> None:
    plan = city_plan()
    unknown = plan.years[0].planned.model_copy(update={"other_transfer": None})
    years = (plan.years[0].model_copy(update={"planned": unknown}), *plan.years[1:])
    first = pages(plan.model_copy(update={"years": years}))[0]
    assert first.count("50,000千円") == 10
    assert "300,000" not in first
    assert "250,000" not in first


def test_the_progress_sheet_follows_the_form_and_is_headed_as_a_reference() -> None:
    plan = settled(city_plan(), 2026, 760_000, 0, reason="納付金の増")
    made = pages(plan, progress=True)
    assert len(made) == 4
    sheet = made[-1]
    assert sheet.startswith("参考様式")
    assert "760,000" in sheet
    assert "計画を超過" in sheet
    assert "納付金の増" in sheet
    assert sheet.count("未公表・未入力") == 17 + 1


def test_the_form_is_a4_landscape_tagged_titled_and_archivable() -> None:
    pdf = plan_form_pdf(form_of(city_plan()).as_dict(), progress_data(city_plan()))
    reader = PdfReader(io.BytesIO(pdf))
    for page in reader.pages:
        assert [round(float(side)) for side in page.mediabox[2:]] == [842, 595]
    metadata: Any = reader.xmp_metadata
    assert metadata.dc_title["x-default"] == "国保財政健全化変更計画書(案)"
    packet = metadata.stream.get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in packet
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert reader.root_object["/MarkInfo"]["/Marked"]


def test_the_same_plan_gives_the_same_paper() -> None:
    data = form_of(city_plan(), with_rates=True).as_dict()
    assert plan_form_pdf(data) == plan_form_pdf(data)


def test_text_of_a_plan_is_never_markup() -> None:
    measures = (city_plan().measures[0].model_copy(update={"name": "#strong[*H1*] $x$"}),)
    assert "#strong[*H1*]$x$" in pages(city_plan(measures=measures))[0]


def test_a_form_without_its_sheets_is_refused() -> None:
    data = form_of(city_plan()).as_dict()
    del data["sheets"]
    with pytest.raises(FormError, match="plan_form"):
        plan_form_pdf(data)


def test_a_table_of_plans_lists_broken_files_even_where_there_is_no_plan() -> None:
    made = Collection(2025, (), (BrokenFile("壊れた.yaml", "読めない"),))
    reader = PdfReader(io.BytesIO(plan_collection_pdf(collection_table.as_data(made))))
    text = "".join(reader.pages[0].extract_text().split())
    assert "国保財政健全化計画の集計" in text
    assert "令和7年度末現在" in text
    assert "壊れた.yaml" in text
