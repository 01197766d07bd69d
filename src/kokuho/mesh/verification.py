"""The offline check: an exported log, or the evidence for one answer, against public keys alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.messages import (
    KeyRing,
    LogFinding,
    LogReport,
    MessageEvidence,
    verify_message,
)
from kokuho.linkage.messages import verify_log as verify_lines
from kokuho.mesh.rehearsal import open_rehearsal

_ = translator("mesh")


@dataclass(frozen=True)
class Found:
    """What the check found.

    Attributes:
        report: of a log; ``None`` for one message.
        message: facts of one message; empty for a log.
        findings: what is wrong.
    """

    report: LogReport | None
    message: dict[str, Any] = field(default_factory=dict)
    findings: list[LogFinding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether all holds; an export without its closing may lack records at the end."""
        return not self.findings and (self.report is None or self.report.closed)

    def as_json(self) -> dict[str, Any]:
        """For a machine."""
        told = [{"record": one.number, "code": one.code, "line": one.line} for one in self.findings]
        if self.report is None:
            return {"message": self.message, "holds": self.holds, "findings": told}
        counts = {
            name: getattr(self.report, name)
            for name in ("log", "first", "records", "seals", "stamped", "unsealed", "closed")
        }
        return counts | {"holds": self.holds, "findings": told}

    def lines(self) -> Iterator[str]:
        """For people."""
        for one in self.findings:
            yield _("record {number} (line {line}): {words}").format(
                number=one.number or "?", line=one.line or "-", words=one.words
            )
        if self.report is None:
            for name, value in self.message.items():
                yield f"{name}: {value}"
        else:
            yield _(
                "log {log}: {records} records from number {first}, {seals} seals, {stamped} with "
                "time-stamp"
            ).format(
                log=self.report.log or "?",
                records=self.report.records,
                first=self.report.first,
                seals=self.report.seals,
                stamped=self.report.stamped,
            )
            if not self.report.closed:
                yield _("not closed: records may be missing at the end")
        yield _("all holds") if self.holds else _("it does not hold")


def verify(file: Path, keys: Path, *, whole: bool = False) -> Found:
    """Check a file.

    Raises:
        LinkageError: a file cannot be read.
    """
    try:
        ring = KeyRing.from_json(keys.read_text(encoding="utf-8"))
        with file.open(encoding="utf-8") as lines:
            evidence = _evidence(lines.readline())
            if evidence is not None:
                return _message(evidence, ring)
            lines.seek(0)
            report = verify_lines(lines, ring, whole=whole)
    except OSError as error:
        raise LinkageError(
            _("{file} cannot be read: {reason}").format(file=error.filename, reason=error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        raise LinkageError(_("{file}: not UTF-8 text.").format(file=file)) from error
    if not report.records:
        raise LinkageError(_("{file} holds no record of a log.").format(file=file))
    return Found(report, findings=report.findings)


def _evidence(line: str) -> MessageEvidence | None:
    try:
        stated = json.loads(line)
        return MessageEvidence(**stated)
    except (ValueError, TypeError):
        return None


def _message(evidence: MessageEvidence, ring: KeyRing) -> Found:
    try:
        envelope, findings = verify_message(evidence, ring)
    except (ValueError, KeyError, TypeError) as error:
        raise LinkageError(_("The evidence has not the form of one.")) from error
    facts: dict[str, Any] = {"stamped": bool(evidence.stamp)}
    if envelope is not None:
        facts |= {
            "kind": envelope.kind,
            "number": envelope.number,
            "sender": envelope.sender,
            "receiver": envelope.receiver,
            "sent_at": envelope.sent_at.isoformat(),
        }
    return Found(None, facts, findings)


def export(folder: Path, secrets: Path | None, day: str, out: Path) -> int:
    """Write a day's log; how many lines.

    Raises:
        LinkageError: no such day, or nothing was logged on it.
    """
    from kokuho.mesh.service import Service

    try:
        stated = date.fromisoformat(day)
    except ValueError as error:
        raise LinkageError(_("{day} is no day (YYYY-MM-DD).").format(day=day)) from error
    journal = Service.of(open_rehearsal(folder, secrets)).journal
    part = out.with_name(out.name + ".part")
    count = 0
    try:
        with part.open("w", encoding="utf-8") as lines:
            for line in journal.export(stated, datetime.now(UTC)):
                lines.write(line + "\n")
                count += 1
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
        journal.database.close()
    return count
