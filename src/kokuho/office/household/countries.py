"""Nationality in Japanese (国籍・地域)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml


@cache
def _names() -> Mapping[str, str]:
    text = resources.files("kokuho.office.household").joinpath("countries.yaml")
    names: dict[str, str] = yaml.safe_load(text.read_text(encoding="utf-8"))
    return names


def country_name(code: str) -> str:
    """The Japanese name of a country or area by its alpha-3 code (ISO 3166-1).

    An office's own code has no name here: empty.

    >>> country_name("VNM")
    'ベトナム'
    """
    return _names().get(code, "")
