"""Names of rows, columns and points in time, for tables (whole) and pictures (short)."""

from __future__ import annotations

import re

from kokuho.publish.views import Key, View
from kokuho.publish.words import TOTAL, Words

_ASIDE = re.compile(r"\s*[((][^()()]*[))]$")
_LINE = {"ja": 13, "en": 24}
"""Letters of one line of a name beside a bar."""


def row_name(view: View, row: Key, words: Words, *, short: bool = False) -> str:
    """The name of a row; ``short`` leaves out what stands in brackets at its end."""
    if not row or not any(row):
        return words("total")
    parts = [words.code(name, code) for name, code in zip(view.down, row, strict=True)]
    if short:
        parts = [_ASIDE.sub("", part) for part in parts]
    return " ".join(parts)


def column_name(view: View, column: str, words: Words) -> str:
    """The name of a column."""
    return words("total") if column == TOTAL else words.code(str(view.across), column)


def point_name(view: View, row: Key, words: Words, *, long: bool = False) -> str:
    """A point in time under a chart; ``|`` divides its lines."""
    parts = [words.code(name, code) for name, code in zip(view.down, row, strict=True)]
    if long:
        return "|".join(parts)
    return in_lines(parts[-1])  # a month says its year itself


def in_lines(text: str) -> str:
    """A year or a month for the axis of a chart; ``|`` divides its lines."""
    text = re.sub(r"^(平成|令和)(\d+|元)年度", r"\1\2|年度", text)
    return re.sub(r"^(\d{4})年(\d+)月末$", r"\1年|\2月末", text)


def wrapped(name: str) -> str:
    """A name in lines, divided by ``|``: between words, and where a word is longer than a line."""
    most = _LINE["en"] if name.isascii() else _LINE["ja"]
    pieces = [
        word[start : start + most]
        for word in name.split(" ")
        for start in range(0, len(word), most)
    ]
    lines = [""]
    for piece in pieces:
        joined = f"{lines[-1]} {piece}".strip()
        if len(joined) > most and lines[-1]:
            lines.append(piece)
        else:
            lines[-1] = joined
    return "|".join(lines)
