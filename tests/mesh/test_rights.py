"""Rights: deny by default, checked before anybody is looked up."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kokuho.linkage.messages import Refusal, new_number
from kokuho.linkage.messages.bodies import QUESTIONS, SCOPES
from kokuho.linkage.messages.signing import stated
from kokuho.mesh.database import PERSON_TABLES
from tests.mesh.clients import (
    AGENCY,
    CITY,
    HOSPITAL,
    LAYOUT,
    MUNICIPALITY,
    Heard,
    Mesh,
    inquiry,
    now,
    record,
)

CODE = "0" * 32


def bodies(mesh: Mesh) -> dict[str, dict[str, Any]]:
    """A right body of each kind."""
    return {
        "register": mesh.batch([record()]),
        "reconcile": {"municipality": MUNICIPALITY, "after": "", "until": "", "persons": []},
        "codes": {"municipality": MUNICIPALITY, "persons": ["1001"]},
        "inquire": inquiry([CODE]),
        "provisions": {"municipality": MUNICIPALITY, "person": "1001"},
        "evidence": {"content": "0" * 64},
        "echo": {},
    }


def refused(heard: Heard, code: Refusal) -> None:
    assert (heard.kind, heard.body) == ("refused", {"code": code.value})
    assert 400 <= heard.status < 500


def on_persons(statements: list[str]) -> list[str]:
    """Statements that touch a table about persons."""
    tables = re.compile(rf"\b({'|'.join(PERSON_TABLES)})\b(?!\s*=)")
    return [one for one in statements if tables.search(re.sub(r"'[^']*'", "''", one))]


MAY = {
    CITY: {"register", "reconcile", "codes", "provisions", "evidence", "echo"},
    AGENCY: {"codes", "inquire", "evidence", "echo"},
    HOSPITAL: {"echo"},
}


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize("who", MAY)
def test_each_organisation_may_do_what_is_listed_and_nothing_else(
    mesh: Mesh, who: str, kind: str
) -> None:
    heard = mesh.ask(who, kind, bodies(mesh)[kind])
    if kind in MAY[who]:
        assert heard.status == 200
    else:
        refused(heard, Refusal.NO_RIGHT)
        assert mesh.log()[-2]["outcome"] == "no_right"


@pytest.mark.parametrize("kind", QUESTIONS)
@pytest.mark.parametrize("scope", [*SCOPES.values(), ""])
def test_a_token_opens_what_its_scope_says_and_nothing_else(
    mesh: Mesh, scope: str, kind: str
) -> None:
    who = CITY if kind in MAY[CITY] else AGENCY
    token = mesh.token(who, [scope])
    heard = mesh.send(who, mesh.letter(who, kind, bodies(mesh)[kind]), token)
    if SCOPES[kind] == scope:
        assert heard.status == 200
    else:
        refused(heard, Refusal.NO_RIGHT)


@pytest.mark.parametrize("kind", ["register", "reconcile", "codes", "provisions"])
def test_a_municipality_may_do_nothing_with_the_people_of_another(mesh: Mesh, kind: str) -> None:
    body = bodies(mesh)[kind] | {"municipality": "139947"}
    refused(mesh.ask(CITY, kind, body), Refusal.NO_RIGHT)


def test_without_right_no_query_on_persons_is_made_and_all_answers_are_alike(mesh: Mesh) -> None:
    mesh.register(record())
    known = mesh.code()
    asked = []
    for code in (known, CODE):
        mesh.statements.clear()
        asked.append(mesh.ask(HOSPITAL, "inquire", inquiry([code])))
        assert mesh.statements
        assert on_persons(mesh.statements) == []
    assert asked[0].body == asked[1].body
    assert asked[0].status == asked[1].status
    refused(asked[0], Refusal.NO_RIGHT)


def test_the_test_above_sees_queries_on_persons(mesh: Mesh) -> None:
    mesh.statements.clear()
    mesh.ask(AGENCY, "inquire", inquiry([CODE]))
    assert on_persons(mesh.statements)


def test_another_purpose_is_refused_before_anybody_is_looked_up(mesh: Mesh) -> None:
    mesh.statements.clear()
    refused(mesh.ask(AGENCY, "inquire", inquiry([CODE], purpose="K-OTHER")), Refusal.WRONG_PURPOSE)
    assert on_persons(mesh.statements) == []


def test_an_answer_holds_the_items_of_the_rule_alone(mesh: Mesh) -> None:
    mesh.register(record())
    [about] = mesh.ask(AGENCY, "inquire", inquiry([mesh.code()])).body["persons"]
    [one] = about["records"]
    rule = mesh.service.rehearsal.rules.allowed("immigration", "K-RESIDENCE")
    assert set(one["fields"]) == set(rule.items)
    assert not {"person", "debtor", "household"} & set(one["fields"])


def test_a_code_of_another_organisation_is_unknown(mesh: Mesh) -> None:
    mesh.register(record())
    theirs = mesh.code(who=CITY)
    assert theirs != mesh.code(who=AGENCY)
    [about] = mesh.ask(AGENCY, "inquire", inquiry([theirs])).body["persons"]
    assert (about["state"], about["records"]) == ("unknown", [])
    assert mesh.log()[-1]["outcome"] == "unknown_code"


def test_nobody_learns_another_organisations_code_twice_over(mesh: Mesh) -> None:
    mesh.register(record())
    assert mesh.code() == mesh.code()


WRONG: dict[str, tuple[Refusal, Callable[[Mesh], str]]] = {
    "no signed text": (Refusal.MALFORMED, lambda mesh: "hello"),
    "cut off": (Refusal.MALFORMED, lambda mesh: mesh.letter(CITY, "echo", {}).rsplit(".", 1)[0]),
    "not ASCII": (Refusal.MALFORMED, lambda mesh: "収納情報"),
    "altered": (Refusal.BAD_SIGNATURE, lambda mesh: altered(mesh.letter(CITY, "echo", {}))),
    "stale": (
        Refusal.STALE,
        lambda mesh: mesh.letter(CITY, "echo", {}, sent_at=now() - timedelta(hours=1)),
    ),
    "dated ahead": (
        Refusal.FUTURE,
        lambda mesh: mesh.letter(CITY, "echo", {}, sent_at=now() + timedelta(hours=1)),
    ),
    "for another": (
        Refusal.WRONG_RECEIVER, lambda mesh: mesh.letter(CITY, "echo", {}, receiver="x")
    ),
    "of another": (Refusal.WRONG_SENDER, lambda mesh: mesh.letter(AGENCY, "echo", {})),
    "another certificate": (
        Refusal.WRONG_CERTIFICATE, lambda mesh: mesh.letter(CITY, "echo", {}, certificate="ab" * 32)
    ),
    "unknown kind": (Refusal.UNKNOWN_KIND, lambda mesh: mesh.letter(CITY, "answer", {})),
    "another body": (Refusal.BAD_BODY, lambda mesh: mesh.letter(CITY, "echo", {"x": 1})),
    "unknown layout": (
        Refusal.UNKNOWN_LAYOUT,
        lambda mesh: mesh.letter(CITY, "register", mesh.batch([record()], layout_version="9")),
    ),
    "layout not yet valid": (
        Refusal.UNKNOWN_LAYOUT,
        lambda mesh: mesh.letter(
            CITY, "register", mesh.batch([record()], made_at="2020-01-01T00:00:00+09:00")
        ),
    ),
}  # fmt: skip


def altered(sealed: str) -> str:
    head, body, signature = sealed.split(".")
    other = "A" if signature[0] != "A" else "B"
    return ".".join((head, body, other + signature[1:]))


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_with_a_message_has_its_own_code_and_is_logged(mesh: Mesh, what: str) -> None:
    code, make = WRONG[what]
    refused(mesh.send(CITY, make(mesh)), code)
    came, went = mesh.log()[-2:]
    assert (came["direction"], came["outcome"], came["partner"]) == ("in", code.value, CITY)
    assert (went["direction"], went["kind"], went["outcome"]) == ("out", "refused", code.value)


def test_a_refusal_names_the_message_that_it_answers(mesh: Mesh) -> None:
    number = new_number()
    sealed = mesh.letter(CITY, "echo", {}, number=number, receiver="x")
    reply = mesh.service.exchange.take(sealed, mesh.token(CITY), mesh.certificate(CITY), now())
    assert stated(reply.text)["answers"] == number


def test_a_message_is_taken_once(mesh: Mesh) -> None:
    sealed = mesh.letter(CITY, "echo", {})
    assert mesh.send(CITY, sealed).status == 200
    refused(mesh.send(CITY, sealed), Refusal.REPLAYED)


def test_a_token_of_another_certificate_opens_nothing(mesh: Mesh) -> None:
    token = mesh.token(CITY)
    other = type(token)(token.organisation, "ab" * 32, token.scopes, 0)
    refused(mesh.send(CITY, mesh.letter(CITY, "echo", {}), other), Refusal.WRONG_CERTIFICATE)


def test_a_withdrawn_key_signs_no_more(mesh: Mesh) -> None:
    ring = mesh.service.rehearsal.ring()
    number = mesh.key(CITY).public.number
    text = ring.with_revoked(number, now()).to_json()
    mesh.service.rehearsal.ring_file.write_text(text, encoding="utf-8")
    sealed = mesh.letter(CITY, "echo", {})
    refused(mesh.send(CITY, sealed), Refusal.REVOKED_KEY)


def test_provisions_are_shown_to_the_person_oldest_first(mesh: Mesh) -> None:
    mesh.register(record())
    code = mesh.code()
    mesh.ask(AGENCY, "inquire", inquiry([code]))
    mesh.register(record().next_version(2, "withdraw"), batch="b2")
    mesh.ask(AGENCY, "inquire", inquiry([code]))
    body = {"municipality": MUNICIPALITY, "person": "1001"}
    shown = mesh.ask(CITY, "provisions", body).body["provisions"]
    assert [(one["asked_by"], one["purpose"], one["outcome"]) for one in shown] == [
        (AGENCY, "K-RESIDENCE", "found"),
        (AGENCY, "K-RESIDENCE", "none"),
    ]
    assert "overdue" in shown[0]["items"]
    assert shown[1]["items"] == []
    assert shown[0]["dispose_on"][:4] == str(now().year + 7)


def test_two_layouts_stand_side_by_side(mesh: Mesh) -> None:
    shipped = mesh.service.rehearsal.layouts / f"{'.'.join(LAYOUT)}.yaml"
    text = shipped.read_text(encoding="utf-8").replace('version: "1"', 'version: "2"')
    text = text.replace("form: csv", "form: json")
    (shipped.parent / "second.yaml").write_text(text, encoding="utf-8")
    both = Mesh(type(mesh.service).of(mesh.service.rehearsal), [])
    for version, one in (("1", record(term=1)), ("2", record(term=2))):
        body = both.batch([one], f"b{version}", (LAYOUT[0], version))
        assert both.ask(CITY, "register", body).body["taken"] == 1
    [about] = both.ask(AGENCY, "inquire", inquiry([both.code()])).body["persons"]
    assert [one["layout"] for one in about["records"]] == ["kokuho-assumed@1", "kokuho-assumed@2"]
