"""Posting runs: pieces of work in short transactions, each posted once whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl
from django.db import transaction

from kokuho.base.errors import LawError, LedgerError
from kokuho.base.messages import translator
from kokuho.ledger import Voucher
from kokuho.office.jobs import runs
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger import books as store
from kokuho.office.ledger.books import Books, keep, lock, open_books

_ = translator("books")

AT_ONCE = 20_000
"""Households in one transaction."""

MANY = 100
"""So many refused households are no single cases any more: the run stops."""

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
    what: str = "",
) -> Run:
    """Post one piece of work in one transaction; asked again for the same key, it is done already.

    The run of a piece that was done before has ``already`` as its only count.

    Args:
        insurer: the code of the insurer.
        kind, key: which piece of work.
        opened: opens the books that it touches.
        make: makes the entries.
        posted_on, source: of the journals.
        actor: who asked for it.
        what: what it says beside the key: the same key with something else is refused, as it would
            not be posted.

    Raises:
        LedgerError: the ledger refuses it; nothing is left of it but the record of the run. Or
            something else was posted under the key.
    """
    posted = False

    def step(run: Run) -> bool:
        nonlocal posted
        posted = True
        lock(insurer)
        voucher = store.voucher(insurer, posted_on, source)
        books = opened()
        new = make(books, voucher)
        keep(books, new, voucher, kind, key, actor)
        run.count(**counts(new))
        run.cursor = {"what": what}
        return False

    run = runs.work(insurer, f"ledger {kind}", key, step, actor=actor)
    if run.state == Run.State.FAILED:
        # another process was at the same piece and failed
        raise LedgerError(run.message)
    if not posted:
        if run.cursor.get("what", what) != what:
            raise LedgerError(
                _(
                    "something else was posted under the number {key} on {day}; nothing is posted. "
                    "Give this one a number of its own."
                ).format(key=key, day=run.started_at.date())
            )
        run.counts = {"already": 1}
    return run


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
    after a kill it does what is left. A household that the ledger refuses is left out and named in
    ``run.cursor["refused"]`` (number and reason), counted as ``refused``; the others go on.

    One process at a time: where another begins the same run anew, this one stops, so that no
    household of either list is passed over in silence.

    Raises:
        OvertakenError: another process began the same run anew.
        LedgerError: the ledger refuses every household, or more than :data:`MANY`; the pieces
            before stay.
    """
    listed: pl.Series | None = None

    def step(run: Run) -> bool:
        nonlocal listed
        lock(insurer)
        if listed is None:
            listed = households().unique().drop_nulls().sort()
            run.total = listed.len()
        start = run.cursor.get("done", 0)
        some = listed.slice(start, at_once)
        refused = dict(run.cursor.get("refused", []))

        def post(few: pl.Series) -> None:
            voucher = store.voucher(insurer, posted_on, source)
            books = open_books(insurer, few)
            new = make(books, voucher, few)
            if new.height:
                keep(books, new, voucher, kind, f"{key} {voucher.number}", actor)
            run.count(households=few.len(), **counts(new))

        if some.len():
            before = len(refused)
            apart(some, post, refused)
            if len(refused) == listed.len():
                raise LedgerError(next(iter(refused.values())))
            run.count(refused=len(refused) - before)
        run.cursor = {"done": start + some.len(), "refused": list(refused.items())}
        return bool(start + some.len() < listed.len())

    return runs.work(
        insurer, f"ledger {kind}", key, step, actor=actor, progress=progress, anew=True
    )


def apart(some: pl.Series, post: Callable[[pl.Series], None], refused: dict[str, str]) -> None:
    """Post for some households; those that the ledger refuses are found by halves and left out.

    Args:
        some: numbers of households.
        post: posts for some of them, in a savepoint of their own.
        refused: takes the reason for each that is refused.

    Raises:
        LedgerError: more than :data:`MANY` are refused.
        LawError: the same, where the law of a day is not known.
    """
    try:
        with transaction.atomic():
            post(some)
    except (LedgerError, LawError) as error:
        if len(refused) >= MANY:
            raise
        if some.len() == 1:
            refused[some[0]] = str(error)
            return
        half = some.len() // 2
        apart(some[:half], post, refused)
        apart(some[half:], post, refused)


def counts(new: pl.DataFrame) -> dict[str, int]:
    """How many journals and rows were made."""
    return {"journals": new["number"].n_unique(), "entries": new.height}
