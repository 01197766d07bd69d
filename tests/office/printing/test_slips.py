"""Codes on slips by the operator's layouts, and slips of a whole year."""

from __future__ import annotations

import re
from datetime import date
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
import vl_convert
import zxingcpp
from PIL import Image

from kokuho.base.errors import InputError
from kokuho.forms.papers import Slip
from kokuho.office.billing.schedules import demands
from kokuho.office.collection import slipping
from kokuho.office.collection.slips import SlipIssued
from kokuho.office.printing.insurers import insurer_of
from kokuho.office.printing.kinds import COMPOSERS, Asked, Issue
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer
from tests.office.printing.test_kinds import post
from tests.office.printing.town import billed, household, office, planned, run, telling, text_of


@pytest.fixture(autouse=True)
def _insurer(sqlite: Store) -> None:
    add_insurer()


def own_layout(folder: Path, name: str, **constants: str) -> None:
    """The operator's own layout: a rehearsal's, with constants in place of some fields."""
    text = (files("kokuho.collection") / "data" / f"rehearsal_{name}.yaml").read_text("utf-8")
    text = text.replace(f"id: rehearsal_{name}", f"id: our_{name}")
    text = text.replace("standing: assumed", "standing: operator")
    for field, value in constants.items():
        text = re.sub(rf"(name: {field},.*type: digits)", rf'\1, constant: "{value}"', text)
    (folder / f"our_{name}.yaml").write_text(text, "utf-8")


def test_a_slip_bears_the_qr_and_the_numbers_of_the_operators_layouts(tmp_path: Path) -> None:
    with telling() as told:
        household(told, 1)
    billed()
    post()
    own_layout(tmp_path, "qr", payer="000000001")
    own_layout(tmp_path, "numbers", confirmation_number="4321", payment_class="765")
    names = [str(tmp_path / f"our_{name}.yaml") for name in ("qr", "numbers")]
    on = date(2026, 7, 20)
    slipping.issue(INSURER, "7月", slipping.Wanted(date(2026, 7, 31)), names, issued_on=on,
                   actor="試験")  # fmt: skip
    slots = office(tmp_path, "slip: {layouts: [our_qr.yaml, our_numbers.yaml]}\n")
    run(tmp_path, "slip", run="7月", issued_on=on, office=slots)
    path = tmp_path / "out" / "slip-0001.pdf"
    (page,) = text_of(path)
    assert "確認番号" in page
    assert "4321" in page
    assert "765" in page
    assert "QRコードを読み取って払うことができます" in page
    assert "バーコードなし" in page
    assert "QRコードなし" not in page
    with seeing([INSURER]):
        (slip,) = SlipIssued.objects.all()
    # the picture on the paper scans back to the content that was issued
    with seeing([INSURER]):
        issue = Issue(insurer_of(INSURER, Asked("slip")), on, slots)
        paper, _to = COMPOSERS["slip"].papers(issue, [f"slip/{slip.pk}"])[f"slip/{slip.pk}"]
    assert isinstance(paper, Slip)
    assert paper.qr is not None
    picture = Image.open(BytesIO(vl_convert.svg_to_png(paper.qr.decode(), ppi=300)))
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [slip.codes["qr"]]


def test_a_slip_of_the_whole_year_is_over_all_terms_and_due_with_the_first(tmp_path: Path) -> None:
    with telling() as told:
        household(told, 1)
        household(told, 2)
    billed()
    post()
    done = run(tmp_path, "slip", fiscal_year=2026, issued_on=date(2026, 7, 20))
    with seeing([INSURER]):
        owed = demands(INSURER, 2026)["amount"].sum()
    assert (done.counts["papers"], done.counts["amount"]) == (2, owed)
    for page, row in zip(text_of(tmp_path / "out" / "slip-0001.pdf"), planned(), strict=True):
        assert "全期分" in page
        assert f"払う額{row.amount:,}円" in page
        assert "令和8年7月31日" in page
        assert "期別の納付書では払わないでください" in page
    late = run(tmp_path, "slip", fiscal_year=2026, issued_on=date(2026, 8, 1), name="late")
    assert late.counts["papers"] == 0
    with pytest.raises(InputError, match="--fiscal-year"):
        run(tmp_path, "slip", name="neither")
