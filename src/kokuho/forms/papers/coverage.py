"""How complete each catalogue of papers is, and whether a native speaker reviewed it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kokuho.base.messages import translator
from kokuho.forms.papers.catalogue import Review, catalogue, review
from kokuho.forms.papers.languages import LANGUAGES, TRANSLATED, Language

_ = translator("forms")


@dataclass(frozen=True)
class Coverage:
    """One language: messages translated, messages missing, state of review."""

    language: Language
    translated: int
    missing: int
    review: Review

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        on = self.review.on
        return {
            "code": self.language.code,
            "name": self.language.name,
            "japanese": self.language.japanese,
            "translated": self.translated,
            "missing": self.missing,
            "reviewed": self.review.reviewed,
            "reviewed_by": self.review.by,
            "reviewed_on": on.isoformat() if on else None,
        }

    def line(self) -> str:
        """One line for people."""
        total = self.translated + self.missing
        state = _("not reviewed yet")
        if self.review.reviewed:
            state = _("reviewed: {by}, {on}").format(by=self.review.by, on=self.review.on)
        return f"{self.language.code:<9}{self.translated:>4}/{total}  {state}  {self.language.name}"


def coverage() -> list[Coverage]:
    """All languages but Japanese, whose text is the id itself."""
    languages = [LANGUAGES[code] for code in TRANSLATED]
    # a compiled catalogue holds what is translated; what one has, each must have
    wanted = set[str]().union(*map(catalogue, languages))
    return [
        Coverage(language, len(done), len(wanted) - len(done), review(language))
        for language in languages
        for done in (catalogue(language),)
    ]
