"""Receipts allocated and posted, against COPY of the very entry rows, in one run on PostgreSQL.

A cluster of its own. The same tables, indexes, constraints and triggers; COPY is done by the
superuser, since it cannot go into a table with row-level security otherwise. Printed last: JSON.

    python benchmarks/ledger.py [RECEIPTS]
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

INSURER = "992011"
TERMS = 8


def main(count: int) -> dict[str, Any]:
    from tests.office import postgresql

    with postgresql.cluster() as cluster:
        postgresql.create_database(cluster, "bench")
        os.environ["KOKUHO_DATABASE"] = cluster.url(postgresql.APPLICATION, "bench")
        os.environ["KOKUHO_DATABASE_OWNER"] = cluster.url(postgresql.OWNER, "bench")
        from kokuho.office.start import migrate, start

        migrate()
        start()
        return measure(cluster, count)


def measure(cluster: Any, count: int) -> dict[str, Any]:
    from kokuho.office.ledger.receiving import post_receipts
    from kokuho.office.ledger.verifying import verify
    from kokuho.office.tenancy import seeing

    prepare(count)
    shares: dict[str, float] = defaultdict(float)
    with stopwatches(shares):
        began = time.perf_counter()
        runs = post_receipts(INSURER, posted_on=date(2026, 4, 30), actor="bench")
        posting = time.perf_counter() - began
    shares["the rest"] = posting - sum(shares.values())
    copying, rows = copy_again(cluster)
    with seeing([INSURER]):
        findings = len(verify(INSURER))
    return {
        "receipts": sum(run.counts["receipts"] for run in runs),
        "entries": rows,
        "posting": posting,
        "copy": copying,
        "ratio": posting / copying,
        "shares": {name: seconds / posting for name, seconds in shares.items()},
        "findings": findings,
        "load": os.getloadavg()[0],
    }


def prepare(count: int) -> None:
    """Demands of a year and their receipts: one in fifty late, some in part, over, unknown."""
    import polars as pl
    from tests.office.ledger.offices import collecting

    from kokuho.billing import SCHEMA
    from kokuho.office.ledger.assessing import post_demands
    from kokuho.office.ledger.importing import record
    from kokuho.office.ledger.naming import demand_id
    from kokuho.office.ledger.rules import keep_ordinance
    from kokuho.office.register import insurers
    from kokuho.office.tenancy import seeing
    from kokuho.tables import LINE

    insurers.add(INSURER, "架空市", "架空県", "")
    with seeing([INSURER], writing=True):
        keep_ordinance(INSURER, collecting(2025))
    row = pl.int_range(count)
    term = row % TERMS + 1
    bills = (
        pl.select(
            insurer_code=pl.lit(INSURER),
            household_id=pl.format("{}", (row // TERMS + 1).cast(pl.String).str.zfill(7)),
            fiscal_year_levied=2025,
            fiscal_year_meant=2025,
            kind=pl.lit("tax"),
            channel=pl.lit("ordinary"),
            term=term,
            amount=(row * 7919 % 300 + 10) * 100,
            due=pl.date(2025, 7, 31).dt.offset_by(pl.format("{}mo", term - 1)),
            reason=pl.lit("levy"),
        )
        .cast(dict(SCHEMA))
        .with_columns(debtor="household_id")
    )
    post_demands(
        INSURER, 2025, bills, posted_on=date(2025, 7, 15),
        actor="bench",
    )  # fmt: skip
    case = pl.int_range(pl.len()) * 6007 % 1000
    receipts = bills.select(
        "insurer_code",
        "household_id",
        reference=pl.format("b{}", pl.int_range(pl.len())),
        demand_id=pl.when(case < 5).then(pl.lit("unknown")).when(case > 40).then(demand_id()),
        amount=pl.when(case.is_between(50, 70)).then(pl.col("amount") // 2)
        .when(case.is_between(80, 90)).then(pl.col("amount") + 500)
        .otherwise("amount"),
        value_on=pl.when(case.is_between(100, 119)).then(pl.col("due") + pl.duration(days=45))
        .otherwise(pl.col("due") - pl.duration(days=3)),
        payer=pl.lit(None, pl.String),
    )  # fmt: skip
    arrived = receipts.sort("value_on", maintain_order=True).with_columns(
        (pl.int_range(pl.len()) + 2).alias(LINE)
    )
    record(INSURER, arrived, "bench.csv", "", "bench")


@contextmanager
def stopwatches(shares: dict[str, float]) -> Any:
    """Time the steps of posting by name."""
    from kokuho.office.ledger import books, receiving

    watched = [
        (receiving, "unposted", "read receipts"),
        (receiving, "books_of", "read the books"),
        (receiving, "allocate", "allocate, interest, entries"),
        (books, "require", "look at the invariants"),
        (books, "append", "write the entries"),
    ]
    usual = [(module, name, getattr(module, name)) for module, name, _title in watched]

    def timed(function: Any, title: str) -> Any:
        def call(*args: Any, **more: Any) -> Any:
            inside = active and active[-1]
            active.append(title)
            began = time.perf_counter()
            try:
                return function(*args, **more)
            finally:
                active.pop()
                if not inside:
                    shares[title] += time.perf_counter() - began

        return call

    active: list[str] = []
    for (module, name, title), (_module, _name, function) in zip(watched, usual, strict=True):
        setattr(module, name, timed(function, title))
    try:
        yield
    finally:
        for module, name, function in usual:
            setattr(module, name, function)


def copy_again(cluster: Any) -> tuple[float, int]:
    """COPY the entries of the receipts into an equal table of another database."""
    import psycopg
    from django.db import connections
    from tests.office import postgresql

    from kokuho.ledger import ENTRIES

    connections.close_all()
    names = ", ".join(ENTRIES)
    buffer = BytesIO()
    with psycopg.connect(cluster.url(postgresql.SUPERUSER, "bench"), autocommit=True) as link:
        first = link.execute(
            "SELECT min(first_number) FROM books_posting WHERE kind = 'receipts'"
        ).fetchone()[0]
        query = f"SELECT {names} FROM books_entry WHERE number >= {first} ORDER BY id"
        with link.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as out:
            for block in out:
                buffer.write(block)
        rows = link.execute(f"SELECT count(*) FROM books_entry WHERE number >= {first}")
        count = rows.fetchone()[0]
    postgresql.create_database(cluster, "twin", template="bench")
    with psycopg.connect(cluster.url(postgresql.SUPERUSER, "twin"), autocommit=True) as link:
        # as it was before the receipts: the same rows, indexes, constraints and triggers
        link.execute("ALTER TABLE books_entry DISABLE TRIGGER USER")
        link.execute(f"DELETE FROM books_entry WHERE number >= {first}")
        link.execute("VACUUM FULL books_entry")
        link.execute("ALTER TABLE books_entry ENABLE TRIGGER USER")
        data = buffer.getbuffer()
        began = time.perf_counter()
        with link.cursor().copy(f"COPY books_entry ({names}) FROM STDIN (FORMAT csv)") as into:
            for start in range(0, len(data), 1 << 22):
                into.write(data[start : start + (1 << 22)])
        return time.perf_counter() - began, count


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)))
