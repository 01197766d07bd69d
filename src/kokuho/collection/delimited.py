"""Records whose fields stand between separators (CSV): into their values, and back."""

from __future__ import annotations

from collections.abc import Sequence

from kokuho.collection.layout import Layout

_QUOTE = '"'


class QuoteError(ValueError):
    """A quotation mark where there should be none, or none where there should be one.

    ``column`` counts fields from 1.
    """

    def __init__(self, column: int) -> None:
        super().__init__(column)
        self.column = column


def split(text: str, layout: Layout) -> list[str]:
    """The values of a record; a quotation mark within quotation marks stands twice (RFC 4180).

    Raises:
        QuoteError: one is not closed, stands within a plain value or before more than a separator,
            or is missing or too much by the layout.
    """
    assert layout.delimiter is not None
    values: list[str] = []
    place = 0
    while True:
        column = len(values) + 1
        if text.startswith(_QUOTE, place):
            if layout.quotes == "none":
                raise QuoteError(column)
            value, place = _quoted(text, place + 1, column)
        else:
            end = text.find(layout.delimiter, place)
            end = len(text) if end < 0 else end
            value, place = text[place:end], end
            if _QUOTE in value or layout.quotes == "always":
                raise QuoteError(column)
        values.append(value)
        if place == len(text):
            return values
        if text[place] != layout.delimiter:
            raise QuoteError(column)
        place += 1


def _quoted(text: str, place: int, column: int) -> tuple[str, int]:
    """The value up to its closing mark, and the place behind that."""
    value = ""
    while True:
        end = text.find(_QUOTE, place)
        if end < 0:
            raise QuoteError(column)
        value += text[place:end]
        if not text.startswith(_QUOTE, end + 1):
            return value, end + 1
        value, place = value + _QUOTE, end + 2


def join(values: Sequence[str], layout: Layout) -> str:
    """The record of some values.

    Raises:
        QuoteError: a value needs quotation marks, and the layout has none.
    """
    assert layout.delimiter is not None
    done = []
    for column, value in enumerate(values, 1):
        needed = layout.delimiter in value or _QUOTE in value
        if needed and layout.quotes == "none":
            raise QuoteError(column)
        if needed or layout.quotes == "always":
            value = f"{_QUOTE}{value.replace(_QUOTE, _QUOTE * 2)}{_QUOTE}"
        done.append(value)
    return layout.delimiter.join(done)
