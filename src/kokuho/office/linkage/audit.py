"""The office's own log (閲覧・送信・承認の記録) as signed files of a day, and its check.

The tables refuse update and delete, but who owns the database can take that away and put it back.
So each day goes out as a signed file, for somebody else's custody: what is changed afterwards no
longer agrees with it, and the check names the row. The file has row numbers and digests alone.
It has the form of the mesh's log: ``kokuho mesh verify-log FILE --keys RING --whole`` checks it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import models
from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.messages import (
    START,
    Happening,
    KeyRing,
    LogRecord,
    SigningKey,
    closing_of,
    digest,
    digest_of,
    next_record,
    seal_records,
    verify_log,
)
from kokuho.office.accounts.looks import Look
from kokuho.office.linkage.event import BatchEvent
from kokuho.office.linkage.limits import LimitApproval

_ = translator("linkage")

TABLES: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (Look, ("user_id", "page", "resident_id", "household_id", "valid_on", "known_on")),
    (BatchEvent, ("batch_id", "kind", "part", "message", "actor", "text", "detail")),
    (LimitApproval, ("proposal_id", "actor")),
)
"""What is in the log, and which columns of it; each has ``at``."""
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Wrong:
    """One row that does not agree with the file of its day, or a file that does not hold.

    Attributes:
        day: of the file.
        row: table and row number; the record's number where the file itself does not hold.
        what: ``changed``, ``removed``, ``added`` or a finding of the verifier.
    """

    day: date
    row: str
    what: str


def path_of(folder: Path, insurer: str, day: date) -> Path:
    """The file of a day."""
    return folder / f"audit-{insurer}-{day.isoformat()}.jsonl"


def write_days(insurer: str, key: SigningKey, folder: Path, until: date) -> list[Path]:
    """Write the days that are over and have no file yet, up to ``until``; inside ``seeing``.

    A day without rows has a file too, so that none can be taken away unseen; each names the digest
    of the one before.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written = []
    day = _next_day(insurer, folder)
    while day is not None and day <= until:
        path = path_of(folder, insurer, day)
        part = path.with_name(path.name + ".part")
        part.write_text("".join(_lines(insurer, key, folder, day)), encoding="utf-8")
        part.replace(path)
        written.append(path)
        day += timedelta(days=1)
    return written


def _days(insurer: str, folder: Path) -> list[date]:
    head = f"audit-{insurer}-"
    return sorted(
        date.fromisoformat(path.stem.removeprefix(head)) for path in folder.glob(f"{head}*.jsonl")
    )


def _next_day(insurer: str, folder: Path) -> date | None:
    if there := _days(insurer, folder):
        return there[-1] + timedelta(days=1)
    firsts = [
        model._default_manager.filter(insurer_id=insurer).aggregate(at=models.Min("at"))["at"]
        for model, _fields in TABLES
    ]
    known = [timezone.localtime(one).date() for one in firsts if one is not None]
    return min(known, default=None)


def _lines(insurer: str, key: SigningKey, folder: Path, day: date) -> Iterator[str]:
    now = datetime.now(UTC)
    before = path_of(folder, insurer, day - timedelta(days=1))
    last = digest(before.read_bytes()) if before.is_file() else ""
    record = next_record(key.public.owner, None, Happening(now, "event", "day", content=last))
    sealed, open_, first = START, [record], record
    yield _line("record", record.as_json())
    for name, at, content in _rows(insurer, day):
        happening = Happening(at, "event", "row", message=name, content=content)
        record = next_record(key.public.owner, record, happening)
        open_.append(record)
        yield _line("record", record.as_json())
        if len(open_) == _LONGEST:
            sealed, text = _seal(open_, sealed, key, now)
            yield text
            open_ = []
    if open_:
        yield _seal(open_, sealed, key, now)[1]
    yield _line("closing", closing_of(first, record, key, now))


def _seal(records: list[LogRecord], before: str, key: SigningKey, now: datetime) -> tuple[str, str]:
    text = seal_records(records, before, key, now)
    return digest(text.encode("ascii")), _line("seal", text)


def _line(kind: str, content: Any) -> str:
    return json.dumps({kind: content}, ensure_ascii=False) + "\n"


def _rows(insurer: str, day: date) -> Iterator[tuple[str, datetime, str]]:
    """Table and row number, moment, and digest of each row of a day."""
    begin = timezone.make_aware(datetime.combine(day, time()))
    for model, fields in TABLES:
        rows = model._default_manager.filter(
            insurer_id=insurer, at__gte=begin, at__lt=begin + timedelta(days=1)
        ).order_by("pk")
        for pk, at, *values in rows.values_list("pk", "at", *fields).iterator(chunk_size=2000):
            said = [one.isoformat() if isinstance(one, date) else one for one in values]
            moment = at.astimezone(UTC).isoformat(timespec="milliseconds")
            yield f"{model._meta.db_table}/{pk}", at, digest_of([pk, moment, *said])


def check(insurer: str, ring: KeyRing, folder: Path) -> tuple[int, list[Wrong]]:
    """Hold the files of a folder against the database: how many rows agree, and what does not.

    Inside ``seeing``.

    Raises:
        LinkageError: there is no file.
    """
    days = _days(insurer, folder)
    if not days:
        raise LinkageError(_("there is no file of a day in {folder}").format(folder=folder))
    agree, wrong = 0, []
    first, last = days[0], days[-1]
    before = b""
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        path = path_of(folder, insurer, day)
        if not path.is_file():
            wrong.append(Wrong(day, "-", "no_file"))
            before = b""
            continue
        content = path.read_bytes()
        lines = content.decode("utf-8", errors="replace").splitlines()
        report = verify_log(lines, ring, whole=True)
        wrong += [Wrong(day, str(one.number), one.code) for one in report.findings]
        if not report.closed:
            wrong.append(Wrong(day, "-", "not_closed"))
        stated = _stated(lines)
        if offset and before and stated.pop("", "") != digest(before):
            wrong.append(Wrong(day, "-", "other_day_before"))
        stated.pop("", None)
        found = {name: text for name, _at, text in _rows(insurer, day)}
        for name in sorted({*stated, *found}):
            if stated.get(name) == found.get(name):
                agree += 1
                continue
            what = "removed" if name not in found else "added" if name not in stated else "changed"
            wrong.append(Wrong(day, name, what))
        before = content
    return agree, wrong


def _stated(lines: list[str]) -> dict[str, str]:
    """The digest of each row by its name; under the empty name that of the day before."""
    found = {}
    for line in lines:
        try:
            record = json.loads(line).get("record")
        except ValueError:
            continue
        if record:
            found[record["message"]] = record["content"]
    return found
