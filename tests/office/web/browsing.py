"""The office in a real browser: served, signed in to, walked by keyboard and looked at."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.office.conftest import Store
from tests.office.web.conftest import PASSWORD

ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / ".assets" / "tests" / "axe.min.js"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE, MIDDLE, NARROW = 1280, 820, 400
PATIENCE = 60  # seconds to wait for a server that starts


@contextmanager
def serving(store: Store) -> Iterator[str]:
    """``kokuho serve`` on the database of the test, as its users start it; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "KOKUHO_DATABASE": store.url, "KOKUHO_SECRET_KEY": "k" * 50}
    command = [str(Path(sys.executable).with_name("kokuho")), "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(process, address)
            yield address
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, "the server stopped"
        try:
            urllib.request.urlopen(f"{address}/sign-in").close()
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server does not answer")


@pytest.fixture
def chromium(server: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium")
    if found is None:
        pytest.skip("chromium is not installed (scripts/system-packages.txt)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


def axe(page: Any) -> list[str]:
    """What axe-core finds wrong with a page."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{v['id']}: {v['nodes'][0]['html'][:100]}" for v in found["violations"]]


def tab_to(page: Any, script: str, most: int = 40) -> None:
    """Press the tabulator until the focused element is the one; it must be seen to have focus."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"(e => {script})(document.activeElement)"):
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            assert outline == "4px"
            return
    raise AssertionError(f"not reached by keyboard: {script}")


def focus_is_on(page: Any, name: str) -> None:
    """Wait for the field that a page puts the focus on by itself."""
    page.wait_for_function(f"document.activeElement.id === '{name}'")


def sign_in_by_keyboard(page: Any, username: str = "clerk") -> None:
    """From the page of signing in to the search, without a mouse."""
    focus_is_on(page, "id_username")
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search")


def signed_in(chromium: Any, server: str, width: int) -> Any:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, locale="ja-JP", bypass_csp=True
    )
    page = context.new_page()
    page.goto(server)
    assert axe(page) == []
    page.fill("#id_username", "clerk")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search")
    return page


def clean(page: Any, width: int) -> None:
    assert axe(page) == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
