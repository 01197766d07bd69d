"""Prints the levy notices of a fictional city and says how fast, and with how much memory.

``python benchmarks/printing.py --persons 24000 --workers 2 --out DIR``; the figures in
docs/performance.md come from it. A database that is in DIR already is used as it is.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from datetime import date
from pathlib import Path

INSURER, YEAR, DAY = "992011", 2026, date(2026, 7, 15)
SENDER = 'insurer_code: "992011"\noffice: 国保年金課\ntelephone: 000-000-0000\nresidence: {}\n'


def main() -> None:
    """Fill a database, print, and write what it took as JSON."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--persons", type=int, default=24_000)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--per-file", type=int, default=50)
    asked.add_argument("--out", type=Path, required=True)
    given = asked.parse_args()
    database = given.out / "kokuho.db"
    if database.exists():
        from kokuho.office.start import start

        os.environ["KOKUHO_DATABASE"] = f"sqlite:///{database}"
        start()
    else:
        from kokuho.office import demo

        demo.PERSONS = given.persons
        demo.fill(given.out, 7, YEAR, print)
    from kokuho.office.printing.batch import Order, print_batch
    from kokuho.office.printing.kinds import Asked
    from kokuho.office.printing.sender import load_office

    slots = given.out / "sender.yaml"
    slots.write_text(SENDER, "utf-8")
    began = time.monotonic()
    run = print_batch(
        Order(
            insurer=INSURER,
            name=f"benchmark-{time.time_ns()}",
            asked=Asked("levy", YEAR),
            issued_on=DAY,
            office=load_office(slots, INSURER),
            folder=given.out / "levy",
            actor="benchmark",
            per_file=given.per_file,
            workers=given.workers,
        )
    )
    seconds = time.monotonic() - began
    papers, pages = run.counts["papers"], run.counts["pages"]
    size = sum(path.stat().st_size for path in (given.out / "levy").glob("*.pdf"))
    peak = {
        "parent": _peak(),
        "typesetter": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    }
    print(json.dumps({
        "papers": papers, "pages": pages, "seconds": round(seconds, 1),
        "pages_per_second": round(pages / seconds, 1), "peak_mib": peak,
        "files": run.cursor["files"], "mib": size >> 20, "workers": given.workers,
    }))  # fmt: skip


def _peak() -> int:
    """The most memory of this process in MiB, without what the one that started it had used."""
    status = Path("/proc/self/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


if __name__ == "__main__":
    main()
