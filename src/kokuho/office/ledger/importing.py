"""Importing receipts: each row recorded once as it arrived, then posted.

What is recorded is recorded in one transaction and in the order of the file; a receipt whose
demand nobody knows is recorded like any other, and posted to suspense (仮受).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl
from django.db.models import Max
from django.utils import timezone

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.ledger import RECEIVED
from kokuho.office.imports.mapping import read_map
from kokuho.office.imports.run import write_errors
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger.books import lock
from kokuho.office.ledger.columns import KEY, RECEIPTS
from kokuho.office.ledger.models import Receipt, ReceiptFile
from kokuho.office.ledger.naming import slip_name
from kokuho.office.ledger.receiving import AT_ONCE, post_receipts, preview
from kokuho.office.ledger.rows import among, append, read
from kokuho.office.register.models import Insurer
from kokuho.office.tenancy import CODE, seeing
from kokuho.tables import LINE, Refusal, Table, read_table

_ = translator("books")

_KEPT = {
    "reference": pl.String(),
    "household_id": pl.String(),
    "demand_id": pl.String(),
    "amount": pl.Int64(),
    "value_on": pl.Date(),
    "payer": pl.String(),
}
_TITLES = {column.name: column.title for column in RECEIPTS}


@dataclass
class Outcome:
    """What an import of receipts did; amounts are yen.

    ``recorded`` are the rows that were new, ``known`` those that were there already. ``lines`` is
    the preview, or nothing where receipts were posted; ``runs`` are the posting runs.
    """

    rows: int
    refusals: list[Refusal]
    imported: bool
    errors: Path | None
    recorded: int = 0
    known: int = 0
    amount: int = 0
    lines: pl.DataFrame | None = None
    runs: list[Run] = field(default_factory=list)


def import_receipts(
    path: Path,
    *,
    posted_on: date,
    actor: str,
    good_rows: bool = False,
    only_preview: bool = False,
    map_file: Path | None = None,
    progress: Progress | None = None,
    at_once: int = AT_ONCE,
) -> Outcome:
    """Import one file of receipts.

    Args:
        path: the file; refused rows are written beside it, to ``NAME.errors.csv``.
        posted_on: the posting date (記帳日).
        actor: who imports it.
        good_rows: import the good rows although others are refused.
        only_preview: say what would become of each receipt, and record nothing.
        map_file: what the office calls the columns and codes.
        progress: told as receipts are posted.
        at_once: receipts posted in one transaction.

    Raises:
        KokuhoError: the file or the map cannot be read; the ledger refuses to post (the receipts
            are recorded then, and posted when it is asked for again).
    """
    names = read_map(map_file, RECEIPTS)
    table = read_table(path, names.expected(RECEIPTS))
    frame = _named(names.ours(table.frame, RECEIPTS))
    codes = sorted(set(frame["insurer_code"]))
    if wrong := [code for code in codes if not CODE.fullmatch(code)]:
        raise InputError(
            _("{file}: {codes} is not the code of an insurer.").format(
                file=path, codes=", ".join(wrong)
            )
        )
    refusals = [*table.refusals, *_refused(table, frame, posted_on)]
    with seeing(codes):
        refusals += _strangers(table, frame, codes)
        frame = _without(frame, refusals)
        fresh, again, differing = _fresh(frame, codes)
    refusals += _of(table, differing, "reference", "recorded_otherwise",
                    _("what was recorded under this number, or another number"))  # fmt: skip
    refusals.sort(key=lambda one: one.line)
    errors = write_errors(path, refusals)
    rows = table.frame.height + len(table.refused_lines())
    outcome = Outcome(rows, refusals, not refusals or good_rows, errors, known=again)
    if not outcome.imported:
        return outcome
    outcome.recorded, outcome.amount = fresh.height, int(fresh["amount"].sum())
    if only_preview:
        outcome.imported = False
        outcome.lines = _previewed(fresh, codes, posted_on)
        return outcome
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    for code in codes:
        record(code, fresh.filter(insurer_code=code), path.name, digest, actor)
        outcome.runs += post_receipts(
            code, posted_on=posted_on, actor=actor, progress=progress, at_once=at_once
        )
    return outcome


def _named(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows in the columns of the ledger; a named term stands for a demand."""
    whole = pl.all_horizontal(pl.col("household_id", "fiscal_year", "term").is_not_null())
    name = slip_name("household_id", "fiscal_year", "levied_year", "channel", "term")
    whose = (
        pl.when(pl.col("debtor").is_null())
        .then(name)
        .otherwise(pl.concat_str([name, "debtor"], separator="/"))
    )
    return frame.with_columns(
        levied_year=pl.coalesce("levied_year", "fiscal_year"), value_on=pl.col("received_on")
    ).with_columns(
        named=pl.coalesce("demand_id", pl.when(whole).then(whose)),
        # without a term it says which of two heads paid what they owe
        payer=pl.coalesce("payer", pl.when(~whole & pl.col("demand_id").is_null()).then("debtor")),
    )


def _refused(table: Table, frame: pl.DataFrame, posted_on: date) -> Iterator[Refusal]:
    words = _("one row for each {key}").format(key=", ".join(KEY))
    yield from _of(
        table, frame.filter(pl.struct(KEY).is_duplicated()), "reference", "duplicate", words
    )
    later = frame.filter(pl.col("value_on") > posted_on)
    words = _("a day until the posting date, {day}").format(day=posted_on)
    yield from _of(table, later, "received_on", "after_posting", words)
    half = frame.filter(
        pl.col("demand_id").is_null()
        & pl.any_horizontal(pl.col("fiscal_year", "term").is_not_null())
        & pl.col("named").is_null()
    )
    words = _("household, fiscal year and term together, or neither year nor term")
    yield from _of(table, half, "term", "half_named", words)


def _strangers(table: Table, frame: pl.DataFrame, codes: list[str]) -> Iterator[Refusal]:
    known = list(Insurer.objects.filter(code__in=codes).values_list("code", flat=True))
    words = _("an insurer that was added with kokuho insurer add")
    strange = frame.filter(~pl.col("insurer_code").is_in(known))
    yield from _of(table, strange, "insurer_code", "unknown_insurer", words)


def _of(
    table: Table, rows: pl.DataFrame, column: str, code: str, expected: str
) -> Iterator[Refusal]:
    """Refusals of some rows, each with the cell as it stands in the file."""
    if not rows.height:
        return
    cell = (
        pl.col(column).cast(pl.String).fill_null("")
        if column in table.cells.columns
        else pl.lit("")
    )
    cells = rows.select(LINE).join(table.cells.select(LINE, cell.alias("cell")), on=LINE)
    for line, value in cells.iter_rows():
        yield Refusal(table.file, line, column, value, code, expected, _TITLES[column])


def _without(frame: pl.DataFrame, refusals: list[Refusal]) -> pl.DataFrame:
    return frame.filter(~pl.col(LINE).is_in([one.line for one in refusals]))


def _fresh(frame: pl.DataFrame, codes: list[str]) -> tuple[pl.DataFrame, int, pl.DataFrame]:
    """New rows in the order of the file, how many are known, and those known otherwise."""
    rows = frame.with_columns(demand_id="named")
    known = []
    for code in codes:
        where, values = among("reference", rows.filter(insurer_code=code)["reference"])
        found = read(Receipt, _KEPT, code, where, values)
        known.append(found.with_columns(insurer_code=pl.lit(code)))
    if not known:
        return rows, 0, rows
    there = pl.concat(known)
    fresh = rows.join(there, on=KEY, how="anti", maintain_order="left").sort(LINE)
    both = rows.join(there, on=KEY, suffix="_kept", maintain_order="left")
    same = pl.all_horizontal(
        *(pl.col(n).eq_missing(pl.col(f"{n}_kept")) for n in _KEPT if n != "reference")
    )
    return fresh, both.filter(same).height, both.filter(~same)


def _previewed(fresh: pl.DataFrame, codes: list[str], posted_on: date) -> pl.DataFrame:
    """What would become of new receipts: ``reference`` and the columns of ``ReceiptRun.lines``."""
    parts = []
    for code in codes:
        own = fresh.filter(insurer_code=code).rename({"reference": "source"})
        with seeing([code]):
            run = preview(code, own.select(*RECEIVED), posted_on)
        journals = run.entries.filter(kind="receive").select(receipt="number", reference="source")
        lines = run.lines().join(journals.unique(), on="receipt", how="left", maintain_order="left")
        parts.append(lines.drop("receipt").filter(pl.col("reference").is_in(own["source"])))
    return pl.concat(parts)


def record(code: str, fresh: pl.DataFrame, name: str, digest: str, actor: str) -> None:
    """Record new receipts as a file of their own, in one transaction.

    Args:
        code: the insurer.
        fresh: the columns of receipts, and the line of each in its file.
        name, digest: of the file.
        actor: who imports it.
    """
    if not fresh.height:
        return
    with seeing([code], writing=True):
        lock(code)
        record_within(code, fresh, name, digest, actor)


def record_within(code: str, fresh: pl.DataFrame, name: str, digest: str, actor: str) -> int:
    """:func:`record` inside an open transaction, after ``lock``; the number of the file."""
    files = ReceiptFile.objects.filter(insurer_id=code)
    number = int(files.aggregate(last=Max("number"))["last"] or 0) + 1
    append(
        Receipt,
        fresh.select(
            "insurer_code",
            *_KEPT,
            file_number=pl.lit(number, pl.Int32),
            line=pl.col(LINE).cast(pl.Int64),
        ),
    )
    ReceiptFile.objects.create(
        insurer_id=code, number=number, name=name, digest=digest, rows=fresh.height,
        amount=int(fresh["amount"].sum()), actor=actor, recorded_at=timezone.now(),
    )  # fmt: skip
    return number
