"""The pages of shared arrears: who sees them, what they refuse, what they write down."""

from __future__ import annotations

from typing import Any

import pytest

from kokuho.office.accounts import rights
from kokuho.office.accounts.looks import Look
from kokuho.office.sharing import making
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.sharing.town import TO, Hands, open_city, stated, user
from tests.office.web.conftest import signed_in
from tests.office.web.test_bureau import main

HERE = f"/{INSURER}/sharing/1"
PAGES = ("/sharing/", HERE)
BOTH = (rights.SHARING_MAKE, rights.SHARING_APPROVE)


@pytest.fixture
def hands(store: Store) -> Hands:
    return open_city()


def post(name: str, address: str, **given: Any) -> Any:
    return signed_in(name).post(address, given)


@pytest.mark.parametrize("right", [None, *sorted(rights.table())])
def test_each_page_is_refused_without_one_of_its_rights(hands: Hands, right: str | None) -> None:
    hands.set_up()
    hands.made()
    user("tried", right or rights.PRINTING)
    with seeing([INSURER]):
        before = Look.objects.count()
    for page in PAGES:
        for answer in (signed_in("tried").get(page), post("tried", page, stop="1")):
            assert (answer.status_code == 403) != (right in BOTH), page
    with seeing([INSURER]):
        assert (Look.objects.count() > before) == (right in BOTH)


def test_while_nothing_is_set_the_page_names_what_is_missing_and_makes_nothing(
    hands: Hands,
) -> None:
    shown = main(signed_in("kakari").get("/sharing/"))
    for name in ("legal_basis", "recipients", "criteria", "columns"):
        assert name in shown
    assert "リストを作る" not in shown
    answer = post("kakari", "/sharing/", make="1")
    assert answer.status_code == 400
    assert "legal_basis" in main(answer)


def test_a_list_goes_through_two_other_hands_to_a_file(hands: Hands) -> None:
    making.propose(INSURER, stated(), hands.maker)
    assert "作った人" in main(post("kakari", "/sharing/", approve="1"))
    for name in ("kacho", "bucho"):
        assert post(name, "/sharing/", approve="1").status_code == 302
    assert post("kakari", "/sharing/", make="1").headers["Location"] == HERE
    shown = main(signed_in("kacho").get(HERE))
    for words in ("納期限の過ぎた未納(円)", "架空市 納税課", "承認待ち", "載っている世帯 3"):
        assert words in shown, words
    assert "在留資格" not in shown  # no column that was not set
    given = {"write": "1", "recipient": TO, "purpose": "架空の照会", "form": ".csv"}
    assert post("kakari", HERE, **given).status_code == 400
    for name in ("kacho", "bucho"):
        assert post(name, HERE, approve="1").status_code == 302
    answer = post("kakari", HERE, **given)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="list-1.csv"'
    assert answer.content.decode("utf-8-sig").count("\n") == 4
    assert "架空の照会" in main(signed_in("kacho").get(HERE))
    assert post("kacho", HERE, **given).status_code == 400  # who approves does not write
    assert post("kakari", HERE, **{**given, "form": ".exe"}).status_code == 404
    assert post("kacho", "/sharing/", stop="1", text="見直し").status_code == 302
    assert "止められました" in main(post("kakari", HERE, **given))
