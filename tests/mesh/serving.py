"""A mesh that is served, as its users start it, and clients over real TLS."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from kokuho.mesh.rehearsal import Rehearsal

PATIENCE = 60


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """A server that runs.

    Attributes:
        rehearsal: which.
        port: where it listens on this machine.
        process: of the server.
    """

    rehearsal: Rehearsal
    port: int
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """The server and its worker, as if the power failed."""
        number = self.process.pid
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        for one in (number, *map(int, children)):
            os.kill(one, signal.SIGKILL)
        self.process.wait()

    def context(self, folder: Path | None, **other: Any) -> ssl.SSLContext:
        made = ssl.create_default_context(cafile=self.rehearsal.authority / "ca.pem")
        if folder is not None:
            made.load_cert_chain(folder / "certificate.pem", folder / "certificate.key")
        for name, value in other.items():
            setattr(made, name, value)
        return made

    def call(
        self,
        who: str | Path | None,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        context: ssl.SSLContext | None = None,
    ) -> Answered:
        folder = self.rehearsal.client(who) if isinstance(who, str) else who
        context = context or self.context(folder)
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, context=context, timeout=20
        )
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return Answered(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def form(self, who: str, path: str, fields: Mapping[str, str], **headers: str) -> Answered:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.call(who, "POST", path, urlencode(fields).encode(), kind | headers)

    def secret(self, who: str) -> str:
        return (self.rehearsal.client(who) / "secret").read_text(encoding="ascii")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(rehearsal: Rehearsal, port: int = 0) -> Iterator[Served]:
    """``kokuho mesh serve`` on loopback, at a port that is free unless one is stated."""
    port = port or free_port()
    command = [
        str(Path(sys.executable).with_name("kokuho")), "mesh", "serve", str(rehearsal.folder),
        "--secrets", str(rehearsal.secrets), "--port", str(port),
    ]  # fmt: skip
    with subprocess.Popen(command) as process:
        try:
            server = Served(rehearsal, port, process)
            _wait(process, server)
            yield server
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], server: Served) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, "the server stopped"
        try:
            server.call("city", "GET", "/health")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")
