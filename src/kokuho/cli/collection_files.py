"""The files of ``kokuho collection``: tables in, tables and pictures out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.collection import ACCOUNT_COLUMNS, DEBITS, PAYABLES, SEEN
from kokuho.tables import LINE, Column, Table, read_table, write_bytes

_ = translator("collection")

_PAYABLES: tuple[Column, ...] = (
    Column("insurer_code", "text", "保険者コード", required=True, aliases=("保険者番号",)),
    Column("household_id", "text", "世帯番号", required=True, aliases=("世帯コード",)),
    Column("demand_id", "text", "期別番号", required=True, aliases=("調定番号",)),
    Column("reference", "text", "収納番号", required=True, aliases=("顧客番号",)),
    Column("payer", "text", "納付者の番号", required=True, aliases=("宛名番号",)),
    Column("amount", "yen", "金額", required=True, minimum=0, maximum=10_000_000),
    Column(
        "due", "date", "納期限", required=True, minimum=date(2018, 4, 1), maximum=date(2199, 12, 31)
    ),
)
_GIVEN: tuple[Column, ...] = (
    Column("reissue", "text", "再発行区分", nullable=True),
    Column("confirmation_number", "text", "確認番号", nullable=True),
    Column("payment_class", "text", "納付区分", nullable=True),
    Column("el_number", "text", "eL番号", nullable=True),
)
"""What a slip's layout may ask for and only its owner can give."""

_ACCOUNT: tuple[Column, ...] = (
    *ACCOUNT_COLUMNS,
    Column("new_code", "text", "新規コード", nullable=True),
)


def payables(path: Path) -> Table:
    """A table of :data:`kokuho.collection.PAYABLES`, with what slips may be given beside."""
    return read_table(path, (*_PAYABLES, *_GIVEN))


def debits(path: Path) -> Table:
    """A table of :data:`kokuho.collection.DEBITS`, with its lines."""
    return read_table(path, (*_PAYABLES, *_ACCOUNT))


def payable_frame(table: Table, insurer_code: str) -> pl.DataFrame:
    """The payables of one insurer with the types of the room."""
    frame = table.frame.filter(pl.col("insurer_code") == insurer_code)
    return frame.select(pl.col(name).cast(dtype) for name, dtype in PAYABLES.items())


def debit_frame(table: Table) -> pl.DataFrame:
    """The orders with the types of the room and their lines."""
    return table.frame.select(LINE, *(pl.col(name).cast(kind) for name, kind in DEBITS.items()))


def content(path: Path) -> bytes:
    """The bytes of a bank's or an agent's file.

    Raises:
        InputError: it is not there or cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            _("{file} cannot be read: {reason}").format(file=path, reason=error.strerror or error)
        ) from None


def seen(paths: Sequence[Path]) -> pl.DataFrame:
    """The keys of earlier runs, from their ``lines.csv``.

    Raises:
        InputError: a file that is not there or no such table.
    """
    frames = [pl.DataFrame(schema=SEEN)]
    for path in paths:
        try:
            frames.append(pl.read_csv(content(path), columns=list(SEEN), schema_overrides=SEEN))
        except pl.exceptions.PolarsError:
            raise InputError(
                _("{file} is no lines.csv of an earlier run.").format(file=path)
            ) from None
    return pl.concat([frame.select(*SEEN) for frame in frames])


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """A frame as CSV in UTF-8 with a byte-order mark, so that Excel reads it."""
    out = io.BytesIO()
    frame.write_csv(out, include_bom=True)
    return out.getvalue()


def keep(path: Path, made: bytes) -> None:
    """Write a file that is a record of what was done: the same again is fine, another is refused.

    Raises:
        InputError: something else stands there.
    """
    if path.exists():
        if content(path) == made:
            return
        raise InputError(
            _("{file} is there already with another content; it is not overwritten.").format(
                file=path
            )
        )
    write_bytes(path, made)
