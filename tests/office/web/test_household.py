"""The page of a household: what it shows, on both axes, and what it does not."""

from __future__ import annotations

import html
import re
from datetime import date, datetime

import pytest
from django.utils import timezone

from kokuho.office.assessment import documents
from kokuho.office.assessment.succession import appoint
from kokuho.office.assessment.yearly import Wish, assess_year
from kokuho.office.register.models import (
    Handling,
    Headship,
    Household,
    Identity,
    Income,
    Residence,
    Resident,
)
from kokuho.office.store.recording import record
from kokuho.office.tenancy import seeing
from kokuho.ordinance import OrdinanceYear, find
from tests.office.conftest import INSURER
from tests.office.people import moment
from tests.office.web.conftest import SINCE, Office, signed_in, year_of

LATER = timezone.make_aware(datetime(2026, 9, 1, 9))


def ordinance() -> OrdinanceYear:
    """A real ordinance, under the name of the fictional insurer."""
    year = find("小金井市").year(2026)
    insurer = year.insurer.model_copy(update={"code": INSURER, "name": "架空市"})
    return year.model_copy(update={"insurer": insurer})


def page(office: Office, query: str = "") -> str:
    answer = signed_in().get(f"/{INSURER}/households/{office.household}{query}")
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def resident(number: str) -> Resident:
    found: Resident = Resident.objects.get(address_number=number)
    return found


def keep_ordinance() -> None:
    with seeing([INSURER], writing=True):
        documents.keep(INSURER, "ordinance", [documents.write_ordinance(ordinance())])


def correct_income() -> None:
    """In September the office hears of a higher income."""
    with seeing([INSURER], writing=True):
        when = moment(INSURER, LATER)
        record(when, [year_of(Income, resident("1001"), salary_revenue=4_000_000)])


def test_it_shows_members_enrolments_incomes_and_homes(office: Office) -> None:
    shown = page(office)
    for what in (
        "架空 太郎 様の世帯", "世帯番号 77", "昭和61年4月2日", "世帯主", "加入中", "令和2年4月1日",
        "令和元年5月(日不詳)", "転入(国内)", "申告済", "給与収入 3,000,000", "架空市見本町1丁目",
        "もとの住所", "試験",
    ):  # fmt: skip
        assert what in shown.replace("　", " "), what


def test_without_an_assessment_the_levy_is_made_on_the_fly_and_says_so(office: Office) -> None:
    assert "この年度の条例が、台帳にまだありません" in page(office)
    keep_ordinance()
    shown = page(office)
    assert "いま計算したもの" in shown
    assert "所得割の算定基礎" in shown
    assert "地方税法" in shown


def test_the_newest_assessment_is_explained_from_what_it_kept(office: Office) -> None:
    assess_year(INSURER, 2026, Wish(ordinance()), actor="試験")
    before = page(office)
    assert "いま計算したもの" not in before
    total = re.search(r"年額 ([0-9,]+) 円", before)
    assert total is not None
    with seeing([INSURER], writing=True):
        record(moment(INSURER), [year_of(Income, resident("1001"), salary_revenue=9_000_000)])
    after = page(office)
    assert f"年額 {total.group(1)} 円" in after
    assert "給与収入 9,000,000" in after


def test_it_is_as_known_on_a_day(office: Office) -> None:
    keep_ordinance()
    correct_income()
    assert "給与収入 4,000,000" in page(office)
    before = page(office, "?known=R8.8.31")
    assert "令和8年8月31日 までに知られていた" in before
    assert "給与収入 3,000,000" in before
    assert "4,000,000" not in before
    assert "に改められた" not in before
    assert "令和8年9月1日に改められた" in page(office)


def test_a_head_changed_and_told_late_is_the_head_on_both_axes(office: Office) -> None:
    """From 1 July the child heads the household; the office hears of it on 1 September."""
    keep_ordinance()
    with seeing([INSURER], writing=True):
        house = Household.objects.get(household_number="77")
        since = date(2026, 7, 1)
        record(
            moment(INSURER, LATER),
            [Headship(household=house, head=resident("1002"), valid_from=since)],
        )
    for query, head, since_text in (
        ("", "架空 太郎の子 様の世帯", True),
        ("?known=R8.8.31", "架空 太郎 様の世帯", False),
        ("?valid=R8.6.30", "架空 太郎 様の世帯", True),
        ("?valid=R8.6.30&known=R8.8.31", "架空 太郎 様の世帯", False),
        ("?valid=R8.7.1&known=R8.9.1", "架空 太郎の子 様の世帯", True),
    ):
        shown = page(office, query).replace("　", " ")
        assert head in shown, query
        assert ("令和8年7月1日" in shown) == since_text, query
        payers = ["架空 太郎 が世帯主の期間", "架空 太郎の子 が世帯主の期間"]
        assert [payer in shown for payer in payers] == [since_text] * 2, query


def test_who_represents_the_heirs_of_a_payer_who_died_is_shown(office: Office) -> None:
    with seeing([INSURER], writing=True):
        died = date(2026, 5, 9)
        head = Residence(resident=resident("1001"), valid_from=SINCE, valid_to=died,
                         ended_by="death")  # fmt: skip
        record(moment(INSURER), [head])
        house = Household.objects.get(household_number="77")
        record(moment(INSURER), [Headship(household=house, head=resident("1002"), valid_from=died)])
    assess_year(INSURER, 2026, Wish(ordinance()), actor="試験")
    assert "相続人代表者" not in page(office)
    with seeing([INSURER], writing=True):
        appoint(INSURER, "1001", basis="reported", told_on=date(2026, 6, 1), actor="試験",
                representative="1002")  # fmt: skip
    shown = page(office).replace("　", " ")
    assert "架空 太郎 様(死亡)の相続人代表者: 架空 太郎の子 様(令和8年6月1日)" in shown
    assert "相続人代表者" not in page(office, "?known=R8.8.31")


def test_nationality_and_those_in_a_formula_are_shown_by_name(office: Office) -> None:
    keep_ordinance()
    with seeing([INSURER], writing=True):
        when = moment(INSURER, LATER)
        for number, nationality in (("1001", "VNM"), ("1002", "ZZ9")):
            named = {"kanji": "", "latin": f"SAMPLE {number}", "birth_date": "1986-04-02"}
            record(when, [Identity(resident=resident(number), valid_from=SINCE,
                                   nationality=nationality, **named)])  # fmt: skip
    shown = page(office)
    assert "ベトナム (VNM)" in shown
    assert "ZZ9" in shown  # an office's own code
    assert "SAMPLE 1001: 2,020,000" in shown
    assert "1001: 2,020,000" not in shown.replace("SAMPLE 1001", "")


def test_it_is_as_valid_on_a_day(office: Office) -> None:
    shown = page(office, "?valid=R2.3.31")
    assert "世帯員 0 人" in shown
    assert "この世帯に属する人の記録はありません" in shown
    assert "世帯員 2 人" in page(office, "?valid=2020-04-01")


@pytest.mark.parametrize("text", ["abc", "R8.13.1", "0001-01-01", "昭和61年4月00日", "R99.99.99"])
def test_a_date_that_cannot_be_read_is_said_to_be_one(office: Office, text: str) -> None:
    shown = page(office, f"?valid={text}&known={text}")
    assert shown.count("日付として読めません") == 2


def test_what_is_known_on_a_day_to_come_is_not_known(office: Office) -> None:
    assert "先の日付です" in page(office, "?known=2199-01-01")


def protect(number: str) -> None:
    with seeing([INSURER], writing=True):
        record(
            moment(INSURER, LATER),
            [Handling(resident=resident(number), valid_from=date(2026, 9, 1), protected=True)],
        )


@pytest.mark.parametrize("number", ["1001", "1002"])
@pytest.mark.parametrize("query", ["", "?known=R8.8.31", "?valid=R8.4.1&known=R8.4.1"])
def test_no_address_is_shown_of_a_protected_person_or_who_lives_with_them(
    office: Office, number: str, query: str
) -> None:
    protect(number)
    shown = page(office, query)
    assert "支援措置の対象者がいます" in shown
    assert office.address not in shown
    assert "もとの住所" not in shown
    browser = signed_in()
    browser.post("/search", {"q": "カクウ"})
    found = browser.get("/search").content.decode()
    assert "支援措置" in found
    assert office.address not in found


def test_a_protected_person_who_moved_away_is_not_found_by_the_household_left(
    office: Office,
) -> None:
    with seeing([INSURER], writing=True):
        when = moment(INSURER, LATER)
        gone = resident("1002")
        moved = date(2026, 8, 1)
        home = Residence(resident=gone, valid_from=moved, address="架空市かくれ町9番")
        record(when, [home, Residence(resident=resident("1001"), valid_from=SINCE,
                                      valid_to=moved, address=office.address)])  # fmt: skip
        new = Household.objects.create(insurer_id=INSURER, household_number="88")
        from kokuho.office.register.models import Membership

        record(when, [Membership(resident=gone, household=new, valid_from=moved)])
        record(when, [Handling(resident=gone, valid_from=moved, protected=True)])
    shown = page(office)
    assert "かくれ町" not in shown
    assert office.address in shown
