"""Install the Debian packages of ``system-packages.txt`` that are missing, where we are root.

Run by ``make test`` and ``make system``. Elsewhere it names them in one line and goes on: a test
that needs one is skipped with that line, and fails where ``KOKUHO_REQUIRE_ALL=1``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

LIST = Path(__file__).with_name("system-packages.txt")


def wanted() -> dict[str, str]:
    """Package and what shows that it is there: a command, or a path that may have ``*`` in it."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return {package: command for package, command, *_what in words}


def missing() -> list[str]:
    """The packages whose command is not there."""
    return [package for package, command in wanted().items() if not _there(command)]


def _there(command: str) -> bool:
    if command.startswith("/"):
        return any(Path("/").glob(command.removeprefix("/")))
    return shutil.which(command) is not None


def main() -> int:
    """Install what is missing; 0 unless the package manager itself fails."""
    packages = missing()
    if not packages:
        return 0
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print("Some tests need: sudo apt-get install --no-install-recommends", *packages)
        return 0
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    print("installing", *packages, flush=True)
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", "-qq", *command], env=environment, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode != 0:
            print("apt-get", *command, "failed (see above)", file=sys.stderr)
            return done.returncode
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
