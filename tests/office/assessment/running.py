"""Assessment runs in a process that may be killed: ``python -m tests.office.assessment.running``.

``INSURER run YEAR`` or ``INSURER changes``; a few households in one piece, so that there are many.
"""

from __future__ import annotations

import sys
from datetime import date


def main() -> None:
    from kokuho.office.start import start

    start()
    from kokuho.office.assessment import changes, yearly
    from tests.office.assessment.town import ordinance

    yearly.AT_ONCE = 2
    insurer, what, *more = sys.argv[1:]
    own = ordinance(code=insurer)
    if what == "changes":
        changes.assess_changes(insurer, decided_on=date(2026, 11, 25), actor="試験")
    else:
        wish = yearly.Wish(own.year(int(more[0])), decided_on=date(2026, 7, 15))
        yearly.assess_year(insurer, int(more[0]), wish, actor="試験")


if __name__ == "__main__":
    main()
