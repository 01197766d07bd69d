"""The files of the exchange on pensions (特別徴収の情報交換), by the operator's layouts.

Neither layout is public: each is a slot that a layout file fills (docs/collection.md, kinds
``pensions`` and ``pension_requests``). Without one the files have columns of ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from kokuho.base.errors import CollectionError, InputError, TableError
from kokuho.base.messages import translator
from kokuho.collection import Layout, load_book, read_file, write_file
from kokuho.collection.fields import UnfitError
from kokuho.tables import LINE, Column, Table, table_of

_ = translator("office_billing")

IN, OUT = "pensions", "pension_requests"


def chosen(layout: str, kind: str) -> tuple[Layout, Mapping[str, Layout]]:
    """The operator's layout of a kind, with the layouts that it holds.

    Raises:
        CollectionError: no such layout, one of another kind, or one with an open slot.
    """
    own, book = load_book(layout)
    if own.kind != kind:
        raise CollectionError(
            _("{layout} is a layout of kind {kind}; kind {expected} is needed here.").format(
                layout=own.id, kind=own.kind, expected=kind
            )
        )
    if slots := own.slots():
        raise CollectionError(
            _("{layout}: its owner has not filled {slots}.").format(
                layout=own.id, slots=", ".join(slots)
            )
        )
    return own, book


def read(
    path: Path, layout: str, columns: Sequence[Column], given: Mapping[str, str | None]
) -> Table:
    """A file of what is known of pensions, by its layout, as a table of our columns.

    A field of the record ``data`` counts by its name; one that ``data`` lacks may stand in the
    record ``header``, or is ``given`` for the whole file. The text of a code counts in its place
    (``codes: {"1": "yes", "0": "no"}``); zeros before a number do not.

    Raises:
        CollectionError: no such layout; the file is not as it says.
        TableError: the file cannot be read; a column that each row needs is nowhere.
    """
    own, book = chosen(layout, IN)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TableError(
            _("{file} cannot be read: {reason}").format(file=path, reason=error.strerror or error)
        ) from None
    delivery = read_file(content, own, book, path.name)
    whole = {name: value for name, value in given.items() if value is not None}
    for _number, row in delivery.of_kind("header"):
        whole |= _values(own, "header", row, columns)
    rows: list[dict[str, Any]] = [
        {LINE: number} | whole | _values(own, "data", row, columns)
        for number, row in delivery.of_kind("data")
    ]
    names = dict.fromkeys(name for row in rows for name in row)
    schema: dict[str, Any] = {name: pl.String for name in names} | {LINE: pl.Int64}
    return table_of(pl.DataFrame(rows, schema=schema), columns, path.name)


def _values(
    layout: Layout, record: str, row: Mapping[str, str], columns: Sequence[Column]
) -> dict[str, str]:
    """What a record says in our columns."""
    found = {}
    kinds = {column.name: column.kind for column in columns}
    for field in layout.record(record).fields:
        if field.name not in kinds:
            continue
        value = row[field.name]
        if field.codes is not None:
            value = field.codes[value]
        elif field.type == "digits" and kinds[field.name] != "text":
            value = value.lstrip("0") or "0"
        found[field.name] = value
    return found


def requests(
    layout: str, rows: Sequence[Mapping[str, Any]], given: Mapping[str, Any], made_on: date
) -> bytes:
    """The file that asks pensions to pay, by its layout.

    Args:
        layout: a layout of kind ``pension_requests``.
        rows: of each payer the values by the names of fields.
        given: of the whole file, for every record: insurer, fiscal year.
        made_on: its day.

    Raises:
        CollectionError: no such layout, a slot that is open, or a value that a field does not take.
        InputError: nothing is to be asked for.
    """
    own, book = chosen(layout, OUT)
    if not rows:
        raise InputError(_("No pension is asked to pay: there is nothing to write."))
    single = {**given, "made_on": made_on}
    records: dict[str, Sequence[Mapping[str, Any]]] = {
        kind.name: [{**given, **row} for row in rows] if kind.repeats else [single]
        for kind in own.records
    }
    try:
        return write_file(own, records, book)
    except UnfitError as error:
        raise CollectionError(
            _("{layout}, {field}: {value} does not fit; expected: {expected}").format(
                layout=own.id, field=error.field.title, value=repr(error.value),
                expected=error.expected,
            )
        ) from None  # fmt: skip
