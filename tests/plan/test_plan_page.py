"""``docs/plan.md`` and the Japanese messages are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from pydantic import BaseModel

import kokuho.plan
from kokuho.base.messages import LOCALE_DIR
from kokuho.plan import CODES, model
from kokuho.plan.files import PROBLEMS
from kokuho.plan.findings import SEVERITIES
from kokuho.plan.indicators import STATES
from kokuho.plan.places import NAMES, title
from kokuho.plan.report import REASONS, STATUSES
from tests.plan.variants import counts, published, two_hundred

ROOT = Path(kokuho.plan.__file__).parents[3]
PAGE = (ROOT / "docs" / "plan.md").read_text(encoding="utf-8")


def rows(table: str) -> list[list[str]]:
    """The rows of the table that begins with a header."""
    lines = PAGE[PAGE.index(table) :].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_page_lists_every_code_with_its_severity_and_rule() -> None:
    listed = rows("| code | severity | rule |")
    assert listed == [[f"`{code}`", severity, rule] for code, (severity, rule) in CODES.items()]


def test_the_page_lists_every_reason_with_its_status() -> None:
    listed = rows("| reason | status | |")
    assert listed == [[f"`{why}`", status, text] for why, (status, text) in REASONS.items()]


def test_the_page_names_every_key_of_the_plan_file() -> None:
    parts = [
        one
        for one in vars(model).values()
        if isinstance(one, type) and issubclass(one, BaseModel) and one.__module__ == model.__name__
    ]
    keys = {name for part in parts for name in part.model_fields}
    table = PAGE[PAGE.index("| key | |") : PAGE.index("**Two bases")]
    named = set(re.findall(r"`([a-z0-9_]+)(?:\[\])?(?::[^`]*)?`", table))
    assert len(keys) > 50
    assert keys - named == set()


@pytest.mark.slow
def test_the_page_publishes_the_counts_of_two_hundred_damaged_papers() -> None:
    assert published(counts(two_hundred())) in PAGE


def _called(room: str) -> set[str]:
    """What the modules that speak with the catalogue of a room pass to ``_``."""
    rooms = (ROOT / "src/kokuho/plan", ROOT / "src/kokuho/cli")
    return {
        message
        for path in (path for folder in rooms for path in folder.glob("*.py"))
        if f'translator("{room}")' in path.read_text(encoding="utf-8")
        for _line, message, *_ in extract_from_file("python", path, keywords={"_": None})
        if isinstance(message, str)
    }


def _message_ids(room: str) -> set[str]:
    """What is said with the catalogue of a room, and for the plan the texts of its lists."""
    if room != "plan":
        return _called(room)
    rules = {rule for _severity, rule in CODES.values()}
    reasons = {text for _status, text in REASONS.values()}
    lists = {*SEVERITIES, *STATUSES, *NAMES, *PROBLEMS.values(), *STATES.values()}
    return _called(room) | rules | reasons | lists


@pytest.mark.parametrize("room", ["plan", "plan_form"])
def test_every_message_has_its_japanese(room: str) -> None:
    with (LOCALE_DIR / f"ja/LC_MESSAGES/{room}.po").open("rb") as file:
        catalogue = {entry.id: entry.string for entry in read_po(file) if entry.id}
    assert _message_ids(room) == set(catalogue)
    for message, translation in catalogue.items():
        assert translation
        assert set(re.findall(r"\{\w+", translation)) == set(re.findall(r"\{\w+", message))


@pytest.mark.parametrize(
    ("place", "japanese"),
    [
        ("years.2026-2029.total", "令和8年度～令和11年度 合計"),
        ("sheets.2.other_transfer", "2 枚目 法定外繰入"),
        ("occurrence.total, sheets.1.total", "赤字額(合計), 1 枚目 合計"),
        ("years.2019.actual", "令和元年度 実績"),
        ("measures.2.amount", "取組 2 金額"),
        ("表/R5.3~R6.2/割合", "表/R5.3~R6.2/割合"),
    ],
)
def test_a_place_is_said_in_the_words_of_the_form(
    place: str, japanese: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "ja")
    assert title(place) == japanese


def test_a_place_is_said_in_english_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")
    assert title("years.2026-2029.total") == "FY2026 to FY2029 total"
