"""``kokuho bureau`` from the list to the sheet; nothing without a right, a purpose and a person."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from kokuho.base.errors import InputError, LinkageError
from kokuho.cli import app
from kokuho.linkage.bureau import KINDS, PURPOSES
from kokuho.office.accounts.looks import Look
from kokuho.office.bureau.case import Case
from kokuho.office.tenancy import seeing
from tests.office.bureau.town import ALL, officer, open_city
from tests.office.conftest import INSURER, Store

OF = ("--insurer", INSURER, "--user", "kakari")
WHY = ("--purpose", "decision")


@pytest.fixture(autouse=True)
def _city(sqlite: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kokuho.office.start.start", lambda **_more: None)
    open_city()
    officer("kakari")


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["bureau", *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def looks() -> list[tuple[str, str, str]]:
    with seeing([INSURER]):
        rows = Look.objects.order_by("pk")
        return list(rows.values_list("page", "resident__address_number", "purpose"))


def test_the_whole_way_from_an_application_to_the_sheet(tmp_path: Path) -> None:
    shown = run("list", *OF, *WHY)
    assert "聴き取りを始めていない申請 2 件、事案 0 件" in shown
    listed = json.loads(run("list", *OF, *WHY, "--json"))["applications"]
    assert [one["person"] for one in listed] == ["2001", "2002"]
    assert "事案 1" in run("open", str(listed[0]["id"]), *OF)
    items = [word for one in ALL for word in ("--item", f"{one.code}=heard:{one.value}")]
    assert "聴き取り" in run("record", "1", "interview", *OF, "--day", "R8.11.10", *items)
    done = run("record", "1", "decision", *OF, "--day", "R8.11.11", "--code", "notify", "--text",
               "実体がない")  # fmt: skip
    assert "通知の判断(通知する)" in done
    run("record", "1", "sending", *OF, "--day", "R8.11.12", "--to", "架空局", "--paper", "甲")
    shown = run("show", "1", *OF, *WHY)
    assert "回答待ち" in shown
    assert "就労状況: 架空の就労状況(本人から聴き取り)" in shown
    assert json.loads(run("show", "1", *OF, *WHY, "--json"))["state"] == "waiting"
    pdf = tmp_path / "sheet.pdf"
    run("sheet", "1", *OF, "--purpose", "sending", "--out", str(pdf))
    assert pdf.read_bytes().startswith(b"%PDF")
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["A1"] = "{{person.name}}"
    book.save(tmp_path / "form.xlsx")
    out = tmp_path / "filled.xlsx"
    run("sheet", "1", *OF, "--purpose", "sending", "--out", str(out), "--form",
        str(tmp_path / "form.xlsx"))  # fmt: skip
    filled = openpyxl.load_workbook(out).active
    assert filled is not None
    assert filled["A1"].value == "架空　2001"
    assert looks()[-1] == ("bureau_sheet", "2001", "sending")
    assert {purpose for _page, _who, purpose in looks()} == {"decision", "sending"}


def test_a_suspicion_is_opened_with_its_reason() -> None:
    words = ("open", "--suspicion", "2002", "--day", "R8.11.20", *OF)
    with pytest.raises(LinkageError, match="疑いの理由"):
        run(*words)
    assert "事案 1" in run(*words, "--text", "入院が続く")
    with pytest.raises(InputError, match="どちらか一方"):
        run("open", "1", "--suspicion", "2002", *OF)
    with pytest.raises(InputError, match="の形では"):
        run("record", "1", "interview", *OF, "--day", "R8.11.20", "--item", "school")


def test_a_look_needs_a_purpose_and_a_right_and_none_is_logged_without() -> None:
    officer("other", "printing")
    out = ("--out", "x.pdf")
    for words in (("list",), ("show", "1"), ("sheet", "1", *out)):
        with pytest.raises(InputError, match="目的にありません"):
            run(*words, *OF, "--purpose", "curiosity")
        with pytest.raises(LinkageError, match="bureau_notice"):
            run(*words, "--insurer", INSURER, "--user", "other", *WHY)
    for words in (("open", "1"), ("record", "1", "closing", "--day", "R8.11.1")):
        with pytest.raises(LinkageError, match="bureau_notice"):
            run(*words, "--insurer", INSURER, "--user", "other")
    assert looks() == []
    with seeing([INSURER]):
        assert not Case.objects.exists()


def test_the_help_names_all_purposes_and_kinds_of_steps() -> None:
    shown = "".join(run("record", "--help").split()) + "".join(run("list", "--help").split())
    assert all(name in shown.replace("│", "") for name in (*PURPOSES, *KINDS))
