"""The process of one batch that a page started: a ticket (JSON) comes in on standard input."""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Print the batch; why it does not go on stands in the record of its run."""
    from kokuho.base.errors import KokuhoError
    from kokuho.office.start import start

    start()
    from kokuho.office.jobs import runs
    from kokuho.office.printing.batch import KIND, print_batch
    from kokuho.office.printing.desk import order_of

    ticket = json.load(sys.stdin.buffer)
    try:
        print_batch(order_of(ticket))
    except KokuhoError as error:
        # what fails before the run is looked at is noted here, the rest by the batch itself
        runs.failed(ticket["insurer"], KIND, ticket["name"], error)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
