"""The books of some households, opened to post in them, and what was made kept.

Everything happens inside one transaction (``seeing(…, writing=True)``): numbers are taken, the
books are read, the invariants are looked at and the entries are written, or nothing is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Max
from django.utils import timezone

from kokuho.ledger import DEMANDS, ENTRIES, Voucher, require
from kokuho.ledger.interest_steps import DEFERRALS
from kokuho.office.ledger.models import Claim, Entry, Posting, Relief
from kokuho.office.ledger.rows import among, append, read
from kokuho.office.register.models import Insurer

CLAIMS: dict[str, Any] = DEMANDS | {"channel": pl.String(), "version": pl.Int16()}
"""The columns of claims as they are read: those of the ledger's demands, and ours."""

ORDER = ("insurer_code", "household_id", "due", "year_meant", "term", "demand_id")
KEYS = ("insurer_code", "demand_id")

_RELIEFS = {
    "insurer_code": pl.String(),
    "demand_id": pl.String(),
    "from": pl.Date(),
    "until": pl.Date(),
    "relief": DEFERRALS["relief"],
}


@dataclass(frozen=True)
class Books:
    """Claims and entries of some households of one insurer, all of them that there are."""

    insurer: str
    claims: pl.DataFrame
    entries: pl.DataFrame
    reliefs: pl.DataFrame | None = None


def lock(insurer: str) -> None:
    """Let one transaction at a time post for an insurer; the others wait for its end."""
    # "no key": rows that point to the insurer may go on being written
    Insurer.objects.select_for_update(no_key=True).get(code=insurer)


def voucher(insurer: str, posted_on: date, source: str) -> Voucher:
    """The first free number of an insurer, after :func:`lock`."""
    last = Posting.objects.filter(insurer_id=insurer).aggregate(last=Max("next_number"))["last"]
    return Voucher(last or 1, posted_on, source)


def open_books(
    insurer: str, households: pl.Series | None = None, *, known: date | None = None
) -> Books:
    """The books of some households, or of all, and what is held in suspense.

    Args:
        insurer: the code of the insurer.
        households: numbers of households; all if left out.
        known: claims as they were known on this day; today's if left out.
    """
    where, values = "TRUE", list[Any]()
    if households is not None:
        where, values = among("household_id", households)
    claims = newest(read(Claim, CLAIMS | {"recorded_on": pl.Date()}, insurer, where, values), known)
    reliefs = reliefs_of(insurer, where, values)
    # a receipt may be in part a household's and in part held: journals are read whole
    whole = f"{where} OR household_id IS NULL"
    entries = read(Entry, ENTRIES, insurer, whole, values, "number, line")
    return Books(insurer, claims, entries, reliefs)


def newest(claims: pl.DataFrame, known: date | None = None) -> pl.DataFrame:
    """The last version of each claim, as it was known on a day; a later first one counts too."""
    if known is not None:
        # what was not known yet has no entries then either; its facts do no harm
        first = pl.col("version") == pl.col("version").min().over(KEYS)
        claims = claims.filter((pl.col("recorded_on") <= known) | first)
    return (
        claims.filter(pl.col("version") == pl.col("version").max().over(KEYS))
        .drop("recorded_on")
        .sort(ORDER)
    )


def reliefs_of(insurer: str, where: str, values: list[Any]) -> pl.DataFrame | None:
    """The reliefs of interest that stand, as :mod:`kokuho.ledger` takes deferrals."""
    schema = {
        "insurer_code": pl.String(),
        "demand_id": pl.String(),
        "first": pl.Date(),
        "last": pl.Date(),
        "relief": DEFERRALS["relief"],
        "withdrawn": pl.Int8(),
    }
    found = read(Relief, schema, insurer, where, values)
    standing = (
        found.group_by(*KEYS, "first", maintain_order=True)
        .last()
        .filter(pl.col("withdrawn") == 0)
        .rename({"first": "from", "last": "until"})
        .select(*_RELIEFS)
    )
    return standing if standing.height else None


def keep(
    books: Books, new: pl.DataFrame, voucher: Voucher, kind: str, key: str, actor: str
) -> Posting:
    """Write new entries, if the books hold together with them.

    Raises:
        LedgerError: they would not; nothing is written.
    """
    if new.height:
        # what was held and released before may have come in with another household's journal
        held = new.filter(pl.col("household_id").is_null())["source"].unique()
        require(pl.concat([_before(books.entries, new), new]), held)
        append(Entry, new.select(*ENTRIES))
    posting: Posting = Posting.objects.create(
        insurer_id=books.insurer,
        kind=kind,
        key=key,
        posted_on=voucher.posted_on,
        source=voucher.source,
        first_number=voucher.number,
        next_number=voucher.after(new).number,
        actor=actor,
        made_at=timezone.now(),
    )
    return posting


def _before(entries: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """The entries that new ones must hold together with: those of their households and sources."""
    held = pl.col("household_id").is_null()
    sources = new.filter(held).select("source").unique()
    same = entries.filter(held).join(sources, on="source", how="semi").select("number").unique()
    beside = entries.join(same, on="number", how="semi")
    touched = pl.concat([new, beside]).select("household_id").drop_nulls().unique()
    own = entries.join(touched, on="household_id", how="semi", maintain_order="left")
    numbers = pl.concat([own.select("number"), same]).unique()
    of_suspense = entries.filter(held).join(numbers, on="number", how="semi", maintain_order="left")
    return pl.concat([own, of_suspense])
