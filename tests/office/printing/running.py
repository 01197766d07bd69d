"""Batches in a process that may be killed: ``python -m tests.office.printing.running FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    from kokuho.office.start import start

    start()
    from tests.office.printing.town import run

    run(Path(sys.argv[1]), per_file=1, workers=2)


if __name__ == "__main__":
    main()
