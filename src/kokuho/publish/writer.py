"""The folder of a site: written whole beside its place, then put there (書き出し)."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from kokuho.base.errors import StatisticsError
from kokuho.base.messages import translator

_ = translator("publish")

MANIFEST = "manifest.json"
"""Names every file of a site with its digest; where it stands, a folder is an earlier site."""


@dataclass(frozen=True)
class Written:
    """A file of the site: its path in it, its size and digest."""

    path: str
    size: int
    sha256: str


@dataclass
class Folder:
    """Takes files, and remembers what it took."""

    root: Path
    written: list[Written] = field(default_factory=list)

    def add(self, path: str, content: bytes) -> Written:
        """Write a file."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        one = Written(path, len(content), hashlib.sha256(content).hexdigest())
        self.written.append(one)
        return one

    def add_text(self, path: str, text: str) -> Written:
        """Write a text in UTF-8."""
        return self.add(path, text.encode())


@contextmanager
def whole(out: Path) -> Iterator[Folder]:
    """A folder that stands at ``out`` when the block ends without error, and not before.

    An earlier site there is replaced; what is not a site is never touched.

    Raises:
        StatisticsError: something else stands there, or the disk does not take it.
    """
    if out.exists() and not _replaceable(out):
        raise StatisticsError(
            _(
                "{folder} is no earlier site ({manifest} is not in it) and not empty: "
                "nothing was "
                "written. Name an empty or a new folder."
            ).format(folder=out, manifest=MANIFEST)
        )
    mark = secrets.token_hex(6)
    part, old = (out.parent / f".{out.name}-{mark}{end}" for end in ("", ".old"))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        part.mkdir()
        yield Folder(part)
        if out.exists():
            os.replace(out, old)
        os.replace(part, out)
    except OSError as error:
        if old.exists() and not out.exists():
            os.replace(old, out)
        raise StatisticsError(
            _("{folder} cannot be written: {reason}").format(
                folder=out, reason=error.strerror or error
            )
        ) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if out.exists():
            shutil.rmtree(old, ignore_errors=True)


def _replaceable(out: Path) -> bool:
    return out.is_dir() and ((out / MANIFEST).is_file() or not any(out.iterdir()))
