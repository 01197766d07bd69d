"""Files in a layout: collection records to bytes and back, as CSV, fixed width, XML or JSON.

A record that cannot be read is told by its place and leaves the others alone; a file whose form or
totals do not hold is refused whole, as nothing vouches for any part of it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from kokuho.linkage.messages.layout import Layout
from kokuho.linkage.messages.layout_values import FieldError, ReadRecord, record_of, text_of
from kokuho.linkage.messages.record import CollectionRecord

TOTAL_MARK = "TOTAL"
"""First field of the row of totals in CSV and fixed width, where no record can have it."""

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """A record that could not be read.

    Attributes:
        record: its place in the file, from 1.
        field: name of the field.
        code: see :class:`~kokuho.linkage.messages.layout_values.FieldError`.
        key: of the record; empty where it cannot be told.
        version: of the record; 0 where it cannot be told.
    """

    record: int
    field: str
    code: str
    key: str = ""
    version: int = 0


class BrokenFileError(ValueError):
    """A file that is refused whole.

    Attributes:
        code: ``encoding``, ``form``, ``columns``, ``length`` or ``totals``.
        record: where, from 1; 0 for the file itself.
    """

    def __init__(self, code: str, record: int = 0) -> None:
        super().__init__(f"{code} ({record})")
        self.code, self.record = code, record


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What a file says: its records, in order, and those that could not be read."""

    records: tuple[ReadRecord, ...]
    problems: tuple[RecordProblem, ...]


def write_files(layout: Layout, records: Sequence[CollectionRecord]) -> Iterator[bytes]:
    """Files of at most ``layout.split`` records each; none for no records.

    Raises:
        FieldError: a value that the layout cannot carry.
    """
    for start in range(0, len(records), layout.split):
        part = records[start : start + layout.split]
        rows = [
            {field.name: text_of(layout, field, record) for field in layout.fields}
            for record in part
        ]
        yield _WRITERS[layout.form](layout, rows)


def read_file(layout: Layout, content: bytes) -> ReadFile:
    """The records of one file.

    Raises:
        BrokenFileError: encoding, form or totals do not hold.
    """
    try:
        text = content.decode(layout.encoding)
    except UnicodeDecodeError as error:
        raise BrokenFileError("encoding") from error
    rows, totals = _READERS[layout.form](layout, text)
    if totals != _totals(layout, rows):
        raise BrokenFileError("totals")
    records: list[ReadRecord] = []
    problems: list[RecordProblem] = []
    for place, row in enumerate(rows, 1):
        try:
            records.append(record_of(layout, row))
        except FieldError as error:
            problems.append(RecordProblem(place, error.field, error.code))
    return ReadFile(tuple(records), tuple(problems))


def _totals(layout: Layout, rows: Sequence[Texts]) -> dict[str, str]:
    """The totals that belong to these rows; a text that is no number counts as nothing."""
    found = {}
    for total in layout.totals:
        if total.sum is None:
            found[total.name] = str(len(rows))
        else:
            found[total.name] = str(sum(_number(row.get(total.sum, "")) for row in rows))
    return found


def _number(text: str) -> int:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() else 0


def _line_end(layout: Layout) -> str:
    return "\r\n" if layout.line_end == "crlf" else "\n"


def _write_csv(layout: Layout, rows: Sequence[Texts]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=_line_end(layout))
    names = [field.name for field in layout.fields]
    if layout.header:
        writer.writerow(names)
    writer.writerows([row[name] for name in names] for row in rows)
    if layout.totals:
        writer.writerow([TOTAL_MARK, *_totals(layout, rows).values()])
    return out.getvalue().encode(layout.encoding)


def _read_csv(layout: Layout, text: str) -> tuple[list[Texts], dict[str, str]]:
    if not text.endswith(_line_end(layout)):
        raise BrokenFileError("form")
    names = [field.name for field in layout.fields]
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise BrokenFileError("form") from error
    if layout.header and (not lines or lines.pop(0) != names):
        raise BrokenFileError("columns")
    totals: dict[str, str] = {}
    if layout.totals:
        wanted = [total.name for total in layout.totals]
        last = lines.pop() if lines else []
        if last[:1] != [TOTAL_MARK] or len(last) != len(wanted) + 1:
            raise BrokenFileError("totals")
        totals = dict(zip(wanted, last[1:], strict=True))
    for place, line in enumerate(lines, 1):
        if len(line) != len(names):
            raise BrokenFileError("columns", place)
    return [dict(zip(names, line, strict=True)) for line in lines], totals


def _write_fixed(layout: Layout, rows: Sequence[Texts]) -> bytes:
    end = _line_end(layout).encode()
    lines = [
        b"".join(
            _padded(layout, row[field.name], field.length or 0, field.type in ("yen", "digits"))
            for field in layout.fields
        )
        for row in rows
    ]
    if layout.totals:
        sizes = {total.name: total.length for total in layout.totals}
        totals = _totals(layout, rows).items()
        parts = [_padded(layout, text, sizes[name], True) for name, text in totals]
        lines.append(TOTAL_MARK.encode() + b"".join(parts))
    return b"".join(line + end for line in lines)


def _padded(layout: Layout, text: str, size: int, number: bool) -> bytes:
    raw = text.encode(layout.encoding)
    if len(raw) > size:
        raise FieldError("", "length")
    if not number or not raw:
        return raw.ljust(size)
    sign, digits = (b"-", raw[1:]) if raw[:1] == b"-" else (b"", raw)
    return sign + digits.rjust(size - len(sign), b"0")


def _read_fixed(layout: Layout, text: str) -> tuple[list[Texts], dict[str, str]]:
    end = _line_end(layout)
    if text and not text.endswith(end):
        raise BrokenFileError("form")
    lines = [line.encode(layout.encoding) for line in text.split(end)[:-1]]
    totals: dict[str, str] = {}
    if layout.totals:
        last = lines.pop() if lines else b""
        totals = _fixed_totals(layout, last)
    rows: list[Texts] = []
    for place, line in enumerate(lines, 1):
        if len(line) != sum(field.length or 0 for field in layout.fields):
            raise BrokenFileError("length", place)
        row, at = {}, 0
        for field in layout.fields:
            try:
                cut = line[at : at + (field.length or 0)].decode(layout.encoding)
            except UnicodeDecodeError as error:
                raise BrokenFileError("encoding", place) from error
            row[field.name] = _plain(cut, field.type in ("yen", "digits"))
            at += field.length or 0
        rows.append(row)
    return rows, totals


def _fixed_totals(layout: Layout, line: bytes) -> dict[str, str]:
    if not line.startswith(TOTAL_MARK.encode()):
        raise BrokenFileError("totals")
    at, totals = len(TOTAL_MARK), {}
    for total in layout.totals:
        totals[total.name] = _plain(line[at : at + total.length].decode("latin-1"), True)
        at += total.length
    if at != len(line):
        raise BrokenFileError("totals")
    return totals


def _plain(text: str, number: bool) -> str:
    """A field without its padding."""
    if not number:
        return text.rstrip(" ")
    text = text.strip(" ")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    return sign + (digits.lstrip("0") or "0") if digits.isdigit() else text


def _write_json(layout: Layout, rows: Sequence[Texts]) -> bytes:
    value: dict[str, Any] = {layout.record: [dict(row) for row in rows]}
    value |= _totals(layout, rows)
    text = json.dumps(value, ensure_ascii=False, indent=1).replace("\n", _line_end(layout))
    return (text + _line_end(layout)).encode(layout.encoding)


def _read_json(layout: Layout, text: str) -> tuple[list[Texts], dict[str, str]]:
    names = {field.name for field in layout.fields}
    try:
        value = json.loads(text)
        rows = value.pop(layout.record)
        totals = {str(name): text for name, text in value.items()}
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        raise BrokenFileError("form") from error
    if not isinstance(rows, list):
        raise BrokenFileError("form")
    for place, row in enumerate(rows, 1):
        if not isinstance(row, dict) or set(row) != names:
            raise BrokenFileError("columns", place)
        if not all(isinstance(text, str) for text in row.values()):
            raise BrokenFileError("form", place)
    return rows, totals


def _write_xml(layout: Layout, rows: Sequence[Texts]) -> bytes:
    root = ElementTree.Element(f"{layout.record}s")
    for row in rows:
        one = ElementTree.SubElement(root, layout.record)
        for name, text in row.items():
            ElementTree.SubElement(one, name).text = text
    for name, text in _totals(layout, rows).items():
        ElementTree.SubElement(root, name).text = text
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode") + "\n"
    return text.replace("\n", _line_end(layout)).encode(layout.encoding)


def _read_xml(layout: Layout, text: str) -> tuple[list[Texts], dict[str, str]]:
    if "<!" in text:  # no document type, no entities: nothing but elements
        raise BrokenFileError("form")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise BrokenFileError("form") from error
    names = [field.name for field in layout.fields]
    rows: list[Texts] = []
    totals: dict[str, str] = {}
    for one in root:
        if one.tag != layout.record:
            totals[one.tag] = one.text or ""
        elif [child.tag for child in one] != names or any(len(child) for child in one):
            raise BrokenFileError("columns", len(rows) + 1)
        else:
            rows.append({child.tag: child.text or "" for child in one})
    return rows, totals


_WRITERS = {"csv": _write_csv, "fixed": _write_fixed, "json": _write_json, "xml": _write_xml}
_READERS = {"csv": _read_csv, "fixed": _read_fixed, "json": _read_json, "xml": _read_xml}
