"""Help texts: Japanese sentences are shown whole on a narrow screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import typer
from click import Command
from typer.testing import CliRunner

from kokuho.cli import app


def commands(command: Command, *words: str) -> Iterator[tuple[str, ...]]:
    yield words
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, *words, name)


@pytest.mark.parametrize("words", list(commands(typer.main.get_command(app))), ids=" ".join)
def test_no_help_text_is_cut_at_80_columns(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "80"}, terminal_width=80)
    assert shown.exit_code == 0
    assert "…" not in shown.output
