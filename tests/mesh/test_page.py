"""The examiner's page in a real browser: axe-clean wide and narrow, by keyboard, on paper."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from kokuho.mesh.rehearsal import Rehearsal
from kokuho.mesh.service import Service
from tests.mesh.clients import AGENCY, Mesh, record
from tests.mesh.serving import Served, served
from tests.office.web.browsing import ARGUMENTS, axe

pytestmark = pytest.mark.slow

PICTURES = os.environ.get("KOKUHO_PICTURES")
"""A folder into which pictures for the documents are written."""

STATES: list[dict[str, Any]] = [
    {"term": 1, "paid": 20_000, "overdue": 0, "last_paid_on": date(2026, 7, 30)},
    {"term": 2, "due": date(2026, 8, 31), "reported": 20_000},
    {"term": 3, "due": date(2026, 9, 30)},
    {"term": 4, "due": date(2026, 11, 2), "deferral": "deferred"},
    {"term": 5, "due": date(2026, 11, 30), "agreement": "kept"},
    {"term": 6, "due": date(2027, 1, 4), "overdue": 0, "later": 20_000},
]


@pytest.fixture
def codes(rehearsal: Rehearsal) -> list[str]:
    """Persons in every state: all classes, by hand, only insured, nothing."""
    mesh = Mesh(Service.of(rehearsal), [])
    mesh.register(
        *(record("1001", **state) for state in STATES),
        record("1002", by_hand=True),
        record("1003", role="insured", debtor="1001"),
    )
    mesh.register(record("1004", version=2, action="withdraw"), batch="b2")
    return [*(mesh.code(str(n)) for n in range(1001, 1005)), "f" * 32]


@pytest.fixture
def server(rehearsal: Rehearsal, codes: list[str]) -> Iterator[Served]:
    with served(rehearsal) as running:
        yield running


@pytest.fixture
def page(server: Served) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium")
    if found is None:
        pytest.skip("chromium is not installed (scripts/system-packages.txt)")
    origin = f"https://127.0.0.1:{server.port}"
    folder = server.rehearsal.client(AGENCY)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        context = browser.new_context(
            ignore_https_errors=True,
            locale="ja-JP",
            viewport={"width": 1280, "height": 900},
            client_certificates=[
                {
                    "origin": origin,
                    "certPath": str(folder / "certificate.pem"),
                    "keyPath": str(folder / "certificate.key"),
                }
            ],
        )
        opened = context.new_page()
        opened.goto(f"{origin}/examiner/")
        yield opened
        browser.close()


def picture(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_a_question_by_keyboard_and_its_answer_in_words_and_on_paper(
    page: Any, codes: list[str], tmp_path: Path
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    assert axe(page) == []
    picture(page, "mesh-ask")
    page.focus("#id_purpose")
    page.keyboard.press("ArrowDown")
    for text in ("officer-7", "case-2027-001"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Tab")
    page.keyboard.type("\n".join(codes))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".signed")
    for width in (1280, 400):
        page.set_viewport_size({"width": width, "height": 900})
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        picture(page, f"mesh-answer-{width}")
    rows = {
        row.locator("th").inner_text().split()[0]: row.locator("td").first.inner_text()
        for row in page.locator(".person").first.locator("table").first.locator("tbody tr").all()
    }
    assert rows["滞納"] == "20,000"
    assert rows["納付の報告あり(台帳に未反映)"] == "20,000"
    assert rows["猶予中"] == rows["分納誓約を履行中"] == rows["納期限前"] == "20,000"
    states = page.locator(".state strong").all_inner_texts()
    assert states == [
        "登録された情報があります", "自動では回答できません", "登録された情報があります",
        "登録された情報はありません", "この符号は見つかりません",
    ]  # fmt: skip
    insured = page.locator(".person").nth(2).inner_text()
    assert "この人の滞納と読まないでください" in insured
    assert "本人が納める額" not in insured
    paper = tmp_path / "answer.pdf"
    page.pdf(path=paper, format="A4")
    text = "".join(sheet.extract_text() for sheet in PdfReader(paper).pages)
    assert page.locator(".signed code").nth(2).inner_text()[:20] in text.replace("\n", "")
    if PICTURES:
        shutil.copy(paper, Path(PICTURES) / "mesh-answer.pdf")
    assert complaints == []


def test_a_form_that_lacks_its_purpose_says_so_in_both_languages(page: Any) -> None:
    page.get_by_role("button", name="照会する").click()
    page.wait_for_selector(".error >> text=Choose a purpose")
    assert axe(page) == []
    picture(page, "mesh-refused")
