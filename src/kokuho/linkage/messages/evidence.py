"""What a third party verifies without our database: an exported log, and one exported message.

An export is a file of JSON lines, in the order of the log:

``{"record": {…}}``    a record (:class:`~kokuho.linkage.messages.log.LogRecord`)
``{"seal": "…"}``      the seal of the records before it that no seal holds yet
``{"stamp": "…"}``     the time-stamp over the seal before it
``{"closing": "…"}``   last: which records the export holds, signed

The seals say which records stood where; what is in the file is compared with them, so that a
finding names the record. Read once, in order: time grows with the length, memory with the longest
seal.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kokuho.base.messages import translator
from kokuho.linkage.messages.envelope import FORM, Envelope, read_envelope
from kokuho.linkage.messages.keys import KeyRing
from kokuho.linkage.messages.log import (
    CLOSING_FORM,
    SEAL_FORM,
    STAMP_FORM,
    START,
    digest_of_record,
    digest_of_text,
)
from kokuho.linkage.messages.refusals import RefusedError
from kokuho.linkage.messages.signing import stated, verify

_ = translator("linkage")

FINDINGS: Mapping[str, str] = {
    "unreadable": "a line that is not of this form",
    "changed": "the record was changed",
    "removed": "the record was removed",
    "moved": "the record stands in another place",
    "inserted": "a record that the seals do not know",
    "chain": "the record does not follow the one before it",
    "seal": "the seal is not valid",
    "seal_removed": "a seal before this record was removed",
    "stamp": "the time-stamp is not valid",
    "closing": "the closing of the export is not valid",
    "content": "the message is not the one that the log names",
}
"""What is wrong; a closed list."""


@dataclass(frozen=True, slots=True, order=True)
class LogFinding:
    """One thing that is wrong.

    Attributes:
        number: of the record; 0 where none can be named.
        code: one of :data:`FINDINGS`.
        line: of the file, from 1; 0 for what is not there.
    """

    number: int
    code: str
    line: int

    @property
    def words(self) -> str:
        """The finding in the language of the interface."""
        return _(FINDINGS[self.code])


@dataclass
class LogReport:
    """What a verification found.

    Attributes:
        log: whose log it is; empty for a file without records.
        first: number of the first record.
        records: how many.
        seals: how many.
        stamped: how many of the seals have a valid time-stamp; the others wait for the service.
        unsealed: how many records at the end no seal holds yet.
        closed: whether a valid closing says where the export ends; without it nobody can tell
            whether records are missing at the end.
        findings: what is wrong, by record; empty when all holds.
    """

    log: str = ""
    first: int = 0
    records: int = 0
    seals: int = 0
    stamped: int = 0
    unsealed: int = 0
    closed: bool = False
    findings: list[LogFinding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Read:
    line: int
    number: int
    stated: str
    counted: str
    previous: str


def verify_log(lines: Iterable[str], ring: KeyRing, *, whole: bool = False) -> LogReport:
    """Verify an export.

    Args:
        lines: of the file.
        ring: public keys of the log and of the time-stamp service.
        whole: the export claims to start at the log's beginning; else its first record may follow
            one that is not in the file.
    """
    reading = _Reading(ring, whole)
    for line, text in enumerate(lines, 1):
        if text.strip():
            reading.take(line, text)
    return reading.end()


class _Reading:
    def __init__(self, ring: KeyRing, whole: bool) -> None:
        self.ring = ring
        self.report = LogReport()
        self.open: list[_Read] = []
        self.last = START if whole else ""  # digest of the last record that must have stood there
        self.next = 1 if whole else 0
        self.seal_before = START if whole else ""
        self.sealed_at: datetime | None = None
        self.removed: dict[str, int] = {}
        self.inserted: list[_Read] = []

    def take(self, line: int, text: str) -> None:
        readers: dict[str, Callable[[int, Any], None]] = {
            "record": self.record,
            "seal": self.seal,
            "stamp": self.stamp,
            "closing": self.closing,
        }
        try:
            [(form, content)] = json.loads(text).items()
            readers[form](line, content)
        except (ValueError, KeyError, TypeError, AttributeError):
            self.find("unreadable", 0, line)

    def find(self, code: str, number: int, line: int) -> None:
        self.report.findings.append(LogFinding(number, code, line))

    def record(self, line: int, row: dict[str, Any]) -> None:
        read = _Read(
            line, int(row["number"]), row["digest"], digest_of_record(row), row["previous"]
        )
        if not self.report.records:
            self.report.log, self.report.first = str(row["log"]), read.number
        self.report.first = min(self.report.first, read.number)
        self.report.records += 1
        self.open.append(read)

    def seal(self, line: int, text: str) -> None:
        batch, self.open, self.sealed_at = self.open, [], None
        self.report.seals += 1
        try:
            value = self._signed(text, SEAL_FORM, "sealed_at")
            first, digests = int(value["first"]), [str(one) for one in value["digests"]]
        except (RefusedError, ValueError, KeyError, TypeError):
            self.find("seal", batch[0].number if batch else 0, line)
            self.follow(batch)
        else:
            if self.seal_before and value["previous"] != self.seal_before:
                self.find("seal_removed", first, line)
                self.follow([read for read in batch if read.number < first])
                batch = [read for read in batch if read.number >= first]
            self.sealed_at = datetime.fromisoformat(value["sealed_at"])
            self.compare(batch, first, digests)
        self.seal_before = digest_of_text(text)

    def _signed(self, text: str, form: str, when: str) -> dict[str, Any]:
        """What was signed, by a key that held at the time stated; it may be withdrawn since.

        The time is the signer's word; what nobody can shift is the time-stamp over it. A log
        does not stamp itself.
        """
        value, key = verify(
            text, self.ring, form=form, at=datetime.fromisoformat(stated(text)[when])
        )
        if (key.owner == self.report.log) is (form == STAMP_FORM):
            raise ValueError(key.owner)
        return dict(value)

    def compare(self, batch: Sequence[_Read], first: int, digests: Sequence[str]) -> None:
        """The records of a batch against the digests that its seal says stood there."""
        places = {one: first + place for place, one in enumerate(digests)}
        if self.last and self.next != first:
            for number in range(self.next, first):
                self.find("removed", number, 0)
        there: dict[int, _Read] = {}
        strange: list[_Read] = []
        for read in batch:
            place = places.get(read.counted)
            if place is not None and place not in there:
                there[place] = read
                if read.stated != read.counted:
                    self.find("changed", place, read.line)
            else:
                strange.append(read)
        for read in strange:
            number = places.get(read.stated, read.number)
            if first <= number < first + len(digests) and number not in there:
                there[number] = read
                self.find("changed", number, read.line)
            else:
                self.inserted.append(read)
        line_of = {number: read.line for number, read in there.items()}
        in_file = sorted(line_of, key=line_of.__getitem__)
        for number in _out_of_order(in_file):
            self.find("moved", number, line_of[number])
        self.removed |= {one: number for one, number in places.items() if number not in there}
        before = self.last
        for place, one in enumerate(digests):
            followed = there.get(first + place)
            if followed and before and followed.counted == one and followed.previous != before:
                self.find("chain", first + place, followed.line)
            before = one
        self.last, self.next = before, first + len(digests)

    def follow(self, batch: Sequence[_Read]) -> None:
        """Records that no valid seal holds: each must follow the one before it."""
        for read in batch:
            if read.counted != read.stated:
                self.find("changed", read.number, read.line)
            elif self.last and read.previous != self.last:
                missing = range(self.next, read.number)
                for number in missing:
                    self.find("removed", number, 0)
                if not missing:
                    self.find(
                        "moved" if read.number < self.next else "chain", read.number, read.line
                    )
            self.last, self.next = read.stated, read.number + 1

    def stamp(self, line: int, text: str) -> None:
        number = self.next - 1
        try:
            value = self._signed(text, STAMP_FORM, "at")
            late = self.sealed_at is None or datetime.fromisoformat(value["at"]) >= self.sealed_at
            good = late and value["digest"] == self.seal_before
        except (RefusedError, ValueError, KeyError, TypeError):
            good = False
        if good:
            self.report.stamped += 1
        else:
            self.find("stamp", number, line)

    def closing(self, line: int, text: str) -> None:
        self.report.unsealed = len(self.open)
        self.follow(self.open)
        self.open = []
        try:
            value = self._signed(text, CLOSING_FORM, "exported_at")
            first, last, digest = int(value["first"]), int(value["last"]), str(value["digest"])
        except (RefusedError, ValueError, KeyError, TypeError):
            self.find("closing", 0, line)
            return
        self.report.closed = True
        for number in range(first, self.report.first):
            self.find("removed", number, 0)
        for number in range(self.next, last + 1):
            self.find("removed", number, 0)
        if self.next == last + 1 and self.last != digest:
            self.find("chain", last, line)

    def end(self) -> LogReport:
        if self.open:
            self.report.unsealed = len(self.open)
            self.follow(self.open)
        for read in self.inserted:
            place = self.removed.pop(read.counted, None)
            if place is None:
                self.find("inserted", read.number, read.line)
            else:
                self.find("moved", place, read.line)
        for number in self.removed.values():
            self.find("removed", number, 0)
        self.report.findings = sorted(set(self.report.findings))
        return self.report


def _out_of_order(numbers: Sequence[int]) -> list[int]:
    """The fewest numbers without which the others ascend (beside a longest ascending run)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(tails, number)
        before.append(ends[length - 1] if length else -1)
        tails[length:] = [number, *tails[length + 1 :]]
        ends[length:] = [place, *ends[length + 1 :]]
    kept = set()
    place = ends[-1] if ends else -1
    while place >= 0:
        kept.add(place)
        place = before[place]
    return [number for place, number in enumerate(numbers) if place not in kept]


@dataclass(frozen=True, slots=True)
class MessageEvidence:
    """One message with its place in the log: what is handed to a third party.

    Attributes:
        message: the sealed message.
        record: the log's record of it.
        seal: the seal that holds the record.
        stamp: the time-stamp over the seal; empty while the service was not reached.
    """

    message: str
    record: Mapping[str, Any]
    seal: str
    stamp: str


def verify_message(
    evidence: MessageEvidence, ring: KeyRing
) -> tuple[Envelope | None, list[LogFinding]]:
    """The message, and what is wrong with the evidence for it (nothing, when all holds).

    The signature is looked at as of the time at which the log recorded the message.
    """
    number = int(evidence.record["number"])
    lines = [json.dumps({"record": dict(evidence.record)}), json.dumps({"seal": evidence.seal})]
    if evidence.stamp:
        lines.append(json.dumps({"stamp": evidence.stamp}))
    # the seal holds other records too, which are not handed out: only what concerns this one counts
    found = [
        one
        for one in verify_log(lines, ring).findings
        if one.number in (number, 0) or one.code in ("inserted", "seal", "stamp")
    ]
    envelope = None
    try:
        at = datetime.fromisoformat(evidence.record["at"])
        envelope = read_envelope(verify(evidence.message, ring, form=FORM, at=at)[0])
    except (RefusedError, ValueError):
        found.append(LogFinding(number, "content", 0))
    else:
        if digest_of_text(evidence.message) != evidence.record["content"]:
            found.append(LogFinding(number, "content", 0))
    return envelope, found
