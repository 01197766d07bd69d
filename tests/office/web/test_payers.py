"""At the counter: what who leaves says, and a prepayment that is paid; confirmed, by right."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from kokuho.office.accounts import rights
from kokuho.office.accounts.models import Look
from kokuho.office.billing.departures import Departure
from kokuho.office.ledger.bills import post_bills
from kokuho.office.ledger.models import Receipt
from kokuho.office.ledger.rules import keep_ordinance
from kokuho.office.ledger.standing import household_books
from kokuho.office.ledger.verifying import verify
from kokuho.office.register.models import Household, Resident
from kokuho.office.tenancy import seeing
from tests.office.billing.town import (
    NOTICE,
    arrive,
    assess,
    bill,
    billed,
    declare,
    ordinance,
    telling,
)
from tests.office.conftest import INSURER, OTHER
from tests.office.web.conftest import Office, signed_in
from tests.office.web.test_departures import leaving
from tests.office.web.test_prepayment import text

SAID = {
    "choice": "given", "account_text": "架空銀行 見本支店 普通 0000000", "agent": "架空 管理",
    "agent_address": "架空市見本町9", "day": "R8.6.1",
}  # fmt: skip


def saying() -> str:
    """A household is to leave Japan; the page for its payer, and a clerk with the right."""
    leaving()
    rights.allow("clerk", "departure", INSURER, actor="係長")
    with seeing([INSURER]):
        house = Household.objects.get(household_number="h1")
        payer = Resident.objects.get(address_number="p1")
        return f"/{INSURER}/households/{house.pk}/departure/{payer.pk}"


def said() -> list[tuple[str, str, str, str]]:
    with seeing([INSURER]):
        rows = Departure.objects.known()
        return list(rows.values_list("account", "account_text", "agent", "person"))


def test_what_a_payer_says_is_confirmed_recorded_and_listed(office: Office) -> None:
    page = saying()
    browser = signed_in()
    assert page in browser.get("/departures/").content.decode()
    confirm = text(browser.post(page, SAID))
    for words in ("このとおり記録しますか", "架空銀行 見本支店", "架空 管理(架空市見本町9)"):
        assert words in confirm
    assert said() == []
    answer = browser.post(page, {**SAID, "sure": "1"})
    assert answer.status_code == 302
    assert said() == [("given", SAID["account_text"], "架空 管理", "clerk")]
    assert "架空銀行 見本支店" in text(browser.get("/departures/"))
    with seeing([INSURER]):
        assert ("departure", "p1") in set(
            Look.objects.values_list("page", "resident__address_number")
        )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"choice": ""}, "還付先を選んでください"),
        ({"choice": "unsaid", "account_text": "", "agent": "", "agent_address": ""}, "どちらも"),
        ({"choice": "public"}, "「届け出られた口座」を選んだときだけ"),
        ({"agent_address": ""}, "氏名と住所の両方"),
        ({"agent": ""}, "氏名と住所の両方"),
        ({"day": "あした"}, "日付として読めません"),
    ],
)
def test_what_is_not_whole_is_not_recorded(
    office: Office, changed: dict[str, str], words: str
) -> None:
    answer = signed_in().post(saying(), {**SAID, **changed, "sure": "1"})
    assert answer.status_code == 400
    assert words in text(answer)
    assert said() == []


def test_without_the_right_nothing_is_said_and_a_neighbour_finds_no_page(office: Office) -> None:
    page = saying()
    rights.deny("clerk", "departure", INSURER, actor="係長")
    assert "権限がありません" in text(signed_in().post(page, {**SAID, "sure": "1"}))
    there = signed_in("neighbour")
    for address in (page, page.replace(INSURER, OTHER)):
        assert there.post(address, {**SAID, "sure": "1"}).status_code == 404
    stranger = page.rsplit("/", 1)[0] + "/999999"
    assert signed_in().get(stranger).status_code == 404
    assert said() == []


def prepaid() -> str:
    """A newcomer is asked for a prepayment; the page to take it, and a clerk with the right."""
    with seeing([INSURER], writing=True):
        keep_ordinance(INSURER, ordinance().year(2026))
    with telling() as t:
        arrive(t, "h1", "p1", date(2026, 5, 1))
        declare(t, "p1", 2026)
    assess()
    bill()
    post_bills(INSURER, 2026, posted_on=NOTICE, actor="試験")
    rights.allow("clerk", "counter", INSURER, actor="係長")
    with seeing([INSURER]):
        house = Household.objects.get(household_number="h1")
        return f"/{INSURER}/households/{house.pk}/prepayment/2026/pay"


def owed() -> int:
    with seeing([INSURER]):
        assert verify(INSURER) == []
        books = household_books(INSURER, "h1", timezone.localdate() + timedelta(days=1))
        return books.due + books.not_due


PAID = {"amount": "1,000", "reference": "c1", "day": "R8.7.20"}


def test_a_prepayment_is_taken_at_the_counter_when_it_is_confirmed(office: Office) -> None:
    page = prepaid()
    [(_channel, _term, whole, _due)] = billed("h1")
    browser = signed_in()
    assert f"{whole:,} 円" in text(browser.get(page))
    confirm = text(browser.post(page, PAID))
    assert "この収納を記帳しますか" in confirm
    assert "1,000 円" in confirm
    assert owed() == whole
    answer = browser.post(page, {**PAID, "sure": "1"})
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("#bills")
    assert owed() == whole - 1_000
    again = browser.post(page, {**PAID, "sure": "1"})
    assert again.status_code == 400
    assert "c1" in text(again)
    assert owed() == whole - 1_000


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"amount": "千円"}, "円で書いてください"),
        ({"amount": "99,999,999"}, "99,999,999"),
        ({"reference": " "}, "収納整理番号を書いてください"),
        ({"day": "R8.9.1"}, "任意"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_booked(
    office: Office, changed: dict[str, str], words: str
) -> None:
    answer = signed_in().post(prepaid(), {**PAID, **changed, "sure": "1"})
    assert answer.status_code == 400
    assert words in text(answer)
    with seeing([INSURER]):
        assert not Receipt.objects.exists()


def test_without_the_right_nothing_is_taken_and_a_neighbour_finds_no_page(office: Office) -> None:
    page = prepaid()
    rights.deny("clerk", "counter", INSURER, actor="係長")
    assert "権限がありません" in text(signed_in().post(page, {**PAID, "sure": "1"}))
    there = signed_in("neighbour")
    for address in (page, page.replace(INSURER, OTHER)):
        assert there.post(address, {**PAID, "sure": "1"}).status_code == 404
    with seeing([INSURER]):
        assert not Receipt.objects.exists()
