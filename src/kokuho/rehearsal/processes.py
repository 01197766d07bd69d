"""The processes of a rehearsal: the city's worker and the mesh, killed and started again."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.mesh.rehearsal import Rehearsal
from kokuho.rehearsal.clock import Pace

_ = translator("rehearsal")

STARTING = 300.0
"""Seconds that the mesh may take to answer."""


class KilledError(Exception):
    """The process was killed while it worked."""


@dataclass(frozen=True)
class Done:
    """What a command said.

    Attributes:
        code: exit status.
        out, err: its output.
    """

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The output of ``--json``."""
        return json.loads(self.out)


class Worker:
    """The city's process (:mod:`kokuho.rehearsal.worker`); ``log`` has what it says by itself."""

    def __init__(self, settings: Mapping[str, str], log: Path) -> None:
        self._settings, self.log = dict(settings), log
        self._process: subprocess.Popen[str] | None = None

    def call(self, pace: Pace, words: tuple[str, ...], text: str = "") -> Done:
        """Run a command.

        Raises:
            KilledError: the process ended before it answered.
        """
        process = self._process
        if process is None or process.poll() is not None:
            process = self._process = self._begin()
        asked = {"words": words, "input": text, "pace": pace.as_json()}
        try:
            _pipe(process.stdin).write(json.dumps(asked) + "\n")
            _pipe(process.stdin).flush()
            line = _pipe(process.stdout).readline()
        except OSError:
            line = ""
        if not line.endswith("\n"):
            process.wait()
            raise KilledError
        return Done(**json.loads(line))

    def _begin(self) -> subprocess.Popen[str]:
        with self.log.open("a", encoding="utf-8") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "kokuho.rehearsal.worker", str(self.log.parent)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                encoding="utf-8", env={**os.environ, **self._settings}, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> bool:
        """SIGKILL; whether it ran."""
        return _killed(self._process)

    def close(self) -> None:
        """End it."""
        _killed(self._process)
        if self._process:
            _pipe(self._process.stdin).close()
            _pipe(self._process.stdout).close()


class Mesh:
    """``kokuho mesh serve`` in a process of its own."""

    def __init__(self, rehearsal: Rehearsal, port: int, log: Path) -> None:
        self.rehearsal, self.port, self._log = rehearsal, port, log
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Start it, without waiting for it."""
        command = [
            sys.executable, "-c", "from kokuho.cli import main; main()", "mesh", "serve",
            str(self.rehearsal.folder), "--secrets", str(self.rehearsal.secrets),
            "--port", str(self.port),
        ]  # fmt: skip
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self) -> None:
        """Until it answers.

        Raises:
            LinkageError: it does not.
        """
        folder = self.rehearsal.client("city")
        context = ssl.create_default_context(cafile=folder / "ca.pem")
        context.load_cert_chain(folder / "certificate.pem", folder / "certificate.key")
        until = time.monotonic() + STARTING
        while time.monotonic() < until:
            with (
                suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), 5) as sock,
                context.wrap_socket(sock, server_hostname="127.0.0.1") as made,
            ):
                made.sendall(b"GET /health HTTP/1.0\r\n\r\n")
                if made.recv(20).startswith(b"HTTP/1."):
                    return
            time.sleep(0.1)
        raise LinkageError(_("the mesh does not answer; see {file}").format(file=self._log))

    def kill(self) -> bool:
        """SIGKILL to the server and its worker, and a new one; whether it ran."""
        killed = _killed(self._process)
        self.begin()
        return killed

    def close(self) -> None:
        """Stop it as an operator does."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                _killed(self._process)


def _killed(process: subprocess.Popen[Any] | None) -> bool:
    """Kill a process that leads a group, with the group."""
    if process is None or process.poll() is not None:
        return False
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return True


def _pipe(one: IO[str] | None) -> IO[str]:
    assert one is not None
    return one


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
