"""Records of provision (情報提供等記録, 番号法23条): kept seven years, shown to the person."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import date, datetime

from kokuho.linkage.messages import digest_of
from kokuho.linkage.messages.bodies import Provided, Provision

YEARS = 7
"""How long a record is kept. Source: 番号法23条3項, 施行令30条."""


def keep(
    connection: sqlite3.Connection,
    person: int,
    *,
    asked_by: str,
    officer: str,
    reason: str,
    purpose: str,
    message: str,
    asked_at: datetime,
    answered_at: datetime,
    outcome: str,
    items: Sequence[str],
) -> None:
    """Keep a record."""
    connection.execute(
        "INSERT INTO provision (person, asked_by, officer, reason, purpose, message, asked_at, "
        "answered_at, outcome, items, dispose_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            person, asked_by, officer, reason, purpose, message,
            asked_at.isoformat(timespec="milliseconds"),
            answered_at.isoformat(timespec="milliseconds"),
            outcome, json.dumps(list(items)), disposable_from(answered_at.date()).isoformat(),
        ),
    )  # fmt: skip


def disposable_from(day: date) -> date:
    """The first day on which a record of a day may be disposed of."""
    try:
        return day.replace(year=day.year + YEARS)
    except ValueError:  # 29 February
        return date(day.year + YEARS, 3, 1)


def of_person(connection: sqlite3.Connection, person: int | None) -> Provided:
    """The records about a person, oldest first."""
    rows = connection.execute(
        "SELECT asked_by, purpose, asked_at, answered_at, outcome, items, dispose_on "
        "FROM provision WHERE person = ? ORDER BY id",
        (person,),
    )
    return Provided(
        provisions=[
            Provision(
                asked_by=who, purpose=purpose, asked_at=asked_at, answered_at=answered_at,
                outcome=outcome, items=json.loads(items),
                dispose_on=dispose_on,
            )
            for who, purpose, asked_at, answered_at, outcome, items, dispose_on in rows
        ]
    )  # fmt: skip


def dispose(connection: sqlite3.Connection, today: date) -> tuple[int, str]:
    """Delete what is kept long enough; how many, and the digest of what they were (the proof)."""
    rows = connection.execute(
        "DELETE FROM provision WHERE dispose_on <= ? RETURNING *", (today.isoformat(),)
    ).fetchall()
    return len(rows), digest_of([list(row) for row in sorted(rows)])
