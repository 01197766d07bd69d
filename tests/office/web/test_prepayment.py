"""The work list of prepayment and its form: what it shows, who may, two clerks at once."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kokuho.office.accounts.models import Look
from kokuho.office.billing import decisions
from kokuho.office.billing.pension_file import take
from kokuho.office.billing.schedules import demands
from kokuho.office.ledger.assessing import post_demands
from kokuho.office.ledger.bills import post_bills
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.ledger.rules import keep_ordinance
from kokuho.office.register.models import Household, Recording
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import Told
from tests.office.billing.test_runs import PENSIONER, pension
from tests.office.billing.town import arrive, assess, bill, declare, ordinance
from tests.office.conftest import INSURER
from tests.office.ledger.test_receipts import write
from tests.office.people import moment
from tests.office.web.conftest import Office, signed_in

ARRIVED = date(2026, 5, 1)


def newcomers() -> dict[str, int]:
    """One to look into, one to be asked for the declaration, one to notify; by household."""
    with seeing([INSURER], writing=True):
        told = Told(moment(INSURER))
        arrive(told, "u1", "u1", ARRIVED, from_abroad=None)
        arrive(told, "a1", "a1", ARRIVED)
        arrive(told, "n1", "n1", ARRIVED)
        for person in ("u1", "n1"):
            declare(told, person, 2026)
    assess()
    with seeing([INSURER]):
        rows = Household.objects.values_list("household_number", "pk")
        return dict(rows)


def text(answer: Any) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def address(household: int) -> str:
    return f"/{INSURER}/households/{household}/prepayment/2026"


def filled(browser: Any, household: int, **more: str) -> dict[str, str]:
    page = browser.get(address(household)).content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    return {
        "seen": seen.group(1), "choice": "ruling/not_subject", "reason": "附票で確かめた",
        "day": "R8.7.1", **more,
    }  # fmt: skip


def test_the_list_shows_what_is_to_be_done_with_both_amounts(office: Office) -> None:
    newcomers()
    shown = text(signed_in().get("/prepayment/"))
    for words in ("処理待ち 3", "要確認 1", "申告待ち 1", "通知待ち 1", "前住所の記録がありません",
                  "架空 u1", "申告のない人 1人", "架空市国民健康保険条例 第○条"):  # fmt: skip
        assert words in shown
    assert office.name not in shown
    only = text(signed_in().get("/prepayment/?state=notify"))
    assert "架空 n1" in only
    assert "架空 u1" not in only
    bill()
    assert "架空 n1" in text(signed_in().get("/prepayment/?state=notified"))


def test_a_household_of_which_it_is_not_known_whether_a_pension_pays_says_so(
    office: Office, tmp_path: Path
) -> None:
    with seeing([INSURER], writing=True):
        told = Told(moment(INSURER))
        told.family("q1", "q1", born=PENSIONER)
        declare(told, "q1", 2026)
    take(pension(tmp_path, f"{INSURER},q1,2026,,300000,yes,10000,,,"), actor="試験")
    assess()
    bill()
    with seeing([INSURER]):
        household = Household.objects.get(household_number="q1").pk
    shown = text(signed_in().get(f"/{INSURER}/households/{household}"))
    assert "特別徴収(年金からの徴収)の対象かどうか、決まっていません" in shown
    where = shown.index("わかっていないこと")
    assert "180,000" in shown[where : where + 60], shown[where : where + 60]
    assert ": わからない" in shown


def test_everybody_who_is_listed_is_logged(office: Office) -> None:
    newcomers()
    signed_in().get("/prepayment/")
    with seeing([INSURER]):
        seen = Look.objects.filter(page="prepayment").values_list("resident__address_number")
        assert sorted(number for (number,) in seen) == ["a1", "n1", "u1"]


def test_a_decision_is_recorded_with_person_reason_and_day(office: Office) -> None:
    household = newcomers()["u1"]
    browser = signed_in()
    answer = browser.post(address(household), filled(browser, household), follow=True)
    shown = text(answer)
    assert "対象かどうか: 対象外 附票で確かめた 窓口 一号" in shown
    assert "いまの状態: 対象外" in shown
    with seeing([INSURER]):
        [row] = decisions.history(Household.objects.get(pk=household), 2026)
    assert (row.answer, row.decided_on, row.person) == (
        "not_subject", date(2026, 7, 1), "窓口　一号",
    )  # fmt: skip


def test_the_second_clerk_is_told_and_nothing_is_recorded(office: Office) -> None:
    household = newcomers()["u1"]
    first, second = signed_in(), signed_in()
    one, other = filled(first, household), filled(second, household, choice="ruling/subject")
    assert first.post(address(household), one).status_code == 302
    with seeing([INSURER]):
        recordings = Recording.objects.count()
    answer = second.post(address(household), other)
    assert answer.status_code == 409
    assert "窓口 一号 が判断を記録しました" in text(answer)
    assert "附票で確かめた" in text(answer)
    with seeing([INSURER]):
        assert len(decisions.history(Household.objects.get(pk=household), 2026)) == 1
        assert Recording.objects.count() == recordings


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"choice": ""}, "判断を選んでください"),
        ({"reason": "  "}, "理由を書いてください"),
        ({"day": "いつか"}, "日付として読めません"),
        ({"day": "R99.1.1"}, "先の日です"),
        ({"choice": "excused/unknown"}, "選べません"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_recorded(
    office: Office, wrong: dict[str, str], said: str
) -> None:
    household = newcomers()["u1"]
    browser = signed_in()
    answer = browser.post(address(household), filled(browser, household, **wrong))
    assert answer.status_code == 400
    assert said in text(answer)
    with seeing([INSURER]):
        assert decisions.history(Household.objects.get(pk=household), 2026) == []


def test_another_insurers_clerk_sees_and_decides_nothing(office: Office) -> None:
    household = newcomers()["u1"]
    neighbour = signed_in("neighbour")
    assert "架空 u1" not in text(neighbour.get(f"/prepayment/?insurer={INSURER}"))
    assert neighbour.get(address(household)).status_code == 404
    posted = neighbour.post(address(household), {"choice": "ruling/subject", "reason": "x"})
    assert posted.status_code == 404


def test_before_anything_is_assessed_the_list_says_so(office: Office) -> None:
    assert "まだどの年度も賦課していません" in text(signed_in().get("/prepayment/"))


def test_the_household_page_shows_terms_and_prepayment_with_its_grounds(office: Office) -> None:
    found = newcomers()
    bill()
    shown = text(signed_in().get(f"/{INSURER}/households/{found['n1']}?valid=R8.7.20"))
    assert "前納: 前納で調定済み" in shown
    assert "前住所は国外" in shown
    assert "令和8年8月31日" in shown
    resident = text(signed_in().get(f"/{INSURER}/households/{office.household}?valid=R8.7.20"))
    assert "第1期 令和8年7月31日 普通徴収" in resident


def test_the_household_page_shows_what_is_owed_on_the_day(office: Office) -> None:
    found = newcomers()
    bill()
    with seeing([INSURER]):
        frame = demands(INSURER, 2026)
    post_demands(INSURER, 2026, frame, posted_on=date(2026, 7, 15), actor="試験")
    page = f"/{INSURER}/households/{found['n1']}"
    shown = text(signed_in().get(f"{page}?valid=R8.7.20&known=R8.7.20"))
    owed = f"{frame.filter(household_id='n1')['amount'].sum():,}"
    assert f"納期限を過ぎた未納 0 円 これから納期限の来る額 {owed} 円" in shown
    before = text(signed_in().get(f"{page}?valid=R8.7.1&known=R8.7.1"))
    assert "これから納期限の来る額" not in before


def test_the_household_page_shows_payments_by_the_names_of_their_terms(
    office: Office, tmp_path: Path
) -> None:
    found = newcomers()
    bill()
    with seeing([INSURER], writing=True):
        keep_ordinance(INSURER, ordinance().year(2026))
    day = date(2026, 7, 20)
    post_bills(INSURER, 2026, posted_on=date(2026, 7, 15), actor="試験")
    with seeing([INSURER]):
        row = demands(INSURER, 2026).filter(household_id="n1").row(0, named=True)
    line = f"r1,{day},5000,n1,2026,{row['term']},,{row['channel']}"
    header = "insurer_code,reference,received_on,amount,household_id,fiscal_year,term,payer,channel"
    import_receipts(write(tmp_path / "r.csv", [line], header), posted_on=day, actor="試験")
    shown = text(
        signed_in().get(f"/{INSURER}/households/{found['n1']}?valid=R8.7.20&known=R8.7.20")
    )
    assert "令和8年7月20日 令和8年7月20日 収納 令和8年度 前納 1 5,000 納付義務者" in shown
