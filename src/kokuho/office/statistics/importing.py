"""Importing claims (``kokuho import claims``): each is recorded once, a correction beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
from django.db.models import Max
from django.utils import timezone

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.office.imports.mapping import read_map
from kokuho.office.imports.run import write_errors
from kokuho.office.ledger.books import lock
from kokuho.office.ledger.rows import append, read
from kokuho.office.register.models import Insurer, Resident
from kokuho.office.statistics.claim_columns import CLAIM_COLUMNS, KEY, month_of
from kokuho.office.statistics.claim_lines import KEPT, ClaimFile, ClaimLine
from kokuho.office.tenancy import CODE, seeing
from kokuho.tables import LINE, Refusal, Table, read_table

_ = translator("office_statistics")

_TITLES = {column.name: column.title for column in CLAIM_COLUMNS}
_SAID = [name for name in KEPT if name not in ("claim_id", "version")]


@dataclass
class Outcome:
    """What an import of claims did: ``recorded`` rows are new, ``corrected`` of those are later
    versions, ``known`` rows were there already."""

    rows: int
    refusals: list[Refusal]
    imported: bool
    errors: Path | None
    recorded: int = 0
    corrected: int = 0
    known: int = 0


def import_claims(
    path: Path,
    *,
    actor: str,
    on: date,
    good_rows: bool = False,
    map_file: Path | None = None,
) -> Outcome:
    """Import one file of claims; all of it in one transaction for each insurer.

    Args:
        path: the file; refused rows are written beside it, to ``NAME.errors.csv``.
        actor: who imports it.
        on: the day from which the claims are known.
        good_rows: import the good rows although others are refused.
        map_file: what the office calls the columns and codes.

    Raises:
        KokuhoError: the file or the map cannot be read.
    """
    names = read_map(map_file, CLAIM_COLUMNS)
    table = read_table(path, names.expected(CLAIM_COLUMNS))
    frame = _with_months(names.ours(table.frame, CLAIM_COLUMNS))
    codes = sorted(set(frame["insurer_code"]))
    if wrong := [code for code in codes if not CODE.fullmatch(code)]:
        raise InputError(
            _("{file}: {codes} is not the code of an insurer.").format(
                file=path, codes=", ".join(wrong)
            )
        )
    with seeing(codes):
        refusals = [*table.refusals, *_refused(table, frame, codes)]
    refusals.sort(key=lambda one: one.line)
    errors = write_errors(path, refusals)
    rows = table.frame.height + len(table.refused_lines())
    outcome = Outcome(rows, refusals, not refusals or good_rows, errors)
    if not outcome.imported:
        return outcome
    good = frame.filter(~pl.col(LINE).is_in([one.line for one in refusals]))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    for code in codes:
        with seeing([code], writing=True):
            lock(code)
            _record(code, good.filter(insurer_code=code), path.name, digest, actor, on, outcome)
    return outcome


def _with_months(frame: pl.DataFrame) -> pl.DataFrame:
    """The months as dates; empty where a text is none."""
    months = {text: month_of(text) for text in frame["month"].unique()}
    return frame.with_columns(
        pl.col("month").replace_strict(months, default=None, return_dtype=pl.Date)
    )


def _refused(table: Table, frame: pl.DataFrame, codes: list[str]) -> Iterator[Refusal]:
    words = _("one row for each {key}").format(key=", ".join(KEY))
    yield from _of(
        table, frame.filter(pl.col("month").is_null()), "month", "not_a_date", _("a month: 2025-04")
    )
    twice = frame.filter(pl.struct(KEY).is_duplicated())
    yield from _of(table, twice, "claim_id", "duplicate", words)
    known = list(Insurer.objects.filter(code__in=codes).values_list("code", flat=True))
    words = _("an insurer that was added with kokuho insurer add")
    strange = frame.filter(~pl.col("insurer_code").is_in(known))
    yield from _of(table, strange, "insurer_code", "unknown_insurer", words)
    people = pl.DataFrame(
        list(Resident.objects.values_list("insurer_id", "address_number")),
        schema={"insurer_code": pl.String, "person_id": pl.String},
        orient="row",
    )
    words = _("a resident who was imported before")
    nobody = frame.filter(pl.col("insurer_code").is_in(known)).join(
        people, on=["insurer_code", "person_id"], how="anti"
    )
    yield from _of(table, nobody, "person_id", "unknown_person", words)


def _of(
    table: Table, rows: pl.DataFrame, column: str, code: str, expected: str
) -> Iterator[Refusal]:
    if not rows.height:
        return
    cells = table.cells.select(LINE, pl.col(column).cast(pl.String).fill_null("").alias("cell"))
    for line, value in rows.select(LINE).join(cells, on=LINE).iter_rows():
        yield Refusal(table.file, line, column, value, code, expected, _TITLES[column])


def _record(
    code: str,
    rows: pl.DataFrame,
    name: str,
    digest: str,
    actor: str,
    on: date,
    outcome: Outcome,
) -> None:
    """Record what is new of one insurer's rows."""
    there = read(ClaimLine, KEPT, code)
    last = there.filter(pl.col("version") == pl.col("version").max().over("claim_id"))
    both = rows.join(last, on="claim_id", how="left", suffix="_kept", maintain_order="left")
    same = pl.all_horizontal(pl.col(one).eq_missing(pl.col(f"{one}_kept")) for one in _SAID)
    fresh = both.filter(~same | pl.col("version").is_null())
    outcome.known += both.height - fresh.height
    outcome.recorded += fresh.height
    outcome.corrected += fresh["version"].drop_nulls().len()
    if not fresh.height:
        return
    files = ClaimFile.objects.filter(insurer_id=code)
    number = int(files.aggregate(last=Max("number"))["last"] or 0) + 1
    append(
        ClaimLine,
        fresh.select(
            "insurer_code",
            "claim_id",
            *_SAID,
            version=pl.col("version").fill_null(0) + 1,
            file_number=pl.lit(number, pl.Int32),
            recorded_on=pl.lit(on),
        ),
    )
    ClaimFile.objects.create(
        insurer_id=code, number=number, name=name, digest=digest, rows=fresh.height, actor=actor,
        recorded_on=on, recorded_at=timezone.now(),
    )  # fmt: skip
