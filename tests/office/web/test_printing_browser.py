"""The pages of printing in a real browser: by keyboard alone, wide and narrow, axe-clean."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.office.conftest import Store
from tests.office.web.browsing import (
    NARROW,
    WIDE,
    chromium,
    clean,
    serving,
    signed_in,
    tab_to,
)
from tests.office.web.test_printing import NEW, folder

__all__ = ["chromium", "folder"]

pytestmark = pytest.mark.slow


@pytest.fixture
def server(store: Store, folder: Path) -> Iterator[str]:
    with serving(store) as address:
        yield address


def press(page: Any, text: str) -> None:
    tab_to(page, f"e.textContent === '{text}'")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_batch_is_printed_by_keyboard_alone_and_its_pages_are_axe_clean(
    server: str, chromium: Any, folder: Path, width: int
) -> None:
    page = signed_in(chromium, server, width)
    press(page, "印刷")
    page.wait_for_url("**/printing/")
    clean(page, width)
    press(page, "一括印刷を始める")
    page.wait_for_url(f"**{NEW}")
    clean(page, width)
    press(page, "納税通知書・納入通知書")
    page.wait_for_selector("#fiscal_year")
    page.fill("#fiscal_year", "R8")
    press(page, "通数と金額を確かめる")
    page.wait_for_selector("#fiscal_year-mistake")
    clean(page, width)
    page.fill("#fiscal_year", "2026")
    press(page, "通数と金額を確かめる")
    page.wait_for_selector("text=印刷する 3 通")
    clean(page, width)
    press(page, "この内容で印刷を始める")
    page.wait_for_selector("#state-title")
    clean(page, width)
    for _look in range(60):
        if "完了" in page.inner_text("#state-title"):
            break
        assert "失敗" not in page.inner_text("#state-title")
        page.wait_for_timeout(1_000)  # the page is shown anew by itself
    page.wait_for_selector("text=levy-0002.pdf")
    clean(page, width)
    with page.expect_download() as taken:
        press(page, "levy-0001.pdf")
    assert Path(taken.value.path()).read_bytes().startswith(b"%PDF")
