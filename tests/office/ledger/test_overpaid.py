"""A prepayment that became too much: 充当, then 還付, by the commands, until prescription."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from kokuho.billing import to_frame
from kokuho.cli import app
from kokuho.office.ledger.assessing import post_demands
from kokuho.office.ledger.rules import keep_ordinance
from kokuho.office.ledger.verifying import verify
from kokuho.office.register.models import Enrolment, Residence
from kokuho.office.store.recording import retract
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import at, run_changes
from tests.office.billing.town import (
    arrive,
    assess,
    bill,
    bill_again,
    billed,
    declare,
    ordinance,
    telling,
)
from tests.office.conftest import INSURER, Store
from tests.office.ledger import offices
from tests.office.ledger.test_receipts import write
from tests.office.people import add_insurer

HEADER = "insurer_code,reference,received_on,amount,household_id,fiscal_year,channel,term"
OF = ("--insurer", INSURER)
LATER = date(2026, 10, 20)
UNTIL = {"tax": "2031-10-20", "premium": "2028-10-20"}


def kokuho(*words: str) -> tuple[str, str]:
    done = CliRunner().invoke(app, words)
    assert done.exit_code in (0, 1), done.exception
    return done.stdout, done.stderr


def data(*words: str) -> Any:
    return json.loads(kokuho(*words, "--json")[0])


@pytest.fixture(params=["tax", "premium"])
def kind(
    request: pytest.FixtureRequest, sqlite: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A newcomer of this year paid the year ahead, leaves Japan, and said where refunds go."""
    monkeypatch.setattr("kokuho.office.start.start", lambda: None)  # the store is in use already
    monkeypatch.setenv("KOKUHO_LANG", "ja")
    kind: str = request.param
    add_insurer()
    own = ordinance(kind)
    with seeing([INSURER], writing=True):
        keep_ordinance(INSURER, own.year(2026))
    with telling() as t:
        arrive(t, "h1", "p1", date(2026, 5, 1))
        declare(t, "p1", 2026)
    assess(own=own)
    bill()
    kokuho("ledger", "post", *OF, "--fiscal-year", "2026", "--on", "2026-07-15")
    [(channel, _term, amount, _due)] = billed("h1")
    assert channel == "prepaid"
    row = f"r1,2026-07-20,{amount},h1,2026,prepaid,1"
    kokuho(
        "import", "receipts", str(write(tmp_path / "r.csv", [row], HEADER)), "--on", "2026-07-20"
    )
    kokuho("bill", "departure", *OF, "--resident", "p1", "--fiscal-year", "2026", "--on",
           "2026-09-10", "--account", "given", "--account-text", "架空銀行 普通 0000001",
           "--agent", "架空 代理", "--agent-address", "架空市2")  # fmt: skip
    with telling() as t:
        t.living("p1", date(2026, 5, 1), date(2026, 9, 20), from_abroad=True,
                 became_resident_on=date(2026, 5, 1), ended_by="moved_abroad")  # fmt: skip
        retract(t.moment, [Residence(resident=at("p1"), valid_from=date(2026, 9, 20))])
        t.insured("p1", date(2026, 5, 1), date(2026, 9, 21), acquisition_reason="from_abroad")
        retract(t.moment, [Enrolment(resident=at("p1"), valid_from=date(2026, 9, 21))])
    run_changes(LATER)
    bill_again(LATER)
    return kind


def test_what_is_overpaid_pays_what_is_due_then_goes_where_the_payer_said(kind: str) -> None:
    due = offices.bill("h1", 1, 3_000, kind=kind, fiscal_year_meant=2025)
    with_debtor = to_frame([due]).with_columns(debtor=pl.lit("p1"))
    post_demands(INSURER, 2025, with_debtor, posted_on=date(2026, 7, 15), actor="試験")
    kokuho("ledger", "post", *OF, "--fiscal-year", "2026", "--on", "2026-10-20")
    [over] = data("ledger", "refund", "open", *OF, "--on", "2026-10-20")["overpaid"]
    assert over["amount"] > 3_000
    assert over["claimable_until"] == UNTIL[kind]
    assert over["said"]["account_text"] == "架空銀行 普通 0000001"
    assert over["said"]["agent"] == "架空 代理"
    [leaver] = data("bill", "departures", *OF, "--on", "2026-10-20")["departures"]
    assert (leaver["payer"], leaver["owed"], leaver["overpaid"]) == ("p1", 3_000, over["amount"])

    kokuho("ledger", "appropriate", *OF, "--on", "2026-10-21")
    [rest] = data("ledger", "refund", "open", *OF, "--on", "2026-10-21")["overpaid"]
    assert rest["amount"] == over["amount"] - 3_000
    asked, said = kokuho("ledger", "refund", "ask", rest["demand_id"], *OF, "--amount",
                         str(rest["amount"]), "--reason", "出国", "--cause", "mistake", "--on",
                         "2026-10-22")  # fmt: skip
    assert "架空銀行 普通 0000001" in said
    assert "架空 代理(架空市2)" in said
    [waiting] = data("ledger", "refund", "list", *OF)["refunds"]
    assert waiting["said"]["agent_address"] == "架空市2"
    assert "架空銀行" in kokuho("ledger", "refund", "list", *OF)[0]
    offices.approve(int(asked), date(2026, 10, 23))
    kokuho("ledger", "refund", "pay", asked.strip(), *OF, "--on", "2026-10-26")
    assert data("ledger", "refund", "open", *OF, "--on", "2026-10-27") == {"overpaid": []}
    assert data("bill", "departures", *OF, "--on", "2026-10-27") == {"departures": []}
    with seeing([INSURER]):
        assert verify(INSURER) == []
