"""Names without the differences that a search should not make.

What is folded is only compared, never shown: the register keeps each name character by character.
"""

from __future__ import annotations

import re
import unicodedata

_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_MARKS = re.compile("[\u0300-\u036f]")
_BETWEEN = re.compile(r"[\s・･.,'’‐‑–—―ー\-_]+")
_FORMS = str.maketrans(
    # as people type a name when the keyboard does not give its own form; ours, no official table
    "髙﨑邊邉澤齋齊斎濵濱德國廣眞櫻龍嶋嶌冨𠮷栁黑靜曻塚淸晧與將瀨槇惠𣘺圓壽寬島đĐłŁøØ",
    "高崎辺辺沢斉斉斉浜浜徳国広真桜竜島島富吉柳黒静昇塚清皓与将瀬槙恵橋円寿寛島dDlLoO",
)
_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def fold(name: str) -> str:
    """A name in the form in which names are compared.

    Width, variation selectors, upper and lower case, accents, hiragana and katakana, small kana,
    the long mark, spaces and hyphens make no difference, nor do some common old forms of kanji.

    >>> fold("髙\U000e0101橋 たろう")
    '高橋タロウ'
    >>> fold("NGUYỄN Văn Đức")
    'nguyenvanduc'
    """
    text = _SELECTORS.sub("", name)
    # apart for the accents of Latin letters, together again for the voiced marks of kana
    text = unicodedata.normalize("NFKD", text)
    text = unicodedata.normalize("NFC", _MARKS.sub("", text)).translate(_FORMS)
    text = text.translate(_TO_KATAKANA).translate(_SMALL).casefold()
    return _BETWEEN.sub("", text)
