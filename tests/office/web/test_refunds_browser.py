"""Refunds and departures in a real browser: by keyboard, wide, middle and narrow, axe-clean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.office.web.conftest import PASSWORD
from tests.office.web.test_browser import (
    MIDDLE,
    NARROW,
    WIDE,
    chromium,
    clean,
    server,
    signed_in,
    tab_to,
)
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


@pytest.mark.parametrize("width", [WIDE, MIDDLE, NARROW])
def test_a_refund_is_asked_for_and_ordered_by_keyboard(
    server: str, too_much: str, chromium: Any, width: int
) -> None:
    page = signed_in(chromium, server, width)
    tab_to(page, "e.tagName === 'A' && e.textContent.startsWith('過誤納と還付')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/refunds/")
    clean(page, width)
    tab_to(page, "e.closest('tbody') !== null && e.tagName === 'A'")
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
    address = page.url
    page.click("text=サインアウト")
    page.fill("#id_username", "chief")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search")
    page.goto(address)
    clean(page, width)
    tab_to(page, "e.type === 'radio'")
    page.keyboard.press("Space")
    confirm(page, width)
    page.wait_for_selector("text=審査を待っています")
    clean(page, width)


@pytest.mark.parametrize("width", [WIDE, MIDDLE, NARROW])
def test_the_list_of_departures_is_axe_clean_and_fits(
    server: str, chromium: Any, width: int
) -> None:
    page = signed_in(chromium, server, width)
    page.goto(f"{server}/departures/")
    page.wait_for_selector("text=転出・出国する世帯")
    clean(page, width)
