"""A city, an agency, a mesh and a time-stamp service, each with a key; a log of some days."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kokuho.linkage import messages

NOW = datetime(2027, 6, 1, 9, 0, tzinfo=UTC)
START, END = NOW - timedelta(days=365), NOW + timedelta(days=365)
CITY, AGENCY, MESH, CLOCK = "city", "agency", "mesh", "clock"


def key_of(owner: str, algorithm: messages.Algorithm = "Ed25519") -> messages.SigningKey:
    return messages.SigningKey.generate(owner, START, END, algorithm)


KEYS = {owner: key_of(owner) for owner in (CITY, AGENCY, MESH, CLOCK)}
RING = messages.KeyRing.of(key.public for key in KEYS.values())


def letter(**other: object) -> messages.Envelope:
    usual = {
        "kind": "inquiry",
        "number": messages.new_number(),
        "sender": AGENCY,
        "receiver": MESH,
        "sent_at": NOW,
        "certificate": "ab" * 32,
        "answers": "",
        "body": {"purpose": "residence", "codes": ["k1"]},
    }
    return messages.Envelope(**(usual | other))  # type: ignore[arg-type]


@dataclass
class Log:
    """The lines of an export, and the records in it."""

    lines: list[str]
    records: list[messages.LogRecord]

    def text(self) -> str:
        return "\n".join(self.lines)


def log_of(batches: Sequence[int], *, unsealed: int = 0, stamped: bool = True) -> Log:
    """An export with sealed batches of these sizes, and some records that no seal holds yet."""
    lines: list[str] = []
    records: list[messages.LogRecord] = []
    before = messages.START

    def write(count: int) -> list[messages.LogRecord]:
        made = []
        for _each in range(count):
            happening = messages.Happening(
                NOW + timedelta(seconds=len(records)), "in", "inquiry", AGENCY,
                f"m{len(records) + 1}", "cd" * 32, "residence", persons=("p1",),
            )  # fmt: skip
            record = messages.next_record(MESH, records[-1] if records else None, happening)
            records.append(record)
            made.append(record)
            lines.append(json.dumps({"record": record.as_json()}))
        return made

    for number, size in enumerate(batches, 1):
        at = NOW + timedelta(hours=number)
        seal = messages.seal_records(write(size), before, KEYS[MESH], at)
        before = messages.digest_of_text(seal)
        lines.append(json.dumps({"seal": seal}))
        if stamped:
            stamp = messages.stamp_of(before, number, KEYS[CLOCK], at + timedelta(seconds=5))
            lines.append(json.dumps({"stamp": stamp}))
    write(unsealed)
    closing = messages.closing_of(records[0], records[-1], KEYS[MESH], NOW + timedelta(days=1))
    lines.append(json.dumps({"closing": closing}))
    return Log(lines, records)
