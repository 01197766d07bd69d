"""The year's figures, the lists of suspense and journals, and one refund, as they are printed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from kokuho.cli import app
from kokuho.office.ledger import refunding
from kokuho.office.ledger.acts import close_year, reverse_journals
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.ledger.offices import approve, bill, name, open_office, post
from tests.office.ledger.test_receipts import write

CLOSED = date(2026, 6, 1)


def kokuho(*words: str) -> str:
    done = CliRunner().invoke(app, ["ledger", *words, "--insurer", INSURER])
    assert done.exit_code == 0, done.output
    return done.stdout


def data(*words: str) -> Any:
    return json.loads(kokuho(*words, "--json"))


def collected(folder: Path) -> None:
    """Of 12,000 and 9,000 yen: 13,000 and 4,000 received, 500 of nobody known."""
    open_office(year=2025)
    terms = {"fiscal_year_levied": 2025, "fiscal_year_meant": 2025, "due": date(2025, 7, 31)}
    demands = [bill("h1", 1, 12_000, **terms), bill("h2", 1, 9_000, **terms)]
    post(demands, date(2025, 7, 15), 2025)
    rows = ["r1,2025-07-30,13000,h1,2025,1,", "r2,2025-07-31,4000,h2,2025,1,架空の親族",
            "r3,2025-08-03,500,h9,,,"]  # fmt: skip
    path = write(folder / "receipts.csv", rows)
    import_receipts(path, posted_on=date(2025, 12, 1), actor="試験")


def refunded(on: date) -> int:
    number = refunding.ask(
        INSURER,
        name("h1", 1, 2025, 2025),
        1_000,
        cause="mistake",
        reason="過納",
        asked_by="試験",
        asked_on=on,
    )
    approve(number, on)
    refunding.pay(INSURER, number, posted_on=on, actor="試験")
    return number


def test_the_years_figures_hold_together_before_and_after_31_may(
    sqlite: Store, tmp_path: Path
) -> None:
    collected(tmp_path)
    year = ("totals", "--fiscal-year", "2025")
    before = data(*year, "--on", "2025-12-31")
    line = {"section": "current", "component": "principal", "assessed": 21_000, "written_off": 0,
            "received": 17_000, "unrefunded": 1_000, "outstanding": 5_000}  # fmt: skip
    assert before["sums"] == [line]
    assert before["lines"] == [{**line, "year_assessed": 2025, "year_meant": 2025}]
    assert before["rates_permyriad"] == {"current": 7_619, "all": 7_619}
    # the register of this office knows no head
    assert before["foreign_heads"]["levied_of_households_without_head"] == 21_000
    assert data(*year, "--on", "2025-11-30")["sums"][0]["received"] == 0
    close_year(INSURER, 2025, posted_on=CLOSED, actor="試験")
    refunded(CLOSED)
    assert data(*year, "--on", str(CLOSED))["sums"] == [line]
    after = data("totals", "--fiscal-year", "2026", "--on", str(CLOSED))
    assert after["lines"] == [
        {**line, "section": "carried", "year_assessed": 2025, "year_meant": 2025,
         "assessed": 5_000, "received": 0, "unrefunded": 0}
    ]  # fmt: skip
    assert after["refunds"] == {"from_revenue": 0, "from_expenditure": 1_000, "interest": 0,
                                "payable": 0, "lapsed": 0}  # fmt: skip
    text = kokuho("totals", "--fiscal-year", "2026", "--on", str(CLOSED))
    assert "滞納繰越分  令和7年度  令和7年度" in text
    assert "収納率(本税・料) 滞納繰越分: 0.00%" in text


def test_a_refund_by_31_may_lowers_the_revenue_of_its_year(sqlite: Store, tmp_path: Path) -> None:
    collected(tmp_path)
    refunded(date(2026, 5, 31))
    found = data("totals", "--fiscal-year", "2025", "--on", "2026-05-31")
    assert found["refunds"]["from_revenue"] == 1_000
    assert found["refunds"]["from_expenditure"] == 0
    assert (found["sums"][0]["received"], found["sums"][0]["unrefunded"]) == (16_000, 0)


def test_books_without_entries_are_no_figures_of_nothing(sqlite: Store) -> None:
    open_office()
    words = ["ledger", "totals", "--fiscal-year", "2020", "--insurer", INSURER]
    done = CliRunner().invoke(app, words)
    assert done.exit_code
    assert "2020" in str(done.exception)


def test_suspense_and_journals_are_listed_and_a_journal_says_what_undid_it(
    sqlite: Store, tmp_path: Path
) -> None:
    collected(tmp_path)
    held = data("suspense", "--on", "2025-12-31")["suspense"]
    assert [(row["source"], row["value_on"], row["amount"]) for row in held] == [
        ("r3", "2025-08-03", 500)
    ]
    assert "仮受 1件、500円" in kokuho("suspense", "--on", "2025-12-31")
    first = data("journals", "h2", "--on", "2025-12-31")["journals"]
    assert [(row["kind"], row["amount"], row["payer"]) for row in first] == [
        ("assess", 9_000, None),
        ("receive", 4_000, "架空の親族"),
    ]
    assert "架空の親族" in kokuho("journals", "h2", "--on", "2025-12-31")
    number = first[1]["number"]
    reverse_journals(INSURER, "誤り 1", [number], posted_on=date(2025, 12, 2), actor="試験")
    again = data("journals", "h2", "--on", "2025-12-31")["journals"]
    assert [(row["amount"], row["reverses"], row["reversed_by"]) for row in again[1:]] == [
        (4_000, None, again[2]["number"]),
        (-4_000, number, None),
    ]
    assert f"{number} の取消し" in kokuho("journals", "h2", "--on", "2025-12-31")


def test_a_refund_is_shown_with_its_interest_step_by_step_also_when_it_is_paid(
    sqlite: Store, tmp_path: Path
) -> None:
    open_office()
    post([bill("h1", 1, 12_000)])
    path = write(tmp_path / "receipts.csv", ["r1,2026-07-30,412000,h1,2026,1,"])
    import_receipts(path, posted_on=date(2026, 8, 1), actor="試験")
    number = refunding.ask(
        INSURER, name("h1", 1), 400_000, cause="mistake", reason="過納", asked_by="試験",
        asked_on=date(2026, 11, 25),
    )  # fmt: skip
    show = ("refund", "show", str(number), "--on", "2026-11-30")
    asked = data(*show)
    # from 31 August: 92 days at 1.3 %
    assert 400_000 * 13 * 92 // 365_000 == 1_310
    assert (asked["state"], asked["total"], asked["ordered_interest"]) == ("asked", 1_300, None)
    assert [step["yen"] for step in asked["calculation"]["steps"]] == [1_310]
    approve(number, date(2026, 11, 30))
    refunding.pay(INSURER, number, posted_on=date(2026, 12, 10), actor="試験")
    paid = data("refund", "show", str(number), "--on", "2027-01-31")
    assert (paid["state"], paid["ordered_interest"]) == ("paid", 1_300)
    assert paid["calculation"] == asked["calculation"]
    assert "命令での還付加算金: 1,300円" in kokuho(*show)
    with seeing([INSURER]):
        assert refunding.waiting(INSURER) == []
