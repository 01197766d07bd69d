"""Debits asked for (口座振替の依頼): a file for a bank, from the ledger's open demands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.base.errors import CollectionError, InputError
from kokuho.base.messages import translator
from kokuho.collection import ACCOUNT, DEBITS, Layout, debit_file, load_book, plain_number
from kokuho.collection.loading import Book
from kokuho.office.collection import accounts, references
from kokuho.office.collection.debits import DebitOrder
from kokuho.office.collection.deliveries import Delivered, keep
from kokuho.office.collection.leaving_out import left_out
from kokuho.office.jobs import runs
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger.books import lock
from kokuho.office.tenancy import seeing
from kokuho.tables import LINE, Refusal

_ = translator("office_collection")

KIND = "collection debits"
AT_ONCE = 5_000
"""Numbers given out in one transaction."""


@dataclass(frozen=True)
class Sent:
    """A file for the bank.

    ``refused`` says of each order that cannot be written why; ``left_out`` of each demand that may
    not be debited on the day, because its payment is deferred or agreed on otherwise.
    """

    run: Run
    delivered: Delivered
    refused: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def content(self) -> bytes:
        """The bytes for the bank, the same whenever they are asked for."""
        return bytes(self.delivered.content)


def send(
    insurer: str,
    layout_name: str,
    *,
    due: date,
    day: date,
    made_on: date,
    actor: str,
    more: bool = False,
    progress: Progress | None = None,
) -> Sent | None:
    """Make the file for a day of debit, or give the one that was made for it.

    What is asked for: demands of ordinary collection with this due date of which something is owed,
    of households that have an account on the day of the debit, that no file without an answer asks
    for, and that no deferral (猶予) or agreement (分納) in force on that day names.

    Args:
        insurer: the code of the insurer.
        layout_name: the bank's layout.
        due, day: the due date (納期限) and the day of the debit (引落日).
        made_on: today.
        actor: who asked for it.
        more: a file of that day was sent; make another one for what was not in it.
        progress: told after each piece.

    Returns:
        None where somebody cancelled the run.

    Raises:
        CollectionError: nothing to ask for, or the layout does not allow it.
    """
    layout, book = load_book(layout_name)
    key = f"{layout.id} {due.isoformat()} {day.isoformat()}"
    if more:
        with seeing([insurer]):
            done = Run.objects.filter(insurer_id=insurer, kind=KIND, key__startswith=key,
                                      state=Run.State.DONE).count()  # fmt: skip
        key = f"{key} {done + 1}" if done else key

    def step(run: Run) -> bool:
        lock(insurer)
        if "file" in run.cursor:
            return False
        claims = _wanted(insurer, due, day)
        without = left_out(insurer, claims, day)
        claims = claims.filter(~pl.col("demand_id").is_in(list(without)))
        if without and not claims.height:
            head = _("There is no debit to ask for; payment is deferred or agreed on:")
            raise CollectionError("\n".join([head, *without.values()]))
        run.total = claims.height
        where = claims.filter(pl.col("number").is_null()).head(AT_ONCE)
        if where.height:
            references.give(insurer, where, made_on)
            run.count(references=where.height)
            return True
        file, refused = _make(insurer, layout, book, claims, day, made_on, actor)
        run.count(orders=file.records, amount=file.amount, refused=len(refused),
                  left_out=len(without))  # fmt: skip
        run.cursor = {"file": file.number, "refused": refused, "left_out": list(without.values())}
        return False

    run = runs.work(insurer, KIND, key, step, actor=actor, progress=progress)
    if run.state != Run.State.DONE:
        return None
    with seeing([insurer]):
        file = Delivered.objects.get(insurer_id=insurer, number=run.cursor["file"])
    said = (tuple(run.cursor.get(name, ())) for name in ("refused", "left_out"))
    return Sent(run, file, *said)


def find(insurer: str, number: int) -> Delivered:
    """A file by its number, inside ``seeing``.

    Raises:
        InputError: there is none.
    """
    found = Delivered.objects.filter(insurer_id=insurer, number=number)
    file: Delivered | None = found.first()
    if file is None:
        raise InputError(_("there is no file {number}").format(number=number))
    return file


def _wanted(insurer: str, due: date, day: date) -> pl.DataFrame:
    """Open demands that may be debited, with ``number`` where they have one, and ``amount``."""
    chosen = accounts.on_day(insurer, day)
    claims = references.due_on(insurer, due).filter(
        (pl.col("channel") != "pension") & pl.col("household_id").is_in(list(chosen))
    )
    stand = references.owed(insurer, claims["demand_id"])
    asked = set(
        DebitOrder.objects.filter(
            insurer_id=insurer, delivered__in=unanswered(insurer)
        ).values_list("demand_id", flat=True)
    )
    numbers = references.numbers(insurer, claims["demand_id"])
    return (
        claims.join(stand, on="demand_id", maintain_order="left")
        .filter((pl.col("total") > 0) & ~pl.col("demand_id").is_in(list(asked)))
        .join(numbers, on="demand_id", how="left", maintain_order="left")
    )


def unanswered(insurer: str) -> list[int]:
    """The row numbers of the files of debits that no results answer."""
    files = Delivered.objects.filter(insurer_id=insurer)
    answered = files.filter(answers__isnull=False).values("answers")
    return list(files.filter(kind="debits").exclude(pk__in=answered).values_list("pk", flat=True))


def _make(
    insurer: str, layout: Layout, book: Book, claims: pl.DataFrame, day: date, made_on: date,
    actor: str,
) -> tuple[Delivered, list[str]]:  # fmt: skip
    chosen = accounts.on_day(insurer, day)
    orders = _orders(references.payables(insurer, claims), chosen)
    name = f"{layout.id}_{day:%Y%m%d}.txt"
    made = debit_file(layout, book, orders, day, made_on, name)
    file = keep(
        insurer, "debits", layout, name=name, digest=made.digest, content=made.content,
        records=made.count, amount=made.total, actor=actor, day=day,
    )  # fmt: skip
    of = {plain_number(row["reference"]): row for row in orders.iter_rows(named=True)}
    rows = [
        DebitOrder(
            insurer_id=insurer, delivered=file, record=number, reference=int(row["reference"]),
            demand_id=(order := of[plain_number(row["reference"])])["demand_id"],
            household_id=order["household_id"], amount=int(row["amount"]),
            account=chosen[order["household_id"]],
        )
        for number, row in file_rows(file, layout, book)
    ]  # fmt: skip
    DebitOrder.objects.bulk_create(rows, batch_size=500)
    return file, [_said(refusal, orders) for refusal in made.refused]


def file_rows(file: Delivered, layout: Layout, book: Book) -> list[tuple[int, dict[str, str]]]:
    """The data records of a file that was sent, as the bank reads them."""
    return [(number, dict(row)) for number, row in file.read(layout, book).of_kind("data")]


def _orders(payables: pl.DataFrame, chosen: dict[str, accounts.Account]) -> pl.DataFrame:
    rows = []
    for line, row in enumerate(payables.iter_rows(named=True), 1):
        account = chosen[row["household_id"]]
        fields = {name: getattr(account, name, None) or None for name in ACCOUNT}
        rows.append({LINE: line, **{name: row.get(name) for name in DEBITS}, **fields})
    return pl.DataFrame(rows, schema={LINE: pl.Int64(), **DEBITS})


def _said(refusal: Refusal, orders: pl.DataFrame) -> str:
    """A refusal in words that name the household."""
    row = orders.row(refusal.line - 1, named=True)
    return _("household {household}, {demand}: {title} {value!r}; expected: {expected}").format(
        household=row["household_id"], demand=row["demand_id"], title=refusal.title,
        value=refusal.value, expected=refusal.expected,
    )  # fmt: skip
