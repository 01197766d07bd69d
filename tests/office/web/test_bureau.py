"""The pages of the notice to the bureau: for whom, for what, step by step, without arrears."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from kokuho.linkage.bureau import PURPOSES
from kokuho.office.accounts import rights
from kokuho.office.accounts.looks import Look
from kokuho.office.bureau.case import Case, StepRow
from kokuho.office.bureau.recording import take
from kokuho.office.register.models import BenefitEvent, Membership, Resident
from kokuho.office.store.recording import record as store_facts
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import open_town
from tests.office.bureau import town
from tests.office.bureau.test_recording import ARREARS
from tests.office.bureau.town import ALL, TODAY, decided, officer, opened, step
from tests.office.conftest import INSURER, OTHER, Store
from tests.office.people import add_insurer, enrol, moment
from tests.office.web.conftest import signed_in

CASE = f"/{INSURER}/bureau/1"
PAGES = ("/bureau/", f"/{INSURER}/bureau/new", CASE, f"{CASE}/sheet")


@pytest.fixture
def _city(store: Store) -> None:
    town.open_city()


def browser(name: str, purpose: str = "decision") -> Client:
    """A browser of a user who has said what for."""
    made = signed_in(name)
    made.post("/bureau/", {"purpose": purpose})
    return made


def main(answer: Any) -> str:
    """The words of a page, without its menu."""
    body = answer.content.decode()
    return re.sub(r"<[^>]+>", "", body[body.index("<main") : body.index("</main>")])


def looked() -> list[tuple[str, str, str, str]]:
    with seeing([INSURER]):
        rows = Look.objects.order_by("pk").values_list(
            "user__username", "page", "resident__address_number", "purpose"
        )
        return list(rows)


@pytest.mark.usefixtures("_city")
@pytest.mark.parametrize("right", [None, *sorted(rights.table())])
def test_each_page_is_refused_without_the_right_whatever_other_right_is_held(
    right: str | None,
) -> None:
    decided(officer("kakari"))
    held = [right] if right else [rights.PRINTING]
    officer("tried", *held)
    inside = right == rights.BUREAU_NOTICE
    tried = browser("tried") if inside else signed_in("tried")
    for page in PAGES:
        for answer in (tried.get(page), tried.post(page, {"kind": "closing"})):
            if not inside and answer.status_code != 405:
                assert answer.status_code == 403, page
                assert "架空　2001" not in answer.content.decode()
            elif inside:
                assert answer.status_code in (200, 302, 400, 405), page
    assert bool(looked()) == inside
    assert ("入管への通知" in tried.get("/search").content.decode()) == inside


@pytest.mark.usefixtures("_city")
def test_a_right_for_one_insurer_opens_nothing_of_another() -> None:
    add_insurer(OTHER, "架空町")
    decided(officer("kakari"))
    officer("neighbour", insurer=OTHER)
    tried = browser("neighbour")
    for page in (f"/bureau/?insurer={INSURER}", *PAGES[1:]):
        assert tried.get(page).status_code == 403
    assert tried.get(f"/{OTHER}/bureau/1").status_code == 404


@pytest.mark.usefixtures("_city")
def test_nobody_is_shown_before_a_purpose_is_given_and_each_look_bears_it() -> None:
    decided(officer("kakari"))
    page = signed_in("kakari")
    assert "架空　2001" not in page.get("/bureau/").content.decode()
    for address in (CASE, f"{CASE}/sheet"):
        assert page.get(address).headers["Location"] == "/bureau/"
    page.post("/bureau/", {"purpose": "curiosity"})
    assert page.get(CASE).status_code == 302
    assert looked() == []
    page.post("/bureau/", {"purpose": "supervision"})
    assert "事務の確認" in main(page.get("/bureau/"))
    page.get(CASE)
    page.get(f"{CASE}/sheet")
    assert looked() == [
        ("kakari", "bureau", "2001", "supervision"),
        ("kakari", "bureau", "2002", "supervision"),
        ("kakari", "bureau_case", "2001", "supervision"),
        ("kakari", "bureau_sheet", "2001", "supervision"),
    ]
    assert len(PURPOSES) == page.get("/bureau/?ask=1").content.decode().count('type="radio"')


@pytest.mark.usefixtures("_city")
def test_a_case_goes_from_the_application_to_the_sheet_by_the_forms() -> None:
    officer("kakari")
    page = browser("kakari", "interview")
    event = re.search(r'name="open" value="(\d+)"', page.get("/bureau/").content.decode())
    assert event
    assert page.post("/bureau/", {"open": event[1]}).headers["Location"] == CASE
    shown = main(page.get(CASE))
    assert "未確認 7項目" in shown
    assert "経営・管理" in shown  # what the register says stands beside
    assert "記録する(通知の判断)" not in shown
    given = {f"value-{one.code}": one.value for one in ALL}
    given |= {f"how-{one.code}": "heard" for one in ALL if one.code != "school"}
    page.post(CASE, {"kind": "interview", "day": "R8.11.10", **given})
    assert "未確認 1項目" in main(page.get(CASE))
    page.post(CASE, {"kind": "interview", "day": "R8.11.10", **given, "how-school": "paper"})
    answer = page.post(CASE, {"kind": "decision", "day": "R8.11.11", "code": "notify"})
    assert answer.status_code == 400
    assert "理由・内容" in main(answer)
    page.post(CASE, {"kind": "decision", "day": "R8.11.11", "code": "notify", "text": "実体なし"})
    page.post(CASE, {"kind": "sending", "day": "R8.11.12", "to": "架空局", "papers": "甲\n乙"})
    shown = main(page.get(CASE))
    for words in ("回答待ち", "送付先 架空局", "資料 甲", "資料 乙", "通知の判断(通知する)"):
        assert words in shown, words
    sheet = page.get(f"{CASE}/sheet")
    assert sheet.content.startswith(b"%PDF")
    with seeing([INSURER]):
        rows = list(StepRow.objects.order_by("number").values_list("kind", "actor"))
    assert rows == [("interview", "kakari"), ("interview", "kakari"), ("decision", "kakari"),
                    ("sending", "kakari")]  # fmt: skip


@pytest.mark.usefixtures("_city")
@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"kind": "decision", "code": "notify", "text": "x"}, "聴き取り待ち"),
        ({"kind": "interview", "day": "いつか"}, "日付"),
        ({"kind": "interview", "day": "R99.1.1"}, "聴き取り事項"),
        ({"kind": ""}, "という記録はありません"),
        ({"kind": "correction", "refers": "1", "text": "x"}, "記録できません"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_recorded(given: dict[str, str], says: str) -> None:
    opened(officer("kakari"))
    answer = browser("kakari").post(CASE, given)
    assert answer.status_code == 400
    assert says in main(answer)
    with seeing([INSURER]):
        assert not StepRow.objects.exists()


@pytest.mark.usefixtures("_city")
def test_who_may_not_decide_sees_that_and_cannot_by_any_form() -> None:
    decided(officer("kacho"))
    opened(officer("other"), "2002")
    officer("kakari", rights.BUREAU_NOTICE)
    page = browser("kakari")
    shown = main(page.get(f"/{INSURER}/bureau/2"))
    assert "権限「入管への通知の判断」が要ります" in shown
    for given in ({"kind": "closing", "text": "x"}, {"kind": "correction", "refers": "2",
                                                     "text": "x"}):  # fmt: skip
        answer = page.post(CASE, given)
        assert answer.status_code == 400
        assert "bureau_decide" in main(answer)


@pytest.mark.usefixtures("_city")
def test_applications_and_suspicions_are_written_by_hand() -> None:
    officer("kakari")
    page = browser("kakari")
    new = f"/{INSURER}/bureau/new"
    form = {"person": "2002", "trigger": "childbirth", "day": "R8.9.1", "care_from": "R8.8.30"}
    assert page.post(new, form).headers["Location"] == f"/bureau/?insurer={INSURER}"
    with seeing([INSURER]):
        assert BenefitEvent.objects.filter(kind="childbirth").count() == 1
        assert not Case.objects.exists()
    suspicion = {"person": "2002", "trigger": "suspicion", "day": "R8.11.20", "text": "入院が続く"}
    assert page.post(new, suspicion).headers["Location"] == CASE
    assert "入院が続く" in main(page.get(CASE))
    for given, says in (
        ({**form, "person": "9"}, "台帳にありません"),
        ({**form, "day": "昨日"}, "日付"),
        ({**suspicion, "text": ""}, "理由"),
    ):
        answer = page.post(new, given)  # fmt: skip
        assert answer.status_code == 400
        assert says in main(answer)


def test_no_page_of_a_case_says_anything_of_arrears(store: Store) -> None:
    """78 owes three terms; the list, the case and its sheet say no word of it."""
    open_town()
    with seeing([INSURER], writing=True):
        when = moment()
        resident = Resident.objects.get(address_number="1078")
        enrol(when, resident, town.ACQUIRED)
        town.apply(resident, when)
    decided(officer("kakari"), "1078")
    page = browser("kakari")
    for address in ("/bureau/", f"/bureau/?state=to_send&insurer={INSURER}", CASE):
        words = main(page.get(address)).replace("納付の状況は、この事務では使いません", "")
        assert not [word for word in ARREARS if word in words], address
        assert "30,000" not in words
        assert "90,000" not in words


def test_the_case_of_a_protected_person_hides_the_address(store: Store) -> None:
    town.open_city()
    with seeing([INSURER], writing=True):
        when = moment()
        guarded = town.newcomer("2006", when, protected=True)
        with_them = town.newcomer("2007", when)
        home = Membership.objects.known().get(resident=with_them).household
        store_facts(when, [Membership(resident=guarded, household=home, valid_from=town.ACQUIRED)])
    user = officer("kakari")
    for place, number in enumerate(("2006", "2007"), 1):
        case = opened(user, number)
        take(INSURER, case, step("interview", answers=ALL), user)
        shown = main(browser("kakari").get(f"/{INSURER}/bureau/{place}"))
        assert "支援措置の対象者です" in shown
        assert f"{number}番地" not in shown
        assert "架空の住所" not in shown
        assert "架空の在留資格" in shown


@pytest.mark.usefixtures("_city")
def test_a_revocation_that_the_register_does_not_have_is_said() -> None:
    user = officer("kakari")
    case = decided(user)
    for one in (
        step("sending", to="局"), step("reply", "status_revoked"),
        step("qualification", "revoked", text="取消し", since=TODAY),
    ):  # fmt: skip
        take(INSURER, case, one, user)
    page = browser("kakari")
    assert "台帳では今日も被保険者です" in main(page.get(CASE))
    page.post(CASE, {"kind": "recovery", "code": "claim", "amount": "300,000", "text": "6月分",
                     "day": "R8.11.20"})  # fmt: skip
    assert "まだ返還されていない額 300,000 円" in main(page.get(CASE))
    answer = page.post(CASE, {"kind": "recovery", "code": "paid", "amount": "千円"})
    assert "円の金額" in main(answer)
