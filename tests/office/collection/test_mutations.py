"""Damaged files through the office: refused and nothing kept, or every yen posted or in suspense.

The files go one after the other into the same books, as a careless operator would hand them in.
With KOKUHO_FULL_SIZE=1 four hundred of each kind in the slow test.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import date

import pytest

from kokuho.collection import BrokenFileError
from kokuho.office.collection import taking
from kokuho.office.collection.deliveries import Delivered
from kokuho.office.collection.payments import Payment
from kokuho.office.collection.taking import Taken
from kokuho.office.ledger.models import Entry, Receipt
from kokuho.office.tenancy import seeing
from tests.collection.agent import Payment as Counter
from tests.collection.agent import bar_code, comma_file, serial_file, store_file
from tests.collection.bank import Bank
from tests.collection.mutations import damage
from tests.collection.test_delimited import damaged
from tests.collection.test_mutations import SHAPES
from tests.office.collection.test_round_trip import numbers, sent
from tests.office.collection.town import BANK, amount, house, in_suspense, open_town, owed
from tests.office.conftest import INSURER

pytestmark = pytest.mark.usefixtures("store")

FULL = 400 if os.environ.get("KOKUHO_FULL_SIZE") == "1" else 40
HOUSES = 12
READ_ON = date(2026, 8, 31)
KINDS = ("bank", "store", "payeasy", "comma")

Take = Callable[[bytes, str], Taken]


def taker(kind: str) -> Take:
    """How the office takes in a file of a kind; the bank's answers the first file that was sent."""

    def take(content: bytes, name: str) -> Taken:
        if kind == "bank":
            return taking.take_results(
                INSURER, content, name, BANK, read_on=READ_ON, actor="試験", sent=1
            )
        layout = "rehearsal_store_csv" if kind == "comma" else f"rehearsal_{kind}_receipts"
        return taking.take_receipts(INSURER, content, name, layout, read_on=READ_ON, actor="試験")

    return take


def sound(kind: str) -> bytes:
    """The file of a kind that pays the first term of every household, from the agent's side."""
    request = sent().content
    known = numbers()
    if kind == "bank":
        return Bank(request).answer(lambda reference: "1" if int(reference) % 4 == 0 else "0")
    if kind == "payeasy":
        return serial_file(
            [(n, "20260801", 50 + n, known[n], amount(n)) for n in range(1, HOUSES + 1)]
        )
    paid = [
        Counter(bar_code(50 + n, known[n], "260731", amount(n)), day="20260801")
        for n in range(1, HOUSES + 1)
    ]
    return comma_file(paid) if kind == "comma" else store_file(paid)


def kept() -> tuple[int, ...]:
    with seeing([INSURER]):
        return tuple(model.objects.count() for model in (Delivered, Payment, Receipt, Entry))


def run(kind: str, seed: int, count: int) -> tuple[int, int]:
    """Hand in damaged files and, in between, the sound one; how many were refused and taken."""
    open_town(HOUSES, debited=HOUSES)
    content, take, chance = sound(kind), taker(kind), random.Random(seed)
    refused = taken = 0
    for number in range(count):
        bad = (
            damaged(content, chance) if kind == "comma"
            else damage(content, SHAPES[kind], chance).content
        )  # fmt: skip
        if number == count // 2:
            bad = content
        before = kept()
        try:
            done = take(bad, f"{number}.txt")
        except BrokenFileError:
            refused += 1
            assert kept() == before, f"{kind} {seed}/{number}"
            continue
        taken += 1
        assert done.run.state == "done", f"{kind} {seed}/{number}"
    return refused, taken


def check() -> None:
    """The ledger holds together, and no yen that a file reported is missing or there twice."""
    left = owed()  # looks through the whole ledger as well
    with seeing([INSURER]):
        money = dict(Payment.objects.filter(source__isnull=False).values_list("source", "amount"))
        cash = Entry.objects.filter(kind="receive", account="receipts")
        receipts = dict(Receipt.objects.values_list("reference", "amount"))
        posted = sum(cash.values_list("amount", flat=True))
    assert receipts == money
    assert posted + in_suspense() == sum(money.values())
    assert all(yen in (0, amount(int(home))) for home, yen in left.items()), left


@pytest.mark.parametrize("kind", ["bank", "comma"])
def test_a_damaged_file_leaves_nothing_or_every_yen_in_its_place(kind: str) -> None:
    refused, taken = run(kind, 1, 12)
    assert (refused > 2, taken > 0) == (True, True)
    check()


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_one_after_the_other_leave_the_ledger_whole(kind: str) -> None:
    refused, taken = run(kind, 3, FULL)
    assert (refused > FULL // 3, taken > FULL // 50) == (True, True)
    check()
    with seeing([INSURER]):
        paid = Payment.objects.filter(outcome="exact")
        assert {row.household_id for row in paid} >= {house(n) for n in (1, 2, 3)}
