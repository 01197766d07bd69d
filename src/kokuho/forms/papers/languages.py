"""The languages of papers: names, typefaces in their order, how a day and a month are written.

Digits are those of the slip in every language: 12,300 with commas (a dot may be read as a decimal).
Years are western, months are named, and no other calendar or local digits are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

JAPANESE_FACE = "BIZ UDPGothic"
LATIN_FACE = "Noto Sans"
RARE_FACE = "Noto Sans JP"
"""For rare kanji of names, which the Japanese face lacks."""


@dataclass(frozen=True)
class Language:
    """One language of papers.

    ``face`` stands first in the order of typefaces where the script is not Japanese: with the
    Japanese face first, Cyrillic letters come out full-width. ``tag`` and ``region`` go to the
    renderer (line breaks, reading aloud). ``day`` and ``month`` have the places ``{year}``,
    ``{month}``, ``{day}``; ``months`` are the names of the months.
    """

    code: str
    name: str
    japanese: str
    face: str
    tag: str
    region: str | None
    day: str
    month: str
    months: tuple[str, ...]
    year: str

    @property
    def leading(self) -> float:
        """The room between lines in em: readings stand in it, and marks above and below letters."""
        return _LEADING.get(self.code, 0.62)

    @property
    def folder(self) -> str:
        """The folder of its catalogue under ``base/locale``."""
        return self.code.replace("-", "_")

    @property
    def faces(self) -> tuple[str, ...]:
        """All typefaces in the order in which a character is looked for."""
        families = (self.face, LATIN_FACE, JAPANESE_FACE, RARE_FACE, *SCRIPT_FACES)
        return tuple(dict.fromkeys(families))


_LEADING = {"easy_ja": 1.15, "my": 1.05, "ne": 0.75, "th": 0.75, "si": 0.72, "bn": 0.75}

_KANJI = tuple(f"{number}月" for number in range(1, 13))


_EASY_MONTHS = {4: "[4月|しがつ]", 7: "[7月|しちがつ]", 9: "[9月|くがつ]"}
"""Months whose number is not read as usual."""


def _named(names: str) -> tuple[str, ...]:
    return tuple(names.split("|"))


def _devanagari() -> tuple[str, ...]:
    return _named("जनवरी|फेब्रुअरी|मार्च|अप्रिल|मे|जुन|जुलाई|अगस्ट|सेप्टेम्बर|अक्टोबर|नोभेम्बर|डिसेम्बर")


_ALL = (
    Language(
        "ja", "日本語", "日本語", JAPANESE_FACE, "ja", "jp",
        "{era}{month}{day}日", "{era}{month}", _KANJI, "{year}年度",
    ),
    Language(
        "easy_ja", "やさしい日本語", "やさしい日本語", JAPANESE_FACE, "ja", "jp",
        "{year}[年|ねん]{month}{day}", "{year}[年|ねん]{month}",
        tuple(_EASY_MONTHS.get(number, f"{number}[月|がつ]") for number in range(1, 13)),
        "{year}[年度|ねんど]",
    ),
    Language(
        "en", "English", "英語", LATIN_FACE, "en", None,
        "{month} {day}, {year}", "{month} {year}",
        _named("January|February|March|April|May|June|July|August|September|October|November|December"),
        "FY{year}",
    ),
    Language(
        "zh-Hans", "简体中文", "中国語(簡体字)", "Noto Sans SC", "zh", "cn",
        "{year}年{month}{day}日", "{year}年{month}", _KANJI, "{year}年度",
    ),
    Language(
        "zh-Hant", "繁體中文", "中国語(繁体字)", "Noto Sans TC", "zh", "tw",
        "{year}年{month}{day}日", "{year}年{month}", _KANJI, "{year}年度",
    ),
    Language(
        "ko", "한국어", "韓国・朝鮮語", "Noto Sans KR", "ko", "kr",
        "{year}년 {month} {day}일", "{year}년 {month}",
        tuple(f"{number}월" for number in range(1, 13)), "{year}년도",
    ),
    Language(
        "vi", "Tiếng Việt", "ベトナム語", LATIN_FACE, "vi", "vn",
        "ngày {day} {month} năm {year}", "{month} năm {year}",
        tuple(f"tháng {number}" for number in range(1, 13)), "năm tài chính {year}",
    ),
    Language(
        "ne", "नेपाली", "ネパール語", "Noto Sans Devanagari", "ne", None,
        "{month} {day}, {year}", "{month} {year}", _devanagari(), "आर्थिक वर्ष {year}",
    ),
    Language(
        "pt-BR", "Português", "ポルトガル語", LATIN_FACE, "pt", "br",
        "{day} de {month} de {year}", "{month} de {year}",
        _named("janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"),
        "ano fiscal de {year}",
    ),
    Language(
        "es", "Español", "スペイン語", LATIN_FACE, "es", None,
        "{day} de {month} de {year}", "{month} de {year}",
        _named("enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"),
        "año fiscal {year}",
    ),
    Language(
        "fil", "Filipino", "フィリピノ語", LATIN_FACE, "fil", None,
        "{month} {day}, {year}", "{month} {year}",
        _named("Enero|Pebrero|Marso|Abril|Mayo|Hunyo|Hulyo|Agosto|Setyembre|Oktubre|Nobyembre|Disyembre"),
        "taong piskal {year}",
    ),
    Language(
        "id", "Bahasa Indonesia", "インドネシア語", LATIN_FACE, "id", None,
        "{day} {month} {year}", "{month} {year}",
        _named("Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember"),
        "tahun fiskal {year}",
    ),
    Language(
        "my", "မြန်မာ", "ミャンマー語", "Noto Sans Myanmar", "my", None,
        "{year} {month} {day}", "{year} {month}",
        _named("ဇန်နဝါရီ|ဖေဖော်ဝါရီ|မတ်|ဧပြီ|မေ|ဇွန်|ဇူလိုင်|ဩဂုတ်|စက်တင်ဘာ|အောက်တိုဘာ|နိုဝင်ဘာ|ဒီဇင်ဘာ"),
        "{year} ဘဏ္ဍာနှစ်",
    ),
    Language(
        "th", "ไทย", "タイ語", "Noto Sans Thai", "th", "th",
        "{day} {month} {year}", "{month} {year}",
        _named("มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม"),
        "ปีงบประมาณ {year}",
    ),
    Language(
        "si", "සිංහල", "シンハラ語", "Noto Sans Sinhala", "si", None,
        "{year} {month} {day}", "{year} {month}",
        _named("ජනවාරි|පෙබරවාරි|මාර්තු|අප්‍රේල්|මැයි|ජූනි|ජූලි|අගෝස්තු|සැප්තැම්බර්|ඔක්තෝබර්|නොවැම්බර්|දෙසැම්බර්"),
        "{year} මූල්‍ය වර්ෂය",
    ),
    Language(
        "mn", "Монгол", "モンゴル語", LATIN_FACE, "mn", None,
        "{year} оны {month}ын {day}", "{year} оны {month}",
        tuple(f"{number} дугаар сар" if number not in (1, 4, 9, 11) else f"{number} дүгээр сар"
              for number in range(1, 13)),
        "{year} оны санхүүгийн жил",
    ),
    Language(
        "bn", "বাংলা", "ベンガル語", "Noto Sans Bengali", "bn", None,
        "{day} {month} {year}", "{month} {year}",
        _named("জানুয়ারি|ফেব্রুয়ারি|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর"),
        "অর্থবছর {year}",
    ),
)  # fmt: skip

LANGUAGES: Mapping[str, Language] = {language.code: language for language in _ALL}
"""All languages by code, Japanese first, in the order in which they are listed to people."""

SCRIPT_FACES = tuple(
    dict.fromkeys(
        language.face for language in _ALL if language.face not in (JAPANESE_FACE, LATIN_FACE)
    )
)
"""The typefaces of single scripts, looked at last: names of people may be in any of them."""

TRANSLATED = tuple(code for code in LANGUAGES if code != "ja")
"""Codes of the languages that have a catalogue."""
