"""The documents say what is there: commands, settings, links and places in the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer.main

from kokuho.cli import app

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ["README.md", "README.ja.md", "CONTRIBUTING.md", "CHANGELOG.md"]
PAGES = sorted([*(ROOT / name for name in HOUSE), *(ROOT / "docs").rglob("*.md")])
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def _commands(group: click.Command, name: str) -> Iterator[str]:
    children = getattr(group, "commands", None)
    if children is None:
        yield name
        return
    for child, command in children.items():
        yield from _commands(command, f"{name} {child}")


@pytest.mark.parametrize("command", list(_commands(typer.main.get_command(app), "kokuho")))
def test_every_command_is_in_the_reference(command: str) -> None:
    assert f"`{command}" in COMMANDS


def test_every_setting_is_in_the_reference() -> None:
    sources = (ROOT / "src").rglob("*.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    settings = set(re.findall(r"""environ(?:\.get\(|\[)["'](KOKUHO_\w+)""", text))
    assert settings
    assert [name for name in sorted(settings) if f"`{name}`" not in COMMANDS] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    here = [link for link in links if "://" not in link]
    assert [link for link in here if not (page.parent / link).exists()] == []


def test_every_place_that_the_glossary_names_is_there() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    places = set(re.findall(r"src/kokuho/[\w/.]*", glossary))
    assert len(places) > 10
    assert [place for place in sorted(places) if not (ROOT / place).exists()] == []


def test_every_room_is_in_the_architecture() -> None:
    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [path.parent.name for path in (ROOT / "src" / "kokuho").glob("*/__init__.py")]
    assert [room for room in rooms if f"| `{room}/` |" not in architecture] == []
