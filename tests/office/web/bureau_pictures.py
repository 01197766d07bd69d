"""The pictures of docs/ja/bureau.md: a fictional town, served and photographed.

``python -m tests.office.web.bureau_pictures DIR`` writes ``bureau-*.png`` and ``sharing-*.png``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.office.conftest import INSURER, Store, use
from tests.office.web.browsing import ARGUMENTS, serving

SIZES = (1280, 820)


def main(folder: Path) -> None:
    """Make the town, serve it, take the pictures."""
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{place}/town.db"
        os.environ["KOKUHO_DATABASE"] = url
        use(url)
        _town()
        with serving(Store("sqlite", url, None)) as address:
            _photograph(address, folder)


def _town() -> None:
    from kokuho.office.accounts import rights
    from kokuho.office.bureau.recording import take
    from kokuho.office.register.models import Resident
    from kokuho.office.store import schema
    from kokuho.office.tenancy import seeing
    from tests.office.bureau import town
    from tests.office.people import enrol, moment
    from tests.office.sharing import town as shared

    schema.migrate("default")
    hands = shared.open_city()
    with seeing([INSURER], writing=True):
        when = moment()
        for number in ("2001", "2002", "2004"):
            town.newcomer(number, when)
        resident = Resident.objects.get(address_number="1078")
        enrol(when, resident, town.ACQUIRED)
        town.apply(resident, when, "limit_certificate")
    clerk = town.officer("clerk", rights.BUREAU_NOTICE, rights.BUREAU_DECIDE,
                         *("sharing_make", "sharing_approve"))  # fmt: skip
    case = town.decided(clerk, "2001")
    papers = ("聴取書の写し", "登記事項証明書の写し")
    sent = town.step("sending", to="架空出入国在留管理局(郵送)", papers=papers)
    take(INSURER, case, sent, clerk)
    town.opened(clerk, "2002")
    hands.set_up()
    number = hands.made()
    from kokuho.office.sharing.making import approve

    approve(INSURER, number, hands.first)


def _photograph(server: str, folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    from tests.office.web.browsing import AXE
    from tests.office.web.conftest import PASSWORD

    pages = {
        "bureau-purpose": "/bureau/?ask=1",
        "bureau-list": "/bureau/",
        "bureau-interview": f"/{INSURER}/bureau/2",
        "bureau-case": f"/{INSURER}/bureau/1",
        "bureau-new": f"/{INSURER}/bureau/new",
        "sharing": "/sharing/",
        "sharing-list": f"/{INSURER}/sharing/1",
    }
    with sync_playwright() as playwright:
        found = shutil.which("chromium")
        browser: Any = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        for width in SIZES:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, locale="ja-JP", bypass_csp=True
            )
            page = context.new_page()
            page.goto(server)
            page.fill("#id_username", "clerk")
            page.fill("#id_password", PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url("**/search")
            page.goto(f"{server}/bureau/")
            page.check("#purpose-interview")
            page.click("button.main")
            for name, address in pages.items():
                page.goto(server + address)
                page.evaluate(AXE.read_text(encoding="utf-8"))
                wrong = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
                for one in wrong["violations"]:
                    print(width, name, one["id"], one["nodes"][0]["html"][:120])
                end = "" if width == SIZES[0] else f"-{width}"
                page.screenshot(path=str(folder / f"{name}{end}.png"), full_page=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
    subprocess.run(["ls", sys.argv[1]], check=True)
