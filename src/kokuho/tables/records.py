"""Rows of files as text: CSV split into records, one broken line never taking others with it."""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from kokuho.base.errors import TableError
from kokuho.base.messages import translator
from kokuho.tables.encodings import read_text

_ = translator("tables")

LINE = "_line"
"""The column that keeps the line of each row in its file; the header is line 1."""

NUMBER, TEXT = "number", "text"

_FIELD = r'(?:"(?:[^"]|"")*"|[^",]*)'
_LONGEST_RECORD = 100  # lines; a quote that is not closed by then was never meant to be open


@dataclass(frozen=True)
class Broken:
    """A line that is no row: its cells as far as they can be told apart."""

    line: int
    value: str
    code: str
    expected: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Records:
    """A file's rows before its columns are known.

    Attributes:
        header: names as they stand in the file.
        frame: one column per header name, by position (``"0"``, ``"1"``, …), and :data:`LINE`;
            texts, or typed values where the file has types.
        broken: the lines that are no rows.
        clean: whether no text has quotes or blanks, so that none has to be trimmed.
    """

    header: list[str]
    frame: pl.DataFrame
    broken: list[Broken] = field(default_factory=list)
    clean: bool = False


def csv_records(path: Path) -> Records:
    """Split a CSV into its records, as RFC 4180 has them; a field may hold line ends in quotes.

    Raises:
        TableError: the file is empty, is no text, or its header cannot be read.
    """
    text = read_text(path)
    lines = (
        pl.read_lines(io.BytesIO(text.data))["line"] if text.data else pl.Series(dtype=pl.String)
    )
    header, start = _header(lines, path)
    if wrong := [line for line in range(1, start + 1) if line in text.undecodable]:
        raise TableError(
            _(
                "{file}, line {line}: byte 0x{byte:02X} fits neither UTF-8 nor CP932 "
                "(Shift_JIS); save the file in one of them."
            ).format(file=path, line=wrong[0], byte=text.undecodable[wrong[0]])
        )
    body = lines.slice(start)
    records, numbers, broken = _split(body, len(header), start + 1, text.undecodable)
    if records is body and body.len():
        kept = text.data.split(b"\n", start)[-1]
    else:
        kept = (records.str.join("\n")[0] or "").encode()
    names = [str(position) for position in range(len(header))]
    frame = _parse(kept, names, records.len(), path).with_columns(numbers.alias(LINE))
    clean = not any(mark in kept for mark in (b" ", b"\t", b'"', "\u3000".encode()))
    return Records(header, frame, broken, clean)


def _header(lines: pl.Series, path: Path) -> tuple[list[str], int]:
    """The header's names and the number of lines up to its end."""
    text = ""
    for number, line in enumerate(lines.head(_LONGEST_RECORD), start=1):
        text += line
        if text.strip(', \t"') and text.count('"') % 2 == 0:
            names = [name.strip() for name in next(csv.reader([text]))]
            while names and not names[-1]:
                names.pop()
            return names, number
        text = text + "\n" if '"' in text else ""
    if text:
        raise TableError(_("{file}: a quote in the header is not closed.").format(file=path))
    raise TableError(_("{file} is empty.").format(file=path))


def _split(
    body: pl.Series, width: int, first: int, undecodable: dict[int, int]
) -> tuple[pl.Series, pl.Series, list[Broken]]:
    """The records, the lines on which they start, and the lines that are no record."""
    lines = pl.DataFrame(
        {NUMBER: pl.int_range(first, first + body.len(), dtype=pl.Int64, eager=True), TEXT: body}
    )
    record = f"{_FIELD}(?:,{_FIELD}){{{width - 1}}}"
    quoted = bool(body.str.contains('"', literal=True).any())
    if quoted:
        good = body.str.contains(f"^{record}$")
    else:
        good = body.str.count_matches(",", literal=True) == width - 1
    if undecodable:
        good = good & ~lines[NUMBER].is_in(list(undecodable))
    blank = body.str.contains(r'^[\s,"]*$')
    if good.all() and not blank.any():
        return body, lines[NUMBER], []
    longer = _longer(lines, good, f"^{record}$") if quoted else []
    within = [number for start, text in longer for number in _numbers(start, text)]
    alone = ~blank & ~lines[NUMBER].is_in(within)
    odd = lines.filter(~good & alone)
    # cells beyond the header that hold nothing are no fault
    shorter = odd.with_columns(pl.col(TEXT).str.extract(f"^({record}),[,\\s]*$"))
    sound = shorter[TEXT].is_not_null() & ~odd[NUMBER].is_in(list(undecodable))
    broken = [
        _undecodable(number, text, undecodable[number])
        if number in undecodable
        else _broken(number, text, width)
        for number, text in odd.filter(~sound).iter_rows()
    ]
    records = pl.concat(
        [
            lines.filter(good & alone),
            shorter.filter(sound),
            pl.DataFrame(longer, schema=lines.schema, orient="row"),
        ]
    ).sort(NUMBER)
    return records[TEXT], records[NUMBER], broken


def _longer(lines: pl.DataFrame, good: pl.Series, record: str) -> list[tuple[int, str]]:
    """Records of several lines: from a line that leaves a quote open to the one that closes it.

    A line between them that is a whole record of its own shows that the quote was left open by
    mistake; then only the line with the quote is broken, and the rows after it are kept.
    """
    odd = lines[TEXT].str.count_matches('"', literal=True) % 2 == 1
    places = (odd & ~good).arg_true().to_list()
    found: list[tuple[int, str]] = []
    closed = -1
    for start, end in itertools.pairwise(places):
        if start <= closed or end - start >= _LONGEST_RECORD:
            continue
        if good.slice(start + 1, end - start - 1).any():
            continue
        text = "\n".join(lines[TEXT].slice(start, end - start + 1))
        if pl.Series([text]).str.contains(record).item():
            found.append((lines[NUMBER][start], text))
            closed = end
    return found


def _numbers(start: int, text: str) -> range:
    return range(start, start + text.count("\n") + 1)


def _broken(number: int, text: str, width: int) -> Broken:
    if text.count('"') % 2:
        expected = _("a quote closed in the same cell; quotes inside it doubled")
        return Broken(number, text[:80], "broken_quotes", expected, _cells(text))
    cells = _cells(text)
    if len(cells) == width:
        expected = _("quotes around the whole cell; quotes inside it doubled")
        return Broken(number, text[:80], "broken_quotes", expected, cells)
    expected = _("{count} cells; this line has {got} (numbers with commas need quotes)").format(
        count=width, got=len(cells)
    )
    return Broken(number, text[:80], "wrong_cell_count", expected, cells)


def _undecodable(number: int, text: str, byte: int) -> Broken:
    expected = _("a character of UTF-8 or CP932 (Shift_JIS) in place of byte 0x{byte:02X}").format(
        byte=byte
    )
    return Broken(number, text[:80], "undecodable", expected, _cells(text))


def _cells(text: str) -> tuple[str, ...]:
    if '"' in text and text.count('"') % 2 == 0:
        return tuple(cell.strip() for cell in next(csv.reader([text])))
    return tuple(cell.strip(' \t"') for cell in text.split(","))


def _parse(data: bytes, names: list[str], height: int, path: Path) -> pl.DataFrame:
    if not height:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    frame = pl.read_csv(
        io.BytesIO(data),
        has_header=False,
        new_columns=names,
        infer_schema=False,
        quote_char='"' if b'"' in data else None,
    )
    if frame.shape != (height, len(names)):
        raise TableError(_("{file} cannot be split into rows.").format(file=path))
    return frame
