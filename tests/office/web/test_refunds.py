"""Refunds in the browser: the list with its states, two hands, what is confirmed, who sees it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from kokuho.office.accounts import rights, users
from kokuho.office.accounts.models import Look
from kokuho.office.ledger.models import RefundApproval, RefundRequest
from kokuho.office.ledger.standing import household_books
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.office.collection.town import demand_number, house, open_town
from tests.office.conftest import INSURER
from tests.office.ledger.test_receipts import arrive
from tests.office.web.conftest import PASSWORD, Office, signed_in
from tests.office.web.test_prepayment import text

ASKED = {
    "amount": "2,000", "choice": "mistake", "reason": "領収書で二重払いを確認", "day": "R8.8.6",
}  # fmt: skip


def overpaid(folder: Path) -> str:
    """The second of three households paid its first term twice; its page of the overpayment."""
    open_town(3, debited=0)
    arrive(folder, f"r1,2026-07-20,12200,{house(2)},2026,1,", on=date(2026, 8, 3))
    for name, right in (("clerk", "refund_ask"), ("chief", "refund_order"),
                        ("treasurer", "refund_audit")):  # fmt: skip
        if name != "clerk":
            users.add(name, PASSWORD, [INSURER], f"見本の{name}")
        rights.allow(name, right, INSURER, actor="係長")
    shown = signed_in().get("/refunds/").content.decode()
    found = re.search(r'href="(/[^"]+/overpayments/[^"]+)"', shown)
    assert found is not None, shown
    return found.group(1)


def number() -> int:
    with seeing([INSURER]):
        return int(RefundRequest.objects.get().pk)


def left() -> int:
    with seeing([INSURER]):
        assert verify(INSURER) == []
        return household_books(INSURER, house(2), date(2026, 8, 20)).overpaid


def act(user: str, choice: str, **more: str) -> int:
    page = f"/{INSURER}/refunds/{number()}"
    form = {"choice": choice, "day": "R8.8.7", **more}
    browser = signed_in(user)
    shown = text(browser.post(page, form))
    assert left() == 2_000, "nothing happens before it is confirmed"
    if "よいですか" not in shown:
        return 0
    assert "2,000 円" in shown
    return int(browser.post(page, {**form, "sure": "1"}).status_code)


def test_a_refund_goes_from_overpayment_to_payment_through_three_hands(
    office: Office, tmp_path: Path
) -> None:
    page = overpaid(tmp_path)
    listed = text(signed_in().get("/refunds/"))
    for words in (
        "過誤納(未処理) 1",
        "世帯 0002",
        "2,000",
        "令和8年度 普通徴収 第1期",
        "令和10年7月20日",
    ):
        assert words in listed
    browser = signed_in()
    confirm = text(browser.post(page, ASKED))
    for words in ("この還付を伺いますか", "2,000 円", "架空 52 様の世帯", "まだ聞いていません",
                  "お金も動きません", "誤って、または二重に納付した"):  # fmt: skip
        assert words in confirm
    with seeing([INSURER]):
        assert not RefundRequest.objects.exists()
    assert browser.post(page, {**ASKED, "sure": "1"}).status_code == 302
    assert act("clerk", "order") == 0
    assert act("treasurer", "audit") == 0
    assert act("chief", "order") == 302
    assert act("chief", "audit") == 0
    assert act("clerk", "pay") == 0
    assert "審査待ち 1" in text(browser.get("/refunds/"))
    assert act("treasurer", "audit") == 302
    assert act("clerk", "pay") == 302
    assert left() == 0
    assert "支払済 1" in text(browser.get("/refunds/"))
    with seeing([INSURER]):
        assert [(one.role, one.by) for one in RefundApproval.objects.order_by("pk")] == [
            ("order", "chief"), ("audit", "treasurer"),
        ]  # fmt: skip


def test_a_refund_that_is_withdrawn_is_an_overpayment_again(office: Office, tmp_path: Path) -> None:
    page = overpaid(tmp_path)
    signed_in().post(page, {**ASKED, "sure": "1"})
    assert act("clerk", "withdraw") == 0, "a reason is missing"
    assert act("clerk", "withdraw", reason="口座の誤り") == 302
    listed = text(signed_in().get("/refunds/"))
    assert "過誤納(未処理) 1" in listed
    assert "取下げ 1" in listed


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"amount": "2001"}, "1円から 2,000 円までの額"),
        ({"amount": "二千"}, "1円から 2,000 円までの額"),
        ({"choice": "curiosity"}, "原因を選んでください"),
        ({"choice": "annulled"}, "申告・更正・決定・改正の日が必要です"),
        ({"happened": "きのう"}, "日付として読めません"),
        ({"reason": " "}, "理由を書いてください"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_asked(
    office: Office, tmp_path: Path, changed: dict[str, str], words: str
) -> None:
    page = overpaid(tmp_path)
    answer = signed_in().post(page, {**ASKED, **changed, "sure": "1"})
    assert answer.status_code == 400
    assert words in text(answer)
    with seeing([INSURER]):
        assert not RefundRequest.objects.exists()


def test_without_the_right_nobody_asks_and_a_neighbour_sees_nothing(
    office: Office, tmp_path: Path
) -> None:
    page = overpaid(tmp_path)
    rights.deny("clerk", "refund_ask", INSURER, actor="係長")
    refused = text(signed_in().post(page, {**ASKED, "sure": "1"}))
    assert "還付を伺う権限がありません" in refused
    with seeing([INSURER]):
        assert not RefundRequest.objects.exists()
    neighbour = signed_in("neighbour")
    assert "2,000" not in text(neighbour.get("/refunds/"))
    assert neighbour.get(page).status_code == 404
    assert neighbour.get(f"/{INSURER}/refunds/1").status_code == 404


def test_who_is_shown_is_logged_and_the_menu_counts_what_waits(
    office: Office, tmp_path: Path
) -> None:
    page = overpaid(tmp_path)
    browser = signed_in()
    browser.post(page, {**ASKED, "sure": "1"})
    shown = text(browser.get(f"/{INSURER}/refunds/{number()}"))
    assert "過誤納と還付 1 件" in shown
    assert "別の人の命令を待っています" in shown
    with seeing([INSURER]):
        seen = set(Look.objects.values_list("page", "resident__address_number"))
    assert {("refunds", "52"), ("refund", "52")} <= seen
    assert demand_number(2) not in page
