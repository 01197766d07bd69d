"""Where the pages' typefaces and design tokens are: in the wheels, or in a checkout."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from kokuho.base.errors import SettingError
from kokuho.base.messages import translator

_ = translator("web")

_CHECKOUT = Path(__file__).resolve().parents[4] / ".assets"
_OF_WHEEL = Path(__file__).resolve().parents[2]
_WANTED = {
    "fonts": "BIZUDPGothic-Regular.ttf",
    "webfonts": "NotoSansJP-Regular.ttf",
    "tokens": "tokens.css",
}
"""Folders of assets, served under their names, and a file that each must hold."""


def _places() -> list[Path]:
    """Where the folders may be: the wheels (``kokuho``, ``kokuho_fonts``), then a checkout."""
    places = [_OF_WHEEL]
    package = importlib.util.find_spec("kokuho_fonts")
    if package is not None and package.submodule_search_locations:
        places += [Path(folder) for folder in package.submodule_search_locations]
    return [*places, _CHECKOUT]


def asset_folders() -> list[tuple[str, str]]:
    """The folders that are there, as Django's ``STATICFILES_DIRS`` wants them."""
    found = {
        name: str(place / name)
        for place in reversed(_places())
        for name, file in _WANTED.items()
        if (place / name / file).is_file()
    }
    return sorted(found.items())


def check() -> None:
    """Refuse to serve pages without their assets.

    Raises:
        SettingError: something is missing; the message says what to do.
    """
    there = {name for name, _folder in asset_folders()}
    if missing := [f"{name}/{file}" for name, file in _WANTED.items() if name not in there]:
        raise SettingError(
            _(
                "The pages lack {files}: run make setup in a checkout, or install the wheel "
                "kokuho-fonts beside the wheel of Kokuho."
            ).format(files=", ".join(missing))
        )
