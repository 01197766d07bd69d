"""The wheels of an installation: built as `make wheels` does, they hold what the product needs."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
UV = Path(sys.executable).parent / "uv"


def built(folder: Path, of: Path) -> set[str]:
    """The names in the wheel of a folder; the build reaches for its back end on the network."""
    done = subprocess.run(
        [UV, "build", "--quiet", "--wheel", "--out-dir", folder, of],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.slow
def test_the_wheel_has_law_messages_pages_and_migrations(tmp_path: Path) -> None:
    names = built(tmp_path, ROOT)
    for folder, pattern in (
        ("law/data", "*.yaml"),
        ("base/locale", "*.mo"),
        ("office", "*.html"),
        ("office", "*.css"),
        ("office", "0*.py"),
        ("sample/data", "*.yaml"),
        ("forms", "*.typ"),
        ("publish", "*.html"),
        ("publish", "*.css"),
    ):
        at = ROOT / "src" / "kokuho" / folder
        wanted = {str(path.relative_to(ROOT / "src")) for path in at.rglob(pattern)}
        assert wanted, folder
        assert wanted <= names, sorted(wanted - names)
    assert "kokuho/tokens/tokens.css" in names
    assert not any(name.startswith(("tests/", "docs/")) for name in names)


@pytest.mark.slow
def test_the_wheel_of_fonts_has_faces_for_paper_and_for_the_screen(tmp_path: Path) -> None:
    names = built(tmp_path, ROOT / "fonts")
    for folder in ("fonts", "webfonts"):
        faces = [name for name in names if name.startswith(f"kokuho_fonts/{folder}/")]
        assert any(name.endswith(".ttf") for name in faces), folder
