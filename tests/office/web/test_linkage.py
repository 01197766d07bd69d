"""The pages of the linkage: rights, two persons, counts to confirm, a history that is logged."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from kokuho.linkage.approval import Limits
from kokuho.office.accounts import rights, users
from kokuho.office.accounts.looks import Look
from kokuho.office.linkage import copies, limits
from kokuho.office.register.models import Household, Resident
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import INSURER, TODAY, pay, told
from tests.office.conftest import Store
from tests.office.linkage.city import deliver, look, open_city
from tests.office.linkage.other_side import OtherSide
from tests.office.web.conftest import PASSWORD, signed_in

LIST = "/linkage/"
BATCH = f"/{INSURER}/linkage/batches"


def linking() -> None:
    """A town with three clerks: two who approve, one who may nothing; the first load waits."""
    open_city()
    for name in ("clerk", "chief", "other"):
        users.add(name, PASSWORD, [INSURER])
    for name in ("clerk", "chief"):
        rights.allow(name, rights.LINKAGE_APPROVE, INSURER, actor="試験")
    look()


@pytest.fixture(autouse=True)
def _town(store: Store) -> None:
    linking()


def text(browser: Client, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def state(number: int) -> str:
    with seeing([INSURER]):
        return copies.states(INSURER)[number]


def approve(browser: Client, number: int) -> str:
    """Choose, confirm, record; what the page said in between."""
    address = f"{BATCH}/{number}"
    asked = browser.post(address, {"choice": "approve", "text": ""})
    assert asked.status_code == 200
    assert "よいですか" in asked.content.decode()
    done = browser.post(address, {"choice": "approve", "text": "", "sure": "1"})
    assert done.status_code == 302
    return asked.content.decode()


def test_two_different_persons_approve_what_they_saw_with_its_counts() -> None:
    clerk, chief = signed_in("clerk"), signed_in("chief")
    shown = text(clerk, LIST)
    assert "登録 1 は二人の承認を待っています" in shown
    assert "初回の登録" in shown
    said = approve(clerk, 1)
    assert "18 件" in said
    assert "一人目の承認" in said
    assert state(1) == "waiting"
    assert "あなたは承認しました" in text(clerk, f"{BATCH}/1")
    refused = clerk.post(f"{BATCH}/1", {"choice": "approve", "sure": "1"})
    assert refused.status_code == 409
    assert state(1) == "waiting"
    assert "二人目の承認" in approve(chief, 1)
    assert state(1) == "released"


def test_nothing_is_recorded_before_it_was_confirmed_and_nothing_without_a_choice() -> None:
    clerk = signed_in("clerk")
    clerk.post(f"{BATCH}/1", {"choice": "approve"})
    assert clerk.post(f"{BATCH}/1", {"sure": "1"}).status_code == 400
    said = clerk.post(f"{BATCH}/1", {"choice": "reject", "sure": "1"})
    assert said.status_code == 400
    assert "理由" in said.content.decode()
    assert state(1) == "waiting"
    clerk.post(f"{BATCH}/1", {"choice": "reject", "text": "架空の誤り", "sure": "1"})
    assert state(1) == "rejected"
    assert "架空の誤り" in text(clerk, f"{BATCH}/1")


def test_without_right_nothing_is_shown_or_done() -> None:
    other = signed_in("other")
    assert "18" not in text(other, LIST, 403)
    text(other, f"{BATCH}/1", 403)
    limits.propose(INSURER, Limits(10, 5, 1), "起案者")
    text(other, f"/{INSURER}/linkage/limits/1", 403)
    assert other.post(f"{BATCH}/1", {"choice": "approve", "sure": "1"}).status_code == 403
    # who may register sees, and does not approve
    rights.allow("other", rights.LINKAGE_REGISTER, INSURER, actor="試験")
    assert "異なる二人の承認を待っています" in text(other, f"{BATCH}/1")
    assert other.post(f"{BATCH}/1", {"choice": "approve", "sure": "1"}).status_code == 403
    assert state(1) == "waiting"


def test_the_lists_name_nobody() -> None:
    clerk = signed_in("clerk")
    for address in (LIST, f"{BATCH}/1"):
        shown = text(clerk, address)
        assert not any(number in shown for number in ("1077", "1078", "架空 10"))
    with seeing([INSURER]):
        assert Look.objects.count() == 0


def test_limits_are_approved_by_two_different_persons() -> None:
    limits.propose(INSURER, Limits(10, 5, 1), "起案者")
    address = f"/{INSURER}/linkage/limits/1"
    for name in ("clerk", "chief"):
        browser = signed_in(name)
        assert "よいですか" in browser.post(address, {"choice": "approve"}).content.decode()
        browser.post(address, {"choice": "approve", "sure": "1"})
        assert "承認を待っています" in text(browser, address) or name == "chief"
    with seeing([INSURER]):
        assert limits.in_force(INSURER) == Limits(10, 5, 1)
    assert "一回 10 件" in text(signed_in("clerk"), LIST)


def test_a_persons_history_needs_its_right_and_is_written_down() -> None:
    with seeing([INSURER]):
        person = Resident.objects.get(address_number="1078").pk
        house = Household.objects.get(household_number="78").pk
    address = f"/{INSURER}/linkage/persons/{person}"
    clerk = signed_in("clerk")
    text(clerk, address, 403)
    text(clerk, f"/{INSURER}/linkage/persons/999999", 404)
    rights.allow("clerk", rights.LINKAGE_HISTORY, INSURER, actor="試験")
    shown = text(clerk, address)
    assert "30,000" in shown
    assert "登録 1" in shown
    with seeing([INSURER]):
        [one] = Look.objects.filter(page="linkage_person")
    assert (one.resident_id, one.user.username) == (person, "clerk")
    assert "登録した収納情報はありません" in text(clerk, f"/{INSURER}/households/{house}")


def test_the_household_says_what_the_other_side_was_told(tmp_path: Path) -> None:
    there = OtherSide()
    for name in ("clerk", "chief"):
        approve(signed_in(name), 1)
    deliver(there)
    with seeing([INSURER]):
        house = Household.objects.get(household_number="78").pk
    clerk = signed_in("clerk")
    address = f"/{INSURER}/households/{house}"

    def part() -> str:
        return text(clerk, address).split('id="linkage"')[1].split("</section>")[0]

    assert "90,000" in part()
    assert "<strong" not in part()
    pay(tmp_path, TODAY, ("78", 1, 30_000))
    look(only_touched=True)
    # the other side still says what it said before
    assert "まだ届いていません" in part()
    deliver(there)
    assert "60,000" in part()
    assert "<strong" not in part()


def test_money_that_is_not_registered_in_time_stands_first(tmp_path: Path) -> None:
    for name in ("clerk", "chief"):
        approve(signed_in(name), 1)
    deliver(OtherSide())
    told("consultation", "78", TODAY, code="counter")
    look()
    shown = text(signed_in("clerk"), LIST)
    assert "登録 2 は二人の承認を待っています" in shown
    assert "上限がまだ承認されていない" in shown
    assert "期限の近いもの、過ぎたものはありません" in shown


def test_older_batches_stand_on_the_next_page() -> None:
    for number in range(2, 25):
        look(anew=True)
        assert state(number) == "waiting"
    clerk = signed_in("clerk")
    first = text(clerk, LIST)
    assert "?insurer=992011&amp;before=5" in first
    assert ">登録 1<" not in first
    assert ">登録 1<" in text(clerk, f"{LIST}?before=5")
