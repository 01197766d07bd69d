"""What was published from which data (公表の記録): a file that is only added to, each line sealed.

Each line has the SHA-256 of the line before it, so that a line which is changed, left out or put in
later breaks the chain. It can be read without Kokuho: ``publications.jsonl``, one JSON object a
line.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kokuho.base.errors import StatisticsError
from kokuho.base.messages import translator

_ = translator("statistics")

NAME = "publications.jsonl"
START = "0" * 64
"""What the first line has in place of the digest of a line before it."""


@dataclass(frozen=True)
class Source:
    """What something was made from: its name, and what says exactly which (a digest, a number)."""

    name: str
    state: str


@dataclass(frozen=True)
class Publication:
    """One line: what was published, from what, by whom and when.

    ``digest`` is that of the file, or of all files of a folder with their names (:func:`digest`).
    """

    number: int
    at: str
    who: str
    kind: str
    name: str
    digest: str
    sources: tuple[Source, ...]
    previous: str

    def line(self) -> str:
        """The line as it is written."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def digest(path: Path) -> str:
    """SHA-256 of a file, or of the names and digests of all files of a folder."""
    if path.is_file():
        return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    total = hashlib.sha256()
    for one in sorted(path.rglob("*")):
        if one.is_file() and one.name != NAME:
            total.update(f"{one.relative_to(path).as_posix()}\0{digest(one)}\n".encode())
    return f"sha256:{total.hexdigest()}"


def record(folder: Path, kind: str, what: Path, sources: Iterable[Source], who: str) -> Publication:
    """Add a line for a file or folder that was just written.

    Args:
        folder: where the log is.
        kind: ``measures``, ``combined``, ``site``, ``report``.
        what: the file or folder.
        sources: what it was made from.
        who: who published it.

    Raises:
        StatisticsError: the log is broken; nothing is added to a broken one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / NAME).open("a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # two who publish at once follow one another
        made = _next(read_log(folder), kind, what, sources, who)
        file.write(made.line() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return made


def _next(
    before: list[Publication], kind: str, what: Path, sources: Iterable[Source], who: str
) -> Publication:
    return Publication(
        number=len(before) + 1,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        who=who,
        kind=kind,
        name=what.name,
        digest=digest(what),
        sources=tuple(sources),
        previous=_seal(before[-1].line()) if before else START,
    )


def read_log(folder: Path) -> list[Publication]:
    """The lines of a log, each looked at; none where there is no log yet.

    Raises:
        StatisticsError: a line is no line of ours, or does not follow the one before it.
    """
    path = folder / NAME
    if not path.exists():
        return []
    found: list[Publication] = []
    previous = START
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            data: dict[str, Any] = json.loads(text)
            sources = tuple(Source(**one) for one in data.pop("sources"))
            one = Publication(sources=sources, **data)
        except (ValueError, TypeError, KeyError):
            one = None
        if one is None or one.number != number or one.previous != previous or one.line() != text:
            raise StatisticsError(
                _("{file}, line {line}: does not follow the line before it; the log was changed")
                .format(file=path, line=number)
            )  # fmt: skip
        found.append(one)
        previous = _seal(text)
    return found


def _seal(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
