"""Serving: refused in clear words where something is missing; nothing heavy before the worker."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

KOKUHO = Path(sys.executable).with_name("kokuho")


def run(*command: object, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "KOKUHO_DATABASE": f"sqlite:///{folder}/k.db",
        "KOKUHO_LANG": "en",
        **more,
    }
    return subprocess.run(
        list(map(str, command)), env=environment, capture_output=True, text=True, check=False
    )


def test_the_parent_of_the_worker_never_imports_polars(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "import kokuho.office.web.server\n"
        "print([name for name in ('polars', 'django') if name in sys.modules])"
    )
    assert run(sys.executable, "-c", code, folder=tmp_path).stdout.strip() == "[]"


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run(KOKUHO, "serve", "--port", port, folder=tmp_path)
    assert done.returncode == 2
    assert str(port) in done.stderr


def test_a_user_needs_an_insurer_that_is_known(tmp_path: Path) -> None:
    done = run(KOKUHO, "user", "add", "clerk", "--insurer", "992011", "--password-stdin",
               folder=tmp_path)  # fmt: skip
    assert done.returncode == 2
    assert "992011" in done.stderr
