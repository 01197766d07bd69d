"""A year's receipts allocated and turned into entries: ``allocation.py [RECEIPTS] [ROUNDS]``.

One process, no database. Prints seconds of each step and ratios: the whole run over writing the
very entry rows as CSV (what a COPY into a table would be fed), and a plain walk in Python, receipt
by receipt, over the allocation. The walk also checks the allocation to the yen.
"""

from __future__ import annotations

import io
import json
import random
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from typing import Any

import polars as pl

from kokuho.ledger import (
    AllocationRule,
    LedgerRules,
    Voucher,
    allocate,
    assess,
    interest_rule,
    law_rates,
    receive,
    violations,
)
from kokuho.ledger.demands import DEMANDS
from kokuho.ledger.receipts import RECEIVED
from kokuho.ledger.standing import positions, wide

TERMS = 10
WALKED = 20_000
RULE = AllocationRule(("principal", "interest", "fee"))
RULES = LedgerRules("tax", interest_rule(date(2025, 4, 1)), RULE)
RATES = law_rates((2025, 2026))


def town(count: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Demands with amounts, and a year's receipts in recorded order; nobody is real."""
    chance = random.Random(20)
    dues = [date(2025, 6, 30) + timedelta(days=31 * term) for term in range(TERMS)]
    rows = [
        (f"D{n}", "990000", f"H{n // TERMS}", "", 2025, 2025, n % TERMS + 1, dues[n % TERMS])
        for n in range(count)
    ]
    amounts = [chance.randrange(20, 600) * 100 for _n in range(count)]
    demands = pl.DataFrame(rows, schema=DEMANDS, orient="row").with_columns(
        amount=pl.Series(amounts, dtype=pl.Int64)
    )
    receipts = []
    for n, yen in enumerate(amounts):
        kind = chance.random()
        on = dues[n % TERMS] - timedelta(days=chance.randrange(20))
        if kind < 0.06:  # late
            on = min(on + timedelta(days=chance.randrange(40, 330)), date(2026, 5, 29))
        paid = yen // 2 if 0.06 <= kind < 0.10 else yen + 1_000 * (kind > 0.99)
        name = None if 0.10 <= kind < 0.12 else f"D{n}"
        receipts.append(("990000", f"H{n // TERMS}", name, max(paid, 1), on, None, f"slip {n}"))
    receipts.sort(key=lambda row: row[4])
    return demands, pl.DataFrame(receipts, schema=RECEIVED, orient="row")


def timed(work: Callable[[], Any], rounds: int) -> tuple[Any, float]:
    seconds = []
    for _round in range(rounds):
        began = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - began)
    return result, median(seconds)


def walk(owed: pl.DataFrame, receipts: pl.DataFrame) -> dict[tuple[int, str], int]:
    """Receipt by receipt; principals alone, as nothing else is owed yet."""
    rest = dict(owed.select("demand_id", "principal").iter_rows())
    homes: dict[str, list[str]] = {}
    for name, house in owed.select("demand_id", "household_id").iter_rows():
        homes.setdefault(house, []).append(name)
    paid: dict[tuple[int, str], int] = {}
    columns = ("receipt", "household_id", "demand_id", "amount")
    for number, house, name, amount in receipts.select(columns).iter_rows():
        left = amount
        for one in [name] if name else homes[house]:
            take = min(left, rest[one])
            if take:
                rest[one] -= take
                left -= take
                paid[number, one] = take
    return paid


def main(count: int, rounds: int) -> None:
    demands, receipts = town(count)
    notice = Voucher(1, date(2025, 6, 1), "notices")
    entries = assess(demands, notice)
    voucher = Voucher(count + 1, date(2026, 5, 29), "receipts")
    owed = wide(positions(demands, entries))
    numbered = receipts.with_row_index("receipt").cast({"receipt": pl.Int64})

    done, allocating = timed(lambda: allocate(owed, numbered, RULE), rounds)
    run, whole = timed(lambda: receive(demands, entries, receipts, voucher, RULES, RATES), rounds)
    _text, copying = timed(lambda: run.entries.write_csv(io.BytesIO()), rounds)
    found, checking = timed(lambda: violations(pl.concat([entries, run.entries])), 1)
    assert found == []

    few = min(count, WALKED)
    part = owed.filter(pl.col("household_id").str.slice(1).cast(pl.Int64) < few // TERMS)
    mine = numbered.join(part, on="household_id", how="semi", maintain_order="left")
    walked, walking = timed(lambda: walk(part, mine), rounds)
    ours = done.paid.join(part, on="demand_id", how="semi")
    got = {(row[0], row[2]): row[4] for row in ours.iter_rows()}
    assert got == walked, "the columns and the walk do not agree"

    report = {
        "receipts": count,
        "entry_rows": run.entries.height,
        "interest_fixed": run.interest.height,
        "seconds": {
            "allocate": round(allocating, 3),
            "allocate, fix interest, make entries": round(whole, 3),
            "write the entries as CSV": round(copying, 3),
            "invariants": round(checking, 3),
        },
        "receipts_a_second": round(count / whole),
        "run_over_csv": round(whole / copying, 2),
        "walk_over_allocate": round(walking / mine.height / (allocating / count), 1),
    }
    sys.stdout.write(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    main(*(numbers + [1_000_000, 3][len(numbers) :]))
