"""An import that is killed at any moment leaves nothing half done, and goes on when asked again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone

from kokuho.office.jobs.models import Run, Staged
from kokuho.office.register import insurers
from kokuho.office.register.models import Identity, Recording, Residence, Resident
from kokuho.office.tenancy import seeing
from tests.office.conftest import Store
from tests.office.test_imports import resident, write

KILLS = int(os.environ.get("KOKUHO_KILLS", "5"))
ROWS = 5_000  # three pieces
FULL = (ROWS, ROWS, ROWS)


@pytest.mark.slow
def test_a_killed_import_leaves_nothing_half_done_and_is_done_when_asked_again(
    store: Store, tmp_path: Path
) -> None:
    """Each insurer's file is killed until one import was quicker; then the next insurer's turn."""
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    files: list[tuple[str, Path]] = []
    for kill in range(KILLS):
        if not files or counted(files[-1][0]) == FULL:
            files.append(another_file(tmp_path, len(files)))
        code, path = files[-1]
        asked = timezone.now()
        process = subprocess.Popen(
            importing(path), env=os.environ | {"KOKUHO_DATABASE": store.url},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        while process.poll() is None and not begun(code, asked):
            time.sleep(0.01)
        time.sleep(dice.random() * 2.5)
        process.send_signal(signal.SIGKILL)
        assert process.communicate()[1] == ""
        assert counted(code) in ((0, 0, 0), FULL), f"seed {seed}, kill {kill}"
    for code, path in files:
        environment = os.environ | {"KOKUHO_DATABASE": store.url}
        subprocess.run(importing(path), env=environment, check=True, stdout=subprocess.DEVNULL)
        assert counted(code) == FULL
        with seeing([code]):
            assert Run.objects.get().state == Run.State.DONE
            assert Recording.objects.count() == 1
            assert not Staged.objects.exists()


def importing(path: Path) -> list[str]:
    code = "from kokuho.cli import main; main()"
    return [sys.executable, "-c", code, "import", "residents", str(path)]


def another_file(folder: Path, number: int) -> tuple[str, Path]:
    code = f"98{number:04d}"
    insurers.add(code, "架空市", "架空県", "")
    connections.close_all()
    rows = [resident(str(row), insurer_code=code) for row in range(ROWS)]
    return code, write(folder / f"{code}.csv", rows)


def begun(code: str, asked: datetime) -> bool:
    """Whether the process that was started then is about to write."""
    with seeing([code]):
        return Run.objects.filter(updated_at__gt=asked).exists()


def counted(code: str) -> tuple[int, int, int]:
    with seeing([code]):
        return Resident.objects.count(), Identity.objects.count(), Residence.objects.count()
