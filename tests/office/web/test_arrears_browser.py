"""The pages of arrears in a real browser: by keyboard, wide and narrow, axe-clean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kokuho.office.accounts import rights
from tests.office.conftest import INSURER, Store
from tests.office.web.browsing import (
    NARROW,
    WIDE,
    axe,
    chromium,
    focus_is_on,
    serving,
    sign_in_by_keyboard,
    signed_in,
    tab_to,
)
from tests.office.web.test_arrears import HERE, Town, town

__all__ = ["chromium", "town"]

pytestmark = pytest.mark.slow


@pytest.fixture
def server(store: Store, town: Town) -> Iterator[str]:
    rights.allow("clerk", rights.FOREIGN_ARREARS, INSURER, actor="係長")
    with serving(store) as address:
        yield address


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_pages_are_axe_clean_and_fit_the_screen(
    server: str, chromium: Any, town: Town, width: int
) -> None:
    page = signed_in(chromium, server, width)
    for address in ("/arrears/", town.page("77"), HERE, f"{HERE}?by=age&state=unpaid"):
        page.goto(server + address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
    page.goto(server + town.page("77"))
    page.click("button.main")
    page.wait_for_selector("text=記録していません")
    assert axe(page) == []


def test_a_consultation_is_recorded_by_keyboard_alone(
    server: str, chromium: Any, town: Town
) -> None:
    page = chromium.new_page(viewport={"width": WIDE, "height": 900}, locale="ja-JP")
    page.goto(server)
    sign_in_by_keyboard(page)
    focus_is_on(page, "q")
    page.evaluate("document.activeElement.blur()")
    tab_to(page, "e.textContent === '滞納'")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=滞納整理の作業一覧")
    tab_to(page, "e.closest('tbody') !== null && e.tagName === 'A'")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=記録を加える")
    tab_to(page, "e.id === 'choice'")
    for _press in range(30):
        if page.evaluate("document.activeElement.value") == "consultation/counter":
            break
        page.keyboard.press("ArrowDown")
    tab_to(page, "e.id === 'text'")
    page.keyboard.type("月末に払う")
    tab_to(page, "e.textContent === '記録する'")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=納付相談(窓口)")
    assert page.locator("td", has_text="月末に払う").count() == 1
