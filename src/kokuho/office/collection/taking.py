"""Files taken in (結果データ、収納データ): kept, matched once, posted, compared with the ledger.

A file is recorded in one transaction, with every record's outcome and the receipts that the ledger
is to post; posting goes on piece by piece. Killed at any moment, the same file again does the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl
from django.db.models import Sum

from kokuho.base.errors import CollectionError
from kokuho.base.messages import translator
from kokuho.collection import (
    DebitResults,
    Delivery,
    Layout,
    Matched,
    debit_results,
    incoming_receipts,
    load_book,
    match,
    nearest_year,
    read_file,
    with_demands,
)
from kokuho.office.collection import payments, references, sending
from kokuho.office.collection.debits import DebitAnswer
from kokuho.office.collection.deliveries import Delivered, keep
from kokuho.office.collection.payments import Payment
from kokuho.office.jobs import runs
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger.books import lock
from kokuho.office.ledger.importing import record_within
from kokuho.office.ledger.models import Entry
from kokuho.office.ledger.receiving import AT_ONCE, post_receipts, unfinished
from kokuho.office.ledger.rows import among, append, read
from kokuho.office.tenancy import seeing
from kokuho.tables import LINE

_ = translator("office_collection")

KIND = "collection files"
MISSING = "missing"
"""The result of an order that a bank's file does not answer."""


@dataclass(frozen=True)
class Taken:
    """What became of a file; amounts are yen.

    Attributes:
        run: its counts have ``payments``, ``amount``, and those of each outcome.
        file: the number of the file.
        totals: ``outcome, count, amount`` of its records; ``again`` were kept before.
        returned: ``reason, count, amount`` of debits that came back or are not answered.
        new: false where it was taken in before.
        late: how many of its records cancel a payment that was final.
    """

    run: Run
    file: int
    totals: pl.DataFrame
    returned: pl.DataFrame
    new: bool
    late: int


@dataclass(frozen=True)
class _Parsed:
    """What a file says, before it is matched."""

    kind: str
    layout: Layout
    delivery: Delivery
    content: bytes
    incoming: pl.DataFrame
    results: DebitResults | None = None
    answers: Delivered | None = field(default=None, compare=False)


def take_results(
    insurer: str,
    content: bytes,
    name: str,
    layout_name: str,
    *,
    read_on: date,
    actor: str,
    sent: int | None = None,
    progress: Progress | None = None,
    at_once: int = AT_ONCE,
) -> Taken:
    """Take in a bank's answer to a file of debits.

    Args:
        insurer: the code of the insurer.
        content, name: of the file.
        layout_name: the bank's layout.
        read_on: today; also the posting date.
        actor: who takes it in.
        sent: the number of the file that it answers; found by layout and day if left out.
        progress: told as receipts are posted.
        at_once: receipts posted in one transaction.

    Raises:
        BrokenFileError: something in it is not as the layout says; nothing is recorded.
        CollectionError: no file was sent that it could answer, or several.
        LedgerError: the ledger refuses to post; the receipts stay recorded.
    """
    layout, book = load_book(layout_name)
    answer = read_file(content, layout, book, name)
    with seeing([insurer]):
        asked = _asked(insurer, layout, answer, read_on, sent)
    results = debit_results(asked.read(layout, book), answer, read_on)
    parsed = _Parsed("results", layout, answer, content, results.incoming, results, asked)
    return _take(insurer, parsed, read_on, actor, progress, at_once)


def take_receipts(
    insurer: str,
    content: bytes,
    name: str,
    layout_name: str,
    *,
    read_on: date,
    actor: str,
    progress: Progress | None = None,
    at_once: int = AT_ONCE,
) -> Taken:
    """Take in a file of receipts (convenience stores, Pay-easy, QR); as :func:`take_results`."""
    layout, book = load_book(layout_name)
    delivery = read_file(content, layout, book, name)
    incoming = incoming_receipts(delivery, read_on)
    parsed = _Parsed("receipts", layout, delivery, content, incoming)
    return _take(insurer, parsed, read_on, actor, progress, at_once)


def _asked(
    insurer: str, layout: Layout, answer: Delivery, read_on: date, number: int | None
) -> Delivered:
    if number is not None:
        return sending.find(insurer, number)
    text = answer.of_kind("header")[0][1]["debit_date"]
    day = nearest_year(text, read_on, layout.window_days)
    files = Delivered.objects.filter(insurer_id=insurer, kind="debits", layout=layout.id, day=day)
    known: Delivered | None = Delivered.objects.filter(
        insurer_id=insurer, direction="received", digest=answer.digest
    ).first()
    if known is not None and known.answers is not None:
        return known.answers
    waiting: Sequence[Delivered] = list(files.filter(pk__in=sending.unanswered(insurer)))
    if len(waiting) != 1:
        listed = ", ".join(f"{file.number} ({file.name})" for file in waiting or files)
        raise CollectionError(
            _(
                "{file}: not one but {count} files of {layout} wait for the results of {day} "
                "({files}); name the one that is meant with --sent."
            ).format(file=answer.file, count=len(waiting), layout=layout.id, day=day or text,
                     files=listed or "-")
        )  # fmt: skip
    return waiting[0]


def _take(
    insurer: str,
    parsed: _Parsed,
    read_on: date,
    actor: str,
    progress: Progress | None,
    at_once: int,
) -> Taken:
    digest = parsed.delivery.digest
    # what was recorded before is posted first: a demand counts as paid once it is
    post_receipts(insurer, posted_on=read_on, actor=actor, progress=progress, at_once=at_once)
    new = False

    def step(run: Run) -> bool:
        nonlocal new
        lock(insurer)
        if not run.cursor:
            if unfinished(insurer):
                raise CollectionError(
                    _("Receipts of another file are still being posted; ask again afterwards.")
                )
            run.cursor, new = _record(insurer, parsed, actor, run), True
        return False

    runs.work(insurer, KIND, digest, step, actor=actor, ends=False)
    posted = post_receipts(
        insurer, posted_on=read_on, actor=actor, progress=progress, at_once=at_once
    )
    with seeing([insurer], writing=True):
        run: Run = Run.objects.get(insurer_id=insurer, kind=KIND, key=digest)
        number = int(run.cursor["file"])
        if all(one.state == Run.State.DONE for one in posted) and run.state != Run.State.DONE:
            _compare(insurer, number)
            runs.finish(insurer, KIND, digest, run.counts)
            run.refresh_from_db()
        totals, returned = said(insurer, number)
        of_file = Payment.objects.filter(insurer_id=insurer, delivered__number=number)
        late = of_file.filter(stage="cancelled", doubt="after_final").count()
    again = run.counts.get("again", 0)
    if again:
        more = {"outcome": ["again"], "count": [again], "amount": [run.counts["again_amount"]]}
        totals = pl.concat([totals, pl.DataFrame(more, schema=totals.schema)])
    return Taken(run, number, totals, returned, new, late)


def _record(insurer: str, parsed: _Parsed, actor: str, run: Run) -> dict[str, int]:
    """Keep a file with all that becomes of its records; where it stands now."""
    incoming = parsed.incoming
    owing = references.reported(insurer, incoming)
    matched = match(incoming, owing, insurer, payments.seen(insurer, incoming["key"]))
    file = keep(
        insurer, parsed.kind, parsed.layout, name=parsed.delivery.file,
        digest=parsed.delivery.digest, content=parsed.content, records=incoming.height,
        amount=int(incoming["amount"].sum()), actor=actor, answers=parsed.answers,
        day=parsed.results.day if parsed.results else None,
    )  # fmt: skip
    received = pl.concat([matched.post(), matched.suspense()])
    _keep_payments(insurer, file, matched, received)
    if parsed.results is not None:
        _keep_answers(insurer, file, parsed.results)
    if received.height:
        rows = received.rename({"source": "reference"}).with_row_index(LINE, 1)
        record_within(insurer, rows, file.name, file.digest, actor)
    run.total = incoming.height
    for outcome, count, amount in matched.totals().iter_rows():
        run.count(**{outcome: count, f"{outcome}_amount": amount})
    run.count(payments=received.height, amount=int(received["amount"].sum()))
    return {"file": file.number}


def _keep_payments(insurer: str, file: Delivered, matched: Matched, received: pl.DataFrame) -> None:
    kept = matched.lines.filter(pl.col("outcome") != "again")
    sources = received.select("source", key=pl.col("source").str.split(" ").list.get(1)).unique(
        "key"
    )
    # the outcomes that are money; the stage before has the same key and is none
    money = (pl.col("stage") == "final") & (pl.col("amount") > 0)
    rows = kept.join(sources, on="key", how="left", maintain_order="left").with_columns(
        insurer_code=pl.lit(insurer),
        delivered_id=pl.lit(file.pk),
        source=pl.when(money).then("source"),
    )
    append(Payment, rows.drop("file"))


def _keep_answers(insurer: str, file: Delivered, results: DebitResults) -> None:
    references_of = pl.concat(
        [results.returned.select("reference"), results.missing.select("reference")]
    ).with_columns(amount=pl.lit(0, pl.Int64))
    owing = references.reported(insurer, references_of)
    returned = with_demands(results.returned, owing).with_columns(pl.col("doubt").fill_null(""))
    missing = with_demands(results.missing, owing).with_columns(
        record=pl.lit(None, pl.Int64), result=pl.lit(MISSING), reason=pl.lit("結果なし"),
        doubt=pl.lit(""),
    )  # fmt: skip
    rows = pl.concat([returned, missing.select(returned.columns)])
    append(
        DebitAnswer,
        rows.with_columns(insurer_code=pl.lit(insurer), delivered_id=pl.lit(file.pk)),
    )


def _compare(insurer: str, number: int) -> None:
    """Compare a file with the ledger: each payment that is money was received, to the yen.

    Raises:
        CollectionError: it was not; the run does not end.
    """
    file = Delivered.objects.get(insurer_id=insurer, number=number)
    money = Payment.objects.filter(delivered=file, source__isnull=False)
    sources = pl.Series(list(money.values_list("source", flat=True)), dtype=pl.String)
    where, values = among("source", sources)
    came = "kind = 'receive' AND account IN ('receipts', 'held')"
    rows = read(Entry, {"amount": pl.Int64(), "source": pl.String()}, insurer,
                f"{came} AND {where}", values)  # fmt: skip
    want = (money.count(), money.aggregate(yen=Sum("amount"))["yen"] or 0)
    got = (rows["source"].n_unique(), int(rows["amount"].sum()))
    if want != got:
        raise CollectionError(
            _("{file}: {count} payments of {yen} yen came in, and {got} of {posted} were posted")
            .format(file=file.name, count=want[0], yen=f"{want[1]:,}", got=got[0],
                    posted=f"{got[1]:,}")
        )  # fmt: skip


def said(insurer: str, number: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Totals by outcome and returned debits by reason of a file, inside ``seeing``."""
    file = sending.find(insurer, number)
    yen = {"count": pl.Int64, "amount": pl.Int64}
    paid = list(Payment.objects.filter(delivered=file).values_list("outcome", "amount"))
    back = list(DebitAnswer.objects.filter(delivered=file).values_list("reason", "amount"))

    def summed(rows: list[tuple[str, int]], name: str) -> pl.DataFrame:
        frame = pl.DataFrame(rows, schema={name: pl.String, "amount": pl.Int64}, orient="row")
        return frame.group_by(name).agg(
            count=pl.len().cast(pl.Int64), amount=pl.col("amount").sum()
        ).select(name, *yen).sort(name)  # fmt: skip

    return summed(paid, "outcome"), summed(back, "reason")
