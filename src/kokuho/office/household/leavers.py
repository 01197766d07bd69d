"""Payers who leave (転出・出国) with what they owe and are owed: the list for the counter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.billing import Task
from kokuho.ledger import DEMANDS, positions
from kokuho.office.billing.departures import Departing, departing
from kokuho.office.ledger.books import open_books
from kokuho.office.ledger.overpaid import overpaid

_MATTERS_FOR = {
    "account": "overpaid",
    "tax_agent": "owed",
    "agent": "owed",
    "agent_unstated": "owed",
}
"""What is asked of who has left only if there is money that it matters for."""


@dataclass(frozen=True)
class Leaver:
    """Who leaves, with money in yen, as it is posted.

    Attributes:
        owed: what the payer owes, due or not, without interest that is still to run up.
        overpaid: what can be appropriated or refunded.
        tasks: what is to be done; of who has left, what still matters.
    """

    departing: Departing
    owed: int
    overpaid: int
    tasks: tuple[Task, ...]


def leavers(insurer: str, on: date) -> list[Leaver]:
    """Payers who leave after ``on``, or left and something or some money is open, by day.

    Inside ``seeing(…)``.

    Raises:
        LedgerError: something is overpaid and no ordinance is kept that says whether it is a tax.
    """
    found = departing(insurer, on, everything=True)
    houses = {one.household.household_number for one in found}
    owed = _owed(insurer, houses, on)
    over: dict[tuple[str, str], int] = {}
    for line in overpaid(insurer, on, houses):
        key = line.household_id, line.debtor
        over[key] = over.get(key, 0) + line.amount
    listed = []
    for one in found:
        key = one.household.household_number, one.payer.address_number
        money = {"owed": owed.get(key, 0), "overpaid": over.get(key, 0)}
        here = one.leaves_on > on
        tasks = tuple(task for task in one.tasks if here or _matters(task, money))
        if here or tasks or any(money.values()):
            listed.append(Leaver(one, money["owed"], money["overpaid"], tasks))
    return listed


def _matters(task: Task, money: Mapping[str, int]) -> bool:
    what_for = _MATTERS_FOR.get(task.code)
    return what_for is None or money[what_for] > 0


def _owed(insurer: str, houses: set[str], on: date) -> dict[tuple[str, str], int]:
    """What is owed, by household and debtor."""
    if not houses:
        return {}
    books = open_books(insurer, pl.Series(sorted(houses)))
    seen = books.entries.filter(pl.col("value_on") <= on)
    stand = positions(books.claims.select(*DEMANDS), seen)
    sums = stand.group_by("household_id", "debtor").agg(pl.col("owed").sum())
    return {(house, debtor): yen for house, debtor, yen in sums.iter_rows()}
