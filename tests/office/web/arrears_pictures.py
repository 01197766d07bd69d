"""The pictures of docs/ja/arrears.md: a fictional town, served and photographed.

``python -m tests.office.web.arrears_pictures DIR`` writes ``arrears-*.png``.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from datetime import date, timedelta
from pathlib import Path
from typing import Any

PASSWORD = "だれも使わない見本の合言葉"


def main(folder: Path) -> None:
    """Make the town, serve it, take the pictures."""
    with tempfile.TemporaryDirectory() as place:
        url = f"sqlite:///{place}/town.db"
        os.environ |= {"KOKUHO_DATABASE": url, "KOKUHO_SECRET_KEY": "k" * 50}
        import tests.office.conftest  # noqa: F401  sets Django up

        os.environ["KOKUHO_DATABASE"] = url
        houses = _town(url)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [str(Path(sys.executable).with_name("kokuho")), "serve", "--port", str(port)]
        with subprocess.Popen(command) as process:
            try:
                _photograph(f"http://127.0.0.1:{port}", houses, folder)
            finally:
                process.terminate()


def _town(url: str) -> dict[str, int]:
    from kokuho.arrears import Act, Promise
    from kokuho.base import calendar
    from kokuho.office.accounts import rights, users
    from kokuho.office.arrears.recording import record
    from kokuho.office.arrears.reminding import remind
    from kokuho.office.register.models import Household
    from kokuho.office.store import schema
    from kokuho.office.tenancy import seeing
    from tests.office.arrears.town import INSURER, name, open_town
    from tests.office.conftest import use

    use(url)
    schema.migrate("default")
    open_town()
    remind(INSURER, date(2026, 9, 18), date(2026, 9, 30), actor="窓口　一号")
    today = calendar.today()
    demands = tuple(name("78", term) for term in (1, 2, 3))
    plan = tuple(Promise(today + timedelta(days=30 * n), 15_000) for n in range(1, 7))
    deferred = tuple(name("79", term) for term in (1, 2, 3))
    record(INSURER, [
        Act(0, "consultation", today, "78", code="counter", text="アルバイトの給料日に払う",
            actor="窓口　一号"),
        Act(0, "agreement", today, "78", demands=demands, plan=plan, text="毎月1万5千円",
            actor="窓口　一号"),
        Act(0, "deferral", today, "79", demands=deferred, code="sale_on_request",
            until=today + timedelta(days=180), actor="窓口　一号"),
        Act(0, "returned_mail", date(2026, 9, 25), "80", code="reminder", actor="窓口　一号"),
    ])  # fmt: skip
    users.add("clerk", PASSWORD, [INSURER], "窓口　一号")
    rights.allow("clerk", rights.FOREIGN_ARREARS, INSURER, actor="見本の係長")
    with seeing([INSURER]):
        return dict(Household.objects.values_list("household_number", "pk"))


def _photograph(server: str, houses: dict[str, int], folder: Path) -> None:
    from playwright.sync_api import sync_playwright

    from tests.office.conftest import INSURER

    _wait(server)
    pages = {
        "arrears-list": "/arrears/",
        "arrears-household": f"/{INSURER}/households/{houses['78']}/arrears",
        "arrears-foreign": f"/{INSURER}/arrears/foreign",
    }
    with sync_playwright() as playwright:
        found = shutil.which("chromium")
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-quic"]
        browser: Any = playwright.chromium.launch(executable_path=found, args=arguments)
        page = browser.new_page(viewport={"width": 1280, "height": 900}, locale="ja-JP")
        page.goto(server)
        page.fill("#id_username", "clerk")
        page.fill("#id_password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/search")
        for name, address in pages.items():
            page.goto(server + address)
            page.screenshot(path=str(folder / f"{name}.png"), full_page=True)
        browser.close()


def _wait(server: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"{server}/sign-in").close()
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the server does not answer")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
