"""One record: values by the names of its fields into characters, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kokuho.base.messages import translator
from kokuho.collection.delimited import QuoteError, join
from kokuho.collection.fields import UnfitError, Value, check_digit, read_field, write_field
from kokuho.collection.layout import Layout, RecordKind
from kokuho.collection.loading import Book

_ = translator("collection")

Row = Mapping[str, str]
"""A record as read: its values by the names of the fields, those of a code that it holds too."""


def write_record(layout: Layout, kind: RecordKind, values: Mapping[str, Value], book: Book) -> str:
    """The characters of a record.

    Raises:
        UnfitError: a value that a field does not take, or that is missing.
    """
    if layout.delimiter is not None:
        return _joined(layout, kind, values, book)
    text = ""
    for field in kind.fields:
        if field.type == "check":
            if not text.isdecimal():
                raise UnfitError(field, text, "digits", _("digits before the check digit"))
            text += check_digit(text)
        elif field.of is not None:
            held = book[field.of]
            text += write_record(held, held.records[0], values, book)
        else:
            text += write_field(field, values.get(field.name), layout)
    return text


def _joined(layout: Layout, kind: RecordKind, values: Mapping[str, Value], book: Book) -> str:
    """A record whose fields stand between separators."""
    parts = []
    for field in kind.fields:
        if field.of is not None:
            held = book[field.of]
            parts.append(write_record(held, held.records[0], values, book))
        else:
            parts.append(write_field(field, values.get(field.name), layout))
    try:
        return join(parts, layout)
    except QuoteError as error:
        field = kind.fields[error.column - 1]
        expected = _("no separator and no quotation mark")
        raise UnfitError(field, parts[error.column - 1], "character", expected) from None


def read_record(layout: Layout, kind: RecordKind, text: str, book: Book) -> Row:
    """The values of a record.

    Raises:
        UnfitError: the first thing that is not as the layout says.
    """
    row, faults = parse_record(layout, kind, text, book)
    if faults:
        raise faults[0][1]
    return row


def parse_record(
    layout: Layout, kind: RecordKind, text: str, book: Book
) -> tuple[Row, list[tuple[int, UnfitError]]]:
    """The values of a record, and all that is not as the layout says, with its byte from 1."""
    starts = ((one, one.offset - 1) for one in kind.fields)
    parts = [text[start : start + one.length] for one, start in starts]
    return parse_parts(layout, kind, parts, book)


def parse_parts(
    layout: Layout, kind: RecordKind, parts: Sequence[str], book: Book
) -> tuple[Row, list[tuple[int, UnfitError]]]:
    """:func:`parse_record` of the texts of its fields; the place is the field's where they are
    parted by separators."""
    row: dict[str, str] = {}
    held: dict[str, str] = {}
    faults: list[tuple[int, UnfitError]] = []
    before = ""
    for field, part in zip(kind.fields, parts, strict=True):
        if field.of is not None:
            inner = book[field.of]
            values, wrong = parse_record(inner, inner.records[0], part, book)
            if layout.delimiter is not None:
                wrong = [(1, fault) for _byte, fault in wrong]
                if len(part) != inner.length:
                    expected = _("{length} characters").format(length=inner.length)
                    wrong = [(1, UnfitError(field, part, "length", expected))]
            faults += [(field.offset - 1 + byte, fault) for byte, fault in wrong]
            held |= values
            row[field.name] = part
            before += part
            continue
        try:
            row[field.name] = read_field(field, part, layout)
            if field.type == "check" and before.isdecimal() and part != check_digit(before):
                raise UnfitError(field, part, "check_digit", check_digit(before))
        except UnfitError as fault:
            faults.append((field.offset, fault))
        before += part
    # what a record says beside a code, the code must say too
    for field in kind.fields:
        if field.name in held and plain(row.get(field.name)) != plain(held[field.name]):
            written, wanted = row.get(field.name, ""), held[field.name]
            faults.append((field.offset, UnfitError(field, written, "constant", wanted)))
    return held | row, faults


def plain(value: str | None) -> str:
    """A value without the zeros that pad it."""
    return (value or "").lstrip("0")
