"""A proxy that does damage between clients and mesh (障害を起こす中継): for rehearsals alone.

It ends TLS with what the rehearsal's own authority issued, on both sides: towards a client it is
the mesh (it has the mesh's certificate), towards the mesh it is that client (it has the certificate
that the client showed). So the binding of messages and tokens to certificates holds as if it were
not there, and nothing is switched off for it. It needs the keys of a marked rehearsal folder, and
works in no other place.
"""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding

from kokuho.linkage.messages import LARGEST, fingerprint
from kokuho.mesh import tls
from kokuho.mesh.founding import certificate_of
from kokuho.mesh.rehearsal import Rehearsal

FAULTS = (
    "drop_question", "drop_answer", "double", "second_answer", "delay", "late", "reorder",
)  # fmt: skip
"""What happens to a message: it is lost on the way there, its answer is lost on the way back, it
arrives twice (and the first or the second answer comes back), it waits, it arrives long after its
sender gave it up and sent newer ones, or another one overtakes it."""

PASS = "pass"
DELAY = 0.4
"""Seconds that a message waits."""
OVERTAKEN = 1.5
"""Seconds that a message lets another one go first."""
NEWER = 2
"""Messages of the same client that a late one lets go first."""
PATIENCE = 60.0

Decide = Callable[[str, int], str]
"""The fault of a client's message by its number, from 1; :data:`PASS` for none."""
Watch = Callable[[str, str], object]
"""Told at ``question``, ``forwarded`` and ``answer`` of each message, with the client."""


@dataclass
class Seen:
    """What the proxy did.

    Attributes:
        messages: by client.
        faults: by kind, as they happened.
        unreachable: messages that found no mesh.
    """

    messages: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    unreachable: int = 0


@dataclass(frozen=True)
class _Request:
    client: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class _Answer:
    status: int
    kind: str
    body: bytes


class Proxy:
    """The proxy of a rehearsal, in threads of this process."""

    def __init__(
        self,
        rehearsal: Rehearsal,
        mesh_port: int,
        decide: Decide,
        watch: Watch | None = None,
        port: int = 0,
    ) -> None:
        self.seen = Seen()
        self._port, self._decide, self._watch = mesh_port, decide, watch or (lambda *_one: None)
        self._front = tls.context(rehearsal)
        self._clients: dict[str, tuple[str, ssl.SSLContext]] = {}
        for name in rehearsal.organisations.by_id:
            folder = rehearsal.client(name)
            own = fingerprint(certificate_of(folder).public_bytes(Encoding.DER))
            context = ssl.create_default_context(cafile=folder / "ca.pem")
            context.load_cert_chain(folder / "certificate.pem", folder / "certificate.key")
            self._clients[own] = name, context
        self._contexts = dict(self._clients.values())
        self._passed = threading.Condition()
        self._gone = 0
        self._late: list[tuple[int, _Request]] = []
        self._server = _Server(("127.0.0.1", port), self)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True).start()

    def close(self) -> None:
        """Stop taking connections."""
        self._server.shutdown()
        self._server.server_close()

    def flush(self) -> int:
        """Deliver what still waits to arrive late; how many."""
        with self._passed:
            waiting, self._late = self._late, []
        for _due, request in waiting:
            self._deliver_late(request)
        return len(waiting)

    def client_of(self, certificate: bytes | None) -> str:
        """Whose certificate it is."""
        return self._clients[fingerprint(certificate or b"")][0]

    def take(self, request: _Request) -> _Answer | None:
        """The answer that goes back to the client; ``None`` for none: the connection ends."""
        with self._passed:
            self.seen.messages[request.client] += 1
            number = self.seen.messages[request.client]
        fault = self._decide(request.client, number)
        self._watch("question", request.client)
        if fault == "drop_question":
            self._count(fault)
            return None
        if fault == "late":
            with self._passed:
                self._late.append((number + NEWER, request))
            return None
        if fault == "delay":
            time.sleep(DELAY)
            self._count(fault)
        if fault == "reorder":
            self._let_another_pass()
        try:
            answer = self._forward(request)
            if fault in ("double", "second_answer"):
                self._count(fault)
                second = self._forward(request)
                answer = second if fault == "second_answer" else answer
        except (OSError, http.client.HTTPException):
            self.seen.unreachable += 1
            return None
        self._watch("answer", request.client)
        for due in self._due(request.client, number):
            self._deliver_late(due)
        if fault == "drop_answer":
            self._count(fault)
            return None
        return answer

    def _count(self, fault: str) -> None:
        with self._passed:
            self.seen.faults[fault] += 1

    def _let_another_pass(self) -> None:
        """Wait until another message has gone by; where none comes it is a mere delay."""
        with self._passed:
            before = self._gone
            overtaken = self._passed.wait_for(lambda: self._gone > before, OVERTAKEN)
        self._count("reorder" if overtaken else "delay")

    def _forward(self, request: _Request) -> _Answer:
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self._port, timeout=PATIENCE, context=self._contexts[request.client]
        )
        try:
            connection.request("POST", request.path, request.body, request.headers)
            self._watch("forwarded", request.client)
            answer = connection.getresponse()
            found = _Answer(
                answer.status, answer.getheader("Content-Type", ""), answer.read(LARGEST + 1)
            )
        finally:
            connection.close()
        with self._passed:
            self._gone += 1
            self._passed.notify_all()
        return found

    def _due(self, client: str, number: int) -> list[_Request]:
        """The late messages of a client that were overtaken often enough."""
        with self._passed:
            due = [one for at, one in self._late if one.client == client and at <= number]
            self._late = [(at, one) for at, one in self._late if one not in due]
        return due

    def _deliver_late(self, request: _Request) -> None:
        try:
            self._forward(request)
            self._count("late")
        except (OSError, http.client.HTTPException):
            self.seen.unreachable += 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], proxy: Proxy) -> None:
        self.proxy = proxy
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away, or showed no certificate of the rehearsal, ends its thread."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = PATIENCE

    def setup(self) -> None:
        self.request.settimeout(tls.PATIENCE)
        self.request = self.server.proxy._front.wrap_socket(self.request, server_side=True)
        super().setup()
        self.client = self.server.proxy.client_of(self.request.getpeercert(binary_form=True))

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length", "0")), LARGEST + 1)
        kept = {
            name: value for name in ("Content-Type", "Authorization")
            if (value := self.headers.get(name))
        }  # fmt: skip
        request = _Request(self.client, self.path, kept, self.rfile.read(length))
        answer = self.server.proxy.take(request)
        self.close_connection = True
        if answer is None:
            return
        with suppress(OSError):  # a client that was killed meanwhile
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""
