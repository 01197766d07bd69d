"""The suspense list and its form: what it shows, who may, two clerks at once."""

from __future__ import annotations

import re

import pytest

from kokuho.office.accounts.models import Look
from kokuho.office.collection.releases import Release
from kokuho.office.collection.suspense import Held, held
from kokuho.office.tenancy import seeing
from tests.collection.agent import store_file
from tests.office.collection.test_round_trip import counter, received, sent
from tests.office.collection.town import amount, demand_number, house, in_suspense, open_town, owed
from tests.office.conftest import INSURER
from tests.office.web.conftest import Office, signed_in
from tests.office.web.test_prepayment import text


def hold() -> dict[str, Held]:
    """Of three households: less than is owed from the second, and a payment of nobody."""
    open_town(3, debited=3)
    sent()
    received(store_file([counter(2, 9_000), counter(77)]))
    with seeing([INSURER]):
        return {line.why: line for line in held(INSURER)}


def address(line: Held) -> str:
    return f"/{INSURER}/suspense/{line.pk}"


def test_the_list_says_why_in_words_and_is_filtered_by_it(office: Office) -> None:
    hold()
    shown = text(signed_in().get("/suspense/"))
    for words in ("2件", "未納額より少ない 1", "収納番号に当たる期別がない 1", "コンビニ", "9,000",
                  "架空 52", "世帯 0002", "store.txt の 2 件目"):  # fmt: skip
        assert words in shown
    only = text(signed_in().get("/suspense/?why=no_demand"))
    assert "架空 52" not in only
    assert "分かりません" in only
    assert "9,000" not in text(signed_in("neighbour").get("/suspense/"))
    assert signed_in("neighbour").get(address(hold_line())).status_code == 404


def hold_line() -> Held:
    with seeing([INSURER]):
        return held(INSURER)[0]


def test_everybody_who_is_listed_is_logged(office: Office) -> None:
    line = hold()["partial"]
    browser = signed_in()
    browser.get("/suspense/")
    browser.get(address(line))
    with seeing([INSURER]):
        seen = Look.objects.values_list("page", "resident__address_number")
        assert sorted(seen) == [("suspense", "52"), ("suspense_release", "52")]


def test_a_clerk_lets_money_go_and_the_second_one_is_told_who_was_first(office: Office) -> None:
    line = hold()["partial"]
    first, second = signed_in(), signed_in()
    shown = text(first.get(address(line)))
    assert "令和8年度 第1期(納期限 令和8年7月31日、未納 10,200 円)の納付にする" in shown
    choice = f"release:{demand_number(2)}"
    form = {"choice": choice, "reason": "本人に電話で確認", "day": "R8.8.6"}
    assert first.post(address(line), form).status_code == 302
    assert owed()[house(2)] == amount(2) - 9_000
    answer = second.post(address(line), {**form, "choice": "return"})
    assert answer.status_code == 409
    assert "窓口 一号 がすでに決定しています" in text(answer)
    assert "期別番号 0002/2026/2026/ordinary/1/52 の納付に振り替えました" in text(answer)
    with seeing([INSURER]):
        assert Release.objects.get().reason == "本人に電話で確認"


def test_the_household_of_money_that_names_none_is_looked_for(office: Office) -> None:
    line = hold()["no_demand"]
    browser = signed_in()
    assert "納期限" not in text(browser.get(address(line)))
    missing = browser.post(address(line), {"find": "1", "household": "9999"})
    assert "その番号の世帯はありません" in text(missing)
    found = browser.post(address(line), {"find": "1", "household": house(3)})
    assert "架空 53 様の世帯" in text(found)
    value = re.search(r'value="(release:[^"]+/1/53)"', found.content.decode())
    assert value is not None
    before = in_suspense()
    form = {"choice": value.group(1), "reason": "領収書で確認", "day": "R8.8.6",
            "household": house(3)}  # fmt: skip
    assert browser.post(address(line), form).status_code == 302
    assert in_suspense() == before - line.amount


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"choice": ""}, "この金額をどうするかを選んでください"),
        ({"reason": " "}, "理由を書いてください"),
        ({"day": "きのう"}, "日付として読めません"),
        ({"choice": "release:9999/2026/2026/ordinary/1"}, "9999/2026/2026/ordinary/1"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_recorded(
    office: Office, changed: dict[str, str], words: str
) -> None:
    line = hold()["partial"]
    form = {"choice": "return", "reason": "誤り", "day": "R8.8.6", **changed}
    answer = signed_in().post(address(line), form)
    assert answer.status_code == 400
    assert words in text(answer)
    with seeing([INSURER]):
        assert not Release.objects.exists()
        assert len(held(INSURER)) == 2


def test_the_list_says_that_a_final_payment_was_cancelled(office: Office) -> None:
    open_town(2, debited=2)
    sent()
    received(store_file([counter(2, 9_000)]))
    assert "決定を待っています" not in text(signed_in().get("/suspense/"))
    received(store_file([counter(2, 9_000, stage="03")], sequence=2), name="later.txt")
    assert "取り消された納付が 1件" in text(signed_in().get("/suspense/"))
    with seeing([INSURER]):
        (line,) = held(INSURER)
    sending = {"choice": "return:", "reason": "確認", "decided_on": "2026-08-06"}
    answer = signed_in().post(address(line), sending)
    assert answer.status_code == 400
    assert not_released()


def not_released() -> bool:
    with seeing([INSURER]):
        return not Release.objects.exists()
