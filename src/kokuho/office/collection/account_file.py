"""The table of accounts (口座振替の申込み), into the register."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from kokuho.base.messages import translator
from kokuho.collection import ACCOUNT_COLUMNS
from kokuho.office.collection.accounts import FIELDS, Account
from kokuho.office.imports.run import write_errors
from kokuho.office.register import recordings
from kokuho.office.register.models import Household
from kokuho.office.store.recording import record
from kokuho.office.tenancy import CODE, seeing
from kokuho.tables import LINE, Column, Refusal, read_table

_ = translator("office_collection")

_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)


def _day(name: str, title: str, **more: Any) -> Column:
    return Column(name, "date", title, minimum=_FIRST, maximum=_LAST, **more)


COLUMNS: tuple[Column, ...] = (
    Column("insurer_code", "text", "保険者コード", required=True, aliases=("保険者番号",)),
    Column("household_id", "text", "世帯番号", required=True, aliases=("世帯コード",)),
    *ACCOUNT_COLUMNS,
    _day("first_on", "振替開始日", required=True),
    _day("last_on", "振替終了日", nullable=True),
    _day("asked_on", "申込日", required=True),
)
_DIGITS = {"bank_code": 4, "branch_code": 3, "account_type": 1, "account_number": 7}
"""How many digits each has at most; fewer are filled with zeros before, but for the type."""


@dataclass(frozen=True)
class AccountsTaken:
    """What became of a table: rows, how many said something new, refusals and their file."""

    rows: int
    recorded: int
    refusals: list[Refusal]
    errors: Path | None


def take_accounts(path: Path, *, actor: str, good_rows: bool = False) -> AccountsTaken:
    """Take a table in, in full or (``good_rows``) as far as its rows are good.

    The same table twice records nothing the second time. An account that begins later takes the
    place of the one before from that day on.

    Raises:
        TableError: it cannot be read as a table, or lacks a column.
    """
    table = read_table(path, COLUMNS)
    frame = table.frame
    refusals = list(table.refusals)
    codes = [code for code in sorted(set(frame["insurer_code"])) if CODE.fullmatch(code)]
    with seeing(codes, writing=True):
        known: dict[tuple[str, str], Household] = {
            (one.insurer_id, one.household_number): one for one in Household.objects.all()
        }
        for row in frame.iter_rows(named=True):
            refusals += _wrong(table.file, row, known)
        refusals.sort(key=lambda one: one.line)
        errors = write_errors(path, refusals)
        if refusals and not good_rows:
            return AccountsTaken(0, 0, refusals, errors)
        good = frame.filter(~pl.col(LINE).is_in([one.line for one in refusals]))
        recorded = 0
        for code in codes:
            own = good.filter(insurer_code=code)
            if own.height:
                recorded += _record(code, own, known, actor)
    return AccountsTaken(good.height, recorded, refusals, errors)


def _wrong(
    file: str, row: dict[str, Any], known: dict[tuple[str, str], Household]
) -> Iterator[Refusal]:
    titles = {column.name: column.title for column in COLUMNS}

    def refusal(name: str, code: str, expected: str) -> Refusal:
        return Refusal(file, row[LINE], name, str(row[name] or ""), code, expected, titles[name])

    if (row["insurer_code"], row["household_id"]) not in known:
        yield refusal("household_id", "not_a_choice", _("a household of the register"))
    for name, length in _DIGITS.items():
        text = row[name]
        if not (text.isascii() and text.isdigit() and len(text) <= length):
            yield refusal(name, "not_a_number", _("1 to {n} digits").format(n=length))
    if row["last_on"] is not None and row["last_on"] <= row["first_on"]:
        yield refusal("last_on", "too_small", _("a day after the first one"))


def _record(
    code: str, frame: pl.DataFrame, known: dict[tuple[str, str], Household], actor: str
) -> int:
    moment = recordings.begin(code, actor=actor, reason="口座振替の申込み")
    said = []
    for row in frame.sort("first_on", LINE).iter_rows(named=True):
        fields = {name: row[name] or "" for name in FIELDS}
        fields |= {name: fields[name].zfill(length) for name, length in _DIGITS.items()}
        said.append(
            Account(household=known[code, row["household_id"]], valid_from=row["first_on"],
                    valid_to=row["last_on"], asked_on=row["asked_on"], **fields)
        )  # fmt: skip
    return len(record(moment, said).inserted)
