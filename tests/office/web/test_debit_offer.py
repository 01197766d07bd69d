"""Direct debit offered at the counter: the same record as the command writes."""

from __future__ import annotations

from datetime import date

import pytest

from kokuho.office.accounts import rights
from kokuho.office.accounts.looks import Look
from kokuho.office.collection.offers import Offer
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER
from tests.office.web.conftest import Office, signed_in
from tests.office.web.test_prepayment import text

SAID = {"choice": "taken", "occasion": "enrolment", "reason": "用紙を渡した", "day": "R8.6.1"}


def address(office: Office) -> str:
    return f"/{INSURER}/households/{office.household}/debit-offer"


def recorded() -> list[tuple[date, str, str, str, str]]:
    with seeing([INSURER]):
        rows = Offer.objects.known()
        return list(rows.values_list("valid_from", "occasion", "answer", "note", "person"))


def test_an_offer_is_recorded_from_the_household_and_shown(office: Office) -> None:
    rights.allow("clerk", rights.COUNTER, INSURER, actor="係長")
    browser = signed_in()
    page = address(office)
    assert page in browser.get(f"/{INSURER}/households/{office.household}").content.decode()
    assert "勧奨の記録は、まだありません" in text(browser.get(page))
    assert browser.post(page, SAID).status_code == 302
    assert recorded() == [(date(2026, 6, 1), "enrolment", "taken", "用紙を渡した", "clerk")]
    shown = text(browser.get(page))
    for words in ("令和8年6月1日", "加入時", "申し込む", "用紙を渡した", "登録がありません"):
        assert words in shown
    # another word on the same day takes its place
    browser.post(page, {**SAID, "choice": "later"})
    assert [row[2] for row in recorded()] == ["later"]
    with seeing([INSURER]):
        assert "debit_offer" in set(Look.objects.values_list("page", flat=True))
    assert signed_in("neighbour").get(page).status_code == 404


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"choice": ""}, "答えを選んでください"),
        ({"occasion": "dream"}, "一覧から選んでください"),
        ({"day": "R99.6.1"}, "まだ"),
        ({"day": "きのう"}, "日付として読めません"),
    ],
)
def test_what_is_missing_is_said(office: Office, changed: dict[str, str], words: str) -> None:
    rights.allow("clerk", rights.COUNTER, INSURER, actor="係長")
    answer = signed_in().post(address(office), {**SAID, **changed})
    assert (answer.status_code, words in text(answer)) == (400, True)
    assert recorded() == []


def test_without_the_right_nothing_is_recorded(office: Office) -> None:
    answer = signed_in().post(address(office), SAID)
    assert "権限がありません" in text(answer)
    assert recorded() == []
