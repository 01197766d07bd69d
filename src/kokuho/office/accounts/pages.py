"""What each page or command that writes looks down has shown: a closed table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class Page:
    """A page: what people call it, and the items of personal data on it."""

    title: str
    items: tuple[str, ...]


@cache
def pages() -> Mapping[str, Page]:
    """The table, by the name that :func:`kokuho.office.accounts.looks.note` is given."""
    text = resources.files("kokuho.office.accounts").joinpath("pages.yaml")
    rows = yaml.safe_load(text.read_text(encoding="utf-8"))
    return {name: Page(row["title"], tuple(row["items"])) for name, row in rows.items()}
