"""Rendering: typefaces found or refused in clear words, templates by name, no empty boxes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kokuho.base.errors import FormError
from kokuho.forms import fonts, render_pdf
from kokuho.forms.typefaces import FACES
from tests.forms.conftest import make_explanation


def test_the_typefaces_of_the_checkout_are_found() -> None:
    assert all((fonts() / face).is_file() for face in FACES)


def test_a_named_folder_of_typefaces_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for face in FACES:
        shutil.copyfile(fonts() / face, tmp_path / face)
    monkeypatch.setenv("KOKUHO_FONTS", str(tmp_path))
    assert fonts() == tmp_path


def test_an_installed_package_of_typefaces_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "kokuho_fonts"
    (package / "fonts").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    for face in FACES:
        shutil.copyfile(fonts() / face, package / "fonts" / face)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert fonts() == package / "fonts"


def test_a_named_folder_without_typefaces_is_refused_and_nothing_else_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOKUHO_FONTS", str(tmp_path))
    monkeypatch.setenv("KOKUHO_LANG", "en")
    with pytest.raises(FormError, match=r"Run `make setup`, .* or set KOKUHO_FONTS"):
        fonts()


def test_the_message_to_a_clerk_is_japanese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KOKUHO_FONTS", str(tmp_path))
    monkeypatch.delenv("KOKUHO_LANG", raising=False)
    with pytest.raises(FormError, match="帳票の書体がありません"):
        fonts()


@pytest.mark.parametrize("name", ["none", "../render", ""])
def test_an_unknown_template_is_refused(name: str) -> None:
    with pytest.raises(FormError):
        render_pdf(name, {})


def test_a_character_without_a_glyph_is_refused_by_name() -> None:
    made = make_explanation(1)
    made["insurer"]["name"] = "𛀁見本市"
    with pytest.raises(FormError, match=r"𛀁.*U\+1B001"):
        render_pdf("explanation", made)
