"""Disposal (廃棄) of files of the exchange that are recorded, with proof.

The way by files leaves sealed messages in folders: signed, not encrypted, and full of personal
data. Once the database holds what they say, they are deleted, and each deletion is an event that
stays: name, digest, size, when, by whom.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.linkage.link import Folders, Link
from kokuho.linkage.messages import digest_of_text
from kokuho.office.ledger.books import lock
from kokuho.office.linkage.event import BatchEvent
from kokuho.office.tenancy import seeing

_ = translator("linkage")

DAYS = 7
"""How long a file stays after it was recorded, unless told."""


@dataclass(frozen=True, slots=True)
class Disposed:
    """A file that was deleted: its name, and the digest of what it said."""

    name: str
    digest: str


def dispose(insurer: str, link: Link, *, actor: str, days: int = DAYS) -> list[Disposed]:
    """Delete files that went out and were answered, and results that were recorded.

    A file that the database does not know is left where it is. Killed at any moment, the next call
    goes on: the proof is written before the file is deleted, and only once.

    Raises:
        LinkageError: the link goes by no files, or a file cannot be deleted.
    """
    way = link.transport
    if not isinstance(way, Folders):
        raise LinkageError(_("this link leaves no files (transport)"))
    before = (timezone.now() - timedelta(days=days)).timestamp()
    done = []
    known = _recorded(insurer)
    for path in _files(way):
        if path.stat().st_mtime > before:
            continue
        text = path.read_text(encoding="ascii", errors="replace").strip()
        digest = digest_of_text(text) if text.isascii() else ""
        if digest not in known:
            continue
        _prove(insurer, known[digest], path, digest, actor)
        try:
            path.unlink()
        except OSError as error:
            raise LinkageError(
                _("{file} cannot be deleted: {error}").format(file=path, error=error.strerror)
            ) from error
        done.append(Disposed(path.name, digest))
    return done


def _files(way: Folders) -> Iterator[Path]:
    yield from sorted(way.out.glob("*.jws"))
    yield from sorted((way.results / "taken").glob("*.jws"))


def _recorded(insurer: str) -> dict[str, BatchEvent]:
    """By digest of the sealed text: what was sent and is answered, and the answers."""
    found: dict[str, BatchEvent] = {}
    with seeing([insurer]):
        answered = BatchEvent.objects.filter(insurer_id=insurer, kind__in=("answered", "refused"))
        ended: set[Any] = set()
        for event in answered:
            found[digest_of_text(event.detail["answer"])] = event
            ended.add((event.batch_id, event.part))
        for event in BatchEvent.objects.filter(insurer_id=insurer, kind="sent"):
            if (event.batch_id, event.part) in ended:
                found[event.detail["digest"]] = event
    return found


def _prove(insurer: str, of: BatchEvent, path: Path, digest: str, actor: str) -> None:
    with seeing([insurer], writing=True):
        lock(insurer)
        rows = BatchEvent.objects.filter(batch_id=of.batch_id, part=of.part, kind="disposed")
        if any(one.detail["digest"] == digest for one in rows):
            return
        BatchEvent.objects.create(
            insurer_id=insurer, batch_id=of.batch_id, part=of.part, kind="disposed",
            message=of.message, actor=actor, at=timezone.now(),
            detail={"file": path.name, "digest": digest, "bytes": path.stat().st_size},
        )  # fmt: skip
