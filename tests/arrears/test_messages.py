"""The catalogue of the room, and its public names."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

import kokuho.arrears
from kokuho.arrears import GROUPINGS, GROUPS, KINDS, LEFT_OUT, REASONS, STATES
from kokuho.arrears.foreign import YEARS
from kokuho.base.messages import LOCALE_DIR

ROOT = Path(__file__).resolve().parents[2]


def test_every_message_has_its_japanese() -> None:
    used = {
        message
        for path in (ROOT / "src/kokuho/arrears").glob("*.py")
        for _line, message, *_ in extract_from_file("python", path, keywords={"_": None})
        if isinstance(message, str)
    }
    used |= {kind.title for kind in KINDS.values()}
    used |= {text for kind in KINDS.values() for text in (kind.codes or {}).values()}
    for table in (GROUPINGS, GROUPS, LEFT_OUT, REASONS, STATES, YEARS):
        used |= set(table.values())
    used |= {"demands", "until", "amount", "text", "code", "plan"}
    with (LOCALE_DIR / "ja" / "LC_MESSAGES" / "arrears.po").open("rb") as file:
        catalogue = {entry.id: entry.string for entry in read_po(file) if entry.id}
    assert used == set(catalogue)
    for message, translation in catalogue.items():
        assert translation
        assert set(re.findall(r"\{\w+\}", translation)) == set(re.findall(r"\{\w+\}", message))


def test_the_exported_names_are_sorted_and_there() -> None:
    names = kokuho.arrears.__all__
    upper = [name for name in names if name.isupper()]
    classes = [name for name in names if name[0].isupper() and not name.isupper()]
    rest = [name for name in names if name[0].islower()]
    assert names == [*sorted(upper), *sorted(classes), *sorted(rest)]
    assert all(hasattr(kokuho.arrears, name) for name in names)
