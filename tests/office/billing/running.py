"""Billing runs in a process that may be killed: ``python -m tests.office.billing.running``.

``INSURER run YEAR`` or ``INSURER changes``; a few households in one piece, so that there are many.
"""

from __future__ import annotations

import sys
from datetime import date


def main() -> None:
    from kokuho.office.start import start

    start()
    from kokuho.office.billing import runs

    runs.AT_ONCE = 2
    insurer, what, *more = sys.argv[1:]
    if what == "changes":
        runs.bill_changes(insurer, runs.Wish(date(2026, 10, 20)), actor="試験")
    else:
        runs.bill_year(insurer, int(more[0]), runs.Wish(date(2026, 7, 15)), actor="試験")


if __name__ == "__main__":
    main()
