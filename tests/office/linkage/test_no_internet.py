"""Office, mesh and commands as they run open no connection but those that are configured.

Python tells an audit hook of each socket that is bound or connected and of each name that is looked
up, in every process. Libraries that open sockets by themselves, past Python, would not be seen;
none of those that are used does, and the network of the place forbids it besides.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from kokuho.mesh.founding import Wanted, make
from kokuho.office.register import insurers
from tests.mesh.serving import free_port, served
from tests.office.arrears.town import INSURER
from tests.office.conftest import Store
from tests.office.linkage.city import both_approve, look, officer, open_city

KOKUHO = Path(sys.executable).with_name("kokuho")
HOOK = """
import json, os, sys
_FD = os.open(os.environ["TEST_SOCKETS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
_EVENTS = ("socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg",
           "socket.getaddrinfo", "socket.gethostbyname")
def _hook(event, given):
    if event in _EVENTS:
        line = [event, *(list(one) if isinstance(one, tuple) else one for one in given
                         if isinstance(one, (str, int, tuple, type(None))))]
        os.write(_FD, (json.dumps(line) + "\\n").encode())
sys.addaudithook(_hook)
"""


@pytest.fixture
def sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where every process that is started from now on says which sockets it opens."""
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "hook"))
    monkeypatch.setenv("TEST_SOCKETS", str(tmp_path / "sockets"))
    return tmp_path / "sockets"


def seen(sockets: Path) -> Iterator[tuple[str, str, int]]:
    """Event, host and port; what has no port stays on this machine (a path of the file system)."""
    for line in sockets.read_text(encoding="utf-8").splitlines():
        event, *given = json.loads(line)
        for one in given:
            if isinstance(one, list):
                yield event, str(one[0]), int(one[1])
        if event == "socket.getaddrinfo":
            yield event, str(given[0]), int(given[1] or 0)


def run(*words: str) -> None:
    subprocess.run([str(KOKUHO), *words], check=True, capture_output=True)


@pytest.mark.slow
def test_nothing_is_opened_but_what_is_configured(
    sqlite: Store, sockets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_city()
    insurers.add(INSURER, "架空市", "架空県", "139998")
    officer("kakari")
    both_approve(look().ordinary)
    monkeypatch.setenv("KOKUHO_DATABASE", sqlite.url)
    mesh_port, office_port = free_port(), free_port()
    made = make(tmp_path / "mesh", Wanted(port=mesh_port))
    city = ("--insurer", INSURER, "--user", "kakari", "--link",
            str(made.client("city") / "link.yaml"))  # fmt: skip
    agency = ("--link", str(made.client("immigration") / "link.yaml"))
    with served(made, mesh_port):
        for word in ("send", "reconcile"):
            run("linkage", word, *city)
        run("linkage", "codes", "1078", "--municipality", "139998", *agency)
    office = subprocess.Popen(
        [str(KOKUHO), "serve", "--port", str(office_port)], stdout=subprocess.DEVNULL
    )
    try:
        assert _sign_in(office_port) == 200
    finally:
        office.send_signal(signal.SIGTERM)
        office.wait()
    found = set(seen(sockets))
    assert ("socket.bind", "127.0.0.1", mesh_port) in found
    assert ("socket.bind", "127.0.0.1", office_port) in found
    assert ("socket.connect", "127.0.0.1", mesh_port) in found
    strange = {
        one for one in found if (one[1], one[2]) not in {("127.0.0.1", mesh_port),
                                                        ("127.0.0.1", office_port)}
    }  # fmt: skip
    assert strange == set()


def _sign_in(port: int) -> int:
    until = time.monotonic() + 60
    while True:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/sign-in")
            return connection.getresponse().status
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        finally:
            connection.close()


def test_the_hook_sees_a_connection_to_elsewhere(sockets: Path) -> None:
    code = "import socket; s = socket.socket(); s.settimeout(0.01); s.connect_ex(('192.0.2.1', 9))"
    subprocess.run([sys.executable, "-c", code], check=True, env=dict(os.environ))
    assert ("socket.connect", "192.0.2.1", 9) in set(seen(sockets))
