"""The catalogues of papers (domain ``papers``): one a language, with its state of review.

The header of a catalogue says whether a native speaker has reviewed it: ``X-Reviewed: no``, or
``yes`` with ``X-Reviewed-By`` (the role, never a name) and ``X-Reviewed-On``.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from kokuho.base.errors import FormError
from kokuho.base.messages import LOCALE_DIR, translator
from kokuho.forms.papers.languages import LANGUAGES, Language

_ = translator("forms")

DOMAIN = "papers"
_HEADER = re.compile(r'^"(X-[A-Za-z-]+): (.*)\\n"$', re.MULTILINE)


@dataclass(frozen=True)
class Review:
    """Whether a native speaker has reviewed a catalogue, in which role, and when."""

    reviewed: bool
    by: str = ""
    on: date | None = None


def language_of(code: str) -> Language:
    """A language by its code.

    Raises:
        FormError: papers are not made in it; the message names those that are.
    """
    if code not in LANGUAGES:
        raise FormError(
            _("Papers are not made in the language {code}; expected is one of {codes}.").format(
                code=code, codes=", ".join(LANGUAGES)
            )
        )
    return LANGUAGES[code]


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Japanese text to translation; empty for Japanese itself.

    Raises:
        FormError: the compiled catalogue is missing.
    """
    return {key: text for key, text in _translations(language).items() if key and text}


@cache
def _translations(language: Language) -> Mapping[str, str]:
    if language.code == "ja":
        return {}
    try:
        found = gettext.translation(DOMAIN, LOCALE_DIR, languages=[language.folder])
    except OSError as error:
        raise FormError(
            _("The catalogue of {language} is missing. Run `make messages`.").format(
                language=language.japanese
            )
        ) from error
    kept: Mapping[str, str] = found._catalog  # type: ignore[attr-defined]
    return kept


def _header_of(language: Language) -> str:
    # compiling drops headers that gettext does not know, so the source is read
    path = LOCALE_DIR / language.folder / "LC_MESSAGES" / f"{DOMAIN}.po"
    return path.read_text(encoding="utf-8").split("\n\n", 1)[0]


@cache
def review(language: Language) -> Review:
    """The state of review in the header of a catalogue.

    Raises:
        FormError: the header does not say it, or says yes without role and day.
    """
    header = dict(_HEADER.findall(_header_of(language)))
    state = header.get("X-Reviewed", "")
    if state == "no":
        return Review(False)
    by, on = header.get("X-Reviewed-By", ""), header.get("X-Reviewed-On", "")
    try:
        if state == "yes" and by:
            return Review(True, by, date.fromisoformat(on))
    except ValueError:
        pass
    raise FormError(
        _(
            "The catalogue of {language} does not say whether a native speaker reviewed it: "
            "expected is X-Reviewed: no, or yes with X-Reviewed-By and X-Reviewed-On."
        ).format(language=language.japanese)
    )
