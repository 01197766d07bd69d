"""The parts of which every paper is made, each in Japanese and in the reader's language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kokuho.forms.papers.text import Message, Value


@dataclass(frozen=True)
class Section:
    """A heading inside the paper."""

    title: Message


@dataclass(frozen=True)
class Paragraphs:
    """Sentences, one paragraph each; as a list where they are points."""

    texts: tuple[Value, ...]
    form: Literal["plain", "points", "steps", "small", "strong"] = "plain"


@dataclass(frozen=True)
class Facts:
    """Names and values side by side."""

    rows: tuple[tuple[Message, Value], ...]


@dataclass(frozen=True)
class Key:
    """What the reader must see first: how much, until when."""

    rows: tuple[tuple[Message, Value], ...]


@dataclass(frozen=True)
class Table:
    """Rows of figures. ``kinds`` says of each column whether it holds amounts or words."""

    columns: tuple[Message, ...]
    kinds: tuple[Literal["words", "amount"], ...]
    rows: tuple[tuple[Value | None, ...], ...]
    total: bool = False
    """Whether the last row is the sum of those above, given and not computed here."""


@dataclass(frozen=True)
class Legal:
    """A text that the law asks for (教示など), given in Japanese; the translation sums it up."""

    title: Message
    paragraphs: tuple[str, ...]
    summary: tuple[Message, ...]


@dataclass(frozen=True)
class Note:
    """A boxed note with a title, such as the one on residence examination."""

    title: Message
    texts: tuple[Message, ...]
    source: Message | None = None
    mark: Message | None = None
    """Such as: a draft that nobody has approved."""


@dataclass(frozen=True)
class Lines:
    """Lines for handwriting, in Japanese alone: what is signed is the Japanese paper."""

    titles: tuple[Message, ...]


@dataclass(frozen=True)
class Picture:
    """A picture made elsewhere (a barcode, a QR code) as SVG or PNG, with its words.

    ``below`` is what people read in place of the bars.
    """

    content: bytes
    alternative: Value
    below: str = ""
    unstated_mm: int = 18

    @property
    def height_mm(self) -> float:
        """The height that the picture itself states: bars are never scaled, tills could not read
        them; ``unstated_mm`` where it states none."""
        found = re.search(rb'<svg[^>]*\sheight="([0-9.]+)mm"', self.content)
        return float(found[1]) if found else self.unstated_mm


@dataclass(frozen=True)
class Parts:
    """The three parts of a payment slip (納付書), in Japanese alone, side by side.

    Below them the codes that the slip has; ``without`` says of each that it lacks why.
    """

    titles: tuple[Message, ...]
    facts: tuple[tuple[Message, Value], ...]
    codes: tuple[Picture, ...]
    numbers: tuple[tuple[str, str], ...]
    without: tuple[Value, ...]


Block: TypeAlias = "Section | Paragraphs | Facts | Key | Table | Legal | Note | Lines | Parts"
