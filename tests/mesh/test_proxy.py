"""The damaging proxy, between real TLS on both sides."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from kokuho.base.errors import LinkageError
from kokuho.linkage.exchange import Party, ask, open_answer, party_of, read_answer
from kokuho.linkage.link import Link, Rest, load_link
from kokuho.linkage.messages.bodies import Body, Echo, RefusedBody
from kokuho.linkage.rest import RestTransport
from kokuho.mesh.proxy import PASS, Proxy
from kokuho.mesh.rehearsal import Rehearsal
from kokuho.mesh.service import Service
from tests.mesh.clients import CITY
from tests.mesh.serving import Served, served

SCOPE = "mesh:echo:read"


@contextmanager
def proxied(server: Served, **faults: str) -> Iterator[tuple[Proxy, Callable[[], Body | None]]]:
    """A proxy with faults by the number of the city's message, and an echo through it.

    The first message of the city asks for its token.
    """
    proxy = Proxy(server.rehearsal, server.port, lambda _who, n: faults.get(f"m{n}", PASS))
    link: Link = load_link(server.rehearsal.client(CITY) / "link.yaml")
    assert isinstance(link.transport, Rest)
    url = f"https://127.0.0.1:{proxy.port}"
    way = RestTransport(link.transport.model_copy(update={"url": url}), link.client)
    party: Party = party_of(link)

    def echo() -> Body | None:
        question = ask(party, way, "echo", Echo())
        try:
            sealed = way.send("", question.sealed, SCOPE)
        except LinkageError:
            return None
        assert sealed is not None
        return read_answer(open_answer(party, way, sealed, "echo"), question.number)

    try:
        yield proxy, echo
    finally:
        proxy.close()


def outcomes(rehearsal: Rehearsal) -> list[str]:
    rows = (
        Service.of(rehearsal)
        .database.connection()
        .execute(
            "SELECT json_extract(record, '$.outcome') FROM log WHERE "
            "json_extract(record, '$.direction') = 'in' ORDER BY number"
        )
    )
    return [outcome for (outcome,) in rows]


@pytest.mark.slow
def test_each_fault_does_what_it_says_and_bindings_hold_through_it(rehearsal: Rehearsal) -> None:
    faults = {
        "m3": "drop_question", "m4": "drop_answer", "m5": "double", "m6": "second_answer",
        "m7": "late",
    }  # fmt: skip
    with served(rehearsal) as server, proxied(server, **faults) as (proxy, echo):
        assert echo() == Echo()
        assert echo() is None
        assert echo() is None
        assert outcomes(rehearsal) == ["taken", "taken"]
        assert echo() == Echo()
        assert outcomes(rehearsal)[2:] == ["taken", "replayed"]
        assert echo() == RefusedBody(code="replayed")
        assert echo() is None
        before = len(outcomes(rehearsal))
        assert echo() == Echo()
        assert echo() == Echo()
        assert len(outcomes(rehearsal)) == before + 3
        assert proxy.seen.faults == dict.fromkeys(faults.values(), 1)
        assert proxy.seen.messages == {CITY: 9}
        _refuses_strangers(proxy, rehearsal)


def _refuses_strangers(proxy: Proxy, rehearsal: Rehearsal) -> None:
    context = ssl.create_default_context(cafile=rehearsal.authority / "ca.pem")
    with (
        socket.create_connection(("127.0.0.1", proxy.port), 5) as sock,
        pytest.raises(ssl.SSLError, match="CERTIFICATE_REQUIRED"),
        context.wrap_socket(sock, server_hostname="127.0.0.1") as made,
    ):
        made.recv(1)
