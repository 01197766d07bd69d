"""The pictures of docs/ja/publishing.md: a fictional city's pages, looked at by Chromium.

    .venv/bin/python scripts/publish_pictures.py [--out docs/ja/img]

The measure files are those of the tests (tests/publish); everything in them is invented.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.publish.city import MADE_ON, SITE, city_file  # noqa: E402
from tests.publish.conftest import SEVERAL, few, several_files  # noqa: E402

from kokuho.publish import publish  # noqa: E402


def main() -> None:
    """Publish two sites, look at four places."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, default=ROOT / "docs" / "ja" / "img")
    out = asked.parse_args().out
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        city, several = Path(folder) / "city", Path(folder) / "several"
        publish([few(city_file())], city, made_on=MADE_ON, site=SITE)
        publish(several_files(), several, made_on=MADE_ON, site=SEVERAL)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        wide = browser.new_page(viewport={"width": 1100, "height": 800})
        picture(wide, city / "index.html", out / "publish_home.png")
        wide.goto((city / "insured.html").as_uri())
        block = wide.locator(".block", has=wide.locator("#foreign_insured-2-title"))
        block.screenshot(path=str(out / "publish_pyramid.png"))
        picture(wide, several / "index.html", out / "publish_insurers.png")
        phone = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=1.5)
        phone.goto((city / "insured.html").as_uri() + "#foreign_share")
        phone.wait_for_timeout(300)
        phone.screenshot(path=str(out / "publish_phone.png"))
        browser.close()


def picture(page: Any, path: Path, out: Path) -> None:
    """A page, its first screens."""
    page.goto(path.as_uri())
    page.wait_for_timeout(300)
    height = min(1000, page.evaluate("document.documentElement.scrollHeight"))
    page.screenshot(
        path=str(out), full_page=True, clip={"x": 0, "y": 0, "width": 1100, "height": height}
    )


if __name__ == "__main__":
    main()
