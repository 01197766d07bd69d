"""Pictures of real runs for the clerks' guides (docs/ja/img/import-*.png, statistics-*.png).

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
from kokuho.statistics import write_measures

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.publish.city import AS_OF, city_file  # noqa: E402
from tests.publish.conftest import few  # noqa: E402

IMAGES = ROOT / "docs" / "ja" / "img"
SHARES = ("foreign_share",)

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
    "statistics-verify": ("statistics verify",),
    "statistics-combine": (
        "statistics combine city.json town.json --as-of 2026-04-01 --code 990001 "
        "--expected expected.csv --deadline 2026-04-30 --out all.json",
        "statistics verify all.json",
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
        cities(folder)
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


def cities(folder: Path) -> None:
    """Measure files of two fictional insurers, and the list of three that are expected."""
    for seed, (code, name) in enumerate((("990011", "city"), ("990022", "town")), start=1):
        write_measures(folder / f"{name}.json", few(city_file(code, AS_OF, seed=seed), SHARES))
    (folder / "expected.csv").write_text(
        "保険者コード,保険者名,受領日\n990011,架空市,2026-04-20\n990022,遅刻町,2026-05-11\n"
        "990033,未着村,\n",
        encoding="utf-8-sig",
    )


def run(command: str, folder: Path) -> list[str]:
    """A command as it is typed, and what it printed."""
    program = [sys.executable, "-c", "from kokuho.cli import main; main()", *command.split()]
    database = {"KOKUHO_DATABASE": f"sqlite:///{folder}/kokuho.db", "KOKUHO_LANG": "ja"}
    done = subprocess.run(
        program, cwd=folder, env=os.environ | database, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return [f"$ kokuho {command}", *done.stdout.replace("\t", "  ").splitlines()]


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
