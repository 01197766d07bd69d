"""The workbooks in LibreOffice: opened, recalculated, saved again, changed, read back."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from kokuho.forms import fonts
from kokuho.plan import Plan, read_plan
from kokuho.plan.data_sheet import NAME as DATA
from kokuho.plan.progress_sheet import NAME as PROGRESS
from tests.plan.city import city_plan, settled
from tests.plan.invented import declared, invent
from tests.plan.test_form_reading import below, year_cell
from tests.plan.workbooks import find, write

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="needs libreoffice-calc-nogui"),
]

_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""

_HOUSE_FACES = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""

Office = Callable[..., list[Path]]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Opens workbooks, computes every formula anew and saves them, all in one run."""
    profile = tmp_path_factory.mktemp("profile")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE)
    faces = profile / "fonts.conf"
    faces.write_text(_HOUSE_FACES.format(fonts=fonts(), cache=profile / "cache"))
    environment = {**os.environ, "FONTCONFIG_FILE": str(faces)}

    def convert(*paths: Path, to: str = "xlsx") -> list[Path]:
        out = tmp_path_factory.mktemp("saved")
        command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless"]
        command += ["--convert-to", to, "--outdir", str(out), *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True, timeout=240, env=environment)
        return [out / path.with_suffix(f".{to}").name for path in paths]

    return convert


def plans() -> dict[str, Plan]:
    return {
        "city": settled(city_plan(declared=declared(city_plan())), 2026, 760_000, 0, reason="増"),
        "short": next(p for n in range(99) if len((p := invent(Random(n))).period) == 1),
        "long": next(p for n in range(99) if len((p := invent(Random(n))).period) == 20),
        "rated": next(p for n in range(99) if (p := invent(Random(n))).years[0].rates),
    }


def values(path: Path) -> dict[tuple[str, str], Any]:
    book = openpyxl.load_workbook(path, data_only=True)
    return {
        (page.title, cell.coordinate): cell.value
        for page in book
        for row in page.iter_rows()
        for cell in row
        if cell.value not in (None, "")
    }


def formulas(path: Path) -> int:
    book = openpyxl.load_workbook(path)
    return sum(c.data_type == "f" for page in book for row in page.iter_rows() for c in row)


def test_every_formula_gives_the_result_that_we_saved_and_the_plan_comes_back(
    office: Office, tmp_path: Path
) -> None:
    made = plans()
    written = [
        write(plan, tmp_path / f"{name}.xlsx", with_rates=True, progress=True)
        for name, plan in made.items()
    ]
    for path, saved, plan in zip(written, office(*written), made.values(), strict=True):
        assert formulas(saved) == formulas(path) > 10
        assert values(saved) == values(path)
        read = read_plan(saved)
        assert read.plan == plan
        assert {entry.status for entry in read.report.entries} == {"confirmed"}
        assert "changed" not in {entry.why for entry in read.report.entries}
        assert openpyxl.load_workbook(saved)[DATA].sheet_state == "hidden"


def test_sums_rates_and_what_is_left_follow_an_amount_that_a_person_changes(
    office: Office, tmp_path: Path
) -> None:
    plan = settled(city_plan(), 2026, 760_000, 0)
    path = write(plan, tmp_path / "city.xlsx", with_rates=True, progress=True)
    book = openpyxl.load_workbook(path)
    at = year_cell(path, 2, "令和8年度")
    book.worksheets[1][at] = 90_000
    settlement = f"E{find(path, '令和9年度', 4)[1:]}"
    book[PROGRESS][settlement] = 700_000
    book[PROGRESS][settlement.replace("E", "F")] = 5_000
    book.save(path)
    (saved,) = office(path)
    found = values(saved)
    sheet = "第7～12年次"
    assert found[(sheet, below(at, 4))] == 90_000
    assert found[(sheet, f"J{at[1:]}")] == 460_000
    assert found[(sheet, below(at, 1))] == 11.25
    row = settlement[1:]
    assert [found.get((PROGRESS, f"{column}{row}")) for column in "CDGHI"] == [
        90_000,
        800_000 - 90_000 - 90_000,
        705_000,
        705_000 - 620_000,
        "計画を超過",
    ]
    read = read_plan(saved)
    assert read.report.counts["flagged"] == read.report.counts["repaired"] == 0
    first, second = (read.plan.year(year) for year in (2026, 2027))
    assert first is not None
    assert second is not None
    assert first.planned.other_transfer == 90_000
    assert second.actual != "unknown"
    assert (second.actual.total, second.actual.source) == (705_000, "city.xlsx")
    before = plan.year(2026)
    assert before is not None
    assert first.actual == before.actual
    assert read.plan.versions == plan.versions


def test_a_printed_sheet_is_one_page_in_the_embedded_face(office: Office, tmp_path: Path) -> None:
    from pypdf import PdfReader

    path = write(city_plan(), tmp_path / "city.xlsx", progress=True)
    (pdf,) = office(path, to="pdf")
    pages = PdfReader(pdf).pages
    assert len(pages) == 4
    assert all(round(float(page.mediabox.width)) == 842 for page in pages)
    text = "".join(pages[1].extract_text().split())
    assert "420,000千円" in text
    assert "令和11年度" in text
