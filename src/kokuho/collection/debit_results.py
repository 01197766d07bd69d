"""Results of direct debits (振替結果): what was debited, what was returned and why, what lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.base.messages import translator
from kokuho.collection.days import nearest_year
from kokuho.collection.debit import require_debits, require_valid
from kokuho.collection.files import Delivery
from kokuho.collection.incoming import Incoming, Keys, frame_of_incoming
from kokuho.collection.payables import plain_number
from kokuho.collection.problems import BrokenFileError, FileProblem
from kokuho.collection.records import Row

_ = translator("collection")

RETURNED: dict[str, pl.DataType] = {
    "record": pl.Int64(),
    "reference": pl.String(),
    "amount": pl.Int64(),
    "result": pl.String(),
    "reason": pl.String(),
    "doubt": pl.String(),
}
"""Debits that did not succeed; ``reason`` in the words of the layout."""

_HEADER = ("consignor_code", "debit_date", "bank_code", "branch_code", "account_number")
_ACCOUNT = ("bank_code", "branch_code", "account_type", "account_number", "holder")


@dataclass(frozen=True)
class DebitResults:
    """What a bank answered.

    ``incoming`` is the money, ready for :func:`kokuho.collection.match`; ``returned`` the debits
    that did not succeed; ``missing`` what was asked for and not answered: ``reference, amount``.
    """

    day: date
    incoming: pl.DataFrame
    returned: pl.DataFrame
    missing: pl.DataFrame


def debit_results(sent: Delivery, answer: Delivery, read_on: date) -> DebitResults:
    """Compare a bank's answer with the file that was sent.

    Money of a debit that was never asked for, from another account or of another amount, is in
    ``incoming`` with its doubt, and so goes into suspense.

    Args:
        sent: the file that was sent, read with ``results=False``.
        answer: the bank's file.
        read_on: the day of reading; the debit day is the nearest one of its month and day.

    Raises:
        BrokenFileError: the answer is to another file, the year of its day cannot be told, or the
            day has not come yet.
        CollectionError: the layout is no direct debit, or not valid on the day of the debit.
    """
    require_debits(answer.layout)
    head = answer.of_kind("header")[0][1]
    problems = list(_other_file(sent, answer))
    day = nearest_year(head["debit_date"], read_on, answer.layout.window_days)
    if day is None:
        problems.append(_problem(answer, "debit_date", head["debit_date"], "year", str(read_on)))
    elif day > read_on:
        problems.append(_problem(answer, "debit_date", head["debit_date"], "future", str(read_on)))
    if problems or day is None:
        raise BrokenFileError(problems)
    require_valid(answer.layout, day)
    asked = {plain_number(row["reference"]): row for _number, row in sent.of_kind("data")}
    codes = answer.layout.record("data").field("result")
    assert codes is not None
    keys = Keys("debit")
    money: list[Incoming] = []
    returned = []
    for number, row in answer.of_kind("data"):
        reference = plain_number(row["reference"])
        doubt = _doubt(asked.pop(reference, None), row)
        if row["result"] == "0":
            parts = (str(day), head.get("consignor_code", ""), *(row[name] for name in _ACCOUNT))
            key = keys.key("final", *parts, reference, row["amount"])
            amount = int(row["amount"])
            money.append(
                Incoming(
                    "debit", answer.file, number, key, "final", reference, None, amount, day, doubt
                )
            )
        else:
            reason = (codes.codes or {}).get(row["result"], "")
            returned.append((number, reference, int(row["amount"]), row["result"], reason, doubt))
    lacking = [(reference, int(row["amount"])) for reference, row in asked.items()]
    return DebitResults(
        day,
        frame_of_incoming(money),
        pl.DataFrame(returned, schema=RETURNED, orient="row"),
        pl.DataFrame(
            lacking, schema={"reference": pl.String, "amount": pl.Int64}, orient="row"
        ).sort("reference"),
    )


def with_demands(frame: pl.DataFrame, payables: pl.DataFrame) -> pl.DataFrame:
    """``returned`` or ``missing`` with ``household_id, demand_id``; empty if there is none."""
    number = pl.col("reference").str.strip_chars_start("0")
    demands = payables.select("household_id", "demand_id", number=number)
    joined = frame.with_columns(number=number).join(
        demands, on="number", how="left", maintain_order="left"
    )
    return joined.drop("number")


def _doubt(asked: Row | None, row: Row) -> str | None:
    if asked is None:
        return "not_asked"
    if any(asked[name] != row[name] for name in _ACCOUNT):
        return "account_differs"
    return None if int(asked["amount"]) == int(row["amount"]) else "amount_differs"


def _other_file(sent: Delivery, answer: Delivery) -> Iterator[FileProblem]:
    ours, theirs = sent.of_kind("header")[0][1], answer.of_kind("header")[0][1]
    for name in _HEADER:
        if name in ours and ours[name] != theirs.get(name):
            yield _problem(answer, name, theirs.get(name, ""), "other_file", ours[name])


def _problem(answer: Delivery, name: str, value: str, code: str, expected: str) -> FileProblem:
    field = answer.layout.record("header").field(name)
    assert field is not None
    return FileProblem(
        answer.file, 1, field.offset, field.title, value, code, expected, answer.layout.unit
    )
