"""Pictures of real runs of ``kokuho import`` for the clerks' guide (docs/ja/img/import-*.png).

    .venv/bin/python scripts/terminal_pictures.py

The commands run in an empty folder on a small fictional city; what stands on a picture is what they
printed. Made again whenever their words change.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import typst

from kokuho.forms import fonts
from kokuho.sample import write_city

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "ja" / "img"

TEMPLATE = b"""
#let lines = json(bytes(sys.inputs.lines))
#set page(width: 190mm, height: auto, margin: 7mm, fill: rgb("#fafafa"))
#set text(font: ("BIZ UDPGothic", "Noto Sans JP"), size: 9pt, lang: "ja")
#set par(leading: 0.7em, spacing: 0.75em)
#for line in lines {
  if line.starts-with("$ ") { text(weight: "bold", line) } else { text(line) }
  parbreak()
}
"""

PICTURES: dict[str, Sequence[str]] = {
    "import-first": (
        "insurer add ordinance.yaml",
        "import residents residents.csv",
        "import households households.csv",
        "import enrolments enrolments.csv",
        "import incomes incomes.csv",
        "import decisions decisions.csv",
        "import residents residents.csv",
    ),
    "import-refused": (
        "import incomes wrong.csv",
        "import incomes wrong.csv --good-rows",
    ),
}
"""What is run for each picture, one after the other, in one folder."""


def main() -> None:
    """Run everything and write the pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        city = write_city(folder, 400, 1, 2026, register=True)
        assert city.register is not None
        for _kind, path in city.register.first:
            path.rename(folder / path.name)
        spoil(folder / "incomes.csv", folder / "wrong.csv")
        for picture, commands in PICTURES.items():
            lines = [line for command in commands for line in run(command, folder)]
            write(picture, lines)


def spoil(good: Path, wrong: Path) -> None:
    """The year before, with one income that is no number and one person whom nobody knows."""
    text = good.read_text(encoding="utf-8-sig").replace(",2026,", ",2025,")
    lines = text.splitlines()[:30]
    place = lines[0].split(",").index("business")
    cells = lines[2].split(",")
    cells[place] = "12万"
    lines[2] = ",".join(cells)
    insurer, _person, *others = lines[4].split(",")
    lines[4] = ",".join([insurer, "9999999999", *others])
    wrong.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")


def run(command: str, folder: Path) -> list[str]:
    """A command as it is typed, and what it printed."""
    program = [sys.executable, "-c", "from kokuho.cli import main; main()", *command.split()]
    database = {"KOKUHO_DATABASE": f"sqlite:///{folder}/kokuho.db", "KOKUHO_LANG": "ja"}
    done = subprocess.run(
        program, cwd=folder, env=os.environ | database, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return [f"$ kokuho {command}", *done.stdout.splitlines()]


def write(name: str, lines: Sequence[str]) -> None:
    """Draw the lines as a PNG."""
    faces = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts()]
    )
    made = typst.compile(
        TEMPLATE, format="png", ppi=144, font_paths=faces, ignore_system_fonts=True,
        sys_inputs={"lines": json.dumps(lines, ensure_ascii=False)},
    )  # fmt: skip
    assert isinstance(made, bytes)
    (IMAGES / f"{name}.png").write_bytes(made)


if __name__ == "__main__":
    main()
