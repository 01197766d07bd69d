"""From the register to the books: stored bills become demands of the ledger, debtor by debtor."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kokuho.base.errors import InputError
from kokuho.office.ledger.acts import appropriate_all
from kokuho.office.ledger.bills import post_bills
from kokuho.office.ledger.books import open_books
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.ledger.models import Entry
from kokuho.office.ledger.rules import keep_ordinance
from kokuho.office.ledger.standing import DemandLine, household_books
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import run_changes, totals
from tests.office.billing.town import (
    NOTICE,
    assess,
    bill,
    bill_again,
    declare,
    ordinance,
    telling,
)
from tests.office.conftest import INSURER, Store
from tests.office.ledger.test_receipts import write
from tests.office.people import add_insurer

OCTOBER = date(2026, 10, 20)


@pytest.fixture(autouse=True)
def _office(store: Store) -> None:
    add_insurer()
    with seeing([INSURER], writing=True):
        keep_ordinance(INSURER, ordinance().year(2026))


def two_heads() -> None:
    """One household whose head changed in July: p1 owes for three months, p2 for the others."""
    with telling() as t:
        t.family("h1", "p1", "p2")
        for person in ("p1", "p2"):
            t.income(person, 2026, business=2_000_000)
        t.head("h1", "p2", date(2026, 7, 10))
    assess()
    bill()


def post(on: date = NOTICE) -> None:
    post_bills(INSURER, 2026, posted_on=on, actor="試験")


def lines(on: date = NOTICE) -> tuple[DemandLine, ...]:
    with seeing([INSURER]):
        assert verify(INSURER) == []
        return household_books(INSURER, "h1", on).demands


def assessed(on: date = NOTICE) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line in lines(on):
        sums[line.debtor] = sums.get(line.debtor, 0) + line.assessed
    return sums


def pay(folder: Path, *rows: str, more: str = "") -> None:
    header = f"insurer_code,reference,received_on,amount,household_id,fiscal_year,term,payer{more}"
    import_receipts(write(folder / "r.csv", rows, header), posted_on=OCTOBER, actor="試験")


def test_two_heads_of_one_year_owe_the_same_term_each_for_their_months() -> None:
    two_heads()
    post()
    assert assessed() == {payer: total for (_house, payer), total in totals().items()}
    terms = [line.term for line in lines()]
    assert len(terms) > len(set(terms))
    with seeing([INSURER]):
        before = Entry.objects.count()
    post()
    with seeing([INSURER]):
        assert Entry.objects.count() == before


def test_a_change_of_the_bills_becomes_changes_of_each_debtors_demands() -> None:
    two_heads()
    post()
    with telling() as t:
        t.income("p2", 2026, business=5_000_000)
    run_changes(OCTOBER)
    bill_again(OCTOBER)
    post(OCTOBER)
    now = {payer: total for (_house, payer), total in totals().items()}
    assert assessed(OCTOBER) == now
    with seeing([INSURER]):
        kinds = set(open_books(INSURER).entries["kind"])
    assert kinds == {"assess", "reassess"}


def test_a_slip_of_a_term_that_both_owe_is_held_unless_it_says_whose_it_is(tmp_path: Path) -> None:
    two_heads()
    post()
    shared = [line for line in lines() if line.term == 1]
    assert len(shared) == 2
    first = next(line for line in shared if line.debtor == "p1")
    pay(tmp_path, f"r1,2026-07-30,{first.assessed},h1,2026,1,")
    assert {line.paid for line in lines(OCTOBER)} == {0}
    pay(tmp_path, f"r2,2026-07-30,{first.assessed},h1,2026,1,,p1", more=",debtor")
    paid = {line.demand_id: line.paid for line in lines(OCTOBER) if line.paid}
    assert paid == {first.demand_id: first.assessed}


def test_what_one_head_overpaid_does_not_pay_what_the_other_owes(tmp_path: Path) -> None:
    two_heads()
    post()
    first = next(line for line in lines() if line.debtor == "p1")
    own = sum(line.assessed for line in lines() if line.debtor == "p1" and line.due <= OCTOBER)
    yen = own + 1_000_000
    pay(tmp_path, f"r1,2026-07-30,{yen},h1,2026,{first.term},,p1", more=",debtor")
    appropriate_all(INSURER, posted_on=OCTOBER, actor="試験")
    paid = {line.debtor for line in lines(OCTOBER) if line.paid}
    assert paid == {"p1"}


def test_a_year_that_is_not_billed_is_not_posted() -> None:
    with pytest.raises(InputError, match="bill run"):
        post()


def test_a_household_that_is_no_longer_billed_owes_nothing() -> None:
    with telling() as t:
        for house in ("h1", "h2"):
            t.family(house, f"{house}p")
            declare(t, f"{house}p", 2026)
    assess()
    bill()
    post()
    with telling() as t:
        t.lost("h1p", date(2026, 4, 1))
    run_changes(OCTOBER)
    bill_again(OCTOBER)
    post(OCTOBER)
    assert sum(line.owed for line in lines(OCTOBER)) == 0
    with seeing([INSURER]):
        entries = open_books(INSURER).entries
    owed = entries.filter(pl.col("account") == "receivable").group_by("household_id").agg(
        pl.col("amount").sum()
    )  # fmt: skip
    assert dict(owed.iter_rows())["h2"] > 0
