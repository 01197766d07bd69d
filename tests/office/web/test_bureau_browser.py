"""The pages of the notice and of shared arrears in a real browser: by keyboard, axe-clean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kokuho.office.accounts import rights
from kokuho.office.tenancy import seeing
from tests.office.bureau.town import decided, newcomer, officer, opened
from tests.office.conftest import INSURER, Store
from tests.office.people import moment
from tests.office.sharing.town import open_city
from tests.office.web.browsing import (
    MIDDLE,
    NARROW,
    WIDE,
    chromium,
    clean,
    focus_is_on,
    serving,
    sign_in_by_keyboard,
    signed_in,
    tab_to,
)

__all__ = ["chromium"]

pytestmark = pytest.mark.slow


@pytest.fixture
def server(store: Store) -> Iterator[str]:
    hands = open_city()
    with seeing([INSURER], writing=True):
        when = moment()
        for number in ("2001", "2002", "2004"):
            newcomer(number, when)
    clerk = officer("clerk", rights.BUREAU_NOTICE, rights.BUREAU_DECIDE, rights.SHARING_MAKE,
                    rights.SHARING_APPROVE)  # fmt: skip
    decided(clerk, "2001")
    opened(clerk, "2002")
    hands.set_up()
    hands.made()
    with serving(store) as address:
        yield address


@pytest.mark.parametrize("width", [WIDE, MIDDLE, NARROW])
def test_pages_are_axe_clean_and_fit_the_screen(server: str, chromium: Any, width: int) -> None:
    page = signed_in(chromium, server, width)
    page.goto(f"{server}/bureau/")
    clean(page, width)
    page.check("#purpose-interview")
    page.click("button.main")
    page.wait_for_selector("text=聴き取りを始めていない申請")
    here = f"/{INSURER}/bureau"
    for address in ("/bureau/", "/bureau/?state=done", f"{here}/new", f"{here}/1", f"{here}/2",
                    "/sharing/", f"/{INSURER}/sharing/1"):  # fmt: skip
        page.goto(server + address)
        clean(page, width)
    page.goto(f"{server}{here}/2")
    page.click("button.main")
    page.wait_for_selector("text=記録していません")
    clean(page, width)


def test_a_decision_is_recorded_by_keyboard_alone(server: str, chromium: Any) -> None:
    page = chromium.new_page(viewport={"width": WIDE, "height": 900}, locale="ja-JP")
    page.goto(server)
    sign_in_by_keyboard(page)
    focus_is_on(page, "q")
    page.evaluate("document.activeElement.blur()")
    tab_to(page, "e.textContent.startsWith('入管への通知')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=何のために見ますか")
    tab_to(page, "e.name === 'purpose'")
    page.keyboard.press("Space")
    tab_to(page, "e.textContent === '目的を記録して進む'")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=聴き取りを始めていない申請")
    tab_to(page, "e.textContent.startsWith('聴き取りを始める')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=未確認 7項目")
    for item in ("address", "status", "period", "acquired_on", "acquisition_reason", "employment",
                 "school"):  # fmt: skip
        tab_to(page, f"e.name === 'value-{item}'")
        page.keyboard.press("End")
        page.keyboard.type("(聞いた)")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
    tab_to(page, "e.textContent.startsWith('記録する')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=通知の判断")
    tab_to(page, "e.name === 'code'")
    page.keyboard.press("ArrowDown")
    tab_to(page, "e.id === 'decision-text'")
    page.keyboard.type("事業を確認した")
    tab_to(page, "e.textContent.startsWith('記録する')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=通知の判断(通知しない)")
    assert page.locator("td", has_text="事業を確認した").count() == 1
