"""Characters of bank files: half-width kana (JIS X 0201), and what becomes them.

Hiragana and full-width kana, letters, digits and signs become their half-width form; small kana
and the long mark become what the layout says. Anything else (kanji above all) stays as it is and is
refused by :func:`not_in`: a name is never guessed.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from kokuho.collection.layout import Kana

_SMALL = str.maketrans("ｧｨｩｪｫｬｭｮｯヵヶヮ", "ｱｲｳｴｵﾔﾕﾖﾂｶｹﾜ")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−ー－"), "ｰ")
_SIGNS = str.maketrans({"¥": "\\", "￥": "\\", "\u3099": "ﾞ", "\u309a": "ﾟ", "゛": "ﾞ", "゜": "ﾟ"})


@cache
def _half() -> dict[str, str]:
    """Full-width kana and signs to half-width ones; voiced kana become two characters."""
    plain = (chr(code) for code in range(0xFF61, 0xFFA0))
    return {unicodedata.normalize("NFKC", one): one for one in plain}


def to_bank(text: str, kana: Kana) -> str:
    """A text in the characters of bank files, as far as there are any for it.

    >>> to_bank("きょうと ショーコ", Kana())
    'ｷﾖｳﾄ ｼﾖ-ｺ'
    """
    text = text.translate(_SIGNS).translate(_DASHES)
    # NFD takes the voicing mark off the kana, and NFKC has none but full-width ones to give
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text)).translate(_SIGNS)
    text = "".join(_half().get(_katakana(one), one) for one in text).upper()
    if kana.small == "large":
        text = text.translate(_SMALL)
    # a hyphen that was written as a hyphen stays one
    return text.replace("ｰ", kana.long_mark)


def _katakana(one: str) -> str:
    return chr(ord(one) + 0x60) if "ぁ" <= one <= "ゖ" else one


def not_in(text: str, characters: str) -> str:
    """The characters of a text that a file does not have, each once, in their order."""
    return "".join(dict.fromkeys(one for one in text if one not in characters))


def has_controls(text: str) -> bool:
    """Whether a text has characters that are none for people (line ends, control characters)."""
    return any(unicodedata.category(one).startswith("C") for one in text)
