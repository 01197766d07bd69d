"""A fictional insurer whose households pay by direct debit and by slip."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.ledger import held
from kokuho.office.collection import accounts
from kokuho.office.ledger.assessing import post_demands
from kokuho.office.ledger.books import open_books
from kokuho.office.ledger.verifying import verify
from kokuho.office.register.models import Household
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER
from tests.office.ledger.offices import NOTICE, bill, bills, open_office
from tests.office.people import add_household, add_resident, moment

DUE = date(2026, 7, 31)
MADE_ON = date(2026, 7, 20)
READ_ON = date(2026, 8, 5)
BANK = "rehearsal_bank"


def house(number: int) -> str:
    return f"{number:04}"


def payer(number: int) -> str:
    return str(50 + number)


def demand_number(number: int, term: int = 1) -> str:
    """The ledger's number of a demand of a household."""
    return f"{house(number)}/2026/2026/ordinary/{term}/{payer(number)}"


def amount(number: int) -> int:
    return 10_000 + 100 * number


def account(number: int) -> dict[str, str]:
    return {
        "bank_code": "9999", "bank_name": "カクウ", "branch_code": "001", "account_type": "1",
        "account_number": f"{7_000_000 + number}", "holder": f"カクウ タロウ{number}",
    }  # fmt: skip


def open_town(houses: int, debited: int) -> None:
    """Households with a demand for the first and second term; the first ones have accounts."""
    open_office()
    with seeing([INSURER], writing=True):
        when = moment()
        for number in range(1, houses + 1):
            add_household(house(number), when, add_resident(payer(number), when))
    frame = bills(
        *(bill(house(number), term, amount(number)) for number in range(1, houses + 1)
          for term in (1, 2))
    )  # fmt: skip
    debtor = {house(number): payer(number) for number in range(1, houses + 1)}
    frame = frame.with_columns(debtor=frame["household_id"].replace_strict(debtor))
    post_demands(INSURER, 2026, frame, posted_on=NOTICE, actor="試験")
    for number in range(1, debited + 1):
        set_account(number)


def set_account(number: int, first: date = date(2026, 7, 1), **other: str) -> bool:
    with seeing([INSURER], writing=True):
        household = Household.objects.get(household_number=house(number))
        return accounts.set_account(
            household, account(number) | other, first=first, asked_on=date(2026, 6, 20),
            actor="試験",
        )  # fmt: skip


def owed() -> dict[str, int]:
    """What is owed of each demand of the first term."""
    with seeing([INSURER]):
        assert verify(INSURER) == []
        entries = open_books(INSURER).entries
    rows = entries.filter(pl.col("account") == "receivable")
    sums = rows.group_by("demand_id").agg(pl.col("amount").sum())
    return {name[:4]: yen for name, yen in sums.rows() if name.split("/")[4] == "1"}


def in_suspense() -> int:
    with seeing([INSURER]):
        return int(held(open_books(INSURER).entries)["amount"].sum())
