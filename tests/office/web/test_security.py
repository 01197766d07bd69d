"""What every answer carries, and what a stranger cannot make the office do."""

from __future__ import annotations

import pytest
from django.test import Client

from kokuho.base.errors import InputError
from kokuho.office.accounts import users
from kokuho.office.accounts.models import User
from tests.office.conftest import INSURER
from tests.office.web.conftest import PASSWORD, Office, client, signed_in


def test_pages_run_no_script_and_are_kept_nowhere(office: Office) -> None:
    browser = signed_in()
    for address in ("/search", f"/{INSURER}/households/{office.household}", "/nothing"):
        answer = browser.get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Frame-Options"] == "DENY"
        body = answer.content.decode()
        assert "<script" not in body
        assert " style=" not in body
        assert "http://" not in body
        assert "https://" not in body


def test_forms_need_the_token_of_their_page(office: Office) -> None:
    browser = Client(enforce_csrf_checks=True, SERVER_NAME="127.0.0.1")
    for address in ("/sign-in", "/search", "/sign-out"):
        assert browser.post(address, {"q": "1"}).status_code == 403


def test_what_is_typed_is_text_and_never_markup(office: Office) -> None:
    browser = signed_in()
    browser.post("/search", {"q": "<b>'\"; DROP TABLE"})
    body = browser.get("/search").content.decode()
    assert "<b>&#x27;" not in body
    assert "<b>'" not in body
    assert "&lt;b&gt;" in body


def test_the_session_changes_when_somebody_signs_in(office: Office) -> None:
    browser = client()
    browser.get("/sign-in")
    browser.session["x"] = 1
    before = browser.session.session_key
    browser.post("/sign-in", {"username": "clerk", "password": PASSWORD})
    assert browser.session.session_key != before


def test_sign_in_leads_only_into_the_office(office: Office) -> None:
    for wanted, expected in (("https://example.com/", "/search"), ("/search?x", "/search?x")):
        answer = client().post(
            "/sign-in", {"username": "clerk", "password": PASSWORD, "next": wanted}
        )
        assert answer.headers["Location"] == expected


def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(office: Office) -> None:
    answers = [
        client().post("/sign-in", {"username": name, "password": "ちがう"}).content.decode()
        for name in ("clerk", "nobody")
    ]
    assert all("サインインできませんでした" in answer for answer in answers)
    assert PASSWORD not in "".join(answers)


def test_passwords_are_kept_by_argon2(office: Office) -> None:
    assert User.objects.get(username="clerk").password.startswith("argon2$argon2id$")


@pytest.mark.parametrize("password", ["short", "123456789012", "password1234", "clerk-clerk-2"])
def test_weak_passwords_are_refused(office: Office, password: str) -> None:
    with pytest.raises(InputError):
        users.add("clerk-clerk", password, [INSURER])


def test_a_user_is_added_once_and_for_insurers_that_are_there(office: Office) -> None:
    with pytest.raises(InputError, match="clerk"):
        users.add("clerk", PASSWORD, [INSURER])
    with pytest.raises(InputError, match="999999"):
        users.add("other", PASSWORD, ["999999"])
