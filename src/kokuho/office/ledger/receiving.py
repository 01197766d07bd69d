"""Posting receipts (収納): in their recorded order, previewed first, some thousand at a time."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from django.db.models import Min

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger import DEMANDS, RECEIVED, ReceiptRun, Voucher, receive
from kokuho.office.jobs import runs
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger import books as store
from kokuho.office.ledger.books import Books, keep, lock, open_books
from kokuho.office.ledger.models import Claim, Entry, Posting, Receipt, ReceiptFile
from kokuho.office.ledger.naming import resolved
from kokuho.office.ledger.rows import among, read
from kokuho.office.ledger.rules import rules_on
from kokuho.office.ledger.running import apart, counts
from kokuho.office.tenancy import seeing

_ = translator("books")

KIND = "ledger receipts"
AT_ONCE = 100_000
"""Receipts in one transaction."""

_RECORDED: dict[str, Any] = {
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
        resolved(books, receipts),
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
    waiting = [unposted(insurer, number) for number in unfinished(insurer)]
    everything = pl.concat([one.select(*RECEIVED) for one in (*waiting, receipts)])
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

    Of a file, households go one after the other, each with its receipts in their recorded order:
    what a household's receipts find does not depend on other households, and its books are read
    once. Killed at any moment, the same call goes on with those that are not posted.

    Raises:
        LedgerError: the ledger refuses some households, as where a year must be closed first. The
            others are posted; the receipts of these, and of later files, stay recorded in their
            order and are posted when it is asked for again.
    """
    with seeing([insurer]):
        files = unfinished(insurer)
    done = []
    refused: dict[str, str] = {}
    for number in files:
        step = _Posting(insurer, number, posted_on, actor, at_once, refused)
        # a run that failed goes on where it was
        try:
            run = runs.work(insurer, KIND, str(number), step, actor=actor, progress=progress)
        except _RefusedError:
            continue
        if run.state == Run.State.FAILED:
            # another process was at the same file and failed
            raise LedgerError(run.message)
        done.append(run)
        if run.state != Run.State.DONE:
            break
    if refused:
        raise _refusal(refused)
    return done


class _RefusedError(LedgerError):
    """Receipts of some households of a file are not posted; all others are."""


def _refusal(refused: dict[str, str]) -> _RefusedError:
    listed = "\n".join(f"{house or '-'}: {why}" for house, why in sorted(refused.items()))
    return _RefusedError(
        _("the ledger refuses receipts of {count} households; the others are posted:").format(
            count=f"{len(refused):,}"
        )
        + f"\n{listed}"
    )


class _Posting:
    """The step of a run: posts the next receipts of one file."""

    def __init__(
        self,
        insurer: str,
        number: int,
        posted_on: date,
        actor: str,
        at_once: int,
        refused: dict[str, str],
    ) -> None:
        self.refused, self.left_out = refused, False
        self.insurer, self.number, self.actor = insurer, number, actor
        self.posted_on, self.at_once = posted_on, at_once
        self.waiting: pl.DataFrame | None = None
        self.seen = -1

    def __call__(self, run: Run) -> bool:
        lock(self.insurer)
        if self.left_out and self.waiting is not None and self.waiting.is_empty():
            # the others are written: the run fails, so that it goes on when asked again
            raise _refusal(self.refused)
        posted = run.counts.get("receipts", 0)
        if self.waiting is None or posted != self.seen:
            # the first piece of this process, or another one went on with the run
            self.waiting = _by_household(self.insurer, unposted(self.insurer, self.number))
            run.total = posted + self.waiting.height
        some = self.waiting.head(self.at_once)
        self.waiting = self.waiting.slice(self.at_once)

        def post(homes: pl.Series) -> None:
            few = some.filter(pl.col("home").is_in(homes.implode())).select(*RECEIVED)
            voucher = store.voucher(self.insurer, self.posted_on, f"receipts {self.number}")
            books = books_of(self.insurer, few)
            new = allocate(self.insurer, books, few, voucher).entries
            keep(books, new, voucher, "receipts", f"{self.number} {voucher.number}", self.actor)
            run.count(receipts=few.height, amount=int(few["amount"].sum()), **counts(new))

        homes = some["home"].unique(maintain_order=True)
        # what a household paid later does not overtake what was refused
        going = homes.filter(~homes.is_in(list(self.refused)))
        if going.len():
            apart(going, post, self.refused)
        self.left_out |= bool(homes.is_in(list(self.refused)).any())
        self.seen = run.counts.get("receipts", 0)
        return self.waiting.height > 0 or self.left_out


def unfinished(insurer: str) -> list[int]:
    """The numbers of the files that are not posted to their end, in order, inside ``seeing``."""
    done = Run.objects.filter(insurer_id=insurer, kind=KIND, state=Run.State.DONE)
    numbers = ReceiptFile.objects.filter(insurer_id=insurer).order_by("number")
    posted = {int(key) for key in done.values_list("key", flat=True)}
    return [one for one in numbers.values_list("number", flat=True) if one not in posted]


def unposted(insurer: str, number: int) -> pl.DataFrame:
    """The receipts of a file that no journal has posted, in their recorded order."""
    receipts = read(Receipt, _RECORDED, insurer, "file_number = %s", [number], "line").rename(
        {"reference": "source"}
    )
    postings = Posting.objects.filter(
        insurer_id=insurer, kind="receipts", key__startswith=f"{number} "
    )
    first = postings.aggregate(first=Min("first_number"))["first"]
    if first is None:
        return receipts
    there = read(
        Entry, {"source": pl.String()}, insurer, "kind = 'receive' AND number >= %s", [first]
    )
    return receipts.join(there.unique(), on="source", how="anti", maintain_order="left")


def _by_household(insurer: str, receipts: pl.DataFrame) -> pl.DataFrame:
    """Receipts by ``home``, the household that each is for; in their recorded order within it."""
    where, values = among("demand_id", receipts["demand_id"])
    homes = read(
        Claim, {"demand_id": pl.String(), "household_id": pl.String()}, insurer, where, values
    ).rename({"household_id": "home"})
    return (
        receipts.join(homes.unique("demand_id"), on="demand_id", how="left", maintain_order="left")
        .with_columns(pl.coalesce("home", "household_id").fill_null(""))
        .sort("home", maintain_order=True)
        .select(*RECEIVED, "home")
    )
