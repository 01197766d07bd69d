"""Where the pages' typefaces and design tokens are; both come at set-up, nothing later."""

from __future__ import annotations

from pathlib import Path

from kokuho.base.errors import SettingError
from kokuho.base.messages import translator

_ = translator("web")

_CHECKOUT = Path(__file__).resolve().parents[4] / ".assets"
_WANTED = {
    "fonts": "BIZUDPGothic-Regular.ttf",
    "webfonts": "NotoSansJP-Regular.ttf",
    "tokens": "tokens.css",
}
"""Folders of assets, served under their names, and a file that each must hold."""


def asset_folders() -> list[tuple[str, str]]:
    """The folders that are there, as Django's ``STATICFILES_DIRS`` wants them."""
    return [
        (name, str(_CHECKOUT / name))
        for name, file in _WANTED.items()
        if (_CHECKOUT / name / file).is_file()
    ]


def check() -> None:
    """Refuse to serve pages without their assets.

    Raises:
        SettingError: something is missing; the message says what to do.
    """
    there = {name for name, _folder in asset_folders()}
    if missing := [f"{name}/{file}" for name, file in _WANTED.items() if name not in there]:
        raise SettingError(
            _("The pages lack {files} in {folder}; run make setup.").format(
                files=", ".join(missing), folder=_CHECKOUT
            )
        )
