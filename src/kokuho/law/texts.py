"""Texts that a paper must carry by law (教示など): dated, with article, source and certainty.

They are ours, written after the articles; a text has slots for the names of those concerned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from string import Formatter

from kokuho.base.errors import LawError
from kokuho.base.messages import translator
from kokuho.law.places import Place, load_yaml
from kokuho.law.registry import DATA, sources

_ = translator("law")

SLOTS = ("insurer", "authority", "board")
"""The names that a text may ask for: 保険者, 市町村長, 国民健康保険審査会."""

_FILE_KEYS = {"covers", "texts"}
_ENTRY_KEYS = {"first", "last", "paragraphs", "article", "source", "certainty"}


@dataclass(frozen=True)
class LegalText:
    """A text and the days on which it holds, both included."""

    first: date
    last: date
    paragraphs: tuple[str, ...]
    article: str
    source: str
    certainty: str
    note: str

    def filled(self, names: Mapping[str, str]) -> list[str]:
        """The paragraphs with the names in their slots."""
        return [paragraph.format(**names) for paragraph in self.paragraphs]


def legal_text(name: str, day: date) -> LegalText:
    """The text that holds on a day, such as ``redress.tax``.

    Raises:
        LawError: there is none for that day; the text of another day is never used.
    """
    for text in _texts().get(name, ()):
        if text.first <= day <= text.last:
            return text
    raise LawError(
        _("there is no text {name} for {day}, and that of another day is not used").format(
            name=name, day=day
        )
    )


@cache
def _texts() -> Mapping[str, tuple[LegalText, ...]]:
    files = sorted((DATA / "texts").glob("*.yaml"))
    return {name: texts for file in files for name, texts in read_texts(file, sources()).items()}


def read_texts(path: Path, known_sources: Mapping[str, str]) -> dict[str, tuple[LegalText, ...]]:
    """Read a file of texts.

    Raises:
        LawError: an unknown key, slot or source, days that overlap, or no text on days that the
            file covers.
    """
    raw, place = load_yaml(path)
    data = place.mapping(raw, _FILE_KEYS, _FILE_KEYS)
    covers = place.mapping(data["covers"], {"first", "last"}, {"first", "last"})
    days = place.date(covers["first"], "first"), place.date(covers["last"], "last")
    if not isinstance(data["texts"], dict):
        place.fail(_("a table of keys and values is expected"))
    return {
        str(name): _entries(entry, place.at(str(name)), known_sources, days)
        for name, entry in data["texts"].items()
    }


def _entries(
    raw: object, place: Place, known_sources: Mapping[str, str], covers: tuple[date, date]
) -> tuple[LegalText, ...]:
    table = place.mapping(raw, {"title", "entries"}, {"title", "entries"})
    if not isinstance(table["entries"], list) or not table["entries"]:
        place.fail(_("a list of texts is expected"))
    texts = tuple(_entry(entry, place, known_sources) for entry in table["entries"])
    joined = all(a.last.toordinal() + 1 == b.first.toordinal() for a, b in pairwise(texts))
    if not joined or (texts[0].first, texts[-1].last) != covers:
        place.fail(
            _("the texts must follow each other without gap from {first} to {last}").format(
                first=covers[0], last=covers[1]
            )
        )
    return texts


def _entry(raw: object, place: Place, known_sources: Mapping[str, str]) -> LegalText:
    table = place.mapping(raw, _ENTRY_KEYS | {"note"}, _ENTRY_KEYS)
    if not isinstance(table["paragraphs"], list) or not table["paragraphs"]:
        place.fail(_("a list of paragraphs is expected"))
    paragraphs = tuple(place.text(text, "paragraphs") for text in table["paragraphs"])
    for paragraph in paragraphs:
        named = {slot for _text, slot, _form, _more in Formatter().parse(paragraph) if slot}
        if unknown := sorted(named - set(SLOTS)):
            place.fail(_("unknown slot: {names}").format(names=", ".join(unknown)))
    return LegalText(
        first=place.date(table["first"], "first"),
        last=place.date(table["last"], "last"),
        paragraphs=paragraphs,
        article=place.text(table["article"], "article"),
        source=place.source(table["source"], known_sources),
        certainty=place.certainty(table["certainty"]),
        note=place.text(table["note"], "note") if "note" in table else "",
    )
