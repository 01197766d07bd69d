"""The form for a payment that was cancelled after it was final: right, confirmation, books."""

from __future__ import annotations

import pytest

from kokuho.office.accounts import rights
from kokuho.office.accounts.looks import Look
from kokuho.office.collection.cancellations import Cancellation, waiting
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.collection.agent import store_file
from tests.office.collection.test_round_trip import counter, received, sent
from tests.office.collection.town import amount, house, in_suspense, open_town, owed
from tests.office.conftest import INSURER
from tests.office.web.conftest import Office, signed_in
from tests.office.web.test_prepayment import text

SAID = {"choice": "reverse", "reason": "収納代行に電話で確認(架空)", "day": "R8.8.6"}


def cancelled(may: bool = True) -> str:
    """The second household paid, and the agent took it back; the address of the form."""
    open_town(2, debited=2)
    sent()
    received(store_file([counter(2)]))
    assert owed()[house(2)] == 0
    received(store_file([counter(2, stage="03")], sequence=2), name="later.txt")
    if may:
        rights.allow("clerk", rights.CANCELLATION, INSURER, actor="係長")
    with seeing([INSURER]):
        (one,) = waiting(INSURER)
    return f"/{INSURER}/suspense/cancelled/{one.cancelled.pk}"


def decided() -> list[tuple[str, str, str]]:
    with seeing([INSURER]):
        return list(Cancellation.objects.values_list("action", "reason", "person"))


def test_it_is_on_the_list_and_the_form_says_what_came_and_where_it_stands(office: Office) -> None:
    address = cancelled()
    browser = signed_in()
    assert address in browser.get("/suspense/").content.decode()
    shown = text(browser.get(address))
    for words in (f"{amount(2):,} 円", "期別の納付として記帳しています", "架空 52", "later.txt"):
        assert words in shown
    with seeing([INSURER]):
        assert ("suspense_cancelled", "52") in set(
            Look.objects.values_list("page", "resident__address_number")
        )
    assert signed_in("neighbour").get(address).status_code == 404


@pytest.mark.parametrize(
    ("choice", "left", "held"), [("reverse", True, 0), ("suspend", True, 1), ("keep", False, 0)]
)
def test_it_is_confirmed_with_its_sums_before_it_is_in_the_books(
    office: Office, choice: str, left: bool, held: int
) -> None:
    address = cancelled()
    browser = signed_in()
    confirm = text(browser.post(address, {**SAID, "choice": choice}))
    assert "このとおり記録しますか" in confirm
    assert ("戻す額: 0 円" if choice == "keep" else f"戻す額: {amount(2):,} 円") in confirm
    assert decided() == []
    answer = browser.post(address, {**SAID, "choice": choice, "sure": "1"})
    assert answer.status_code == 302
    assert decided() == [(choice, SAID["reason"], "窓口　一号")]
    assert owed()[house(2)] == (amount(2) if left else 0)
    assert in_suspense() == held * amount(2)
    with seeing([INSURER]):
        assert verify(INSURER) == []
    assert browser.get(address).status_code == 404
    assert address not in browser.get("/suspense/").content.decode()


def test_without_the_right_there_is_no_form_and_nothing_is_recorded(office: Office) -> None:
    address = cancelled(may=False)
    browser = signed_in()
    assert "権限がありません" in text(browser.post(address, {**SAID, "sure": "1"}))
    assert decided() == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"choice": ""}, "この納付をどうするかを選んでください"),
        ({"reason": ""}, "理由を書いてください"),
        ({"day": "きのう"}, "日付として読めません"),
    ],
)
def test_what_is_missing_is_said(office: Office, changed: dict[str, str], words: str) -> None:
    address = cancelled()
    answer = signed_in().post(address, {**SAID, **changed, "sure": "1"})
    assert (answer.status_code, words in text(answer)) == (400, True)
    assert decided() == []
