"""The mesh over real TLS on loopback: handshakes, tokens, messages, the page, every endpoint."""

from __future__ import annotations

import base64
import html
import json
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

import kokuho.mesh
from kokuho.linkage.messages import Expected, unseal
from kokuho.mesh.authority import Authority
from kokuho.mesh.founding import certificate_of
from kokuho.mesh.rehearsal import Rehearsal
from kokuho.mesh.service import Service
from kokuho.mesh.tokens import ASSERTION
from tests.mesh.clients import AGENCY, CITY, HOSPITAL, MUNICIPALITY, Mesh, now, record
from tests.mesh.serving import Answered, Served, served


@pytest.fixture(scope="module")
def server(pattern: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served") / "mesh"
    shutil.copytree(pattern.folder, folder)
    secrets = folder.with_name("mesh.keys")
    shutil.copy(pattern.secrets, secrets)
    with served(Rehearsal(folder, secrets)) as running:
        yield running


@pytest.fixture(scope="module")
def letters(server: Served) -> Mesh:
    """Makes and reads messages; the exchange itself goes over the wire."""
    return Mesh(Service.of(server.rehearsal), [])


def last_refusals(server: Served, kind: str) -> list[str]:
    connection = sqlite3.connect(server.rehearsal.database)
    rows = [json.loads(text) for (text,) in connection.execute("SELECT record FROM log")]
    connection.close()
    return [row["outcome"] for row in rows if row["kind"] == kind]


def refused_handshake(server: Served, context: ssl.SSLContext) -> str:
    """Try to connect; the reason that the server logged."""
    before = len(last_refusals(server, "handshake_refused"))
    with pytest.raises((ssl.SSLError, ConnectionError)):
        server.call(None, "GET", "/health", context=context)
    until = time.monotonic() + 10
    while time.monotonic() < until:
        found = last_refusals(server, "handshake_refused")
        if len(found) > before:
            return found[-1]
        time.sleep(0.05)
    raise AssertionError("not logged")


def test_no_certificate_is_refused_in_the_handshake_and_logged(server: Served) -> None:
    assert refused_handshake(server, server.context(None)) == "certificate_missing"


def test_a_certificate_of_another_authority_is_refused_and_logged(
    server: Served, tmp_path: Path
) -> None:
    other = Authority.found(tmp_path / "other", "other", now())
    other.issue(tmp_path / "client", CITY, now())
    reason = refused_handshake(server, server.context(tmp_path / "client"))
    assert reason == "certificate_of_another_authority"


def test_an_expired_certificate_is_refused_and_logged(server: Served, tmp_path: Path) -> None:
    authority = Authority(server.rehearsal.authority)
    authority.issue(tmp_path, CITY, now(), life=timedelta(days=-1))
    assert refused_handshake(server, server.context(tmp_path)) == "certificate_expired"


def test_a_server_certificate_is_no_client_certificate(server: Served) -> None:
    reason = refused_handshake(server, server.context(server.rehearsal.server))
    assert reason == "certificate_for_another_purpose"


def test_a_revoked_certificate_is_refused_from_the_next_connection_on(
    server: Served, tmp_path: Path
) -> None:
    authority = Authority(server.rehearsal.authority)
    authority.issue(tmp_path, "leaver", now())
    assert server.call(tmp_path, "GET", "/health").status == 200
    authority.revoke(certificate_of(tmp_path), now())
    assert refused_handshake(server, server.context(tmp_path)) == "certificate_revoked"
    assert server.call(CITY, "GET", "/health").status == 200


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_versions_of_tls_are_refused(server: Served) -> None:
    context = server.context(server.rehearsal.client(CITY))
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    assert refused_handshake(server, context).startswith("tls_")


def test_tls_1_2_is_taken(server: Served) -> None:
    context = server.context(server.rehearsal.client(CITY))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    assert server.call(None, "GET", "/health", context=context).status == 200


def test_no_tls_at_all_is_refused_and_logged(server: Served) -> None:
    before = len(last_refusals(server, "handshake_refused"))
    with socket.create_connection(("127.0.0.1", server.port)) as plain:
        plain.sendall(b"GET /health HTTP/1.1\r\n\r\n")
        plain.settimeout(10)
        with suppress(ConnectionError):
            plain.recv(100)
    until = time.monotonic() + 10
    while len(last_refusals(server, "handshake_refused")) == before:
        assert time.monotonic() < until, "not logged"
        time.sleep(0.05)
    assert last_refusals(server, "handshake_refused")[-1] == "tls_http_request"


def basic(server: Served, who: str, secret: str | None = None) -> str:
    stated = f"{who}:{secret or server.secret(who)}"
    return "Basic " + base64.b64encode(stated.encode()).decode()


def token(server: Served, who: str, **fields: str) -> Answered:
    form = {"grant_type": "client_credentials"} | fields
    return server.form(who, "/oauth2/token", form, Authorization=basic(server, who))


def assertion(server: Served, who: str, **other: Any) -> dict[str, str]:
    at = int(datetime.now(UTC).timestamp())
    url = f"https://127.0.0.1:{server.port}/oauth2/token"
    claims = {"iss": who, "sub": who, "aud": url, "jti": str(time.monotonic_ns()), "exp": at + 60}
    key = OctKey.import_key(server.secret(who))
    return {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": jwt.encode({"alg": "HS256"}, claims | other, key),
    }


def test_a_token_by_client_secret_jwt_opens_the_messages(server: Served, letters: Mesh) -> None:
    given = server.form(CITY, "/oauth2/token", assertion(server, CITY))
    assert given.status == 200
    assert given.json()["token_type"] == "Bearer"
    assert "refresh_token" not in given.json()
    sealed = letters.letter(CITY, "echo", {})
    answer = send(server, CITY, given.json()["access_token"], sealed)
    assert answer.status == 200
    assert opened(letters, CITY, answer) == ("echoed", {})


WRONG_ASSERTIONS = {
    "over": {"exp": 1},
    "too far ahead": {"exp": 4_000_000_000},
    "for another": {"aud": "https://elsewhere.example/oauth2/token"},
    "of another": {"sub": AGENCY},
    "without a number": {"jti": None},
}


@pytest.mark.parametrize("what", WRONG_ASSERTIONS)
def test_a_wrong_assertion_is_no_client(server: Served, what: str) -> None:
    form = assertion(server, CITY, **WRONG_ASSERTIONS[what])
    answer = server.form(CITY, "/oauth2/token", form)
    assert (answer.status, answer.json()) == (401, {"error": "invalid_client"})
    assert last_refusals(server, "token_refused")[-1] == "invalid_client"


def test_an_assertion_is_taken_once(server: Served) -> None:
    form = assertion(server, CITY)
    assert server.form(CITY, "/oauth2/token", form).status == 200
    assert server.form(CITY, "/oauth2/token", form).status == 401


def test_an_assertion_under_another_secret_is_no_client(server: Served) -> None:
    form = assertion(server, CITY)
    claims = jwt.decode(form["client_assertion"], OctKey.import_key(server.secret(CITY))).claims
    forged = jwt.encode({"alg": "HS256"}, claims | {"jti": "other"}, OctKey.import_key("x" * 64))
    assert server.form(CITY, "/oauth2/token", form | {"client_assertion": forged}).status == 401


def test_a_wrong_secret_and_another_certificate_are_no_client(server: Served) -> None:
    form = {"grant_type": "client_credentials"}
    wrong = server.form(CITY, "/oauth2/token", form, Authorization=basic(server, CITY, "x" * 40))
    stolen = server.form(AGENCY, "/oauth2/token", form, Authorization=basic(server, CITY))
    assert (wrong.status, stolen.status) == (401, 401)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"scope": "nhi:collection:inquire"}, "invalid_scope"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
    ],
)
def test_another_grant_or_scope_is_refused(
    server: Served, fields: dict[str, str], code: str
) -> None:
    answer = token(server, CITY, **fields)
    assert (answer.status, answer.json()) == (400, {"error": code})


def test_introspection_tells_a_client_of_its_own_tokens_alone(server: Served) -> None:
    text = token(server, CITY, scope="mesh:echo:read").json()["access_token"]
    own = server.form(
        CITY, "/oauth2/introspect", {"token": text}, Authorization=basic(server, CITY)
    ).json()
    assert (own["active"], own["scope"], own["client_id"]) == (True, "mesh:echo:read", CITY)
    assert own["cnf"]["x5t#S256"]
    other = server.form(
        AGENCY, "/oauth2/introspect", {"token": text}, Authorization=basic(server, AGENCY)
    )
    assert other.json() == {"active": False}


def send(server: Served, who: str, text: str, sealed: str, **headers: str) -> Answered:
    usual = {"Content-Type": "application/jose", "Authorization": f"Bearer {text}"}
    return server.call(who, "POST", "/v1/messages", sealed.encode(), usual | headers)


def opened(letters: Mesh, who: str, answer: Answered) -> tuple[str, Any]:
    kinds = frozenset({"echoed", "registered", "coded", "answer", "refused", "provided"})
    own = letters.service.exchange.certificate
    envelope = unseal(
        answer.body.decode(), letters.service.rehearsal.ring(),
        Expected(who, "mesh", own, kinds), now(),
    )  # fmt: skip
    return envelope.kind, dict(envelope.body)


def test_a_stolen_token_does_not_open_over_another_certificate(
    server: Served, letters: Mesh
) -> None:
    text = token(server, CITY).json()["access_token"]
    answer = send(server, AGENCY, text, letters.letter(CITY, "echo", {}))
    assert answer.status == 403
    assert opened(letters, CITY, answer) == ("refused", {"code": "wrong_certificate"})


def test_without_a_token_nothing_is_opened(server: Served, letters: Mesh) -> None:
    answer = send(server, CITY, "nothing", letters.letter(CITY, "echo", {}))
    assert (answer.status, answer.json()) == (401, {"error": "invalid_token"})
    assert last_refusals(server, "message_refused")[-1] == "invalid_token"


def test_another_kind_of_content_is_refused(server: Served, letters: Mesh) -> None:
    text = token(server, CITY).json()["access_token"]
    sealed = letters.letter(CITY, "echo", {})
    answer = send(server, CITY, text, sealed, **{"Content-Type": "text/plain"})
    assert answer.status == 415


def test_a_refusal_has_its_status_and_is_sealed(server: Served, letters: Mesh) -> None:
    text = token(server, CITY).json()["access_token"]
    sealed = letters.letter(CITY, "echo", {})
    assert send(server, CITY, text, sealed).status == 200
    again = send(server, CITY, text, sealed)
    assert again.status == 409
    assert opened(letters, CITY, again) == ("refused", {"code": "replayed"})


ENDPOINTS = [
    ("GET", "/health", {CITY: 200, AGENCY: 200, HOSPITAL: 200, "stranger": 200}),
    ("GET", "/v1/openapi.json", {CITY: 200, AGENCY: 200, HOSPITAL: 200, "stranger": 200}),
    ("POST", "/oauth2/token", {CITY: 401, AGENCY: 401, HOSPITAL: 401, "stranger": 401}),
    ("POST", "/oauth2/introspect", {CITY: 401, AGENCY: 401, HOSPITAL: 401, "stranger": 401}),
    ("POST", "/v1/messages", {CITY: 401, AGENCY: 401, HOSPITAL: 401, "stranger": 401}),
    ("GET", "/examiner/", {CITY: 403, AGENCY: 200, HOSPITAL: 403, "stranger": 403}),
    ("POST", "/examiner/", {CITY: 403, AGENCY: 403, HOSPITAL: 403, "stranger": 403}),
    ("POST", "/examiner/evidence", {CITY: 403, AGENCY: 403, HOSPITAL: 403, "stranger": 403}),
]
"""What each may without a token (messages, page) or a form of the page (its POST)."""


@pytest.fixture(scope="module")
def stranger(server: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of the right authority that no organisation has."""
    folder = tmp_path_factory.mktemp("stranger")
    Authority(server.rehearsal.authority).issue(folder, "stranger", now())
    return folder


@pytest.mark.parametrize("who", [CITY, AGENCY, HOSPITAL, "stranger"])
@pytest.mark.parametrize(("method", "path", "allowed"), ENDPOINTS)
def test_each_endpoint_is_closed_to_all_but_those_listed(
    server: Served, stranger: Path, who: str, method: str, path: str, allowed: dict[str, int]
) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    client = stranger if who == "stranger" else who
    answer = server.call(client, method, path, b"" if method == "POST" else None, kind)
    assert answer.status == allowed[who]


def test_every_endpoint_is_in_the_test_above_and_in_the_description() -> None:
    folder = Path(kokuho.mesh.__file__).parent
    text = (folder / "urls.py").read_text(encoding="utf-8")
    known = {path for _method, path, _allowed in ENDPOINTS}
    described = (folder / "openapi.yaml").read_text(encoding="utf-8")
    for path in re.findall(r'path\("([^"]+)"', text):
        assert f"/{path}" in known
        assert path.startswith("examiner/") or f"\n  /{path}:" in described


def page(server: Served, fields: dict[str, str], who: str = AGENCY) -> Answered:
    """What the page answers to its form, sent as a browser does."""
    shown = server.call(who, "GET", "/examiner/")
    cookie = shown.headers["Set-Cookie"].split(";")[0]
    hidden = shown.body.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    port = server.port
    return server.form(
        who, "/examiner/", {"csrfmiddlewaretoken": hidden} | fields,
        Cookie=cookie, Referer=f"https://127.0.0.1:{port}/examiner/",
    )  # fmt: skip


def asked(code: str, **other: str) -> dict[str, str]:
    usual = {"purpose": "K-RESIDENCE", "officer": "officer-7", "reason": "case-1", "codes": code}
    return usual | other


@pytest.mark.parametrize("missing", ["purpose", "officer", "reason", "codes"])
def test_the_page_asks_nothing_without_purpose_officer_case_and_codes(
    server: Served, missing: str
) -> None:
    answer = page(server, asked("0" * 32, **{missing: ""}))
    assert answer.status == 422
    assert "照会への回答" not in answer.body.decode()


def test_the_page_shows_a_signed_answer_whose_evidence_holds_offline(
    server: Served, letters: Mesh, tmp_path: Path
) -> None:
    text = token(server, CITY).json()["access_token"]
    batch = letters.batch([record("5001", later=1_000)], batch="page")
    assert send(server, CITY, text, letters.letter(CITY, "register", batch)).status == 200
    agency = token(server, AGENCY).json()["access_token"]
    body = {"municipality": MUNICIPALITY, "persons": ["5001"]}
    coded = send(server, AGENCY, agency, letters.letter(AGENCY, "codes", body))
    code = opened(letters, AGENCY, coded)[1]["codes"]["5001"]
    answer = page(server, asked(code))
    shown = answer.body.decode()
    assert answer.status == 200
    assert "納期限前の額は滞納ではありません" in shown
    assert "20,000" in shown
    sealed = html.unescape(shown.split('name="sealed" value="')[1].split('"')[0])
    hidden = shown.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    saved = server.form(
        AGENCY, "/examiner/evidence", {"csrfmiddlewaretoken": hidden, "sealed": sealed},
        Cookie=cookie_of(server, answer), Referer=f"https://127.0.0.1:{server.port}/examiner/",
    )  # fmt: skip
    assert saved.status == 200
    file = tmp_path / "answer.json"
    file.write_bytes(saved.body)
    command = [
        str(Path(sys.executable).with_name("kokuho")), "mesh", "verify-log", str(file),
        "--keys", str(server.rehearsal.ring_file),
    ]  # fmt: skip
    assert subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0
    file.write_text(file.read_text().replace('"kind": "answer"', '"kind": "anwser"'))
    assert subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 1


def cookie_of(server: Served, answer: Answered) -> str:
    return answer.headers["Set-Cookie"].split(";")[0]


def test_a_killed_mesh_comes_back_with_all_that_it_answered(
    pattern: Rehearsal, tmp_path: Path
) -> None:
    shutil.copytree(pattern.folder, tmp_path / "mesh")
    shutil.copy(pattern.secrets, tmp_path / "mesh.keys")
    rehearsal = replace(pattern, folder=tmp_path / "mesh", secrets=tmp_path / "mesh.keys")
    letters = Mesh(Service.of(rehearsal), [])
    for round_ in range(2):
        with served(rehearsal) as running:
            text = token(running, CITY).json()["access_token"]
            batch = letters.batch([record("1", version=round_ + 1)], batch=f"b{round_}")
            answer = send(running, CITY, text, letters.letter(CITY, "register", batch))
            assert opened(letters, CITY, answer)[1]["taken"] == 1
            running.kill()
    rows = letters.service.database.connection().execute("SELECT version FROM copy").fetchall()
    assert rows == [(1,), (2,)]
