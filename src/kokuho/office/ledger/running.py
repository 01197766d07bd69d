"""Posting runs: pieces of work in short transactions, each posted once whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl

from kokuho.ledger import Voucher
from kokuho.office.jobs import runs
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger import books as store
from kokuho.office.ledger.books import Books, keep, lock, open_books

AT_ONCE = 20_000
"""Households in one transaction."""

Make = Callable[[Books, Voucher], pl.DataFrame]
"""The new entries for some books, from a voucher on."""

MakeSome = Callable[[Books, Voucher, pl.Series], pl.DataFrame]
"""The same for the books of some households, whose numbers are given too."""


def once(
    insurer: str,
    kind: str,
    key: str,
    opened: Callable[[], Books],
    make: Make,
    *,
    posted_on: date,
    source: str,
    actor: str,
) -> Run:
    """Post one piece of work in one transaction; asked again for the same key, it is done already.

    Args:
        insurer: the code of the insurer.
        kind, key: which piece of work.
        opened: opens the books that it touches.
        make: makes the entries.
        posted_on, source: of the journals.
        actor: who asked for it.

    Raises:
        LedgerError: the ledger refuses it; nothing is left of it but the record of the run.
    """

    def step(run: Run) -> bool:
        lock(insurer)
        voucher = store.voucher(insurer, posted_on, source)
        books = opened()
        new = make(books, voucher)
        keep(books, new, voucher, kind, key, actor)
        run.count(**counts(new))
        return False

    return runs.work(insurer, f"ledger {kind}", key, step, actor=actor)


def by_households(
    insurer: str,
    kind: str,
    key: str,
    households: Callable[[], pl.Series],
    make: MakeSome,
    *,
    posted_on: date,
    source: str,
    actor: str,
    progress: Progress | None = None,
    at_once: int = AT_ONCE,
) -> Run:
    """Post for many households, some thousand in each transaction, in the order of their numbers.

    ``make`` gives nothing for a household that is done, so that the run may begin anew at any time:
    after a kill it does what is left.

    Raises:
        LedgerError: the ledger refuses a piece; the pieces before it stay.
    """
    runs.begin(insurer, f"ledger {kind}", key, actor, anew=True)
    listed: pl.Series | None = None

    def step(run: Run) -> bool:
        nonlocal listed
        lock(insurer)
        if listed is None:
            listed = households().unique().drop_nulls().sort()
            run.total = listed.len()
        start = run.cursor.get("done", 0)
        some = listed.slice(start, at_once)
        if some.len():
            voucher = store.voucher(insurer, posted_on, source)
            books = open_books(insurer, some)
            new = make(books, voucher, some)
            if new.height:
                keep(books, new, voucher, kind, f"{key} {voucher.number}", actor)
            run.count(**counts(new))
        run.cursor = {"done": start + some.len()}
        run.count(households=some.len())
        return bool(start + some.len() < listed.len())

    return runs.work(insurer, f"ledger {kind}", key, step, actor=actor, progress=progress)


def counts(new: pl.DataFrame) -> dict[str, int]:
    """How many journals and rows were made."""
    return {"journals": new["number"].n_unique(), "entries": new.height}
