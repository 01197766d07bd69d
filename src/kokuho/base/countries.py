"""Nationality in words (国籍・地域)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    text = resources.files("kokuho.base").joinpath("countries.yaml").read_text(encoding="utf-8")
    names: dict[str, dict[str, str]] = yaml.load(text, yaml.CSafeLoader)
    return names


def country_name(code: str, language: str = "ja") -> str:
    """The name of a country or area by its alpha-3 code (ISO 3166-1), in ``ja`` or ``en``.

    An office's own code has no name here: empty.

    >>> country_name("VNM")
    'ベトナム'
    >>> country_name("VNM", "en")
    'Vietnam'
    """
    return _names().get(code, {}).get(language, "")
