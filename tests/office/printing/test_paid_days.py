"""The day on which too much was paid, on notices of refund and appropriation."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kokuho.ledger import ENTRIES
from kokuho.office.assessment.deciding import Decided, decide
from kokuho.office.ledger import refunding
from kokuho.office.ledger.bills import post_bills
from kokuho.office.printing.kinds.paid import payments
from kokuho.office.tenancy import seeing
from tests.office.billing.town import bill_again
from tests.office.conftest import INSURER, Store
from tests.office.ledger.offices import approver
from tests.office.people import add_insurer
from tests.office.printing.test_kinds import demand_of, one, receipts
from tests.office.printing.town import billed, household, telling

MAY, JUNE, JULY, AUGUST = (date(2026, month, 5) for month in (5, 6, 7, 8))
OCTOBER = date(2026, 10, 20)


def entries(*rows: tuple[int, date, str, int, int | None]) -> pl.DataFrame:
    """Entries of one demand: number, day, account, yen, the journal that is reversed."""
    empty: dict[str, Any] = dict.fromkeys(ENTRIES)
    return pl.DataFrame(
        [
            empty
            | {"number": number, "line": 1, "value_on": day, "posted_on": day, "demand_id": "d",
               "account": account, "amount": yen, "reverses": reverses}
            for number, day, account, yen, reverses in rows
        ],
        schema=dict(ENTRIES),
    )  # fmt: skip


def test_what_was_paid_last_is_what_was_too_much() -> None:
    paid = payments(entries((1, MAY, "receipts", 500, None), (2, JUNE, "receipts", 300, None)),
                    ["d"])  # fmt: skip
    assert paid.days("d", 200) == [(JUNE, 200)]
    assert paid.days("d", 400) == [(MAY, 100), (JUNE, 300)]


def test_what_went_back_before_and_what_was_reversed_was_paid_on_no_day() -> None:
    paid = payments(
        entries(
            (1, MAY, "receipts", 500, None),
            (2, JUNE, "receipts", 300, None),
            (3, JULY, "refunds", -400, None),
            (4, JULY, "receipts", 900, None),
            (5, AUGUST, "receipts", -900, 4),
            (6, AUGUST, "receivable", 900, None),
        ),
        ["d"],
    )
    assert paid.days("d", 100) == [(MAY, 100)]
    # beyond all payments it is interest, which nobody paid
    assert paid.days("d", 450) == [(MAY, 400), (None, 50)]
    assert paid.days("other", 50) == [(None, 50)]


@pytest.mark.usefixtures("sqlite")
def test_a_refund_after_a_reduction_names_the_day_of_payment(tmp_path: Path, sqlite: Store) -> None:
    add_insurer()
    with telling() as told:
        household(told, 1)
    billed()
    receipts(tmp_path)
    with seeing([INSURER], writing=True):
        relief = Decided("exemption", "h01", date(2026, 4, 1), decided_on=OCTOBER, amount=9_000_000)
        decide(INSURER, relief, "試験")
    bill_again(OCTOBER)
    post_bills(INSURER, 2026, posted_on=OCTOBER, actor="試験")
    number = refunding.ask(
        INSURER, demand_of("h01"), 100, cause="mistake", reason="減免", asked_by="試験",
        asked_on=OCTOBER,
    )  # fmt: skip
    refunding.approve(INSURER, number, approver("order"), OCTOBER)
    text = one(tmp_path, "refund", OCTOBER, household="h01")
    assert "第1期令和8年7月31日100円" in text
