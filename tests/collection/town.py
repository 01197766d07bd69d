"""A fictional town's demands, as this room sees them."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

import polars as pl

from kokuho.collection import DEBITS, PAYABLES

INSURER = "992011"
DUE = date(2026, 12, 28)
TODAY = date(2026, 11, 25)
READ_ON = date(2027, 1, 6)


def payable(number: int, amount: int | None = None, **more: Any) -> dict[str, Any]:
    return {
        "insurer_code": INSURER,
        "household_id": f"H{number:04}",
        "demand_id": f"D{number:04}",
        "reference": str(1000 + number),
        "payer": str(50 + number),
        "amount": 10_000 + 100 * number if amount is None else amount,
        "due": DUE,
        **more,
    }


def debit(number: int, amount: int | None = None, **more: Any) -> dict[str, Any]:
    account = {
        "bank_code": "9999",
        "bank_name": "カクウ",
        "branch_code": "001",
        "branch_name": None,
        "account_type": "1",
        "account_number": f"{7_000_000 + number}",
        "holder": f"カクウ タロウ{number}",
        "new_code": None,
    }
    return payable(number, amount) | account | more


def payables(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{n: row[n] for n in PAYABLES} for row in rows], schema=PAYABLES)


def debits(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=DEBITS)


FULL = 10_000 if os.environ.get("KOKUHO_FULL_SIZE") == "1" else 600
"""How many damaged files each test makes."""
ORDERS = [debit(number) for number in range(1, 13)]
OWED = payables(*ORDERS)
REAL = {(one["demand_id"], one["amount"]) for one in ORDERS}
"""Every demand with its amount: what a receipt may pay exactly."""
PAYERS = {one["demand_id"]: one["payer"] for one in ORDERS}
"""Whose receipts pay each demand."""
