"""Reliefs of interest that follow from decisions recorded elsewhere (猶予・執行停止): one decision,
recorded once, in one transaction with what it changes in the books.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger import DEMANDS
from kokuho.ledger.settling import fix_interest
from kokuho.office.ledger import books as store
from kokuho.office.ledger.books import lock, open_books
from kokuho.office.ledger.models import Relief
from kokuho.office.ledger.rules import rules_on

_ = translator("books")


@dataclass(frozen=True)
class Days:
    """Days of a demand, both included, with ``full`` or ``half`` relief of interest."""

    demand: str
    first: date
    last: date
    relief: str


def bring(
    insurer: str,
    household: str,
    wanted: Collection[Days],
    *,
    origin: str,
    source: str,
    posted_on: date,
    actor: str,
) -> tuple[Days, ...]:
    """Bring a household's reliefs of one origin to what they should be; gives those that are new.

    Inside ``seeing(…, writing=True)``. Reliefs of another source stay; one of the same days and
    share is not written twice. Interest that is fixed already is corrected.

    Args:
        insurer, household: whose.
        wanted: all reliefs of the origin that there should be.
        origin: how the sources of these reliefs begin; ``source`` begins with it too.
        source: the decision.
        posted_on: the posting date.
        actor: who recorded the decision.

    Raises:
        LedgerError: one would overlap a relief of another source; nothing is recorded.
        LawError: the rates that fixed interest needs are not known.
    """
    lock(insurer)
    stand = _standing(insurer, household)
    keep = {(one.demand, one.first): one for one in wanted}
    new = tuple(one for key, one in keep.items() if key not in stand or stand[key][0] != one)
    others = {key: row for key, row in stand.items() if key not in keep}
    gone = [days for days, by in others.values() if by.startswith(origin)]
    if not new and not gone:
        return ()
    _no_overlap([*(days for days, by in others.values() if not by.startswith(origin)),
                 *keep.values()])  # fmt: skip
    for one, withdrawn in [*((one, 0) for one in new), *((one, 1) for one in gone)]:
        Relief.objects.create(
            insurer_id=insurer, demand_id=one.demand, household_id=household, first=one.first,
            last=one.last, relief=one.relief, withdrawn=withdrawn, source=source, actor=actor,
            recorded_on=posted_on,
        )  # fmt: skip
    _correct(insurer, household, {one.demand for one in (*new, *gone)}, source, posted_on, actor)
    return new


def check_one(insurer: str, household: str, one: Days) -> None:
    """Refuse a relief that is to be recorded if another one of its demand overlaps it.

    Raises:
        LedgerError: they overlap.
    """
    stand = _standing(insurer, household)
    stand.pop((one.demand, one.first), None)  # it takes that one's place
    _no_overlap([*(days for days, _by in stand.values()), one])


def _standing(insurer: str, household: str) -> dict[tuple[str, date], tuple[Days, str]]:
    """The reliefs of a household that stand and their sources, by demand and first day."""
    last = {
        (row.demand_id, row.first): row
        for row in Relief.objects.filter(insurer_id=insurer, household_id=household).order_by("pk")
    }
    return {
        key: (Days(row.demand_id, row.first, row.last, row.relief), row.source)
        for key, row in last.items()
        if not row.withdrawn
    }


def _no_overlap(listed: Iterable[Days]) -> None:
    """Overlapping reliefs would make the books of the household unreadable."""
    ordered = sorted(listed, key=lambda one: (one.demand, one.first))
    for one, other in pairwise(ordered):
        if one.demand == other.demand and other.first <= one.last:
            raise LedgerError(
                _(
                    "demand {demand}: reliefs of interest from {first} to {last} and from {other} "
                    "on would overlap; take back the one that is in the ledger first (kokuho "
                    "ledger relief --withdraw)"
                ).format(demand=one.demand, first=one.first, last=one.last, other=other.first)
            )


def _correct(
    insurer: str, household: str, demands: set[str], source: str, posted_on: date, actor: str
) -> None:
    """Bring fixed interest to the reliefs; where no principal is paid up there is none yet."""
    books = open_books(insurer, pl.Series([household]))
    owed = books.entries.filter(
        pl.col("demand_id").is_in(sorted(demands))
        & (pl.col("account") == "receivable")
        & (pl.col("component") == "principal")
    )
    if not owed.group_by("demand_id").agg(pl.col("amount").sum()).filter(amount=0).height:
        return
    voucher = store.voucher(insurer, posted_on, source)
    new = fix_interest(
        books.claims.select(*DEMANDS), books.entries, voucher, rules_on(insurer, posted_on),
        deferrals=books.reliefs,
    )  # fmt: skip
    if new.height:
        store.keep(books, new, voucher, "relief", source, actor)
