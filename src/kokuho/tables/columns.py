"""What a column of a table is, and the columns' other names in files of offices."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Kind = Literal["text", "yen", "count", "date", "partial_date", "yes_no", "choice", "fraction"]
"""How the cells of a column are read; docs/formats.md says what each accepts."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: canonical name, in the file's header and in the frame.
        kind: how cells are read. ``yen`` and ``count`` are whole numbers, ``fraction`` a decimal
            between 0 and 1 that becomes millionths, ``partial_date`` a date of which day or month
            may be ``00`` (the frame then has the latest possible day in ``<name>_latest``).
        required: the header must have it; otherwise a missing column is filled with ``default``.
        nullable: a cell may be empty and stays so; otherwise an empty cell becomes ``default``,
            or is refused where there is none.
        minimum, maximum: bounds of a number or a date, both allowed.
        choices: allowed values, each with its other spellings.
        aliases: other header names, Japanese ones among them.
        title: what the column is, in Japanese; ``help`` in English for the format page.
    """

    name: str
    kind: Kind
    title: str
    help: str = ""
    required: bool = False
    nullable: bool = False
    default: int | str | bool | None = None
    minimum: int | date | None = None
    maximum: int | date | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()


def plain(text: str) -> str:
    """A header or a choice without the differences that do not matter."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


YES_NO: Mapping[bool, tuple[str, ...]] = {
    True: ("yes", "y", "true", "1", "はい", "有", "あり", "○", "〇", "該当"),
    False: ("no", "n", "false", "0", "いいえ", "無", "なし", "×", "非該当"),
}
"""How yes and no are written."""
