"""The terms of papers: one term, one rendering in each language, with the page it stands on.

``terms/LANGUAGE.yaml``: under ``terms`` a Japanese term with ``word`` (the rendering), ``forms``
(its inflected or shortened forms), ``source``, ``note``; under ``avoid`` patterns that must not
stand in a translation. ``terms/no_result.yaml``: for each language words that would tell how an
examination of residence ends, which no paper does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kokuho.forms.papers.languages import Language
from kokuho.forms.papers.ruby import plain

FOLDER = Path(__file__).parent / "terms"

_NOT_TERMS = ("滞納処分", "社会保険料控除")
"""Longer words in which a term stands but is not itself meant."""


@dataclass(frozen=True)
class Term:
    """A Japanese term and its rendering."""

    japanese: str
    word: str
    forms: tuple[str, ...]
    source: str
    linted: bool

    @property
    def sourced(self) -> bool:
        """Whether a page is known on which the word stands."""
        return self.source != "unsourced"

    def stands_in(self, text: str) -> bool:
        """Whether the rendering, or one of its forms, stands in a translation."""
        seen = _bare(text)
        return any(_bare(form) in seen for form in (self.word, *self.forms))


@dataclass(frozen=True)
class Glossary:
    """The terms of one language, and what must not be written in it."""

    terms: Mapping[str, Term]
    avoid: tuple[str, ...]
    no_result: tuple[str, ...]

    def findings(self, japanese: str, translation: str) -> list[str]:
        """What is wrong with a translation, in words for its translator."""
        found = [
            f"{term.japanese}: expected is {term.word!r} or one of {list(term.forms)}"
            for term in self.terms_of(japanese)
            if not term.stands_in(translation)
        ]
        return found + [
            f"must not be written: {pattern}"
            for pattern in self.avoid
            if re.search(pattern, translation)
        ]

    def terms_of(self, japanese: str) -> list[Term]:
        """The terms that stand in a Japanese text; one inside a longer one does not count."""
        words = [term.japanese for term in self.terms.values() if term.linted] + [*_NOT_TERMS]
        spans = [
            (place.start(), place.end(), word)
            for word in words
            for place in re.finditer(re.escape(word), japanese)
        ]
        outer = {
            word
            for start, end, word in spans
            if not any(a <= start and end <= b and (a, b) != (start, end) for a, b, _word in spans)
        }
        return [self.terms[word] for word in words if word in outer and word in self.terms]


@cache
def glossary(language: Language) -> Glossary:
    """The terms of a language."""
    import yaml

    data = yaml.safe_load((FOLDER / f"{language.code}.yaml").read_text(encoding="utf-8"))
    terms = {
        japanese: Term(
            japanese,
            entry["word"],
            tuple(entry.get("forms", ())),
            entry["source"],
            entry.get("lint", True),
        )
        for japanese, entry in data["terms"].items()
    }
    results = yaml.safe_load((FOLDER / "no_result.yaml").read_text(encoding="utf-8"))
    return Glossary(terms, tuple(data["avoid"] or ()), tuple(results[language.code]))


def _bare(text: str) -> str:
    # spaces between words of やさしい日本語 and furigana do not make another term
    return re.sub(r"\s+", " ", plain(text)).casefold()
