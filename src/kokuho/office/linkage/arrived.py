"""Money that has arrived and is posted to no demand yet (未反映の収納): by household and demand.

Three kinds: receipts that were recorded and not posted; money in suspense (仮受) that may be for a
demand; and what was announced (速報), until it is final or cancelled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

import polars as pl

from kokuho.office.collection.payments import Payment
from kokuho.office.collection.suspense import held
from kokuho.office.ledger.models import Claim, Receipt
from kokuho.office.ledger.naming import resolved
from kokuho.office.ledger.receiving import books_of, unfinished, unposted
from kokuho.office.ledger.rows import among, read

Reported = Mapping[str, Mapping[str, int]]
"""By household: yen by demand; under the empty name what names no demand."""


def arrived(insurer: str, households: Collection[str] | None = None) -> Reported:
    """The money that has arrived, inside ``seeing``; of all households, or of some."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for household, demand, yen in (
        *_unposted(insurer), *_in_suspense(insurer), *_announced(insurer),
    ):  # fmt: skip
        if households is None or household in households:
            found[household][demand] += yen
    return found


def _unposted(insurer: str) -> Iterator[tuple[str, str, int]]:
    for number in unfinished(insurer):
        receipts = unposted(insurer, number)
        if not receipts.height:
            continue
        books = books_of(insurer, receipts)
        named = resolved(books, receipts)
        homes = dict(books.claims.select("demand_id", "household_id").iter_rows())
        for house, demand, yen in named.select("household_id", "demand_id", "amount").iter_rows():
            known = demand if demand in homes else ""
            if household := homes.get(demand, house):
                yield household, known, yen


def _in_suspense(insurer: str) -> Iterator[tuple[str, str, int]]:
    for line in held(insurer):
        if line.household_id:
            yield line.household_id, line.demand_id or "", line.amount


def _announced(insurer: str) -> Iterator[tuple[str, str, int]]:
    """Announced payments whose final word, or cancellation, has not come."""
    rows = Payment.objects.filter(insurer_id=insurer)
    settled = rows.filter(stage__in=("final", "cancelled")).values("key")
    open_ = rows.filter(outcome="announced", demand_id__isnull=False).exclude(key__in=settled)
    for house, demand, yen in open_.values_list("household_id", "demand_id", "amount"):
        yield house or "", demand or "", yen


def households_of_receipts(insurer: str, after: int, files: Collection[int]) -> set[str]:
    """The households that receipts speak of: of files after a number, and of some before."""
    marks = ", ".join(map(str, sorted(files))) or "NULL"
    schema = {"household_id": pl.String(), "demand_id": pl.String()}
    rows = read(Receipt, schema, insurer, f"file_number > %s OR file_number IN ({marks})", [after])
    where, values = among("demand_id", rows["demand_id"])
    claims = read(Claim, {"household_id": pl.String()}, insurer, where, values)
    # a slip names a demand without its debtor: its first part is the household
    slips = rows["demand_id"].drop_nulls().str.split("/").list.first()
    return {*rows["household_id"].drop_nulls(), *claims["household_id"], *slips}


def households_of_files(insurer: str, after: int) -> set[str]:
    """The households that payments of files after a number may be of."""
    rows = Payment.objects.filter(insurer_id=insurer, delivered__number__gt=after)
    return {one for one in rows.values_list("household_id", flat=True) if one}
