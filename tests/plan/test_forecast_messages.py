"""Everything that the forecast says to people is there in Japanese, with the same places."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

import kokuho
from kokuho.plan.scenario.files import PROBLEMS

SOURCE = Path(kokuho.__file__).parent
FILES = [
    *(
        path
        for room in ("scenario", "forecast", "solve")
        for path in (SOURCE / "plan" / room).glob("*.py")
    ),
    SOURCE / "plan" / "compare.py",
    SOURCE / "cli" / "plan_compare.py",
    SOURCE / "cli" / "plan_forecast.py",
]


@pytest.fixture(scope="module")
def japanese() -> dict[str, str]:
    file = SOURCE / "base" / "locale" / "ja" / "LC_MESSAGES" / "forecast.po"
    return {entry.id: entry.string for entry in read_po(BytesIO(file.read_bytes())) if entry.id}


def spoken() -> set[str]:
    found = set(PROBLEMS.values())
    for path in FILES:
        with path.open("rb") as file:
            for _line, message, _comments, _context in extract(
                "python", file, {"_": None, "N_": None}
            ):
                found.add(str(message))
    return found


def test_every_message_is_translated_and_no_translation_is_left_over(
    japanese: dict[str, str],
) -> None:
    assert spoken() == set(japanese)
    assert all(japanese.values())


def test_translations_name_the_same_places(japanese: dict[str, str]) -> None:
    places = re.compile(r"{\w+}")
    for english, text in japanese.items():
        assert sorted(places.findall(english)) == sorted(places.findall(text)), english
