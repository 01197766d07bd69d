"""Damaged bank and receipt files: refused with record and byte, or harmless, never a crash.

With KOKUHO_FULL_SIZE=1 ten thousand of each in the slow test.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import polars as pl
import pytest

from kokuho.collection import (
    BrokenFileError,
    debit_file,
    debit_results,
    incoming_receipts,
    load_book,
    match,
    read_file,
)
from tests.collection.agent import Payment, bar_code, serial_file, store_file
from tests.collection.bank import Bank
from tests.collection.mutations import Shape, damage
from tests.collection.town import (
    DUE,
    FULL,
    INSURER,
    ORDERS,
    OWED,
    PAYERS,
    READ_ON,
    REAL,
    TODAY,
    debits,
)

BANK = load_book("rehearsal_bank")
REQUEST = debit_file(*BANK, debits(*ORDERS), DUE, TODAY, "orders.csv").content
SENT = read_file(REQUEST, *BANK, "sent.txt", results=False)
ANSWER = Bank(REQUEST).answer(lambda reference: "1" if int(reference) % 4 == 0 else "0")
STORE = load_book("rehearsal_store_receipts")
PAYEASY = load_book("rehearsal_payeasy_receipts")


def _places(*ranges: tuple[int, int]) -> frozenset[int]:
    """Places from 0 of ranges that count from 1, both ends included."""
    return frozenset(place for first, last in ranges for place in range(first - 1, last))


DIGITS = b"0123456789"
CAPITALS = bytes(range(0x41, 0x5B))
KANA = bytes([0xA2, 0xA3, 0xA6, *range(0xB1, 0xE0)])
SHAPES = {
    # bank: account and holder are not guarded by the file (they are compared with what was asked);
    # a reference is, in the ledger, and a result where it changes the sums
    "bank": Shape(
        120,
        b"\r\n",
        b"\x1a",
        frozenset(b" ()-./,\\" + DIGITS + CAPITALS + KANA),
        {
            b"1": _places((1, 120)),
            b"2": _places((1, 1), (39, 42), (81, 90), (113, 120)),
            b"8": _places((1, 120)),
            b"9": _places((1, 120)),
        },
    ),
    # store: the whole bar code is covered by its check digit
    "store": Shape(
        100,
        b"\r\n",
        b"",
        frozenset(b" " + DIGITS + CAPITALS),
        {
            b"1": _places((1, 7), (20, 100)),
            b"2": _places((1, 1), (26, 100)),
            b"8": _places((1, 100)),
        },
    ),
    "payeasy": Shape(
        80,
        b"\n",
        b"",
        frozenset(b" " + DIGITS + CAPITALS),
        {b"2": _places((1, 1), (45, 80)), b"8": _places((1, 80))},
    ),
}


def _bar(number: int) -> Payment:
    row = ORDERS[number - 1]
    return Payment(bar_code(50 + number, 1000 + number, "261228", row["amount"]))


FILES = {
    "bank": ANSWER,
    "store": store_file([_bar(number) for number in range(1, 13)]),
    "payeasy": serial_file(
        [(n, "20261201", 50 + n, 1000 + n, ORDERS[n - 1]["amount"]) for n in range(1, 13)]
    ),
}


def _bank(content: bytes) -> pl.DataFrame:
    return debit_results(SENT, read_file(content, *BANK, "f"), DUE).incoming


def _store(content: bytes) -> pl.DataFrame:
    return incoming_receipts(read_file(content, *STORE, "f"), READ_ON)


def _payeasy(content: bytes) -> pl.DataFrame:
    return incoming_receipts(read_file(content, *PAYEASY, "f"), READ_ON)


READERS: dict[str, Callable[[bytes], pl.DataFrame]] = {
    "bank": _bank,
    "store": _store,
    "payeasy": _payeasy,
}


def _taken(kind: str, content: bytes) -> pl.DataFrame | BrokenFileError:
    try:
        return READERS[kind](content)
    except BrokenFileError as error:
        return error


def _account(content: bytes, record: int) -> bytes:
    """Bank, branch, kind and number of account, holder: who pays, in a record of a bank."""
    start = (record - 1) * SHAPES["bank"].stride
    data = content[start : start + SHAPES["bank"].length]
    return data[1:5] + data[20:23] + data[42:80]


ACCOUNTS = {one["demand_id"]: _account(ANSWER, place) for place, one in enumerate(ORDERS, 2)}
"""From which account each demand is debited: a bank names no payer beside it."""


def _payers_agree(kind: str, content: bytes, exact: pl.DataFrame) -> bool:
    """Whether what is posted was paid by who owes it, as the file itself says."""
    if kind == "bank":
        return all(
            _account(content, line["record"]) == ACCOUNTS[line["demand_id"]]
            for line in exact.iter_rows(named=True)
        )
    return all(
        line["payer"] == PAYERS[line["demand_id"]] for line in exact.iter_rows(named=True)
    )  # fmt: skip


def run(kind: str, seed: int, count: int) -> tuple[int, int]:
    """Damage a file ``count`` times; how many were refused, how many were taken."""
    chance = random.Random(seed)
    content, shape, refused, taken = FILES[kind], SHAPES[kind], 0, 0
    for number in range(count):
        changed, what, must_refuse, place = damage(content, shape, chance)
        note = f"{kind} {seed}/{number}: {what}"
        incoming = _taken(kind, changed)
        if isinstance(incoming, BrokenFileError):
            refused += 1
            records = -(-len(changed) // shape.length) + 2
            said = {(problem.record, problem.byte) for problem in incoming.problems}
            assert said, note
            assert place is None or place in said, f"{note}: {place} is not in {said}"
            assert all(1 <= record <= records for record, _byte in said), note
            assert all(1 <= byte <= shape.length + 1 for _record, byte in said), note
            continue
        assert not (must_refuse and changed != content), note
        taken += 1
        matched = match(incoming, OWED, INSURER)
        posted = matched.post()
        assert set(posted.select("demand_id", "amount").rows()) <= REAL, note
        assert posted["demand_id"].is_unique().all(), note
        assert _payers_agree(kind, changed, matched.lines.filter(outcome="exact")), note
        both = posted["amount"].sum() + matched.suspense()["amount"].sum()
        assert incoming.filter(pl.col("stage") == "final")["amount"].sum() == both, note
    return refused, taken


@pytest.mark.parametrize("kind", SHAPES)
def test_a_sound_file_is_taken_whole(kind: str) -> None:
    matched = match(READERS[kind](FILES[kind]), OWED, INSURER)
    assert set(matched.lines["outcome"].to_list()) == {"exact"}
    assert matched.post().height == (9 if kind == "bank" else 12)


@pytest.mark.parametrize("kind", SHAPES)
def test_damage_is_refused_or_harmless(kind: str) -> None:
    refused, taken = run(kind, 1, 150)
    assert refused > 60
    assert taken > 5


@pytest.mark.slow
@pytest.mark.parametrize("kind", SHAPES)
def test_damage_is_refused_or_harmless_ten_thousand_times(kind: str) -> None:
    refused, taken = run(kind, 2, FULL)
    assert refused > FULL // 2
    assert taken > FULL // 50
