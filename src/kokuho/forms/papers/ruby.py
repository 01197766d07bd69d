"""Furigana: ``[漢字|かんじ]`` in the catalogue of やさしい日本語."""

from __future__ import annotations

import re

_RUBY = re.compile(r"\[([^\[\]|]+)\|([^\[\]|]+)\]")


def runs(text: str) -> list[dict[str, str | None]]:
    """The text as runs of ``base`` and ``reading`` (none where it has none)."""
    made: list[dict[str, str | None]] = []
    place = 0
    for found in _RUBY.finditer(text):
        if found.start() > place:
            made.append({"base": text[place : found.start()], "reading": None})
        made.append({"base": found[1], "reading": found[2]})
        place = found.end()
    if place < len(text):
        made.append({"base": text[place:], "reading": None})
    return made


def plain(text: str) -> str:
    """The text without its furigana."""
    return _RUBY.sub(r"\1", text)
