"""The commands of the ledger as a clerk runs them, on SQLite."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from kokuho.base.calendar import era_date
from kokuho.ledger import Violation
from kokuho.office.accounts import users
from kokuho.office.ledger.models import Entry
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.cli.test_levy import kokuho
from tests.office.conftest import INSURER, Store
from tests.office.ledger.offices import DUES, bill, name, open_office, post
from tests.office.ledger.test_receipts import write

OF = ("--insurer", INSURER)
ON = ("--on", "2026-12-01")


@pytest.mark.slow
def test_a_receipt_goes_in_by_preview_import_balance_and_verify(
    sqlite: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 12_000)])
    path = write(tmp_path / "receipts.csv", ["r1,2026-07-30,13000,h1,2026,1,"])

    def ask(*words: str, typed: str = "") -> str:
        done = kokuho(*words, typed=typed, KOKUHO_DATABASE=sqlite.url)
        assert done.returncode == 0, done.stderr
        return done.stdout

    seen = ask("import", "receipts", str(path), "--preview", *ON)
    assert name("h1", 1) in seen
    # 充当 is what overpaid money does; a receipt is 収納
    assert "収納" in seen
    assert "充当" not in seen
    data = json.loads(ask("import", "receipts", str(path), "--json", *ON))
    assert (data["recorded"], data["receipts"], data["amount"]) == (1, 1, 13_000)
    balance = json.loads(ask("ledger", "balance", "h1", "--json", *OF, *ON))
    assert (balance["due"], balance["overpaid"]) == (0, 1_000)
    _head, line, _sum = ask("ledger", "balance", "h1", *OF, *ON).strip().splitlines()
    assert line.split("\t")[:4] == [name("h1", 1), era_date(DUES[0]), "12,000", "12,000"]
    number = ask("ledger", "refund", "ask", name("h1", 1), "--amount", "1000", "--reason", "過納",
                 "--cause", "mistake", *OF, *ON).strip()  # fmt: skip
    word = "だれも使わない見本の合言葉"
    for role in ("order", "audit"):
        users.add(role, word, [INSURER])
        ask("user", "allow", role, f"refund_{role}", *OF)
        ask("ledger", "refund", "approve", number, "--user", role, "--password-stdin", *OF, *ON,
            typed=f"{word}\n")  # fmt: skip
    ask("ledger", "refund", "pay", number, *OF, *ON)
    assert json.loads(ask("ledger", "verify", "--json", *OF)) == {"findings": []}


def test_verify_finds_what_somebody_changed_behind_the_guards(
    sqlite: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 12_000), bill("h2", 1, 9_000)])
    with sqlite3.connect(sqlite.url.removeprefix("sqlite:///")) as link:
        triggers = link.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'books_entry' "
            "AND name LIKE '%update%'"
        ).fetchall()
        for (trigger,) in triggers:
            link.execute(f"DROP TRIGGER {trigger}")
        link.execute(
            "UPDATE books_entry SET amount = amount + 1 WHERE account = 'receivable' "
            "AND household_id = 'h1'"
        )
    link.close()
    with seeing([INSURER]):
        found = verify(INSURER)
        assert Entry.objects.count() == 4
    codes = {one.code for one in found}
    assert {"guard", "journal_sum", "revenue"} <= codes
    assert all(isinstance(one, Violation) for one in found)


@pytest.mark.slow
def test_relief_lapse_and_a_number_that_is_used_twice_are_told_by_the_command(
    sqlite: Store,
) -> None:
    open_office()
    post([bill("h1", 1, 12_000), bill("h2", 1, 9_000)])

    def ask(*words: str) -> tuple[int, str]:
        done = kokuho("ledger", *words, *OF, *ON, KOKUHO_DATABASE=sqlite.url)
        return done.returncode, done.stdout + done.stderr

    relief = ("relief", name("h1", 1), "--from", "2026-08-01", "--source", "猶予1", "--until")
    status, said = ask(*relief, "2026-07-01")
    assert (status, "Traceback" in said) == (2, False)
    assert "2026-07-01" in said
    assert ask(*relief, "2026-12-31")[0] == 0
    assert "すでに記帳" in ask(*relief, "2026-12-31")[1]
    status, said = ask("relief", name("h2", 1), *relief[2:], "2026-12-31")
    assert status == 2
    assert "猶予1" in said
    status, said = ask("lapse", "--json")
    assert (status, json.loads(said)["entries"]) == (0, 0)
    assert ask("balance", "h9")[0] == 2
