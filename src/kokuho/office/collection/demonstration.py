"""Collection for ``kokuho demo``: accounts, a file for a bank and its answer, money in suspense.

The layouts are those made up for rehearsals; bank, accounts and payments are fictional.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from kokuho.base.calendar import first_day_of_year, fiscal_year_of
from kokuho.collection import load_book, write_file
from kokuho.office.collection import accounts, references, sending, taking
from kokuho.office.collection.measures import new_households
from kokuho.office.collection.offers import offer
from kokuho.office.register.models import Household, Membership
from kokuho.office.tenancy import seeing
from kokuho.tables import write_bytes

_ACTOR = "見本"
_BANK, _STORE = "rehearsal_bank", "rehearsal_store_receipts"
_HOUSEHOLDS = 30
_AT_ENROLMENT = (
    "taken",
    "later",
    "",
    "declined",
    "taken",
)  # in turn; nobody offered to one in five
_RETURNED = 10  # one order in so many comes back


def demonstrate(folder: Path, insurer: str, on: date, tell: Callable[[str], None]) -> None:
    """Fill the tables of collection; files go beside the database.

    Args:
        folder: where the files go.
        insurer: the code of the insurer.
        on: the last day that is looked at; a due date before it is collected.
        tell: told of each step.
    """
    with seeing([insurer]):
        claims = _open(insurer, on)
    if claims.height < 2:
        return
    due: date = claims["due"][0]
    with seeing([insurer], writing=True):
        for line, number in enumerate(claims["household_id"].head(claims.height - 1), 1):
            _apply(insurer, number, line, due)
        _enrolled(insurer, due)
    sent = sending.send(
        insurer, _BANK, due=due, day=due, made_on=due - timedelta(days=7), actor=_ACTOR
    )
    assert sent is not None
    write_bytes(folder / "debits.txt", sent.content)
    answer = _answer(sent)
    write_bytes(folder / "debit_results.txt", answer)
    read_on = due + timedelta(days=4)
    taken = taking.take_results(
        insurer, answer, "debit_results.txt", _BANK, read_on=read_on, actor=_ACTOR
    )
    back = int(taken.returned["count"].sum())
    tell(f"口座振替 {sent.delivered.records}件(振替不能 {back}件)")
    store = _at_the_store(insurer, claims.tail(1), due)
    write_bytes(folder / "store_receipts.txt", store)
    taking.take_receipts(
        insurer, store, "store_receipts.txt", _STORE, read_on=read_on, actor=_ACTOR
    )
    tell("コンビニ収納(仮受 1件)")


def _open(insurer: str, on: date) -> pl.DataFrame:
    """Open demands of the last due date that has some, one a household."""
    claims = references.claims_of(insurer, "due <= %s", [on.isoformat()])
    stand = references.owed(insurer, claims["demand_id"])
    still = claims.join(stand, on="demand_id", maintain_order="left").filter(
        (pl.col("total") > 0) & (pl.col("channel") == "ordinary") & (pl.col("due") <= on)
    )
    last = still.filter(pl.col("due") == pl.col("due").max()).unique(
        "household_id", maintain_order=True
    )
    return last.head(_HOUSEHOLDS)


def _apply(insurer: str, number: str, line: int, due: date) -> None:
    household = Household.objects.get(insurer_id=insurer, household_number=number)
    asked_on = due - timedelta(days=40)
    offer(household, on=asked_on, occasion="counter", answer="taken", person=_ACTOR)
    account = {
        "bank_code": "9999", "bank_name": "カクウ", "branch_code": "001", "account_type": "1",
        "account_number": f"{9_000_000 + line}", "holder": f"ミホン {line}",
    }  # fmt: skip
    accounts.set_account(
        household, account, first=asked_on + timedelta(days=14), asked_on=asked_on, actor=_ACTOR
    )


def _enrolled(insurer: str, due: date) -> None:
    """Offers at enrolment, to most of the households that are new in the year."""
    first = first_day_of_year(fiscal_year_of(due))
    new = sorted(new_households(insurer, first, due))
    began = dict(
        Membership.objects.known()
        .filter(household__in=new, valid_from__lte=due)
        .order_by("-valid_from")
        .values_list("household", "valid_from")
    )
    households = Household.objects.in_bulk(new)
    for place, key in enumerate(new):
        answer = _AT_ENROLMENT[place % len(_AT_ENROLMENT)]
        if answer:
            on = max(began[key], first)
            offer(households[key], on=on, occasion="enrolment", answer=answer, person=_ACTOR)


def _answer(sent: sending.Sent) -> bytes:
    """The file that was sent, as a bank that debits nearly everything gives it back."""
    layout, book = load_book(_BANK)
    delivery = sent.delivered.read(layout, book)
    rows: dict[str, list[dict[str, Any]]] = {"header": [], "data": []}
    for kind, listed in rows.items():
        listed += [dict(row) for _number, row in delivery.of_kind(kind)]
    for place, row in enumerate(rows["data"], 1):
        row["result"] = "1" if place % _RETURNED == 0 else "0"
    rows["header"][0]["debit_date"] = sent.delivered.day
    return write_file(layout, rows, book, results=True)


def _at_the_store(insurer: str, claims: pl.DataFrame, due: date) -> bytes:
    """A payment of half of what one demand owes."""
    with seeing([insurer], writing=True):
        references.give(insurer, claims, due)
        payable = references.payables(insurer, claims).row(0, named=True)
    layout, book = load_book(_STORE)
    paid = {
        "amount": max(1, payable["amount"] // 2), "stage": "02", "paid_on": due, "paid_at": "1015",
        "store": "MIHON00001", "stamp": "0",
    }  # fmt: skip
    row: dict[str, Any] = payable | paid
    header: dict[str, Any] = {"made_on": due, "sequence": "1"}
    return write_file(layout, {"header": [header], "data": [row]}, book)
