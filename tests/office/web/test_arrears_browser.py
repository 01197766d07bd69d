"""The pages of arrears in a real browser: by keyboard, wide and narrow, axe-clean."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kokuho.office.accounts import rights
from tests.office.conftest import INSURER, Store
from tests.office.web.conftest import PASSWORD
from tests.office.web.test_arrears import HERE, Town, town
from tests.office.web.test_browser import (
    NARROW,
    WIDE,
    _wait,
    axe,
    chromium,
    focus_is_on,
    signed_in,
    tab_to,
)

__all__ = ["chromium", "town"]

pytestmark = pytest.mark.slow


@pytest.fixture
def server(store: Store, town: Town) -> Iterator[str]:
    rights.allow("clerk", rights.FOREIGN_ARREARS, INSURER, actor="係長")
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
    focus_is_on(page, "id_username")
    page.keyboard.type("clerk")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search")
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
