"""The mesh as a server: gunicorn with one worker and threads, and mutual TLS."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any

from gunicorn import http
from gunicorn.app.base import BaseApplication
from gunicorn.http.errors import NoMoreData
from gunicorn.workers.gthread import TConn, ThreadWorker

from kokuho.mesh import tls
from kokuho.mesh.rehearsal import Rehearsal

THREADS = 8
_PARTING = 1.0
"""Seconds for a client that was refused to go."""


class Connection(TConn):  # type: ignore[misc]
    """A connection whose handshake, where it is refused, is logged with the reason."""

    initialized: bool
    sock: Any

    def init(self) -> None:
        """The handshake, in a thread of the worker."""
        if self.initialized:
            return
        self.initialized = True
        from kokuho.mesh.serving import service

        held = service()
        try:
            self.sock.settimeout(tls.PATIENCE)
            self.sock = tls.context(held.rehearsal).wrap_socket(
                self.sock, server_side=True, do_handshake_on_connect=False
            )
            self.sock.do_handshake()
        except (ssl.SSLEOFError, ConnectionError):
            raise NoMoreData from None  # the other side went away: nothing was refused
        except OSError as error:
            self._hang_up()
            held.journal.event("handshake_refused", tls.reason_of(error), datetime.now(UTC))
            raise NoMoreData from None
        self.sock.setblocking(True)
        self.parser = http.get_parser(self.cfg, self.sock, self.client)

    def _hang_up(self) -> None:
        """Close after the alert was read; left to gunicorn, its main loop would wait for that."""
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_WR)
            self.sock.settimeout(_PARTING)
            self.sock.recv(4096)
        self.sock.close()


class Worker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's worker with threads, with our connections."""

    def accept(self, listener: Any) -> None:
        """As gunicorn's own, but for the kind of connection."""
        try:
            sock, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        self.enqueue_req(Connection(self.cfg, sock, address, listener.getsockname()))


class Mesh(BaseApplication):  # type: ignore[misc]
    """Gunicorn, configured by us alone: no file and no command line of its own."""

    def __init__(self, rehearsal: Rehearsal, host: str, port: int) -> None:
        self.options = {
            "bind": f"{host}:{port}",
            "workers": 1,
            "threads": THREADS,
            "worker_class": Worker,
            "preload_app": False,
            "certfile": str(rehearsal.server / "certificate.pem"),
            "keyfile": str(rehearsal.server / "certificate.key"),
            "timeout": 120,
            "graceful_timeout": 10,
            "keepalive": 5,
            "accesslog": None,
            "loglevel": "warning",
            "proc_name": "kokuho-mesh",
        }
        self.stop = threading.Event()
        super().__init__()

    def load_config(self) -> None:
        """Take the options."""
        for name, value in self.options.items():
            self.cfg.set(name, value)
        self.cfg.set("worker_exit", lambda _arbiter, _worker: self.stop.set())

    def load(self) -> Any:
        """The application; called in the worker."""
        from django.core.wsgi import get_wsgi_application

        from kokuho.mesh.serving import service

        tending = partial(service().tend, self.stop)
        threading.Thread(target=tending, name="tending", daemon=True).start()
        return get_wsgi_application()


def serve(rehearsal: Rehearsal, host: str, port: int) -> None:
    """Serve until somebody stops it (SIGINT, SIGTERM)."""
    os.environ["KOKUHO_MESH"] = str(rehearsal.folder)
    os.environ["KOKUHO_MESH_KEYS"] = str(rehearsal.secrets)
    os.environ["DJANGO_SETTINGS_MODULE"] = "kokuho.mesh.settings"
    Mesh(rehearsal, host, port).run()
