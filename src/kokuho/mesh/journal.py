"""The message log in the database: written with each message, sealed and time-stamped afterwards.

A record is part of the transaction of what it tells. Sealing reads a run of records, signs outside
any transaction and inserts in a short one; a time-stamp is fetched when the service answers, and
nobody waits for it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from kokuho.base.calendar import JAPAN
from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.messages import (
    START,
    Happening,
    LogRecord,
    MessageEvidence,
    SigningKey,
    closing_of,
    digest_of_text,
    next_record,
    seal_records,
)
from kokuho.mesh.clock import Clock, ClockDownError
from kokuho.mesh.database import Database

_ = translator("mesh")

LONGEST = 1_000
"""Records under one seal."""


@dataclass(frozen=True)
class Journal:
    """The log of a mesh.

    Attributes:
        database: where it is.
        key: the mesh's signing key.
        clock: the time-stamp service.
    """

    database: Database
    key: SigningKey
    clock: Clock

    @property
    def log(self) -> str:
        """Whose log it is."""
        return self.key.public.owner

    def write(self, connection: sqlite3.Connection, happening: Happening) -> LogRecord:
        """Add a record, in the caller's transaction."""
        row = connection.execute("SELECT record FROM log ORDER BY number DESC LIMIT 1").fetchone()
        record = next_record(self.log, _record(row[0]) if row else None, happening)
        connection.execute(
            "INSERT INTO log (number, at, content, digest, record) VALUES (?, ?, ?, ?, ?)",
            (
                record.number, record.at, record.content, record.digest,
                json.dumps(record.as_json(), ensure_ascii=False),
            ),
        )  # fmt: skip
        return record

    def event(self, kind: str, outcome: str, now: datetime, message: str = "") -> None:
        """Add what is no message, such as a handshake that was refused, by itself."""
        with self.database.writing() as connection:
            self.write(connection, Happening(now, "event", kind, message=message, outcome=outcome))

    def seal(self, now: datetime, longest: int = LONGEST) -> int:
        """Seal what is not sealed yet; how many records were."""
        sealed = 0
        while batch := self._unsealed(longest):
            records, number, before = batch
            text = seal_records(records, before, self.key, now)
            with self.database.writing() as connection:
                # another thread may have sealed the same run meanwhile: its seal stands
                done = connection.execute(
                    "INSERT INTO seal (number, first, last, text, digest) VALUES (?, ?, ?, ?, ?) "
                    "ON CONFLICT DO NOTHING",
                    (number, records[0].number, records[-1].number, text, digest_of_text(text)),
                ).rowcount
            sealed += len(records) if done else 0
        return sealed

    def _unsealed(self, longest: int) -> tuple[list[LogRecord], int, str] | None:
        connection = self.database.connection()
        row = connection.execute(
            "SELECT number, last, digest FROM seal ORDER BY number DESC LIMIT 1"
        ).fetchone()
        number, last, before = row or (0, 0, START)
        rows = connection.execute(
            "SELECT record FROM log WHERE number > ? ORDER BY number LIMIT ?", (last, longest)
        ).fetchall()
        return ([_record(text) for (text,) in rows], number + 1, before) if rows else None

    def stamp(self) -> int:
        """Fetch the time-stamps that are missing, oldest first; how many are left.

        When the service is down they wait; the exchange goes on.
        """
        connection = self.database.connection()
        waiting = connection.execute(
            "SELECT number, digest FROM seal WHERE number NOT IN (SELECT seal FROM stamp) "
            "ORDER BY number"
        ).fetchall()
        for done, (number, seal_digest) in enumerate(waiting):
            try:
                text = self.clock.stamp(seal_digest)
            except ClockDownError:
                return len(waiting) - done
            with self.database.writing() as writer:
                writer.execute(
                    "INSERT INTO stamp (seal, text) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    (number, text),
                )
        return 0

    def export(self, day: date, now: datetime) -> Iterator[str]:
        """The lines of a day's log (Japanese time), in whole seals; see the evidence module.

        Raises:
            LinkageError: nothing was logged on that day.
        """
        self.seal(now)
        self.stamp()
        begin = datetime.combine(day, time(), JAPAN).astimezone(UTC)
        end = begin + timedelta(days=1)
        connection = self.database.connection()
        first, last = connection.execute(
            "SELECT min(number), max(number) FROM log WHERE at >= ? AND at < ?",
            (begin.isoformat(timespec="milliseconds"), end.isoformat(timespec="milliseconds")),
        ).fetchone()
        if first is None:
            raise LinkageError(_("Nothing was logged on {day}.").format(day=day))
        yield from self._lines(connection, first, last, now)

    def _lines(
        self, connection: sqlite3.Connection, first: int, last: int, now: datetime
    ) -> Iterator[str]:
        seals = connection.execute(
            "SELECT s.first, s.last, s.text, t.text FROM seal s LEFT JOIN stamp t "
            "ON t.seal = s.number WHERE s.last >= ? AND s.first <= ? ORDER BY s.number",
            (first, last),
        ).fetchall()
        ends: list[LogRecord] = []
        for seal_first, seal_last, seal, stamp in seals:
            for (text,) in connection.execute(
                "SELECT record FROM log WHERE number BETWEEN ? AND ? ORDER BY number",
                (seal_first, seal_last),
            ):
                ends = [*ends[:1], _record(text)]
                yield f'{{"record": {text}}}'
            yield json.dumps({"seal": seal})
            if stamp is not None:
                yield json.dumps({"stamp": stamp})
        yield json.dumps({"closing": closing_of(ends[0], ends[-1], self.key, now)})

    def evidence(self, message: str, now: datetime) -> MessageEvidence | None:
        """The evidence for a sealed message that the log has; ``None`` where it has not."""
        self.seal(now)
        self.stamp()
        found = self.place(self.database.connection(), digest_of_text(message))
        return MessageEvidence(message, *found) if found else None

    def place(
        self, connection: sqlite3.Connection, content: str, receiver: str = ""
    ) -> tuple[dict[str, Any], str, str] | None:
        """The record, seal and time-stamp of what was sent: of anybody, or to one receiver.

        ``None`` where the log has it not, or where no seal holds it yet.
        """
        row = connection.execute(
            "SELECT l.record, s.text, t.text FROM log l JOIN seal s "
            "ON l.number BETWEEN s.first AND s.last LEFT JOIN stamp t ON t.seal = s.number "
            "WHERE l.content = ? AND l.content <> '' ORDER BY l.number LIMIT 1",
            (content,),
        ).fetchone()
        if row is None:
            return None
        record: dict[str, Any] = json.loads(row[0])
        if receiver and (record["direction"], record["partner"]) != ("out", receiver):
            return None
        return record, row[1], row[2] or ""


def _record(text: str) -> LogRecord:
    row: dict[str, Any] = json.loads(text)
    return LogRecord(**{**row, "persons": tuple(row["persons"])})
