"""Where the typefaces are: documents embed these and no other face of the machine."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path

from kokuho.base.errors import FormError
from kokuho.base.messages import translator

_ = translator("forms")

FACES = ("BIZUDPGothic-Regular.ttf", "BIZUDPGothic-Bold.ttf", "NotoSansJP-Regular.ttf")
"""The faces that a folder of typefaces must hold: BIZ UDPGothic, and Noto Sans JP for the rare
kanji of names that it lacks (both SIL Open Font License 1.1)."""

SCRIPTS = ("", "Devanagari", "SC", "TC", "KR", "Thai", "Myanmar", "Sinhala", "Bengali")
"""Scripts of Noto Sans that papers in other languages embed beside; "" is Latin and Cyrillic."""

WEIGHTS = ("Regular", "Bold")

_CHECKOUT = Path(__file__).resolve().parents[3]


def _places() -> list[Path]:
    """The folders to look in, in order; ``KOKUHO_FONTS`` alone where it is set."""
    if named := os.environ.get("KOKUHO_FONTS"):
        return [Path(named)]
    places = []
    package = importlib.util.find_spec("kokuho_fonts")
    if package is not None and package.submodule_search_locations:
        places += [Path(folder) / "fonts" for folder in package.submodule_search_locations]
    return [*places, _CHECKOUT / ".assets" / "fonts"]


def fonts() -> Path:
    """The folder with the typefaces.

    Looked for in this order: the folder that ``KOKUHO_FONTS`` names (then nowhere else), the
    installed package ``kokuho_fonts``, the checkout's ``.assets/fonts``. Nothing is ever fetched.

    Raises:
        FormError: no folder holds all :data:`FACES`; the message says what to do.
    """
    places = _places()
    for place in places:
        if all((place / face).is_file() for face in FACES):
            return place
    raise _missing(FACES, places)


def require_scripts() -> None:
    """See that the typefaces of all scripts are there, beside those of the house.

    Raises:
        FormError: one is missing; the message names it and says what to do.
    """
    place = fonts()
    files = [f"NotoSans{script}-{weight}.ttf" for script in SCRIPTS for weight in WEIGHTS]
    if missing := [name for name in files if not (place / name).is_file()]:
        raise _missing(missing, [place])


def _missing(faces: Sequence[str], places: Sequence[Path]) -> FormError:
    return FormError(
        _(
            "The typefaces of the documents are missing: {faces} were not found in {places}. "
            "Run `make setup`, install the wheel kokuho-fonts, or set KOKUHO_FONTS to the folder "
            "that holds them."
        ).format(faces=", ".join(faces), places=", ".join(map(str, places)))
    )
