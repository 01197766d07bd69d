"""Compile the message catalogues: ``<room>.mo`` beside each ``<room>.po``; what a wheel needs.

Run by ``make setup`` where a catalogue changed, and as the build hook of the package
(``pyproject.toml``), so that a wheel has them too; compiled files are not kept in the repository.
The hook also takes the design tokens of the pages into a wheel, from where ``make setup`` puts them
(typefaces are a wheel of their own, ``fonts/``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[1]
TOKENS = ".assets/tokens"
CATALOGUES = "src/kokuho/base/locale/*/LC_MESSAGES/*.po"


def compile_catalogues(root: Path = ROOT) -> list[Path]:
    """Write the compiled catalogue of each ``.po`` under ``root``; returns what was written.

    A catalogue is written beside its place and then renamed: a reader never meets half of one.
    """
    written = []
    for source in sorted(root.glob(CATALOGUES)):
        with source.open("rb") as lines:
            catalogue = read_po(lines, locale=source.parts[-3], abort_invalid=True)
        part = source.with_suffix(".mo.part")
        with part.open("wb") as out:
            write_mo(out, catalogue)
        written.append(part.replace(source.with_suffix(".mo")))
    return written


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run as a script: hatchling lives in the build's own environment
    pass
else:

    class WheelHook(BuildHookInterface):  # type: ignore[type-arg]
        """Compiles the catalogues, adds the design tokens, before hatchling gathers the files."""

        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            """Called by hatchling before it gathers; ``version`` is the kind of wheel."""
            root = Path(self.root)
            compile_catalogues(root)
            tokens = root / TOKENS
            if version == "editable":
                return
            if not tokens.is_dir():
                self.app.display_warning(f"no {TOKENS}: the wheel cannot serve pages (make setup)")
                return
            build_data["force_include"][str(tokens)] = "kokuho/tokens"


if __name__ == "__main__":
    compile_catalogues()
