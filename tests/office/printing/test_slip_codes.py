"""The barcode of a printed slip: the PDF's page as a picture, read by a decoder of other hands."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from kokuho.office.collection import slipping
from kokuho.office.collection.slips import SlipIssued
from kokuho.office.tenancy import seeing
from tests.collection.agent import weight_3
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer
from tests.office.printing.test_kinds import post
from tests.office.printing.town import billed, household, office, run, telling, text_of

ON, DUE = date(2026, 7, 20), date(2026, 7, 31)
LAYOUT = """\
id: city_barcode
version: "1"
title: 架空市が事業者から受け取った仕様
extends: store_barcode
kind: barcode
standing: operator
sources: [{text: 試験のための架空の仕様}]
change:
  - {record: code, field: company, set: {type: digits, constant: "999999"}}
  - {record: code, field: free,
     into: [{name: reference, title: 収納番号, offset: 9, length: 21, type: digits}]}
limits:
  - {name: amount_max, yen: 300000, first: 2007-04-01, last: null, standing: operator, source: 試験}
  - {name: stamp_from, yen: null, first: 2007-04-01, last: null, standing: operator, source: 試験}
"""


@pytest.fixture(autouse=True)
def _insurer(sqlite: Store) -> None:
    add_insurer()


def pictures(pdf: Path, dots_per_inch: int) -> list[Path]:
    """Each page of a PDF as a picture, as a printer would draw it."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not installed (scripts/system-packages.txt)")
    subprocess.run(
        ["pdftoppm", "-r", str(dots_per_inch), "-gray", "-png", pdf, pdf.with_suffix("")],
        check=True,
    )
    return sorted(pdf.parent.glob(f"{pdf.stem}-*.png"))


@pytest.mark.parametrize("dots_per_inch", [300, 600])
def test_the_code_on_the_page_scans_back_to_the_demand_amount_and_due_date(
    tmp_path: Path, dots_per_inch: int
) -> None:
    with telling() as told:
        for number in (1, 2, 3):
            household(told, number)
    billed()
    post()
    layout = tmp_path / "city_barcode.yaml"
    layout.write_text(LAYOUT, "utf-8")
    slipping.issue(INSURER, "7月", slipping.Wanted(DUE), [str(layout)], issued_on=ON, actor="試験")
    slots = office(tmp_path, "slip: {layouts: [city_barcode.yaml], pay_at: [架空銀行]}\n")
    assert run(tmp_path, "slip", run="7月", issued_on=ON, office=slots).counts["papers"] == 3
    pages = pictures(tmp_path / "out" / "slip-0001.pdf", dots_per_inch)
    digits = text_of(tmp_path / "out" / "slip-0001.pdf")
    found: dict[str, str] = {}
    for page in pages:
        for code in zxingcpp.read_barcodes(Image.open(page)):
            text = "".join(one for one in code.text if one.isdigit())
            assert (len(text), int(text[43])) == (44, weight_3(text[:43]))
            # the bars of 288 modules as the layout has them, no wider than stores can scan (60 mm)
            wide = (code.position.top_right.x - code.position.top_left.x) * 25.4 / dots_per_inch
            assert abs(wide - 57.6) < 0.3
            found[slipping.scanned(INSURER, text, str(layout))] = text
    with seeing([INSURER]):
        issued = {one.demand_id: one for one in SlipIssued.objects.all()}
    assert found.keys() == issued.keys()
    for demand, text in found.items():
        slip = issued[demand]
        assert text == slip.codes["barcode"]
        assert any(f"(91){text[2:]}" in page for page in digits)
        assert (int(text[37:43]), text[30:36]) == (slip.amount, f"{slip.due:%y%m%d}")
