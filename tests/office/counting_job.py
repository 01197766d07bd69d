"""A job for the tests: writes the numbers 0 to N-1 as residents, three at a time, slowly.

``python -m tests.office.counting_job INSURER N`` in a process that may be killed.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kokuho.office.jobs.runs import Run, Step


def step_to(total: int, pause: float = 0.0) -> Step:
    from kokuho.office.register.models import Resident

    def step(run: Run) -> bool:
        start = run.cursor.get("next", 0)
        numbers = range(start, min(start + 3, total))
        for number in numbers:
            Resident.objects.create(insurer_id=run.insurer_id, address_number=str(number))
            time.sleep(pause)
        run.cursor = {"next": numbers.stop}
        run.count(written=len(numbers))
        run.total = total
        return numbers.stop < total

    return step


def main() -> None:
    from kokuho.office.start import start

    start()
    from kokuho.office.jobs.runs import work

    work(sys.argv[1], "count", "all", step_to(int(sys.argv[2]), 0.004), actor="試験")


if __name__ == "__main__":
    main()
