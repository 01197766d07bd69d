"""Nobody sees a page without signing in, and nobody a row of an insurer that is not theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.office.conftest import INSURER, OTHER
from tests.office.web.conftest import PASSWORD, Office, client, signed_in

PUBLIC = {"sign_in", "sign_out", "home"}
"""Pages that show no row of an insurer; every other one is decorated by ``looking``."""


def patterns() -> Iterator[URLPattern]:
    for pattern in get_resolver().url_patterns:
        assert isinstance(pattern, URLPattern), "the addresses are one flat list"
        yield pattern


def pages(office: Office) -> dict[str, str]:
    """Every address of the office, by the name of its page, for the household of the insurer."""
    return {
        "home": "/",
        "sign_in": "/sign-in",
        "sign_out": "/sign-out",
        "search": "/search",
        "household": f"/{INSURER}/households/{office.household}",
        "prepayment": "/prepayment/",
        "pensions": "/pensions/",
        "suspense": "/suspense/",
        "suspense_release": f"/{INSURER}/suspense/1",
        "suspense_cancelled": f"/{INSURER}/suspense/cancelled/1",
        "debit_offer": f"/{INSURER}/households/{office.household}/debit-offer",
        "refunds": "/refunds/",
        "refund": f"/{INSURER}/refunds/1",
        "refund_ask": f"/{INSURER}/overpayments/1/principal",
        "bureau": "/bureau/",
        "bureau_new": f"/{INSURER}/bureau/new",
        "bureau_case": f"/{INSURER}/bureau/1",
        "bureau_sheet": f"/{INSURER}/bureau/1/sheet",
        "sharing": "/sharing/",
        "sharing_list": f"/{INSURER}/sharing/1",
        "departures": "/departures/",
        "departure": f"/{INSURER}/households/{office.household}/departure/1",
        "printing": "/printing/",
        "printing_new": f"/{INSURER}/printing/new",
        "printing_batch": f"/{INSURER}/printing/1",
        "printing_file": f"/{INSURER}/printing/1/control.csv",
        "linkage": "/linkage/",
        "linkage_batch": f"/{INSURER}/linkage/batches/1",
        "linkage_limits": f"/{INSURER}/linkage/limits/1",
        "linkage_person": f"/{INSURER}/linkage/persons/1",
        "arrears": "/arrears/",
        "arrears_foreign": f"/{INSURER}/arrears/foreign",
        "arrears_household": f"/{INSURER}/households/{office.household}/arrears",
        "prepayment_decision": f"/{INSURER}/households/{office.household}/prepayment/2026",
        "prepayment_pay": f"/{INSURER}/households/{office.household}/prepayment/2026/pay",
    }


def everything(browser: Client, address: str) -> str:
    """What a page says, after all redirections."""
    return browser.get(address, follow=True).content.decode()


def test_every_page_reads_inside_the_insurers_of_its_user(office: Office) -> None:
    named = {str(pattern.name): pattern for pattern in patterns()}
    assert set(named) == set(pages(office))
    for name, pattern in named.items():
        assert (name in PUBLIC) != getattr(pattern.callback, "looking", False), name


def test_an_anonymous_user_sees_nothing(office: Office) -> None:
    for name, address in pages(office).items():
        browser = client()
        if name == "sign_out":
            assert browser.post(address).status_code == 302
            continue
        page = everything(browser, address)
        assert "パスワード" in page, name
        for secret in (office.name, office.address, "1001", "架空市"):
            assert secret not in page, (name, secret)
    assert client().post("/search", {"q": "カクウ"}).headers["Location"].startswith("/sign-in")


def test_a_clerk_sees_the_own_insurer_and_nothing_of_another(office: Office) -> None:
    browser = signed_in()
    browser.post("/search", {"q": "1001"})
    shown = everything(browser, "/search")
    assert office.name in shown
    household = everything(browser, f"/{INSURER}/households/{office.household}")
    assert office.name in household
    assert office.address in household
    for page in (shown, household):
        for secret in (office.other_name, office.other_address, "架空町"):
            assert secret not in page


@pytest.mark.parametrize("asked", ["1001", "77", "ミホン", "見本　花子", "S61.4.2"])
def test_a_search_finds_nothing_of_another_insurer(office: Office, asked: str) -> None:
    browser = signed_in()
    browser.post("/search", {"q": asked})
    page = everything(browser, "/search")
    said_back = (f'value="{asked}"', f"「{asked}」")
    for words in said_back:
        page = page.replace(words, "")
    assert office.other_name not in page


def test_a_household_of_another_insurer_is_not_there(office: Office) -> None:
    browser = signed_in()
    for address in (
        f"/{OTHER}/households/{office.other}",
        f"/{INSURER}/households/{office.other}",
        f"/{OTHER}/households/{office.household}",
        f"/{INSURER}/households/999999",
        "/000000/households/1",
    ):
        answer = browser.get(address)
        assert answer.status_code == 404, address
        assert office.other_name not in answer.content.decode()


def test_a_user_of_two_insurers_sees_both(office: Office) -> None:
    from kokuho.office.accounts import users

    users.add("both", PASSWORD, [INSURER, OTHER])
    browser = signed_in("both")
    browser.post("/search", {"q": "1001"})
    page = everything(browser, "/search")
    assert office.name in page
    assert office.other_name in page


def test_a_user_of_no_insurer_sees_no_row(office: Office) -> None:
    browser = signed_in("idle")
    browser.post("/search", {"q": "カクウ"})
    page = everything(browser, "/search")
    assert office.name not in page
    assert "担当する保険者がありません" in page
    assert browser.get(f"/{INSURER}/households/{office.household}").status_code == 404


def test_a_user_who_is_no_longer_assigned_sees_no_more(office: Office) -> None:
    from kokuho.office.accounts.models import Assignment

    browser = signed_in()
    address = f"/{INSURER}/households/{office.household}"
    assert browser.get(address).status_code == 200
    Assignment.objects.filter(user__username="clerk").delete()
    assert browser.get(address).status_code == 404
