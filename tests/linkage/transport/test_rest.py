"""REST over mutual TLS: certificates on both sides, tokens that are renewed, and clear refusals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from kokuho.base.errors import LinkageError
from kokuho.linkage.link import Rest
from kokuho.linkage.messages import fingerprint
from kokuho.linkage.rest import RestTransport
from tests.linkage.transport.server import SECRET, Authority, Served, served

SCOPE = "nhi:collection:register"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    authority = Authority(tmp_path)
    authority.give("server")
    authority.give("client")
    (tmp_path / "secret").write_bytes(SECRET + b"\n")
    return tmp_path


@pytest.fixture
def there(folder: Path) -> Iterator[Served]:
    with served(folder, lambda sealed: f"answer.to.{sealed.partition('.')[0]}", "city") as state:
        yield state


def way(folder: Path, there: Served, **other: object) -> Rest:
    usual = {
        "form": "rest", "url": f"https://127.0.0.1:{there.port}", "ca": folder / "ca.pem",
        "certificate": folder / "client.pem", "private": folder / "client.key",
        "secret": folder / "secret", "seconds": 5,
    }  # fmt: skip
    return Rest.model_validate(usual | other)


def print_of(path: Path) -> str:
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return fingerprint(certificate.public_bytes(Encoding.DER))


def test_a_message_goes_with_a_token_and_both_certificates_are_known(
    folder: Path, there: Served
) -> None:
    client = RestTransport(way(folder, there), "city")
    assert client.send("n", "one.b.c", SCOPE) == "answer.to.one"
    assert client.certificate == print_of(folder / "client.pem")
    assert client.theirs == print_of(folder / "server.pem")
    (stated,) = there.assertions
    assert (stated["iss"], stated["sub"], stated["scope"]) == ("city", "city", SCOPE)
    assert stated["aud"] == f"https://127.0.0.1:{there.port}/oauth2/token"


def test_a_token_serves_until_its_end_and_each_scope_has_its_own(
    folder: Path, there: Served
) -> None:
    client = RestTransport(way(folder, there), "city")
    client.send("n", "a.b.c", SCOPE)
    client.send("n", "a.b.c", SCOPE)
    client.send("n", "a.b.c", "nhi:collection:reconcile")
    assert len(there.tokens) == 2
    assert len({str(one["jti"]) for one in there.assertions}) == 2
    there.seconds = 5  # less than it is renewed early
    client = RestTransport(way(folder, there), "city")
    client.send("n", "a.b.c", SCOPE)
    client.send("n", "a.b.c", SCOPE)
    assert len(there.tokens) == 4


def test_a_withdrawn_token_is_replaced_once(folder: Path, there: Served) -> None:
    client = RestTransport(way(folder, there), "city")
    client.send("n", "a.b.c", SCOPE)
    there.revoked.add("token-0")
    assert client.send("n", "a.b.c", SCOPE) == "answer.to.a"
    there.revoked.update({"token-1", "token-2"})
    with pytest.raises(LinkageError, match="401"):
        client.send("n", "a.b.c", SCOPE)


def test_a_signed_refusal_comes_back_and_a_failing_server_is_told(
    folder: Path, there: Served
) -> None:
    client = RestTransport(way(folder, there), "city")
    there.status = 403
    assert client.send("n", "a.b.c", SCOPE) == "answer.to.a"
    there.status = 503
    with pytest.raises(LinkageError, match="503"):
        client.send("n", "a.b.c", SCOPE)


def test_an_unknown_client_gets_no_token(folder: Path, there: Served) -> None:
    with pytest.raises(LinkageError, match="401"):
        RestTransport(way(folder, there), "stranger").send("n", "a.b.c", SCOPE)


def test_a_server_of_another_authority_is_not_spoken_to(
    folder: Path, there: Served, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    Authority(other)
    client = RestTransport(way(folder, there, ca=other / "ca.pem"), "city")
    with pytest.raises(LinkageError, match=r"127\.0\.0\.1"):
        client.send("n", "a.b.c", SCOPE)
    assert there.assertions == []


def test_a_client_with_a_certificate_of_another_authority_is_refused(
    folder: Path, there: Served, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    Authority(other).give("client")
    strange = {"certificate": other / "client.pem", "private": other / "client.key"}
    with pytest.raises(LinkageError, match=r"127\.0\.0\.1"):
        RestTransport(way(folder, there, **strange), "city").send("n", "a.b.c", SCOPE)
    assert there.assertions == []


def test_files_of_a_link_that_cannot_be_read_are_named(folder: Path, there: Served) -> None:
    with pytest.raises(LinkageError, match="証明書"):
        RestTransport(way(folder, there, ca=folder / "none.pem"), "city")
    with pytest.raises(LinkageError, match="nothing"):
        RestTransport(way(folder, there, secret=folder / "nothing"), "city")
