"""Notices by kind, each with where to turn against it; without it, or without address, none."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from kokuho.base.errors import InputError, LawError
from kokuho.forms.notice import notice_pdf
from kokuho.office.assessment import notices
from kokuho.office.assessment.models import LevyDecision
from kokuho.office.assessment.succession import appoint
from kokuho.office.register.models import Residence
from kokuho.office.store.recording import retract
from kokuho.office.tenancy import seeing
from kokuho.ordinance import Ordinance
from tests.office.assessment.town import BEFORE, at, ordinance, run_changes, run_year, telling
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer

DAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _insurer(store: Store) -> None:
    add_insurer()


def assessed(kind: str) -> None:
    with telling() as t:
        t.family("h1", "p1", "p2")
        t.resident("p1", kanji="架空 太郎")
        t.resident("p2", kanji="架空 花子")
        for person in ("p1", "p2"):
            t.income(person, 2026, business=2_430_000)
    run_year(ordinance=ordinance(kind).year(2026))


def changed(tell: Callable[[Any], None], kind: str = "premium") -> None:
    assessed(kind)
    with telling() as t:
        tell(t)
    run_changes()


def composed(day: date = DAY, last: int = 1, **more: Any) -> dict[str, Any]:
    """The notice of the last decision, or the last but one."""
    with seeing([INSURER]):
        decision = LevyDecision.objects.order_by("-pk")[last - 1]
        return notices.notice(notices.find(INSURER, decision.pk), day, **more)


def printed(notice: dict[str, Any]) -> tuple[int, str]:
    pages = PdfReader(io.BytesIO(notice_pdf(notice, made_on=DAY))).pages
    return len(pages), "".join("".join(page.extract_text().split()) for page in pages)


@pytest.mark.parametrize(
    ("kind", "title", "turn_to"),
    [
        ("tax", "国民健康保険税 納税通知書", "架空市長に対して審査請求"),
        ("premium", "国民健康保険料 納入通知書(決定通知書)",
         "架空県国民健康保険審査会に対して審査請求"),
    ],
)  # fmt: skip
def test_the_first_notice_by_kind(kind: str, title: str, turn_to: str) -> None:
    assessed(kind)
    notice = composed()
    assert notice["title"] == title
    assert notice["addressee"]["name"] == "架空 太郎"
    assert all(part["before"] is None for part in notice["parts"])
    pages, text = printed(notice)
    assert pages == 2  # the explanation is the second
    assert turn_to in text
    assert "翌日から起算して3か月以内" in text
    assert "参考様式" in text
    assert "計算の説明" in text


@pytest.mark.parametrize(
    ("kind", "title"),
    [("tax", "国民健康保険税 更正(決定)通知書"), ("premium", "国民健康保険料 変更決定通知書")],
)
def test_the_notice_of_a_change_by_kind_says_before_after_and_why(kind: str, title: str) -> None:
    changed(lambda t: t.lost("p2", date(2026, 5, 20)), kind)
    notice = composed()
    assert notice["title"] == title
    assert notice["causes"] == ["架空 花子:脱退(社会保険加入)"]
    total = notice["parts"][-1]
    assert total["before"] + total["difference"] == total["after"] < total["before"]
    _pages, text = printed(notice)
    assert f"△{-total['difference']:,}" in text
    assert f"{total['before']:,}" in text


def test_the_explanation_gives_the_amounts_of_the_notice_and_names_persons() -> None:
    assessed("premium")
    notice = composed()
    explained = {part["title"]: part["amount"] for part in notice["explanation"]["parts"]}
    assert explained | {"合計(年額)": notice["explanation"]["total"]} == {
        part["title"]: part["after"] for part in notice["parts"]
    }
    assert {line["person"] for line in notice["explanation"]["lines"]} == {
        None, "架空 太郎", "架空 花子",
    }  # fmt: skip


def test_a_payer_who_owes_nothing_any_more_is_told_so_on_one_page() -> None:
    changed(lambda t: t.head("h1", "p2"))
    notice = composed(last=2)
    assert (notice["parts"][-1]["after"], notice["explanation"]) == (0, None)
    assert (notice["late"], notice["owed"]) == ([], False)
    pages, text = printed(notice)
    assert pages == 1
    assert "この決定により納付する額はありません" in text
    assert "審査請求" in text


@pytest.mark.parametrize("day", [date(2018, 3, 31), date(2027, 4, 1)])
def test_a_day_without_instruction_on_remedies_has_no_notice(day: date) -> None:
    assessed("premium")
    with pytest.raises(LawError, match=r"redress\.premium"):
        composed(day)


def die(t: Any) -> None:
    t.lost("p1", date(2026, 9, 6), "death")
    t.living("p1", until=date(2026, 9, 6), ended_by="death")
    retract(t.moment, [Residence(resident=at("p1"), valid_from=date(2026, 9, 6))])
    t.head("h1", "p2", date(2026, 9, 6))


def test_the_notice_of_a_dead_payer_needs_and_goes_to_who_represents_the_heirs() -> None:
    changed(die)
    with pytest.raises(InputError, match="p1"):
        composed(last=2)
    with seeing([INSURER], writing=True):
        appoint(INSURER, "p1", basis="reported", told_on=DAY, actor="試験", representative="p2")
    notice = composed(last=2)
    assert notice["addressee"]["name"] == "架空 花子"
    assert notice["addressee"]["before"] == ("被相続人 架空 太郎", "相続人代表者")
    _pages, text = printed(notice)
    assert "相続人の方に引き継がれます" in text
    assert composed()["heirs"] == []  # the new head's own


def test_heirs_may_be_represented_by_somebody_elsewhere() -> None:
    changed(die, "tax")
    with seeing([INSURER], writing=True):
        appoint(
            INSURER, "p1", basis="designated", told_on=DAY, actor="試験",
            name="架空 遠子", postal_code="999-9999", address="架空県遠い町9番地",
        )  # fmt: skip
    assert composed(last=2)["addressee"] == {
        "name": "架空 遠子", "postal_code": "999-9999", "address": "架空県遠い町9番地",
        "before": ("被相続人 架空 太郎", "相続人代表者"),
    }  # fmt: skip


@pytest.mark.parametrize("more", [{}, {"name": "架空 遠子"}, {"representative": "nobody"}])
def test_a_representative_is_named_in_full(more: dict[str, str]) -> None:
    changed(die)
    with seeing([INSURER], writing=True), pytest.raises(InputError):
        appoint(INSURER, "p1", basis="reported", told_on=DAY, actor="試験", **more)


def test_nobody_represents_the_living() -> None:
    assessed("premium")
    with seeing([INSURER], writing=True), pytest.raises(InputError, match="p1"):
        appoint(INSURER, "p1", basis="reported", told_on=DAY, actor="試験", representative="p2")


def test_a_payer_without_address_gets_no_notice() -> None:
    assessed("premium")
    with telling() as t:
        retract(t.moment, [Residence(resident=at("p1"), valid_from=BEFORE)])
    with pytest.raises(InputError, match="p1"):
        composed()


def test_who_moved_away_is_written_to_where_they_went() -> None:
    assessed("premium")
    with telling() as t:
        t.living("p1", until=date(2026, 10, 1), ended_by="moved_out", later_address="架空県隣町2")
        retract(t.moment, [Residence(resident=at("p1"), valid_from=date(2026, 10, 1))])
    assert composed()["addressee"]["address"] == "架空県隣町2"


def test_the_name_in_use_stands_on_the_paper() -> None:
    assessed("premium")
    with telling() as t:
        t.resident("p1", kanji="", latin="KAKUU TARO", common_name="架空 通称")
    assert composed()["addressee"]["name"] == "架空 通称"
    with telling() as t:
        t.resident("p1", kanji="", latin="KAKUU TARO")
    assert composed()["addressee"]["name"] == "KAKUU TARO"


def test_two_persons_of_one_name_are_told_apart() -> None:
    assessed("premium")
    with telling() as t:
        t.resident("p2", kanji="架空 太郎")
    assert [person["name"] for person in composed()["persons"]] == [
        "架空 太郎(p1)", "架空 太郎(p2)",
    ]  # fmt: skip


def test_who_decides_is_said_where_the_name_does_not_tell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with telling() as t:
        t.family("h1", "p1")
    own = ordinance().model_dump()
    own["insurer"]["name"] = "架空広域連合"
    run_year(ordinance=Ordinance.model_validate(own).year(2026))
    with pytest.raises(InputError, match="架空広域連合"):
        composed()
    assert composed(authority="架空広域連合長")["issuer"] == "架空広域連合長"


@pytest.mark.parametrize("words", [1, 8, 16])
def test_a_long_name_stays_in_the_window_above_the_title(words: int) -> None:
    name = " ".join(["FICTIONLONGNAME"] * words)
    address = "架空市架空町壱千弐百参拾四番地" + "見本マンション" * words
    with telling() as t:
        t.family("h1", "p1")
        t.resident("p1", kanji="", latin=name)
        t.living("p1", address=address)
    run_year()
    page = PdfReader(io.BytesIO(notice_pdf(composed(), made_on=DAY))).pages[0]
    heights: dict[str, float] = {}

    def note(text: str, page_matrix: Any, matrix: Any, *_font: Any) -> None:
        for what in ("様", "納入通知書"):
            if what in text:
                heights.setdefault(what, page_matrix[5] + page_matrix[3] * matrix[5])

    page.extract_text(visitor_text=note)
    assert heights["様"] > heights["納入通知書"] + 12
