"""Steps as they are kept: by whom, with which right, for good; the sheet; nothing of arrears."""

from __future__ import annotations

import ast
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.db import DatabaseError
from pypdf import PdfReader

from kokuho.arrears import Act
from kokuho.base.errors import FormError, LinkageError
from kokuho.forms.bureau import KEYS, bureau_sheet_pdf, fill_form
from kokuho.linkage.bureau import scheme, state_of
from kokuho.office.accounts import rights
from kokuho.office.arrears.recording import record
from kokuho.office.bureau.case import Case, StepRow
from kokuho.office.bureau.reading import insured_now, known_items, sheet_of
from kokuho.office.bureau.recording import case_of, note_application, steps_of, take
from kokuho.office.register.models import Resident
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import open_town
from tests.office.bureau import town
from tests.office.bureau.town import ALL, APPLIED, TODAY, decided, officer, opened, people, step
from tests.office.conftest import INSURER, Store
from tests.office.people import enrol, moment

ARREARS = ("滞納", "未納", "延滞", "督促", "納期", "収納", "分納", "保険税", "保険料")


@pytest.fixture
def city(store: Store) -> None:
    town.open_city()


def sheet(case: int) -> dict[str, object]:
    with seeing([INSURER]):
        return sheet_of(INSURER, case, TODAY)


@pytest.mark.usefixtures("city")
def test_steps_are_kept_with_the_user_who_recorded_them_and_cannot_be_changed() -> None:
    user = officer("kakari")
    case = decided(user)
    take(INSURER, case, step("sending", to="架空局(郵送)", papers=("聴取書",)), user)
    with seeing([INSURER]):
        steps = steps_of(case_of(INSURER, case))
    assert [(one.number, one.kind, one.actor) for one in steps] == [
        (1, "interview", "kakari"), (2, "decision", "kakari"), (3, "sending", "kakari"),
    ]  # fmt: skip
    assert steps[0].answers == ALL
    for model in (Case, StepRow):
        with pytest.raises(DatabaseError), seeing([INSURER], writing=True):
            model.objects.all().update(actor="nobody")
        with pytest.raises(DatabaseError), seeing([INSURER], writing=True):
            model.objects.all()._raw_delete("default")


@pytest.mark.usefixtures("city")
def test_deciding_and_taking_a_decision_back_need_a_right_of_their_own() -> None:
    clerk, chief = officer("kakari", rights.BUREAU_NOTICE), officer("kacho")
    stranger = officer("other", rights.BUREAU_DECIDE)
    case = opened(clerk)
    take(INSURER, case, step("interview", answers=ALL), clerk)
    decision = step("decision", "not_notify", text="通学を確認した")
    with pytest.raises(LinkageError, match="bureau_decide"):
        take(INSURER, case, decision, clerk)
    with pytest.raises(LinkageError, match="bureau_notice"):
        take(INSURER, case, decision, stranger)
    take(INSURER, case, decision, chief)
    back = step("correction", refers=2, text="別の人の記録だった")
    with pytest.raises(LinkageError, match="bureau_decide"):
        take(INSURER, case, back, clerk)
    take(INSURER, case, back, chief)
    with seeing([INSURER]):
        kept = case_of(INSURER, case)
        assert state_of(scheme().on(TODAY), steps_of(kept)) == "deciding"
    with pytest.raises(LinkageError, match="事案 9"):
        take(INSURER, 9, decision, chief)


@pytest.mark.usefixtures("city")
def test_an_application_recorded_by_hand_is_in_the_register_and_listed() -> None:
    user = officer("kakari")
    note_application(INSURER, "2005", "childbirth", APPLIED, None, "", user)
    assert people() == ["2001", "2002"]  # two years after acquisition it opens nothing
    note_application(INSURER, "2001", "childbirth", APPLIED, None, "B1", user)
    assert people() == ["2001", "2001", "2002"]
    for kind, day, says in (
        ("suspicion", APPLIED, "選んで"), ("childbirth", date(2099, 1, 1), "先の日"),
    ):  # fmt: skip
        with pytest.raises(LinkageError, match=says):
            note_application(INSURER, "2001", kind, day, None, "", user)


@pytest.mark.usefixtures("city")
def test_the_register_offers_what_it_knows_and_a_person_says_the_rest() -> None:
    case = opened(officer("kakari"))
    with seeing([INSURER]):
        kept = case_of(INSURER, case)
        assert known_items(kept, TODAY) == {
            "address": "架空市2001番地",
            "status": "経営・管理",
            "period": "令和8年5月1日～令和9年4月30日",
            "acquired_on": "令和8年5月1日",
            "acquisition_reason": "転入(国外)",
        }
        assert insured_now(kept, TODAY)


@pytest.mark.usefixtures("city")
def test_there_is_no_sheet_without_a_decision_to_notify() -> None:
    user = officer("kakari")
    case = opened(user)
    with pytest.raises(LinkageError, match="通知すると判断した記録がない"):
        sheet(case)
    for code, made in (("not_notify", False), ("notify", True)):
        other = decided(user, "2002", code) if code == "not_notify" else case
        if made:
            take(INSURER, case, step("interview", answers=ALL), user)
            take(INSURER, case, step("decision", "notify", text="実体がない"), user)
            assert sheet(case)["decided_by"] == "kakari"
        else:
            with pytest.raises(LinkageError, match="連絡票は作れません"):
                sheet(other)


@pytest.mark.usefixtures("city")
def test_the_sheet_says_that_it_is_ours_and_has_the_seven_items_and_the_decision() -> None:
    user = officer("kakari")
    case = decided(user)
    take(INSURER, case, step("sending", to="架空出入国在留管理局", papers=("聴取書の写し",)), user)
    content = bureau_sheet_pdf(sheet(case), made_on=TODAY)
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 1
    text = "".join(page.extract_text() for page in reader.pages)
    for said in ("参考様式(公の様式ではありません)", "架空出入国在留管理局", "架空　2001",
                 "就学状況",
                 "高額療養費の支給申請", "事業の実体が確認できない", "聴取書の写し", "架空市",
                 "公式の連絡票の様式は公表されていません", "ネパール"):  # fmt: skip
        assert said in text, said
    assert "2001番地" not in text  # the address is what the clerk heard, not what the register has


def test_a_protected_person_s_address_is_not_on_the_sheet(store: Store) -> None:
    town.open_city()
    with seeing([INSURER], writing=True):
        town.newcomer("2006", moment(), protected=True)
    data = sheet(decided(officer("kakari"), "2006"))
    items = data["items"]
    assert isinstance(items, list)
    assert items[0]["value"] == "支援措置の対象者のため、記載しません"
    assert items[1]["value"] == "架空の在留資格"


@pytest.mark.usefixtures("city")
def test_the_operator_s_form_is_filled_in_and_its_wrong_places_are_named(tmp_path: Path) -> None:
    data = sheet(decided(officer("kakari")))
    form = tmp_path / "official.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page["A1"], page["B2"] = "氏名: {{person.name}} 様", "{{items.6.title}} {{ items.6.value }}"
    page["C3"] = "変わらない文"
    book.save(form)
    filled = openpyxl.load_workbook(io.BytesIO(fill_form(form, data))).active
    assert filled is not None
    assert filled["A1"].value == "氏名: 架空　2001 様"
    assert filled["B2"].value == "就労状況 架空の就労状況"
    assert filled["C3"].value == "変わらない文"
    page["D4"] = "{{arrears}}"
    book.save(form)
    with pytest.raises(FormError, match="Sheet!D4 に arrears"):
        fill_form(form, data)
    form.write_bytes(b"no workbook")
    with pytest.raises(FormError, match="XLSX"):
        fill_form(form, data)


def test_the_sheet_is_the_same_with_and_without_arrears(store: Store) -> None:
    """78 owes three terms, one of them for months; nothing of it reaches the bureau."""
    open_town()
    with seeing([INSURER], writing=True):
        when = moment()
        resident = Resident.objects.get(address_number="1078")
        enrol(when, resident, town.ACQUIRED)
        town.apply(resident, when)
    user = officer("kakari")
    case = decided(user, "1078")
    before = sheet(case)
    record(INSURER, [Act(0, "consultation", TODAY, "78", code="counter", text="滞納の相談",
                         actor="窓口")], today=TODAY)  # fmt: skip
    assert sheet(case) == before
    assert set(before) == set(KEYS)
    text = PdfReader(io.BytesIO(bureau_sheet_pdf(before, made_on=TODAY))).pages[0].extract_text()
    assert not [word for word in ARREARS if word in text]
    assert "30,000" not in text
    with pytest.raises(FormError, match="overdue"):
        bureau_sheet_pdf({**before, "overdue": 30_000}, made_on=TODAY)


def test_no_module_of_the_notice_imports_anything_of_arrears() -> None:
    root = Path(__file__).resolve().parents[3] / "src" / "kokuho"
    files = [*(root / "linkage/bureau").glob("*.py"), *(root / "office/bureau").glob("*.py")]
    files += [root / "cli/bureau.py", *(root / "office/web/views").glob("bureau*.py")]
    assert len(files) > 8
    for file in files:
        names = {
            alias
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [one.name for one in node.names]
            )
        }
        wrong = [name for name in names if {"arrears", "ledger", "sharing", "collection", "billing"}
                 & set(name.split("."))]  # fmt: skip
        assert not wrong, f"{file.name}: {wrong}"
