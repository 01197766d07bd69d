"""What a paper says, free of any language: messages and the values that stand in them.

A message's id is its Japanese text (the legal text). So a translation can never stand beside a
Japanese sentence that was changed after it: the changed sentence is another id, and is missing in
every catalogue until somebody translates it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from string import Formatter
from typing import TypeAlias


@dataclass(frozen=True)
class Yen:
    """An amount in whole yen."""

    amount: int


@dataclass(frozen=True)
class Day:
    """A day; shown by the western year, in Japanese by the era."""

    day: date


@dataclass(frozen=True)
class Month:
    """A month of a year."""

    year: int
    month: int


@dataclass(frozen=True)
class MonthName:
    """A month of every year."""

    month: int


@dataclass(frozen=True)
class Year:
    """A fiscal year (年度), by the western year in which it starts."""

    year: int


@dataclass(frozen=True)
class Message:
    """A sentence or word of the catalogue with the values in its places."""

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)


Value: TypeAlias = "Yen | Day | Month | MonthName | Year | Message | str | int"
"""What may stand in a message or a cell; a ``str`` is given as it is (names, numbers)."""


def say(text: str, /, **values: Value) -> Message:
    """A message; ``text`` is Japanese, a literal, with its places in braces.

    Raises:
        ValueError: the places and the values differ.
    """
    if places(text) != set(values):
        raise ValueError(f"{text}: {sorted(places(text))} != {sorted(values)}")
    return Message(text, values)


def places(text: str) -> set[str]:
    """The names of the places of a text."""
    return {name for _before, name, _form, _how in Formatter().parse(text) if name is not None}
