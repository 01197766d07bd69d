"""What a clerk typed into the search box, word by word: a number, a date of birth, or a name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from kokuho.base.calendar import parse_date
from kokuho.office.search.folding import fold

LONGEST_NUMBER = 15
"""Digits of the longest number that leading zeros are tried for (宛名番号 has 15)."""

_COMPACT_ERA = re.compile(r"([RHSTMrhstm])(\d{2})(\d{2})(\d{2})")
_DATE_LETTERS = re.compile(r"[rhstm](?=[\d元])")


@dataclass(frozen=True)
class Word:
    """One word of a search; what it may be is searched for, all at once.

    Attributes:
        name: its folded form, empty where it cannot be (part of) a name.
        numbers: the number with and without leading zeros, if it is one.
        born: the day, ISO with ``00`` for what is unknown, if it is a date.
    """

    name: str = ""
    numbers: tuple[str, ...] = ()
    born: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing can be searched for by it."""
        return not (self.name or self.numbers or self.born)


def words_of(text: str) -> list[Word]:
    """The words of a search, in the order typed; full-width spaces part them too.

    >>> [(w.name, w.numbers[:1], w.born) for w in words_of("やまだ S61.4.2")]
    [('ヤマダ', (), ''), ('', (), '1986-04-02')]
    """
    words = (_word(piece) for piece in text.split())
    return [word for word in words if not word.empty]


def _word(piece: str) -> Word:
    plain = unicodedata.normalize("NFKC", piece)
    born = _born(plain)
    if plain.isascii() and plain.isdigit():
        bare = plain.lstrip("0") or "0"
        padded = (bare.zfill(length) for length in range(len(bare), LONGEST_NUMBER + 1))
        return Word(numbers=tuple(dict.fromkeys((plain, *padded))), born=born)
    if born:
        return Word(born=born)
    if any(character.isdigit() for character in plain) and plain.isascii():
        # a number with letters, such as an office's own
        return Word(numbers=(plain,), name=fold(piece))
    return Word(name=fold(piece))


def _born(plain: str) -> str:
    if found := _COMPACT_ERA.fullmatch(plain):
        plain = "{}{}.{}.{}".format(*found.groups())
    plain = _DATE_LETTERS.sub(lambda letter: letter.group().upper(), plain, count=1)
    try:
        return str(parse_date(plain))
    except ValueError:
        return ""
