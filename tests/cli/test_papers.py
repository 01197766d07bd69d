"""``kokuho papers``: what there is, and how it looks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kokuho.base.errors import KokuhoError
from kokuho.cli import app
from kokuho.forms.papers import KINDS, TRANSLATED

RUN = CliRunner()


def test_the_list_says_papers_languages_completeness_and_review() -> None:
    made = RUN.invoke(app, ["papers", "list", "--json"])
    data = json.loads(made.stdout)
    assert [paper["key"] for paper in data["papers"]] == list(KINDS)
    assert [language["code"] for language in data["languages"]] == list(TRANSLATED)
    assert made.exit_code == any(language["missing"] for language in data["languages"])
    shown = RUN.invoke(app, ["papers", "list"]).stdout
    assert "督促状" in shown
    assert "Tiếng Việt" in shown


def test_contact_sheets_are_written_by_one_command(tmp_path: Path) -> None:
    made = RUN.invoke(app, ["papers", "sheet", "--out", str(tmp_path), "--language", "en"])
    assert made.exit_code == 0, made.output
    assert (tmp_path / "contact-en.pdf").read_bytes().startswith(b"%PDF")
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize("wrong", [["--language", "xx"], ["--kind", "both"]])
def test_an_unknown_language_or_kind_is_refused_before_anything_is_written(
    wrong: list[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    made = RUN.invoke(app, ["papers", "sheet", "--out", str(out), *wrong])
    assert isinstance(made.exception, KokuhoError)
    assert not out.exists()
