"""Make the pictures of the office's work lists for the clerks' guide (docs/ja/img).

    .venv/bin/python scripts/office_pictures.py [--out docs/ja/img]

A demonstration's database is filled in a temporary folder, served, and looked at by Chromium
(scripts/system-packages.txt). Everybody in it is fictional.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

SEED, FISCAL_YEAR = 2026, 2026
WIDTH = 1200


def main() -> None:
    """Fill, serve, look."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, default=Path("docs/ja/img"))
    out = asked.parse_args().out
    with tempfile.TemporaryDirectory() as folder:
        from kokuho.office.demo import fill

        filled = fill(Path(folder), SEED, FISCAL_YEAR, lambda _what: None)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [str(Path(sys.executable).with_name("kokuho")), "serve", "--port", str(port)]
        environment = os.environ | {"KOKUHO_DATABASE": filled.url}
        with subprocess.Popen(command, env=environment) as server:
            try:
                address = f"http://127.0.0.1:{port}"
                wait(address)
                look(address, filled.user, filled.password, out)
            finally:
                server.terminate()


def wait(address: str) -> None:
    """Until the server answers."""
    for _try in range(200):
        try:
            urllib.request.urlopen(f"{address}/sign-in").close()
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server does not answer")


def look(address: str, user: str, password: str, out: Path) -> None:
    """Open the pages as a clerk does, and keep a picture of each."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": 900}, locale="ja-JP")
        page.goto(address)
        page.fill("#id_username", user)
        page.fill("#id_password", password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/search")
        page.goto(f"{address}/prepayment/")
        picture(page, out / "office-prepayment.png")
        decide(page, out)
        page.goto(f"{address}/prepayment/?state=notified")
        page.click("tbody th a")
        page.click(".title a.number")
        page.locator("#bills").screenshot(path=out / "office-bills.png")
        page.goto(f"{address}/suspense/?why=partial")
        picture(page, out / "office-suspense.png")
        page.click("tbody th a")
        picture(page, out / "office-suspense-release.png")
        refund(page, address, out)
        page.goto(f"{address}/departures/")
        picture(page, out / "office-departures.png")
        browser.close()


def decide(page: Any, out: Path) -> None:
    """One undecided household, before and after the decision."""
    page.goto(page.url.split("?")[0] + "?state=look_into")
    page.click("tbody th a")
    page.check("#choice-2")
    page.fill("#reason", "戸籍の附票により、1月1日は別の市に住民登録があったことを確かめた(架空)")
    picture(page, out / "office-prepayment-decide.png")
    page.click("button.main")
    page.wait_for_selector('tbody tr td:has-text("有効")')
    page.locator("section[aria-labelledby=history-title]").screenshot(
        path=out / "office-prepayment-history.png"
    )


def refund(page: Any, address: str, out: Path) -> None:
    """The list of overpayments, and one for which a refund is about to be asked."""
    page.goto(f"{address}/refunds/")
    picture(page, out / "office-refunds.png")
    page.click("tbody a")
    page.check("#choice-mistake")
    page.fill("#reason", "領収書で、同じ期を二度納めたことを確かめた(架空)")
    page.click("button.main")
    page.wait_for_selector("button[name=sure]")
    picture(page, out / "office-refund-confirm.png")


def picture(page: Any, path: Path) -> None:
    """The whole page."""
    page.screenshot(path=path, full_page=True)
    print(path)


if __name__ == "__main__":
    main()
