"""The catalogues of the notice and of shared arrears: every message has its Japanese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from kokuho.base.messages import LOCALE_DIR
from kokuho.linkage import bureau, sharing

ROOT = Path(__file__).resolve().parents[3] / "src/kokuho"
TABLES = {
    "bureau": {
        *bureau.STATES.values(), *bureau.HOW.values(), *bureau.PURPOSES.values(),
        *(kind.title for kind in bureau.KINDS.values()),
        *(text for kind in bureau.KINDS.values() for text in (kind.codes or {}).values()),
        *("items", "text", "to", "since", "amount", "refers"),
    },
    "sharing": {
        *sharing.COLUMNS.values(), "protected", "arrived",
        *("waiting", "approved", "rejected", "written", "proposed", "stopped", "made"),
        *("settings", "list"),
    },
}  # fmt: skip


@pytest.mark.parametrize("room", sorted(TABLES))
def test_every_message_has_its_japanese(room: str) -> None:
    files = [*(ROOT / "linkage" / room).glob("*.py"), *(ROOT / "office" / room).glob("*.py"),
             ROOT / "cli" / f"{room}.py"]  # fmt: skip
    used = {
        message
        for path in files
        for _line, message, *_ in extract_from_file(
            "python", path, keywords={"_": None, "_paper": None}
        )
        if isinstance(message, str)
    }
    used |= TABLES[room]
    with (LOCALE_DIR / "ja" / "LC_MESSAGES" / f"{room}.po").open("rb") as file:
        catalogue = {entry.id: entry.string for entry in read_po(file) if entry.id}
    assert used == set(catalogue)
    for message, translation in catalogue.items():
        assert translation
        assert set(re.findall(r"\{\w+\}", translation)) == set(re.findall(r"\{\w+\}", message))


@pytest.mark.parametrize("room", [bureau, sharing])
def test_the_exported_names_are_sorted_and_there(room: object) -> None:
    names = room.__all__  # type: ignore[attr-defined]
    upper = [name for name in names if name.isupper()]
    classes = [name for name in names if name[0].isupper() and not name.isupper()]
    rest = [name for name in names if name[0].islower()]
    assert names == [*sorted(upper), *sorted(classes), *sorted(rest)]
    assert all(hasattr(room, name) for name in names)
