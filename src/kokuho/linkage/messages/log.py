"""The message log: numbered records, each holding the digest of the one before it.

A record says who sent what kind of message to whom, for which purpose and with which outcome; the
message itself stands in it as a digest alone. It names persons by pseudonymous keys, never by name,
number or address.

Sealing (:func:`seal_records`) lists the digests of a run of records under a signature; a time-stamp
over the seal (:func:`stamp_of`) comes when the time-stamp service answers, and is not waited for.
The list, rather than a tree's root, lets a verifier name the record that was changed, removed or
moved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from kokuho.linkage.messages.canonical import digest, digest_of
from kokuho.linkage.messages.keys import SigningKey
from kokuho.linkage.messages.signing import sign

SEAL_FORM = "kokuho-seal+jws"
STAMP_FORM = "kokuho-stamp+jws"
CLOSING_FORM = "kokuho-closing+jws"
START = "0" * 64
"""What stands as the digest before the first record."""


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One line of the log.

    Attributes:
        log: whose log it is (client id).
        number: from 1, without a gap.
        at: when, UTC, ISO 8601.
        direction: ``in``, ``out`` or ``event``.
        kind: the message's kind, or the event's name.
        partner: client id of the other side; empty for an event.
        message: the message's number; empty for an event.
        content: digest of the sealed message; empty where it could not be read.
        purpose: code of the purpose; empty where there is none.
        outcome: ``taken``, or the code of the refusal.
        persons: pseudonymous keys of the persons concerned.
        previous: digest of the record before.
        digest: of all of the above.
    """

    log: str
    number: int
    at: str
    direction: str
    kind: str
    partner: str
    message: str
    content: str
    purpose: str
    outcome: str
    persons: tuple[str, ...]
    previous: str
    digest: str

    def as_json(self) -> dict[str, Any]:
        """The record as the log's file has it."""
        return asdict(self) | {"persons": list(self.persons)}


@dataclass(frozen=True, slots=True)
class Happening:
    """What a record says, before it has its place in the chain; see :class:`LogRecord`."""

    at: datetime
    direction: str
    kind: str
    partner: str = ""
    message: str = ""
    content: str = ""
    purpose: str = ""
    outcome: str = "taken"
    persons: tuple[str, ...] = ()


def digest_of_record(row: Mapping[str, Any]) -> str:
    """The digest of a record as its file has it, its own digest left out."""
    return digest_of({name: value for name, value in row.items() if name != "digest"})


def next_record(log: str, last: LogRecord | None, happening: Happening) -> LogRecord:
    """The record of a happening, after the last one of this log."""
    row = asdict(happening) | {
        "log": log,
        "number": last.number + 1 if last else 1,
        "at": happening.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "persons": list(happening.persons),
        "previous": last.digest if last else START,
    }
    return LogRecord(**{**row, "persons": happening.persons}, digest=digest_of_record(row))


def seal_records(
    records: Sequence[LogRecord], previous: str, key: SigningKey, sealed_at: datetime
) -> str:
    """The seal of consecutive records: their digests, and the digest of the seal before, signed.

    Args:
        records: one or more, in order.
        previous: digest of the seal before (:func:`digest_of_text`); :data:`START` for the first.
        key: the log's own.
        sealed_at: when.
    """
    value = {
        "log": records[0].log,
        "first": records[0].number,
        "digests": [record.digest for record in records],
        "previous": previous,
        "sealed_at": sealed_at.astimezone(UTC).isoformat(timespec="milliseconds"),
    }
    return sign(value, key, form=SEAL_FORM)


def stamp_of(seal_digest: str, serial: int, key: SigningKey, at: datetime) -> str:
    """The time-stamp over a seal, by the time-stamp service.

    The rehearsal's own service signs it; it is not an accredited time-stamp (認定タイムスタンプ).
    """
    value = {
        "digest": seal_digest,
        "serial": serial,
        "at": at.astimezone(UTC).isoformat(timespec="milliseconds"),
    }
    return sign(value, key, form=STAMP_FORM)


def closing_of(first: LogRecord, last: LogRecord, key: SigningKey, exported_at: datetime) -> str:
    """The end of an export: which records it holds, signed, so that none is cut off unseen."""
    value = {
        "log": last.log,
        "first": first.number,
        "last": last.number,
        "digest": last.digest,
        "exported_at": exported_at.astimezone(UTC).isoformat(timespec="milliseconds"),
    }
    return sign(value, key, form=CLOSING_FORM)


def digest_of_text(text: str) -> str:
    """The digest of a signed text."""
    return digest(text.encode("ascii"))
