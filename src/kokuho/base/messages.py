"""Messages for people, through gettext: Japanese by default, English with ``KOKUHO_LANG=en``.

Each room has its own catalogue (domain), ``base/locale/ja/LC_MESSAGES/<room>.po``; message ids are
the English text, so that English needs no catalogue. ``make setup`` compiles the catalogues
(``scripts/catalogues.py``).
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

from kokuho.base.errors import InputError

LOCALE_DIR = Path(__file__).parent / "locale"
LANGUAGES = ("ja", "en")


def language() -> str:
    """The language of the interface (``KOKUHO_LANG``): ``ja`` unless ``en`` was asked for."""
    wanted = os.environ.get("KOKUHO_LANG", "ja").lower()[:2]
    return wanted if wanted in LANGUAGES else "ja"


def check_language() -> None:
    """Refuse a ``KOKUHO_LANG`` that is no language of the interface.

    Raises:
        InputError: in both languages, because none was chosen.
    """
    stated = os.environ.get("KOKUHO_LANG", "")
    if stated and stated.lower()[:2] not in LANGUAGES:
        raise InputError(
            f"KOKUHO_LANG={stated}: ja か en を指定してください。 / expected is ja or en."
        )


@cache
def _catalogue(room: str, lang: str) -> gettext.NullTranslations:
    return gettext.translation(room, LOCALE_DIR, languages=[lang], fallback=True)


def japanese(room: str, message: str) -> str:
    """A message in Japanese, whatever the language of the interface: what stands in files."""
    return said(room, message, "ja")


def said(room: str, message: str, lang: str) -> str:
    """A message in a language, whatever that of the interface: pages that come in both."""
    return _catalogue(room, lang).gettext(message)


def translator(room: str) -> Callable[[str], str]:
    """The ``_`` function of a room; the language is read at each call, not at import."""

    def translate(message: str) -> str:
        return _catalogue(room, language()).gettext(message)

    return translate
