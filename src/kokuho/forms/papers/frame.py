"""A composed paper in one language as the data of the template: nothing but texts and their order.

The Japanese pages are the legal text. The pages behind them are the reference translation: the same
figures, every name of a field with the Japanese one beside it, so that both sides can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kokuho.forms.papers import blocks as b
from kokuho.forms.papers.catalogue import review
from kokuho.forms.papers.languages import LANGUAGES, Language
from kokuho.forms.papers.letter import Sheet
from kokuho.forms.papers.ruby import runs
from kokuho.forms.papers.show import shown
from kokuho.forms.papers.text import Day, Message, Value, say

JAPANESE = LANGUAGES["ja"]


def page(sheet: Sheet, language: Language) -> dict[str, Any]:
    """One side of a paper: the Japanese one, or its translation."""
    frame = _Frame(language)
    original = language.code == "ja"
    letter = sheet.letter
    return {
        "code": language.code,
        "language": {"name": language.name, "japanese": language.japanese},
        "tag": language.tag,
        "region": language.region,
        "faces": list(language.faces),
        "easy": language.code == "easy_ja",
        "leading": language.leading,
        "original": original,
        "leaflet": sheet.leaflet,
        "from_payer": sheet.from_payer,
        "title": frame.words(sheet.title),
        "japanese_title": shown(sheet.title, JAPANESE),
        "opening": frame.words(sheet.opening) if sheet.opening else None,
        "number": letter.number,
        "number_label": frame.label(say("番号")),
        "issued_on": frame.words(Day(letter.issued_on)),
        "authority": letter.sender.authority,
        "insurer": letter.sender.insurer,
        "seal": picture(letter.sender.seal),
        "window": {
            "left": letter.sender.window.left_mm,
            "top": letter.sender.window.top_mm,
            "width": letter.sender.window.width_mm,
            "height": letter.sender.window.height_mm,
        },
        "addressee": {
            "name": letter.addressee.name,
            "postal_code": letter.addressee.postal_code,
            "address": letter.addressee.address,
            "before": list(letter.addressee.before),
        },
        "status": [] if original else [frame.words(text) for text in _status(language)],
        "blocks": [frame.block(block) for block in sheet.blocks],
    }


def _status(language: Language) -> tuple[Message, ...]:
    """What a translation says of itself."""
    state = review(language)
    checked = say("この訳は、母語話者がまだ確認していません。")
    if state.reviewed and state.on is not None:
        checked = say(
            "この訳は、母語話者が確認しました({who}、{day})。", who=state.by, day=Day(state.on)
        )
    return (
        say("参考訳"),
        say("この面は参考訳です。法的な効力があるのは、日本語の面です。"),
        checked,
    )


def picture(content: bytes | None) -> dict[str, Any] | None:
    """A picture for the template, by what its bytes begin with."""
    if content is None:
        return None
    if content.startswith(b"\x89PNG"):
        return {"format": "png", "bytes": list(content)}
    return {"format": "svg", "text": content.decode("utf-8")}


def _without_gloss(text: str) -> str:
    return re.sub("〈[^〉]*〉", "", text)


class _Frame:
    """Blocks to plain data in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.original = language.code == "ja"
        # やさしい日本語 keeps the Japanese words itself
        self.beside = language.code not in ("ja", "easy_ja")

    def words(self, value: Value | None) -> Any:
        """A text; in やさしい日本語 as runs with their furigana."""
        return self._set(shown(value, self.language))

    def _set(self, text: str) -> Any:
        return runs(text) if self.language.code == "easy_ja" else text

    def label(self, message: Message) -> dict[str, Any]:
        """The name of a field, with the Japanese one beside a translation."""
        return {
            "text": self.words(message),
            "japanese": shown(message, JAPANESE) if self.beside else None,
        }

    def rows(self, rows: tuple[tuple[Message, Value], ...]) -> list[dict[str, Any]]:
        """Facts."""
        return [{"label": self.label(name), "value": self.words(value)} for name, value in rows]

    def block(self, block: b.Block) -> Mapping[str, Any]:
        """A block with its kind."""
        match block:
            case b.Section(title):
                return {"kind": "section", "title": self.label(title)}
            case b.Paragraphs(texts, form):
                return {"kind": "paragraphs", "form": form, "texts": [*map(self.words, texts)]}
            case b.Facts(rows):
                return {"kind": "facts", "rows": self.rows(rows)}
            case b.Key(rows):
                return {"kind": "key", "rows": self.rows(rows)}
            case b.Table():
                return self._table(block)
            case b.Legal(title, paragraphs, summary):
                said = list(paragraphs) if self.original else [*map(self.words, summary)]
                return {"kind": "legal", "title": self.label(title), "texts": said}
            case b.Note():
                return {
                    "kind": "note",
                    "title": self.label(block.title),
                    "texts": [*map(self.words, block.texts)],
                    "source": self.words(block.source) if block.source else None,
                    "mark": self.words(block.mark) if block.mark else None,
                }
            case b.Lines(titles):
                told = self.words(say("日本語の面に書いてください。この面には書きません。"))
                return {"kind": "lines", "titles": [*map(self.label, titles)], "told": told}
            case b.Parts():
                return self._parts(block)

    def _table(self, table: b.Table) -> Mapping[str, Any]:
        easy = self.language.code == "easy_ja"
        said = [shown(text, self.language) for text in table.columns]
        cells = [[shown(cell, self.language) for cell in row] for row in table.rows]
        # what explains a word (〈…〉) would burst a column: it stands below the table, once
        first = {
            name.text: shown(name, self.language)
            for row in reversed(table.rows)
            if isinstance(name := row[0], Message)
        }
        named = (*said, *reversed(first.values()))
        glossed = [text for text in named if easy and "〈" in text]
        short = _without_gloss if easy else str
        beside = table.columns if self.beside else ()
        return {
            "kind": "table",
            "columns": [
                {
                    "text": self._set(short(text)),
                    "japanese": shown(beside[place], JAPANESE) if beside else None,
                }
                for place, text in enumerate(said)
            ],
            "kinds": list(table.kinds),
            "rows": [[self._set(short(cell)) for cell in row] for row in cells],
            "total": table.total,
            "glosses": [self._set(text) for text in dict.fromkeys(glossed)],
        }

    def _parts(self, parts: b.Parts) -> Mapping[str, Any]:
        return {
            "kind": "parts",
            "titles": [*map(self.label, parts.titles)],
            "rows": self.rows(parts.facts),
            "codes": [
                {
                    "picture": picture(code.content),
                    "alternative": shown(code.alternative, self.language),
                    "height": code.height_mm,
                    "below": code.below,
                }
                for code in parts.codes
            ],
            "numbers": [list(pair) for pair in parts.numbers],
            "without": [*map(self.words, parts.without)],
        }
