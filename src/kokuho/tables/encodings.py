"""The text of a file that may be UTF-8, with or without byte-order mark, or CP932 (Shift_JIS)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from kokuho.base.errors import TableError
from kokuho.base.messages import translator

_ = translator("tables")

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# what Python's cp932 lets through though no Shift_JIS table has it: single 0x80, 0xA0, 0xFD-0xFF
_NOT_CP932 = re.compile("[\x80\uf8f0-\uf8f3]")
_SAMPLE = 2_000  # lines


@dataclass(frozen=True)
class Text:
    """A file's text as UTF-8, without byte-order mark, lines ending in LF or CRLF.

    ``undecodable`` has the first wrong byte of each line (from 1) that fits neither encoding; in
    the text such bytes are U+FFFD.
    """

    data: bytes
    undecodable: dict[int, int]


def read_text(path: Path) -> Text:
    """Read a file as text; lines with bytes of no encoding are named, the others are read.

    Raises:
        TableError: the file is UTF-16 or no text.
    """
    data = path.read_bytes()
    if data.startswith(_UTF16):
        raise TableError(
            _("{file} is UTF-16 (Unicode text); save it as CSV in UTF-8.").format(file=path)
        )
    if b"\0" in data:
        raise TableError(_("{file} is not a text file.").format(file=path))
    marked = data.startswith(codecs.BOM_UTF8)
    data = _one_kind_of_line_end(data[len(codecs.BOM_UTF8) :] if marked else data)
    if data.isascii() or _fits(data, "utf-8"):
        return Text(data, {})
    lines = data.split(b"\n")
    encoding = "utf-8" if marked or _mostly_utf8(lines) else "cp932"
    if encoding == "cp932" and _fits(data, encoding):
        return Text(data.decode(encoding).encode(), {})
    return _line_by_line(lines, encoding)


def _one_kind_of_line_end(data: bytes) -> bytes:
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    # 0x1A ends files of older systems
    return data.rstrip(b"\x1a")


def _mostly_utf8(lines: list[bytes]) -> bool:
    """Whether a file that is not wholly UTF-8 is so but for some bytes.

    A line of CP932 is valid UTF-8 by a rare chance only, so half of the lines decide.
    """
    foreign = list(islice((line for line in lines if not line.isascii()), _SAMPLE))
    return 2 * sum(_fits(line, "utf-8") for line in foreign) >= len(foreign)


def _fits(data: bytes, encoding: str) -> bool:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return encoding != "cp932" or not _NOT_CP932.search(text)


def _line_by_line(lines: list[bytes], encoding: str) -> Text:
    undecodable = {}
    for number, line in enumerate(lines):
        if line.isascii():
            continue
        if not _fits(line, encoding):
            undecodable[number + 1] = _wrong_byte(line, encoding)
        text = line.decode(encoding, errors="replace")
        lines[number] = (_NOT_CP932.sub("\ufffd", text) if encoding == "cp932" else text).encode()
    return Text(b"\n".join(lines), undecodable)


def _wrong_byte(line: bytes, encoding: str) -> int:
    try:
        text = line.decode(encoding)
    except UnicodeDecodeError as error:
        return line[error.start]
    found = _NOT_CP932.search(text)
    return line[len(text[: found.start()].encode(encoding))] if found else 0
