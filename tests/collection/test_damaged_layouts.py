"""Layouts that somebody got wrong: refused in words, or used; never a crash.

With KOKUHO_FULL_SIZE=1 four hundred of each.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from kokuho.base.errors import CollectionError
from kokuho.collection import (
    debit_file,
    incoming_receipts,
    load_book,
    make_slip,
    match,
    read_file,
    shipped,
    svg_of,
)
from kokuho.collection.loading import DATA_DIR
from tests.collection.agent import Payment, bar_code, serial_file, store_file
from tests.collection.town import DUE, INSURER, READ_ON, TODAY, debit, debits, payable, payables

ODD: list[Any] = [
    None,
    "",
    "x",
    "0",
    "99",
    "é",
    "漢",
    0,
    1,
    -1,
    5,
    44,
    120,
    10**9,
    True,
    [],
    {},
    1.5,
]
COUNT = 400 if os.environ.get("KOKUHO_FULL_SIZE") == "1" else 25
ORDERS = [debit(1), debit(2)]
FILES = [
    store_file([Payment(bar_code(51, 1001, "261228", 10_100))]),
    serial_file([(1, "20261201", 51, 1001, 10_100)]),
]
TYPES = ["digits", "text", "mmdd", "yymmdd", "yyyymmdd", "hhmm", "blank", "check", "code", "slot"]


def places(data: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to every value of a file."""
    if not isinstance(data, (dict, list)):
        return [way]
    inner = data.items() if isinstance(data, dict) else enumerate(data)
    return [way, *(place for key, value in inner for place in places(value, (*way, key)))]


def damaged(data: Any, chance: random.Random) -> None:
    """One value becomes another one, or lacks."""
    *way, last = chance.choice([place for place in places(data) if place])
    for step in way:
        data = data[step]
    if last == "type":
        data[last] = chance.choice(TYPES)
    elif chance.random() < 0.2:
        del data[last]
    elif isinstance(data[last], int) and chance.random() < 0.5:
        data[last] += chance.choice([-1, 1])
    else:
        data[last] = chance.choice(ODD)


def use(path: Path) -> None:
    """Everything that can be done with a layout of its kind."""
    layout, book = load_book(path)
    if layout.kind == "direct_debit":
        made = debit_file(layout, book, debits(*ORDERS), DUE, TODAY, "orders.csv")
        read_file(made.content, layout, book, "sent.txt", results=False)
    elif layout.kind == "receipts":
        for content in FILES:
            try:
                incoming = incoming_receipts(read_file(content, layout, book, "f"), READ_ON)
            except CollectionError:
                continue
            match(incoming, payables(payable(1)), INSURER)
    else:
        given = payable(1, confirmation_number="1234", payment_class="300")
        for code in make_slip(given, [(layout, book)], TODAY).codes:
            svg_of(code)


@pytest.mark.parametrize("name", shipped())
def test_a_damaged_layout_is_refused_or_used(name: str, tmp_path: Path) -> None:
    chance = random.Random(name)
    text = (DATA_DIR / f"{name}.yaml").read_text(encoding="utf-8")
    refused = 0
    for number in range(COUNT):
        data = yaml.safe_load(text)
        damaged(data, chance)
        path = tmp_path / f"{name}_{number}.yaml"
        path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
        try:
            use(path)
        except CollectionError:
            refused += 1
        except Exception as error:
            raise AssertionError(f"{path}: {error!r}") from error
    assert refused > COUNT // 6
