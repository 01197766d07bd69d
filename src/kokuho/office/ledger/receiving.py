"""Posting receipts (収納): in their recorded order, previewed first, some thousand at a time."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from kokuho.ledger import DEMANDS, RECEIVED, ReceiptRun, Voucher, receive
from kokuho.office.jobs import runs
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger import books as store
from kokuho.office.ledger.books import Books, keep, lock, open_books
from kokuho.office.ledger.models import Claim, Receipt, ReceiptFile
from kokuho.office.ledger.rows import among, read
from kokuho.office.ledger.rules import rules_on
from kokuho.office.ledger.running import counts
from kokuho.office.tenancy import seeing

KIND = "ledger receipts"
AT_ONCE = 100_000
"""Receipts in one transaction."""

_RECORDED: dict[str, Any] = {
    "line": pl.Int64(),
    "insurer_code": pl.String(),
    "household_id": pl.String(),
    "demand_id": pl.String(),
    "amount": pl.Int64(),
    "value_on": pl.Date(),
    "payer": pl.String(),
    "reference": pl.String(),
}


def books_of(insurer: str, receipts: pl.DataFrame) -> Books:
    """The books of all households that some receipts may touch."""
    where, values = among("demand_id", receipts["demand_id"])
    named = read(Claim, {"household_id": pl.String()}, insurer, where, values)
    return open_books(insurer, pl.concat([receipts["household_id"], named["household_id"]]))


def allocate(insurer: str, books: Books, receipts: pl.DataFrame, voucher: Voucher) -> ReceiptRun:
    """What becomes of receipts, computed and not stored."""
    return receive(
        books.claims.select(*DEMANDS),
        books.entries,
        receipts,
        voucher,
        rules_on(insurer, voucher.posted_on),
        deferrals=books.reliefs,
    )


def preview(insurer: str, receipts: pl.DataFrame, posted_on: date) -> ReceiptRun:
    """What would become of receipts that are not recorded yet, inside ``seeing``.

    Receipts that were recorded and not posted yet count before them.

    Raises:
        LedgerError: what posting them would be refused for.
    """
    waiting = [_read(insurer, number, after) for number, after in _left(insurer)]
    everything = pl.concat([*(one.select(*RECEIVED) for one in waiting),
                            receipts.select(*RECEIVED)])  # fmt: skip
    voucher = store.voucher(insurer, posted_on, "")
    return allocate(insurer, books_of(insurer, everything), everything, voucher)


def post_receipts(
    insurer: str,
    *,
    posted_on: date,
    actor: str,
    progress: Progress | None = None,
    at_once: int = AT_ONCE,
) -> list[Run]:
    """Post all receipts that were recorded and not posted, file by file in the recorded order.

    Killed at any moment, the same call goes on with the first that is not posted.

    Raises:
        LedgerError: the ledger refuses a piece, as where a year must be closed first; the receipts
            stay recorded, and are posted when it is asked for again.
    """

    def step(run: Run) -> bool:
        lock(insurer)
        number, after = int(run.key), run.cursor.get("line", 0)
        some = _read(insurer, number, after, at_once)
        if some.height:
            voucher = store.voucher(insurer, posted_on, f"receipts {number}")
            books = books_of(insurer, some)
            new = allocate(insurer, books, some.drop("line"), voucher).entries
            keep(books, new, voucher, "receipts", f"{number} {voucher.number}", actor)
            run.cursor = {"line": some["line"][-1]}
            run.count(receipts=some.height, amount=int(some["amount"].sum()), **counts(new))
        return some.height == at_once

    done = []
    with seeing([insurer]):
        files = [number for number, _after in _left(insurer)]
        totals = dict(ReceiptFile.objects.values_list("number", "rows"))
    for number in files:
        # a run that failed goes on where it was
        run = runs.work(insurer, KIND, str(number), _totalled(step, totals[number]), actor=actor,
                        progress=progress)  # fmt: skip
        done.append(run)
        if run.state != Run.State.DONE:
            break
    return done


def _totalled(step: runs.Step, total: int) -> runs.Step:
    def told(run: Run) -> bool:
        run.total = total
        return step(run)

    return told


def _left(insurer: str) -> list[tuple[int, int]]:
    """The files that are not posted to their end, in order, and the last line that was."""
    state = {
        int(run.key): (run.state, run.cursor.get("line", 0))
        for run in Run.objects.filter(insurer_id=insurer, kind=KIND)
    }
    numbers = ReceiptFile.objects.filter(insurer_id=insurer).order_by("number")
    found = []
    for number in numbers.values_list("number", flat=True):
        what, line = state.get(number, (Run.State.RUNNING, 0))
        if what != Run.State.DONE:
            found.append((number, line))
    return found


def _read(insurer: str, number: int, after: int, limit: int | None = None) -> pl.DataFrame:
    order = "line" if limit is None else f"line LIMIT {int(limit)}"
    where, values = "file_number = %s AND line > %s", [number, after]
    return read(Receipt, _RECORDED, insurer, where, values, order).rename({"reference": "source"})
