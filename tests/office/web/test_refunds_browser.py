"""Refunds and departures in a real browser: by keyboard, wide, middle and narrow, axe-clean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.office.web.browsing import (
    MIDDLE,
    NARROW,
    WIDE,
    chromium,
    clean,
    focus_is_on,
    sign_in_by_keyboard,
    signed_in,
    tab_to,
)
from tests.office.web.test_browser import server
from tests.office.web.test_payers import prepaid, saying
from tests.office.web.test_refunds import overpaid

__all__ = ["chromium", "server"]

pytestmark = pytest.mark.slow


@pytest.fixture
def too_much(server: str, tmp_path: Path) -> str:
    """Before Chromium starts: its loop keeps Django from the database."""
    return overpaid(tmp_path)


def confirm(page: Any, width: int) -> None:
    """Go on to what is to be confirmed, and confirm it."""
    tab_to(page, "e.type === 'submit' && e.className === 'main'")
    page.keyboard.press("Enter")
    page.wait_for_selector("button[name=sure]")
    clean(page, width)
    tab_to(page, "e.name === 'sure'")
    page.keyboard.press("Enter")


def act(page: Any, server: str, user: str, width: int) -> None:
    """As another user, do by keyboard the first thing that can be done with the refund."""
    address = page.url
    tab_to(page, "e.textContent === 'サインアウト'")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in*")
    sign_in_by_keyboard(page, user)
    page.goto(address)
    clean(page, width)
    tab_to(page, "e.type === 'radio'")
    page.keyboard.press("Space")
    confirm(page, width)


@pytest.mark.parametrize("width", [WIDE, MIDDLE, NARROW])
def test_a_refund_goes_from_the_list_to_its_payment_by_keyboard(
    server: str, too_much: str, chromium: Any, width: int
) -> None:
    page = signed_in(chromium, server, width)
    tab_to(page, "e.tagName === 'A' && e.textContent.startsWith('過誤納と還付')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/refunds/")
    clean(page, width)
    tab_to(page, "e.textContent.startsWith('還付を伺う')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=伺いを書く")
    clean(page, width)
    tab_to(page, "e.id === 'choice-assessment'")
    page.keyboard.press("ArrowUp")
    tab_to(page, "e.id === 'reason'")
    page.keyboard.type("領収書で確かめた(架空)")
    confirm(page, width)
    page.wait_for_selector("text=別の人の命令を待っています")
    clean(page, width)
    act(page, server, "chief", width)
    page.wait_for_selector("text=審査を待っています")
    clean(page, width)
    act(page, server, "treasurer", width)
    page.wait_for_selector("text=承認がそろいました")
    act(page, server, "clerk", width)
    page.wait_for_selector("text=支払(記帳)")
    clean(page, width)


@pytest.fixture
def who_leaves(server: str) -> None:
    """Before Chromium starts, as for the overpayment."""
    saying()


@pytest.mark.parametrize("width", [WIDE, MIDDLE, NARROW])
def test_what_a_payer_says_who_leaves_is_recorded_by_keyboard(
    server: str, who_leaves: None, chromium: Any, width: int
) -> None:
    page = signed_in(chromium, server, width)
    page.goto(f"{server}/departures/")
    page.wait_for_selector("text=聞いたことを記録")
    clean(page, width)
    tab_to(page, "e.textContent.startsWith('聞いたことを記録') && e.textContent.includes('h1')")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=聞いたことを書く")
    clean(page, width)
    tab_to(page, "e.type === 'radio'")
    page.keyboard.press("Space")
    confirm(page, width)
    page.wait_for_url("**#bills")
    assert "/households/" in page.url


@pytest.fixture
def newcomer(server: str) -> None:
    """Before Chromium starts, as for the overpayment."""
    prepaid()


@pytest.mark.parametrize("width", [WIDE, MIDDLE, NARROW])
def test_from_the_list_of_prepayment_to_the_counter_and_a_balance_on_a_day_by_keyboard(
    server: str, newcomer: None, chromium: Any, width: int
) -> None:
    page = signed_in(chromium, server, width)
    page.goto(f"{server}/prepayment/?state=notified")
    tab_to(page, "e.closest('tbody') !== null && e.tagName === 'A'")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=判断の履歴")
    tab_to(page, "e.closest('.title') !== null && e.tagName === 'A'")
    page.keyboard.press("Enter")
    page.wait_for_selector("#bills")
    tab_to(page, "e.textContent === '窓口で受け取った前納を記帳'", most=80)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=窓口での前納の納付")
    clean(page, width)
    page.go_back()
    tab_to(page, "e.textContent === '別の日の残高を見る'", most=80)
    page.keyboard.press("Enter")
    focus_is_on(page, "valid")
    page.keyboard.press("Control+A")
    page.keyboard.type("R8.7.25")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=納付と残高(令和8年7月25日現在)")
    clean(page, width)
    tab_to(page, "e.textContent === '前納の判断と履歴'", most=80)
    page.keyboard.press("Enter")
    page.wait_for_selector("text=判断の履歴")
