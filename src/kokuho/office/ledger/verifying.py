"""Looking through an insurer's whole ledger (``kokuho ledger verify``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
from django.db import connection

from kokuho.ledger import ENTRIES, Violation, balances_replay, money_received, violations
from kokuho.ledger.balance import KEYS
from kokuho.office.ledger.models import (
    Claim,
    Entry,
    Posting,
    Receipt,
    RefundApproval,
    RefundRequest,
)
from kokuho.office.ledger.receiving import unfinished, unposted
from kokuho.office.ledger.rows import among, read
from kokuho.office.store import guards

_AT_ONCE = 50_000  # households looked at together

CODES = (
    "journal_sum", "journal_rows", "below_zero", "carried", "revenue", "money", "reversal",
    "control_total", "balance", "guard", "posting", "unknown_demand", "foreign",
)  # fmt: skip
"""Every code of a finding; a closed list (docs/ledger.md)."""


def verify(insurer: str) -> list[Violation]:
    """Everything that does not hold in an insurer's ledger, inside ``seeing``.

    The invariants of the books; the money of the receipts that came in; balances that the database
    adds up against those that the entries give one by one; numbers of the postings; demands that
    nobody knows; rows of other insurers; the guards of the tables.
    """
    found = [Violation("guard", what, 1) for what in guards.missing(connection)]
    found += _numbers(insurer) + _foreign(insurer)
    for where, values in _slices(insurer):
        entries = read(Entry, ENTRIES, insurer, where, values, "number, line")
        found += violations(entries)
        found += balances_replay(_sums(insurer, where, values), entries)
    return found + _money(insurer) + _unknown(insurer)


def _slices(insurer: str) -> Iterator[tuple[str, list[Any]]]:
    """Conditions that part the entries into whole journals; suspense is in the first part."""
    house = {"household_id": pl.String()}
    table = Entry._meta.db_table
    mixed = read(
        Entry, house, insurer,
        f"number IN (SELECT number FROM {table} WHERE insurer_code = %s AND household_id IS NULL)",
        [insurer],
    )["household_id"].drop_nulls().unique()  # fmt: skip
    where, values = among("household_id", mixed)
    yield f"{where} OR household_id IS NULL", values
    others = read(Claim, house, insurer)["household_id"].unique().sort()
    others = others.filter(~others.is_in(mixed.implode()))
    for start in range(0, others.len(), _AT_ONCE):
        yield among("household_id", others.slice(start, _AT_ONCE))


def _sums(insurer: str, where: str, values: list[Any]) -> pl.DataFrame:
    """Balances as the database adds them up."""
    names = ", ".join(KEYS)
    query = (
        f'SELECT {names}, SUM(amount) FROM "{Entry._meta.db_table}" '
        f"WHERE insurer_code = %s AND ({where}) GROUP BY {names} HAVING SUM(amount) <> 0"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [insurer, *values])
        rows = [(*row[:-1], int(row[-1])) for row in cursor.fetchall()]
    schema: Any = {name: ENTRIES[name] for name in KEYS} | {"amount": pl.Int64()}
    texts = {n: pl.String() if isinstance(t, pl.Enum) else t for n, t in schema.items()}
    return pl.DataFrame(rows, schema=texts, orient="row").cast(schema)


def _numbers(insurer: str) -> list[Violation]:
    """Postings follow each other, and each journal is of one of them."""
    posted = read(
        Posting, {"first_number": pl.Int64(), "next_number": pl.Int64()}, insurer, order="id"
    )
    expected = posted["next_number"].shift(1).fill_null(1)
    gaps = posted.filter(posted["first_number"] != expected)
    found = [Violation("posting", f"first_number={row[0]}", 1) for row in gaps.iter_rows()]
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT COUNT(DISTINCT number), MAX(number) FROM "{Entry._meta.db_table}" '
            "WHERE insurer_code = %s", [insurer],
        )  # fmt: skip
        journals, last = cursor.fetchone()
    end = int(posted["next_number"].to_list()[-1]) if posted.height else 1
    if journals and (journals != last or last >= end):
        found.append(Violation("posting", f"last={last} next={end}", int(journals)))
    return found


def _foreign(insurer: str) -> list[Violation]:
    """Rows of other insurers where there should be none.

    On PostgreSQL no other insurer's entry is seen at all. On SQLite all of them are in one file,
    which the query layer parts: there it is entries of this insurer whose household another one's
    demand names, and approvals whose refund is another insurer's.
    """
    entry, claim = Entry._meta.db_table, Claim._meta.db_table
    asked, approved = RefundRequest._meta.db_table, RefundApproval._meta.db_table
    if connection.vendor == "postgresql":
        queries = {entry: (f'SELECT COUNT(*) FROM "{entry}" WHERE insurer_code <> %s', [insurer])}
    else:
        queries = {
            entry: (
                f'SELECT COUNT(*) FROM "{entry}" WHERE insurer_code = %s AND demand_id IN '
                f'(SELECT demand_id FROM "{claim}" WHERE insurer_code <> %s) AND demand_id NOT IN '
                f'(SELECT demand_id FROM "{claim}" WHERE insurer_code = %s)',
                [insurer] * 3,
            ),
            approved: (
                f'SELECT COUNT(*) FROM "{approved}" a JOIN "{asked}" r ON r.id = a.request_id '
                "WHERE a.insurer_code = %s AND r.insurer_code <> %s",
                [insurer] * 2,
            ),
        }
    found = []
    with connection.cursor() as cursor:
        for table, (query, values) in queries.items():
            cursor.execute(query, values)
            if count := int(cursor.fetchone()[0]):
                found.append(Violation("foreign", table, count))
    return found


def _money(insurer: str) -> list[Violation]:
    """Each receipt that is posted brought in its yen, and no other entry brought in any."""
    schema = {"reference": pl.String(), "amount": pl.Int64()}
    receipts = read(Receipt, schema, insurer)
    for number in unfinished(insurer):
        waiting = unposted(insurer, number).select(reference="source")
        receipts = receipts.join(waiting, on="reference", how="anti")
    received = read(Entry, ENTRIES, insurer, "kind = %s AND reverses IS NULL", ["receive"])
    return money_received(received, receipts.select("reference", "amount").iter_rows())


def _unknown(insurer: str) -> list[Violation]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT demand_id, COUNT(*) FROM "{Entry._meta.db_table}" e '
            "WHERE insurer_code = %s AND demand_id IS NOT NULL AND NOT EXISTS ("
            f'SELECT 1 FROM "{Claim._meta.db_table}" c WHERE c.insurer_code = e.insurer_code '
            "AND c.demand_id = e.demand_id) GROUP BY demand_id",
            [insurer],
        )
        return [Violation("unknown_demand", row[0], int(row[1])) for row in cursor.fetchall()]
