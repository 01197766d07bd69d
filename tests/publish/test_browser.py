"""The site in a real browser, opened from its folder: wide, on a telephone, on paper; axe-clean."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.office.web.browsing import ARGUMENTS, AXE

WIDE, PHONE = 1280, 390

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium")
    if found is None:
        pytest.skip("chromium is not installed (scripts/system-packages.txt)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


def axe(page: Any) -> list[str]:
    """What axe-core finds; style sheets cannot be fetched again from a folder, and need not be."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:100]}" for one in found["violations"]]


def look(
    chromium: Any, site: Path, width: int, media: str = "screen"
) -> Iterator[tuple[Path, Any]]:
    """Every page of a site, after it has loaded; whatever it asks for is in the site."""
    asked: list[str] = []
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.emulate_media(media=media)
    page.on("request", lambda request: asked.append(request.url))
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        page.evaluate("document.fonts.ready")
        yield path, page
    page.close()
    inside = (site.as_uri(), "data:")
    assert [url for url in asked if not url.startswith(inside)] == []
    assert any(url.endswith("faces.css") for url in asked)


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("which", ["whole_site", "several_site"])
def test_every_page_is_axe_clean_and_not_wider_than_the_window(
    chromium: Any, which: str, width: int, request: pytest.FixtureRequest
) -> None:
    for path, page in look(chromium, request.getfixturevalue(which), width):
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        # whatever is cut off can be scrolled to, by keyboard too
        cut = (
            "[...document.querySelectorAll('main *')].filter(e => e.scrollWidth > e.clientWidth + 1"
        )
        cut += " && getComputedStyle(e).overflowX === 'auto' && e.tabIndex < 0).length"
        assert page.evaluate(cut) == 0, path


def test_letters_of_charts_can_be_read_on_a_telephone(chromium: Any, whole_site: Path) -> None:
    page = chromium.new_page(viewport={"width": PHONE, "height": 900})
    page.goto((whole_site / "insured.html").as_uri())
    heights = page.evaluate(
        "[...document.querySelectorAll('.picture svg text')].filter(t => t.textContent)"
        ".map(t => t.getBoundingClientRect().height)"
    )
    assert len(heights) > 50
    assert min(heights) >= 9
    page.close()


def test_charts_and_tables_are_printed_and_ways_to_other_pages_are_not(
    chromium: Any, whole_site: Path, tmp_path: Path
) -> None:
    for path, page in look(chromium, whole_site, 720, media="print"):
        hidden = page.evaluate(
            "[...document.querySelectorAll('nav, .downloads, .skip')]"
            ".every(e => getComputedStyle(e).display === 'none')"
        )
        assert hidden, path
        shown = page.evaluate(
            "[...document.querySelectorAll('.picture svg, main table, dl.definition')]"
            ".every(e => e.getBoundingClientRect().height > 0)"
        )
        assert shown, path
        assert page.evaluate("document.documentElement.scrollWidth") <= 720, path
        if path.name == "insured.html":
            made = page.pdf(format="A4")
            assert made.startswith(b"%PDF")


def test_the_language_is_changed_on_the_same_page_by_keyboard(
    chromium: Any, several_site: Path
) -> None:
    page = chromium.new_page(viewport={"width": WIDE, "height": 900})
    page.goto((several_site / "definitions.html").as_uri())
    for _press in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "English":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "4px"
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/definitions.html")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.close()


def test_the_embedded_typeface_is_used(chromium: Any, small_site: Path) -> None:
    page = chromium.new_page()
    page.goto((small_site / "index.html").as_uri())
    page.evaluate("document.fonts.ready")
    loaded = page.evaluate("[...document.fonts].filter(f => f.status === 'loaded').length")
    assert loaded == 2
    page.close()
