"""Direct debit (口座振替): the file that asks a bank to debit accounts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from kokuho.base.errors import CollectionError
from kokuho.base.messages import translator
from kokuho.collection.days import require_near
from kokuho.collection.fields import UnfitError
from kokuho.collection.files import Delivery, write_file
from kokuho.collection.layout import Layout
from kokuho.collection.loading import Book
from kokuho.collection.payables import plain_number
from kokuho.collection.records import write_record
from kokuho.tables import LINE, Refusal

_ = translator("collection")

_CODES: Mapping[str, str] = {
    "character": "no_such_character",
    "length": "too_long",
    "code": "not_a_choice",
    "digits": "not_a_number",
    "constant": "empty",
}


@dataclass(frozen=True)
class DebitFile:
    """A file for the bank.

    ``digest`` is the SHA-256 of its bytes: the same orders give the same file and digest, so that
    it can be known whether it was sent before. ``refused`` has the orders that do not stand in it.
    """

    content: bytes
    digest: str
    count: int
    total: int
    refused: tuple[Refusal, ...]


def debit_file(
    layout: Layout,
    book: Book,
    orders: pl.DataFrame,
    day: date,
    made_on: date,
    source: str,
    sent: Iterable[Delivery] = (),
) -> DebitFile:
    """The file that asks for debits on a day (引落日).

    Args:
        layout: the bank's; its header has the constants of the contract (委託者コード and so on).
        book: the layouts that it speaks of.
        orders: the columns of :data:`kokuho.collection.DEBITS`; with ``LINE`` where they come from
            a file. Their order does not matter.
        day: the day of the debit; it must be so near that its year can be told.
        made_on: today.
        source: name of the orders' file, for messages.
        sent: earlier requests; what one of them asks for on the same day is not asked for again.

    Raises:
        CollectionError: the layout is no direct debit or is not valid on that day, the day is too
            far or past, the header lacks something, or no order is left.
    """
    require_debits(layout)
    require_valid(layout, day)
    require_near(day, made_on, layout.window_days)
    asked = _asked_on(day, sent)
    rows, refused = _rows(layout, book, orders, source, asked)
    if not rows:
        lines = [refusal.message() for refusal in refused[:5]]
        raise CollectionError("\n".join([_("There is no debit to ask for."), *lines]))
    try:
        content = write_file(layout, {"header": [{"debit_date": day}], "data": rows}, book)
    except UnfitError as fault:
        raise CollectionError(
            _("{layout}, {field}: {value!r} does not fit; expected: {expected}").format(
                layout=layout.id,
                field=fault.field.title,
                value=fault.value,
                expected=fault.expected,
            )
        ) from None
    return DebitFile(
        content,
        hashlib.sha256(content).hexdigest(),
        len(rows),
        sum(row["amount"] for row in rows),
        tuple(refused),
    )


def require_debits(layout: Layout) -> None:
    """Refuse a layout that is not one of direct debits.

    Raises:
        CollectionError: it is of another kind.
    """
    if layout.kind != "direct_debit":
        raise CollectionError(_("{layout} is no layout of direct debits.").format(layout=layout.id))


def require_valid(layout: Layout, day: date) -> None:
    """Refuse a layout on a day on which it is not valid.

    Raises:
        CollectionError: the layout begins later or has ended.
    """
    first, last = layout.valid.first, layout.valid.last
    if (first is not None and day < first) or (last is not None and day > last):
        raise CollectionError(
            _("{layout} is not valid on {day} (from {first} until {last}).").format(
                layout=layout.id, day=day, first=first or "-", last=last or "-"
            )
        )


def _asked_on(day: date, sent: Iterable[Delivery]) -> set[str]:
    """The references that earlier files ask for on that day."""
    return {
        plain_number(row["reference"])
        for delivery in sent
        if delivery.of_kind("header")[0][1]["debit_date"] == day.strftime("%m%d")
        for _number, row in delivery.of_kind("data")
    }


def _rows(
    layout: Layout, book: Book, orders: pl.DataFrame, source: str, asked: set[str]
) -> tuple[list[dict[str, Any]], list[Refusal]]:
    """The rows of the data records in the order of their references, and what was refused."""
    kind = layout.record("data")
    if LINE not in orders.columns:
        orders = orders.with_row_index(LINE, 1)
    rows: list[dict[str, Any]] = []
    refused: list[Refusal] = []
    seen: set[str] = set()
    for row in orders.sort(pl.col("reference").str.zfill(20), LINE).iter_rows(named=True):
        values = {name: value for name, value in row.items() if value not in (None, "")}
        reference = plain_number(row["reference"] or "")
        wrong = None
        if reference in seen or reference in asked:
            once = _("each demand once for a day")
            wrong = ("reference", reference, "duplicate", once, _("reference"))
        elif row["amount"] <= 0:
            wrong = ("amount", str(row["amount"]), "too_small", _("1 yen or more"), _("amount"))
        else:
            try:
                write_record(layout, kind, values, book)
            except UnfitError as fault:
                code = _CODES.get(fault.code, "not_a_choice")
                wrong = (fault.field.name, fault.value, code, fault.expected, fault.field.title)
        if wrong is None:
            seen.add(reference)
            rows.append(values)
        else:
            refused.append(Refusal(source, row[LINE], *wrong))
    refused.sort(key=lambda refusal: refusal.line)
    return rows, refused
