"""The pages of printing in a real browser: by keyboard alone, wide and narrow, axe-clean."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.office.conftest import Store
from tests.office.web.test_browser import (
    NARROW,
    WIDE,
    _wait,
    axe,
    chromium,
    signed_in,
    tab_to,
)
from tests.office.web.test_printing import NEW, folder

__all__ = ["chromium", "folder"]

pytestmark = pytest.mark.slow


@pytest.fixture
def server(store: Store, folder: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "KOKUHO_DATABASE": store.url, "KOKUHO_SECRET_KEY": "k" * 50}
    command = [str(Path(sys.executable).with_name("kokuho")), "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment) as process:
        try:
            _wait(process, f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def press(page: Any, text: str) -> None:
    tab_to(page, f"e.textContent === '{text}'")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_batch_is_printed_by_keyboard_alone_and_its_pages_are_axe_clean(
    server: str, chromium: Any, folder: Path, width: int
) -> None:
    page = signed_in(chromium, server, width)

    def check() -> None:
        assert axe(page) == [], page.url
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    press(page, "印刷")
    page.wait_for_url("**/printing/")
    check()
    press(page, "一括印刷を始める")
    page.wait_for_url(f"**{NEW}")
    check()
    press(page, "納税通知書・納入通知書")
    page.wait_for_selector("#fiscal_year")
    page.fill("#fiscal_year", "R8")
    press(page, "通数と金額を確かめる")
    page.wait_for_selector("#fiscal_year-mistake")
    check()
    page.fill("#fiscal_year", "2026")
    press(page, "通数と金額を確かめる")
    page.wait_for_selector("text=印刷する 3 通")
    check()
    press(page, "この内容で印刷を始める")
    page.wait_for_selector("#state-title")
    check()
    for _look in range(60):
        if "完了" in page.inner_text("#state-title"):
            break
        assert "失敗" not in page.inner_text("#state-title")
        page.wait_for_timeout(500)
        press(page, "表示を更新")
        page.wait_for_selector("#state-title")
    page.wait_for_selector("text=levy-0002.pdf")
    check()
    with page.expect_download() as taken:
        press(page, "levy-0001.pdf")
    assert Path(taken.value.path()).read_bytes().startswith(b"%PDF")
