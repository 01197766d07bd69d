"""A batch killed at random moments: every paper is there once, and the list adds up."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connections

from tests.office.conftest import Store
from tests.office.people import add_insurer
from tests.office.printing.town import billed, household, planned, printed, telling, text_of

KILLS = int(os.environ.get("KOKUHO_KILLS", "2"))


def start(store: Store, folder: Path) -> subprocess.Popen[str]:
    connections.close_all()
    return subprocess.Popen(
        [sys.executable, "-m", "tests.office.printing.running", str(folder)],
        env=os.environ | {"KOKUHO_DATABASE": store.url},
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_a_killed_batch_ends_with_every_paper_once(store: Store, tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    add_insurer()
    with telling() as told:
        for number in range(1, 5 + 2 * KILLS):
            household(told, number, f"999-{number % 3:04d}")
    billed()
    for _kill in range(KILLS):
        process = start(store, tmp_path)
        before = len(printed())
        while process.poll() is None and len(printed()) == before:
            time.sleep(0.05)
        time.sleep(dice.random() * 0.3)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    last = start(store, tmp_path)
    said = last.communicate()[1]
    assert last.returncode == 0, said
    papers = printed()
    assert len({paper.reference for paper in papers}) == len(papers) == 4 + 2 * KILLS
    out = tmp_path / "out"
    assert len(list(out.glob("levy-*.pdf"))) == len(papers), f"seed {seed}"
    for row, paper in zip(planned(), sorted(papers, key=lambda one: one.place), strict=True):
        pages = text_of(out / f"levy-{row.file:04d}.pdf")
        assert len(pages) == paper.pages
        assert f"架空{row.payer.address_number}様" in pages[0]
    assert (out / "control.csv").exists()
