"""A whole file: bytes into records and back; totals, order, line ends, the mark at the end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kokuho.base.messages import translator
from kokuho.collection.characters import not_in
from kokuho.collection.delimited import QuoteError, join, split
from kokuho.collection.fields import Value, write_field
from kokuho.collection.layout import Layout, RecordKind, Total
from kokuho.collection.loading import Book
from kokuho.collection.problems import BrokenFileError, FileProblem
from kokuho.collection.records import Row, parse_parts, parse_record, write_record

_ = translator("collection")

_ENDS = {"none": b"", "crlf": b"\r\n", "lf": b"\n"}
_EOF = b"\x1a"
_MOST = 20
"""So many problems are named; a file of the wrong layout has one in every record."""


@dataclass(frozen=True)
class Delivery:
    """A file that was read and found in order.

    ``records`` has the number of each record in the file, its kind and its values; ``digest`` is
    the SHA-256 of the bytes, by which the same file is known again.
    """

    file: str
    layout: Layout
    records: tuple[tuple[int, str, Row], ...]
    digest: str

    def of_kind(self, name: str) -> list[tuple[int, Row]]:
        """The records of one kind with their numbers."""
        return [(number, row) for number, kind, row in self.records if kind == name]


def read_file(
    content: bytes, layout: Layout, book: Book, file: str, *, results: bool = True
) -> Delivery:
    """Read a file.

    Args:
        content: the bytes.
        layout: what they should be.
        book: the layouts of the codes in it.
        file: its name, for messages.
        results: totals that only results have are checked; without it they must be zero.

    Raises:
        BrokenFileError: anything is not as the layout says; up to twenty problems are named.
    """
    problems: list[FileProblem] = []

    def refuse(record: int, byte: int, field: str, value: str, code: str, expected: str) -> None:
        problems.append(FileProblem(file, record, byte, field, value, code, expected, layout.unit))

    if not content.rstrip(_EOF + b"\r\n"):
        refuse(1, 1, "", "", "empty", layout.title)
        raise BrokenFileError(problems)
    pieces, ending = _pieces(content, layout)
    if ending is not None:
        refuse(*ending)
    read: list[tuple[int, str, Row]] = []
    allowed, marks = layout.characters.encode(layout.encoding), _marks(layout)
    first = 1
    if layout.titles:
        first = 2
        wanted = join(layout.titles, layout)
        if not pieces or pieces[0] != wanted.encode(layout.encoding):
            title = pieces[0].decode(layout.encoding, "replace") if pieces else ""
            refuse(1, 1, "", title, "constant", wanted)
        pieces = pieces[1:]
    for number, piece in enumerate(pieces, first):
        if layout.delimiter is None:
            kind, row, found = _parsed(piece, allowed, marks, layout, book)
        else:
            kind, row, found = _parted(piece, marks, layout, book)
        for byte, field, value, code, expected in found:
            refuse(number, byte, field, value, code, expected)
        if len(problems) >= _MOST:
            break
        read.append((number, kind, row))
    if not problems:
        problems += _out_of_order(read, layout, file, first)
    if not problems:
        problems += _wrong_totals(read, layout, file, results=results)
    if problems:
        raise BrokenFileError(problems[:_MOST])
    return Delivery(file, layout, tuple(read), hashlib.sha256(content).hexdigest())


def write_file(
    layout: Layout,
    rows: Mapping[str, Sequence[Mapping[str, Value]]],
    book: Book,
    *,
    results: bool = False,
) -> bytes:
    """Write a file: the rows of each kind of record, in the order of the layout.

    Totals are computed here. The same rows give the same bytes.

    Raises:
        UnfitError: a value that a field does not take, a total that does not fit.
    """
    sums = {
        (kind.name, total.field): total_of(total, rows.get(total.of, ()))
        for kind in layout.records
        for total in layout.totals
        if kind.field(total.field) and not kind.repeats and (results or not total.results_only)
    }
    lines = [join(layout.titles, layout).encode(layout.encoding)] if layout.titles else []
    for kind in layout.records:
        given = rows.get(kind.name, ()) if kind.repeats else rows.get(kind.name, ({},))
        for row in given:
            own = {name: value for (record, name), value in sums.items() if record == kind.name}
            text = write_record(layout, kind, {**row, **own}, book)
            lines.append(text.encode(layout.encoding))
    end = _ENDS[layout.line_ends[0]]
    return b"".join(line + end for line in lines) + (_EOF if layout.end_mark == "required" else b"")


def total_of(total: Total, rows: Sequence[Mapping[str, Value]]) -> int:
    """What a total should say of these rows."""
    chosen = [
        row
        for row in rows
        if all(str(row.get(name)) in allowed for name, allowed in total.where.items())
    ]
    return len(chosen) if total.sum is None else sum(int(str(row[total.sum])) for row in chosen)


def _pieces(
    content: bytes, layout: Layout
) -> tuple[list[bytes], tuple[int, int, str, str, str, str] | None]:
    """The records without what stands between them; and what is wrong with that."""
    body, mark = content, False
    if layout.encoding == "utf_8":
        body = content = content.removeprefix(b"\xef\xbb\xbf")
    tail = content.rstrip(b"\r\n")
    if tail.endswith(_EOF):
        body, mark = tail[:-1], True
    end = _line_end(body, layout)
    stride = layout.length + len(end)
    lines = body.split(end) if end else [body[n : n + stride] for n in range(0, len(body), stride)]
    if end and lines[-1] == b"":
        lines.pop()
    byte = layout.length + 1 if layout.delimiter is None else 1
    if not end and "none" not in layout.line_ends:
        ends = ", ".join(one.upper() for one in layout.line_ends)
        return lines, (1, byte, "", "", "line_end", ends)
    if mark != (layout.end_mark == "required") and layout.end_mark != "optional":
        expected = "0x1A" if layout.end_mark == "required" else _("no 0x1A")
        return lines, (len(lines), byte, "", "0x1A" if mark else "", "end_mark", expected)
    return lines, None


def _line_end(body: bytes, layout: Layout) -> bytes:
    """The line end of a file: that behind its first record, else the one that stands in it."""
    behind = body[layout.length : layout.length + 2] if layout.delimiter is None else b""
    for one in ("crlf", "lf"):
        if one in layout.line_ends and behind.startswith(_ENDS[one]):
            return _ENDS[one]
    for one in ("crlf", "lf"):
        if one in layout.line_ends and _ENDS[one] in body:
            return _ENDS[one]
    return b""


Marks = Sequence[tuple[int, str, RecordKind]]


def _marks(layout: Layout) -> Marks:
    """The byte and the constant by which each kind of record is known; none for a single kind.

    With separators the field, from 0.
    """
    marks = []
    for kind in layout.records if len(layout.records) > 1 else ():
        field = next(field for field in kind.fields if field.constant is not None)
        marks.append((field.offset - 1, write_field(field, None, layout), kind))
    return marks


def _parsed(
    piece: bytes, allowed: bytes, marks: Marks, layout: Layout, book: Book
) -> tuple[str, Row, list[tuple[int, str, str, str, str]]]:
    """One record: its kind and values, and what is wrong: byte, field, value, code, expected."""
    if len(piece) != layout.length:
        expected = _("{length} bytes").format(length=layout.length)
        byte = min(len(piece), layout.length) + 1
        return "", {}, [(byte, "", str(len(piece)), "length", expected)]
    # every character is one byte: a lead byte of a longer one is none of them
    if strange := piece.translate(None, allowed):
        byte, value = piece.index(strange[:1]) + 1, f"0x{strange[0]:02X}"
        return "", {}, [(byte, "", value, "character", _("a character of the layout"))]
    text = piece.decode(layout.encoding)
    fitting = (kind for place, mark, kind in marks if text.startswith(mark, place))
    kind = next(fitting, None) if marks else layout.records[0]
    if kind is None:
        expected = " ".join(mark for _place, mark, _kind in marks)
        return "", {}, [(1, "", text[:1], "record_kind", expected)]
    row, faults = parse_record(layout, kind, text, book)
    wrong = [(at, f.field.title, f.value, f.code, f.expected) for at, f in faults]
    return kind.name, row, wrong


def _parted(
    piece: bytes, marks: Marks, layout: Layout, book: Book
) -> tuple[str, Row, list[tuple[int, str, str, str, str]]]:
    """:func:`_parsed` of a record whose fields stand between separators."""
    if len(piece) > layout.length:
        expected = _("at most {length} bytes").format(length=layout.length)
        return "", {}, [(1, "", str(len(piece)), "length", expected)]
    try:
        parts = split(piece.decode(layout.encoding), layout)
    except UnicodeDecodeError as error:
        value = f"0x{piece[error.start]:02X}"
        return "", {}, [(1, "", value, "character", _("a character of the layout"))]
    except QuoteError as error:
        expected = _("quotation marks around a whole value, as the layout has them")
        return "", {}, [(error.column, "", "", "quote", expected)]
    fitting = (kind for at, mark, kind in marks if at < len(parts) and parts[at] == mark)
    kind = next(fitting, None) if marks else layout.records[0]
    if kind is None:
        expected = " ".join(mark for _place, mark, _kind in marks)
        return "", {}, [(1, "", parts[0], "record_kind", expected)]
    if len(parts) != len(kind.fields):
        expected = _("{count} fields").format(count=len(kind.fields))
        return (
            "",
            {},
            [(min(len(parts), len(kind.fields)), "", str(len(parts)), "columns", expected)],
        )
    wrong = [
        (field.offset, field.title, part, "character", _("a character of the layout"))
        for field, part in zip(kind.fields, parts, strict=True)
        if field.type != "any" and not_in(part, layout.characters)
    ]
    row, faults = parse_parts(layout, kind, parts, book)
    wrong += [(at, f.field.title, f.value, f.code, f.expected) for at, f in faults]
    return kind.name, row, wrong


def _out_of_order(
    read: Sequence[tuple[int, str, Row]], layout: Layout, file: str, first: int
) -> Iterator[FileProblem]:
    """The first record that does not stand where the layout has it, or that lacks."""
    kinds = list(layout.records)
    at = 0  # the kind that may come next
    for number, name, _row in [*read, (len(read) + first, "", {})]:
        while at < len(kinds) and kinds[at].repeats and kinds[at].name != name:
            at += 1
        if at == len(kinds) and not name:
            return
        if at == len(kinds) or kinds[at].name != name:
            expected = kinds[at].title if at < len(kinds) else _("the end of the file")
            value = layout.record(name).title if name else ""
            yield FileProblem(file, number, 1, "", value, "order", expected, layout.unit)
            return
        at += not kinds[at].repeats


def _wrong_totals(
    read: Sequence[tuple[int, str, Row]], layout: Layout, file: str, *, results: bool
) -> Iterator[FileProblem]:
    """Totals that do not agree with the records."""
    for number, name, row in read:
        for total in layout.totals:
            field = layout.record(name).field(total.field)
            if field is None or layout.record(name).repeats:
                continue
            rows = [one for _number, kind, one in read if kind == total.of]
            due = total_of(total, rows) if results or not total.results_only else 0
            if int(row[total.field]) != due:
                yield FileProblem(
                    file,
                    number,
                    field.offset,
                    field.title,
                    row[total.field],
                    "total",
                    f"{due:,}",
                    layout.unit,
                )
