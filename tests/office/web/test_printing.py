"""The pages of printing: batches, one of them with its files, the form that begins one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from kokuho.base.errors import StoreError
from kokuho.forms.press import press
from kokuho.office.accounts import rights, users
from kokuho.office.accounts.looks import Look
from kokuho.office.jobs.runs import Run
from kokuho.office.printing import batch, desk
from kokuho.office.printing.batch import print_batch
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, OTHER, Store
from tests.office.people import add_insurer
from tests.office.printing.town import SLOTS, billed, household, printed, telling
from tests.office.web.conftest import PASSWORD, signed_in

NEW = f"/{INSURER}/printing/new"
LEVY = {"kind": "levy", "fiscal_year": "2026", "day": "R8.7.15"}
NAME = "levy-2026-20260715"


@pytest.fixture
def folder(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A town of three bills, one of them of a protected payer, and a clerk who may print."""
    monkeypatch.setattr(batch, "press_apart", press)
    monkeypatch.setattr(desk, "launch", lambda ticket: print_batch(desk.order_of(ticket)))
    monkeypatch.setenv("KOKUHO_PRINTING", str(tmp_path))
    own = tmp_path / INSURER
    own.mkdir()
    (own / "sender.yaml").write_text(SLOTS, "utf-8")
    add_insurer(INSURER, "架空市")
    with telling() as told:
        for number in (1, 2, 3):
            household(told, number, f"999-000{number}", protected=number == 3)
    billed()
    users.add("clerk", PASSWORD, [INSURER], "窓口　一号")
    rights.allow("clerk", rights.PRINTING, INSURER, actor="係長")
    return own


def begun() -> str:
    """A batch begun by the form; the address of its page."""
    answer = signed_in().post(NEW, {**LEVY, "start": "1"})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def text_of(address: str) -> str:
    answer = signed_in().get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def words_of(page: str) -> str:
    return re.sub(r"<[^>]+>|\s+", "", page)


def test_the_preview_has_count_and_sum_of_the_batch_and_prints_nothing(folder: Path) -> None:
    page = words_of(signed_in().post(NEW, {**LEVY, "count": "1"}).content.decode())
    assert not printed()
    page_of = begun()
    total = f"{sum(row.amount for row in printed()):,}"
    assert f"印刷する3通{total}円" in page
    assert f"台帳{total}" in page
    pages = sum(row.pages for row in printed())
    assert f"印刷({pages}ページ)3{total}" in words_of(text_of(page_of))


def test_a_batch_shows_counts_files_and_control_list_and_hides_who_is_protected(
    folder: Path,
) -> None:
    page = text_of(begun())
    assert "状態: 完了" in page
    assert 'value="3" max="3"' in page
    for name in ("control.pdf", "control.csv", "levy-0001.pdf", "levy-0002.pdf"):
        assert f">{name}</a>" in page
        assert (folder / NAME / name).is_file()
    assert page.count("支援措置の対象者(表示しません)") == 1
    assert "999-0003" not in page
    with seeing([INSURER]):
        looked = Look.objects.filter(page="printing_batch")
        assert set(looked.values_list("resident__address_number", flat=True)) == {"p01", "p02"}
    listed = words_of(text_of("/printing/"))
    assert f"{NAME}納税通知書・納入通知書2026年度完了3/3" in listed
    assert "p01" not in listed


def test_a_file_is_given_as_it_lies_and_everybody_on_it_counts_as_seen(folder: Path) -> None:
    address = begun()
    answer = signed_in().get(f"{address}/levy-0002.pdf")
    assert answer.content == (folder / NAME / "levy-0002.pdf").read_bytes()
    assert answer.headers["Content-Type"] == "application/pdf"
    with seeing([INSURER]):
        looked = Look.objects.filter(page="printing_file")
        assert [one.resident.address_number for one in looked] == ["p03"]
    assert signed_in().get(f"{address}/control.csv").status_code == 200
    for name in ("levy-0009.pdf", "sender.yaml", "..%2Fsender.yaml", "..%2F..%2Fx"):
        assert signed_in().get(f"{address}/{name}").status_code == 404, name


def test_nobody_prints_or_takes_a_file_without_the_right(folder: Path) -> None:
    address = begun()
    assert rights.deny("clerk", rights.PRINTING, INSURER, actor="係長")
    assert signed_in().get(NEW).status_code == 403
    assert signed_in().get(f"{address}/control.csv").status_code == 403
    assert signed_in().post(address, {"cancel": "1"}).status_code == 403
    page = text_of(address)
    assert "999-0001" not in page
    assert "control.csv" not in page
    assert "印刷(" in page
    assert "一括印刷を始める" not in text_of("/printing/")


def test_another_insurers_batch_is_not_there(folder: Path) -> None:
    address = begun()
    add_insurer(OTHER, "架空町")
    users.add("neighbour", PASSWORD, [OTHER])
    rights.allow("neighbour", rights.PRINTING, OTHER, actor="係長")
    browser = signed_in("neighbour")
    for place in (address, f"{address}/control.csv", NEW, address.replace(INSURER, OTHER)):
        assert browser.get(place).status_code == 404, place
    assert NAME not in browser.get("/printing/").content.decode()


def test_a_second_batch_of_the_name_and_papers_printed_before_are_not_printed(
    folder: Path,
) -> None:
    begun()
    answer = signed_in().post(NEW, {**LEVY, "start": "1"})
    page = words_of(answer.content.decode())
    assert "印刷する0通0円" in page
    assert "この内容で印刷を始める" not in page
    assert len(printed()) == 3


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "文書の種類を選んでください"),
        ({"kind": "levy", "fiscal_year": "令和8"}, "年として読めません"),
        ({"kind": "levy", "day": "あした"}, "日付として読めません"),
        ({"kind": "change", "since": ""}, "日付として読めません"),
        ({"kind": "slip", "run": "07"}, "一覧から選んでください"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(folder: Path, given: dict[str, str], says: str) -> None:
    answer = signed_in().post(NEW, {**given, "count": "1"})
    assert answer.status_code == 400
    assert says in answer.content.decode()


def test_without_a_sender_file_nothing_begins_and_the_page_says_what_is_missing(
    folder: Path,
) -> None:
    (folder / "sender.yaml").unlink()
    page = signed_in().post(NEW, {**LEVY, "start": "1"}).content.decode()
    assert "発行者の設定" in page
    with seeing([INSURER]):
        assert not Run.objects.filter(kind="print").exists()


def test_a_batch_that_stopped_goes_on_from_its_page(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any) -> Any:
        raise StoreError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(batch, "press_apart", broken)
        assert signed_in().post(NEW, {**LEVY, "start": "1"}).status_code == 409
    with seeing([INSURER]):
        pk = Run.objects.get(kind="print").pk
    address = f"/{INSURER}/printing/{pk}"
    page = text_of(address)
    assert "状態: 失敗" in page
    assert "the disk is full" in page
    assert "続きから進める" in page
    assert signed_in().post(address, {"go_on": "1"}).status_code == 302
    assert "状態: 完了" in text_of(address)
    assert len(printed()) == 3


def test_a_batch_that_runs_is_asked_to_stop(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tickets: list[Any] = []
    monkeypatch.setattr(desk, "launch", tickets.append)
    address = begun()
    page = text_of(address)
    assert "文書を数え" in page
    assert "続きから進める" not in page
    assert signed_in().post(address, {"cancel": "1"}).status_code == 302
    assert "今の PDF の後で止まります" in text_of(address)
    # the ticket is what another process reads
    print_batch(desk.order_of(json.loads(json.dumps(tickets[0]))))
    assert "状態:" in text_of(address)


def test_the_household_page_has_the_papers_printed_for_it(folder: Path) -> None:
    begun()
    row = printed()[0]
    page = words_of(text_of(f"/{INSURER}/households/{row.household_id}"))
    assert "納税通知書・納入通知書令和8年7月15日記録なし" in page
    assert f"日本語{NAME}窓口一号" in page.replace("　", "")
    before = text_of(f"/{INSURER}/households/{row.household_id}?known=2026-04-01")
    assert "印刷した文書はありません" in before


def test_a_batch_that_goes_on_is_shown_anew_by_itself_without_names_until_it_is_done(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = begun()
    browser = signed_in()
    assert "Refresh" not in browser.get(address).headers
    with seeing([INSURER], writing=True):
        Run.objects.filter(kind="print").update(state="running")
    monkeypatch.setattr(desk, "stopped", lambda run: False)
    with seeing([INSURER]):
        before = Look.objects.count()
    for page in (address, "/printing/"):
        answer = browser.get(page)
        assert answer.headers["Refresh"] == "5"
        assert "架空 01" not in answer.content.decode()
        assert "Refresh" not in browser.get(f"{page}?still=1").headers
    with seeing([INSURER]):
        assert Look.objects.filter(page="printing_batch").count() > before
    monkeypatch.setattr(desk, "stopped", lambda run: True)
    assert "Refresh" not in browser.get(address).headers
