"""Money that has arrived and is posted to no demand yet (未反映の収納): by household and demand.

Three kinds: receipts that were recorded and not posted; money in suspense (仮受) that may be for a
demand; and what was announced (速報), until it is final or cancelled.

A slip that names a term which two debtors owe (after a change of head) may be for either: until a
person says whose it is, neither stands as unpaid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

import polars as pl

from kokuho.office.collection.payments import Payment
from kokuho.office.collection.suspense import held
from kokuho.office.ledger.models import Claim, Receipt
from kokuho.office.ledger.naming import OF_A_CLAIM, resolved, slip_name
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
        terms = _terms(books.claims)
        for house, demand, payer, yen in named.select(*_MEANT, "amount").iter_rows():
            if demand in homes:
                yield homes[demand], demand, yen
            elif house:
                yield from ((house, one, yen) for one in _either(terms, house, demand, payer))


def _in_suspense(insurer: str) -> Iterator[tuple[str, str, int]]:
    lines = [line for line in held(insurer) if line.household_id]
    unsure = [line for line in lines if not line.demand_id]
    sources = pl.Series([line.source for line in unsure], dtype=pl.String)
    schema = {"reference": pl.String(), "demand_id": pl.String(), "payer": pl.String()}
    slips = read(Receipt, schema, insurer, *among("reference", sources))
    slips = slips.drop_nulls("demand_id")
    meant = {reference: (slip, payer) for reference, slip, payer in slips.iter_rows()}
    homes = [line.household_id for line in unsure if line.source in meant]
    terms = _terms(
        read(Claim, _CLAIMS, insurer, *among("household_id", pl.Series(homes, dtype=pl.String)))
    )
    for line in lines:
        house = line.household_id or ""
        if line.demand_id:
            yield house, line.demand_id, line.amount
        else:
            slip = meant.get(line.source, (None, None))
            yield from ((house, one, line.amount) for one in _either(terms, house, *slip))


_MEANT = ("household_id", "demand_id", "payer")
_CLAIMS = {
    "demand_id": pl.String(), "household_id": pl.String(), "debtor": pl.String(),
    "year_meant": pl.Int64(), "year_assessed": pl.Int64(), "channel": pl.String(),
    "term": pl.Int64(),
}  # fmt: skip

Terms = Mapping[tuple[str, str], Mapping[str, str]]
"""By household and name of a term on a slip: the demands by debtor."""


def _terms(claims: pl.DataFrame) -> Terms:
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    rows = claims.select(
        "household_id", slip=slip_name(*OF_A_CLAIM), debtor="debtor", demand="demand_id"
    )
    for house, slip, debtor, demand in rows.iter_rows():
        found[house, slip][debtor] = demand
    return found


def _either(terms: Terms, house: str, slip: str | None, payer: str | None) -> Collection[str]:
    """The demands that money may be for: those of its term, or of its payer alone; else none."""
    found = terms.get((house, slip or ""), {})
    if payer and payer in found:
        return [found[payer]]
    return found.values() or [""]


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
