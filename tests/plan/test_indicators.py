"""Measure files, and the indicators of a plan's measures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from typer.testing import CliRunner

from kokuho.base.errors import PlanError
from kokuho.cli import app
from kokuho.plan import load_plan
from kokuho.plan.indicators import indicator_rows, indicators
from kokuho.plan.measure_file import (
    MeasureFigure,
    MeasureFile,
    load_measure_file,
    measure_file,
    measure_json,
    percent,
)

PLAN = Path(__file__).resolve().parents[2] / "examples" / "koganei" / "plan.yaml"


def figures() -> MeasureFile:
    return measure_file(
        "992011",
        date(2026, 12, 31),
        [
            percent("collection_rate", 9_345, 10_000),
            MeasureFigure(id="collection_rate.target", value=Decimal(93), unit="percent"),
            percent("direct_debit_share", 1, 3),
            MeasureFigure(id="direct_debit_share.target", value=Decimal(40), unit="percent"),
            MeasureFigure(id="incentive", value=Decimal(1_000_000), unit="yen"),
            percent("data_health", 0, 0),
        ],
    )


def test_a_measure_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "measures.json"
    path.write_text(measure_json(figures()), encoding="utf-8")
    assert load_measure_file(path) == figures()
    one = figures().figure("direct_debit_share")
    assert one is not None
    assert one.value == Decimal("33.33")


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"version": 2, "insurer_code": "1", "as_of": "2026-12-31", "measures": []}',
        '{"version": 1, "insurer_code": "1", "as_of": "2026-12-31", "measures": '
        '[{"id": "a", "unit": "yen"}, {"id": "a", "unit": "yen"}]}',
        '{"version": 1, "insurer_code": "1", "as_of": "2026-12-31", "measures": '
        '[{"id": "a", "unit": "yen", "value": "3", "suppressed": true}]}',
    ],
)
def test_what_is_no_measure_file_is_refused_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "measures.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PlanError, match=r"measures\.json"):
        load_measure_file(path)


def test_every_measure_that_the_council_document_names_has_its_indicator() -> None:
    rows = {row.id: row for row in indicator_rows(load_plan(PLAN), figures())}
    assert rows.keys() == {
        "collection_rate", "collection_rate_carried", "direct_debit_share", "direct_debit_offered",
        "direct_debit_taken", "incentive", "generic_notices", "receipt_review", "data_health",
    }  # fmt: skip
    assert rows.keys() <= indicators().keys()
    states = {name: row.state for name, row in rows.items()}
    assert states["collection_rate"] == "reached"
    assert states["direct_debit_share"] == "short"
    assert states["incentive"] == "no_target"
    assert states["data_health"] == states["generic_notices"] == "unknown"
    assert "口座振替" in rows["direct_debit_share"].text


def test_the_progress_paper_has_each_measure_with_target_and_actual(tmp_path: Path) -> None:
    path, out = tmp_path / "measures.json", tmp_path / "form"
    path.write_text(measure_json(figures()), encoding="utf-8")
    for ending in (".pdf", ".xlsx"):
        command = ["plan", "form", str(PLAN), "--measures", str(path), "--out", f"{out}{ending}"]
        assert CliRunner().invoke(app, command).exit_code in (0, 1)
    pages = ["".join(page.extract_text().split()) for page in PdfReader(f"{out}.pdf").pages]
    (paper,) = [text for text in pages if "具体的な取組の目標と実績" in text]
    sheet = load_workbook(f"{out}.xlsx")["取組の目標と実績（参考様式）"]
    cells = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    rows = {row[1]: row for row in cells}
    assert rows["収納率(現年分)"][2:5] == ["93%", "93.45%", "目標に達した"]
    assert rows["口座振替の世帯の割合"][2:5] == ["40%", "33.33%", "目標に達していない"]
    # what was not typed in is empty and said to be so, never 0
    assert rows["レセプト点検による効果額"][2:5] == ["", "", "未入力"]
    for name in ("収納率(現年分)", "93.45%", "1,000,000円", "令和8年12月31日現在",
                 "ジェネリック差額通知の継続実施", "データヘルス計画に基づく保健事業"):  # fmt: skip
        assert name in paper, name
