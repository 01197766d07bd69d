"""The pages in a real browser: by keyboard alone, wide and narrow, axe-clean, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from tests.office.conftest import INSURER, Store
from tests.office.web.browsing import (
    MIDDLE,
    NARROW,
    WIDE,
    axe,
    chromium,
    clean,
    focus_is_on,
    serving,
    sign_in_by_keyboard,
    signed_in,
    tab_to,
)
from tests.office.web.conftest import Office
from tests.office.web.test_household import keep_ordinance, protect
from tests.office.web.test_prepayment import newcomers
from tests.office.web.test_suspense import hold

__all__ = ["chromium"]

TALLEST = 400  # pixels of a row; a squeezed column makes rows that are many times as tall

pytestmark = pytest.mark.slow


@pytest.fixture
def server(store: Store, office: Office) -> Iterator[str]:
    keep_ordinance()
    protect("1002")
    with serving(store) as address:
        yield address


@pytest.fixture
def work_to_do(server: str) -> None:
    """Before Chromium starts: Playwright's loop keeps Django from the database."""
    newcomers()


def test_sign_in_search_and_household_by_keyboard_alone(server: str, chromium: Any) -> None:
    page = chromium.new_page(viewport={"width": WIDE, "height": 900}, locale="ja-JP")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(server)
    sign_in_by_keyboard(page)
    focus_is_on(page, "q")
    page.keyboard.type("かくう S61.4.2")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=見つかった人 1 人")
    tab_to(page, "e.closest('tbody') !== null && e.tagName === 'A'")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=の世帯")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "本文へ移動"
    page.keyboard.press("Enter")
    tab_to(page, "e.id === 'valid'")
    page.keyboard.press("Control+A")
    page.keyboard.type("R2.4.1")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=令和2年4月1日 現在")
    tab_to(page, "e.textContent === 'サインアウト'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in")
    assert complaints == []


@pytest.mark.parametrize("width", [WIDE, MIDDLE, NARROW])
def test_pages_are_axe_clean_and_fit_the_screen(
    server: str, chromium: Any, office: Office, width: int
) -> None:
    page = signed_in(chromium, server, width)
    household = f"/{INSURER}/households/{office.household}"
    page.fill("#q", "カクウ")
    page.keyboard.press("Enter")
    page.wait_for_selector("#found")
    for address in (None, household, f"{household}?valid=abc", "/nothing"):
        if address:
            page.goto(server + address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        rows = "[...document.querySelectorAll('tr')].map(row => row.offsetHeight)"
        assert max(page.evaluate(rows), default=0) <= TALLEST, address


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_work_list_of_prepayment_by_keyboard_axe_clean_and_fitting(
    server: str, work_to_do: None, chromium: Any, width: int
) -> None:
    page = signed_in(chromium, server, width)
    page.goto(f"{server}/prepayment/")
    clean(page, width)
    tab_to(page, "e.closest('tbody') !== null && e.tagName === 'A'")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=判断を記録する")
    clean(page, width)
    tab_to(page, "e.type === 'radio'")
    page.keyboard.press("Space")
    tab_to(page, "e.id === 'reason'")
    page.keyboard.type("住民票で確かめた(架空)")
    tab_to(page, "e.type === 'submit' && e.className === 'main'")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=住民票で確かめた(架空)")
    page.wait_for_selector("td:has-text('有効')")
    clean(page, width)


@pytest.fixture
def money_held(server: str) -> None:
    """Before Chromium starts, as for the work list."""
    hold()


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_suspense_list_by_keyboard_axe_clean_and_fitting(
    server: str, money_held: None, chromium: Any, width: int
) -> None:
    page = signed_in(chromium, server, width)
    page.goto(f"{server}/suspense/?why=partial")
    clean(page, width)
    tab_to(page, "e.closest('tbody') !== null && e.tagName === 'A'")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=決定を記録する")
    clean(page, width)
    tab_to(page, "e.type === 'radio'")
    page.keyboard.press("Space")
    tab_to(page, "e.id === 'reason'")
    page.keyboard.type("本人に確認(架空)")
    tab_to(page, "e.type === 'submit' && e.className === 'main'")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=の納付に振り替えました")
    clean(page, width)


def test_the_page_is_printed_without_what_is_for_the_screen(
    server: str, chromium: Any, office: Office
) -> None:
    page = signed_in(chromium, server, WIDE)
    page.goto(f"{server}/{INSURER}/households/{office.household}")
    pdf = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert 2 <= len(pdf.pages) <= 6
    text = "".join("".join(leaf.extract_text() for leaf in pdf.pages).split())
    assert "証明書や通知書ではありません" in text
    assert "支援措置の対象者がいます" in text
    assert "サインアウト" not in text
    assert office.address not in text
