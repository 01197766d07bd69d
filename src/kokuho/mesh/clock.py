"""The rehearsal's time-stamp service: a key and a serial number of its own.

It is no accredited time-stamp (認定タイムスタンプ). A file named ``DOWN`` beside its key makes it
unreachable, to rehearse just that.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from kokuho.linkage.messages import SigningKey, stamp_of


class ClockDownError(Exception):
    """The time-stamp service does not answer; what waits for it goes on later."""


class Clock(Protocol):
    """A time-stamp service."""

    def stamp(self, seal_digest: str) -> str:
        """A time-stamp over the digest of a seal.

        Raises:
            ClockDownError: it does not answer.
        """
        ...


@dataclass
class RehearsalClock:
    """The one that a rehearsal has.

    Attributes:
        folder: where its serial number is kept.
        key: its own, not the mesh's.
    """

    folder: Path
    key: SigningKey
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def stamp(self, seal_digest: str) -> str:
        """A time-stamp; see :class:`Clock`."""
        if (self.folder / "DOWN").exists():
            raise ClockDownError
        with self._lock:
            kept = self.folder / "serial"
            serial = int(kept.read_text()) + 1 if kept.exists() else 1
            part = self.folder / "serial.part"
            with part.open("w") as out:
                out.write(str(serial))
                out.flush()
                os.fsync(out.fileno())
            part.replace(kept)
        return stamp_of(seal_digest, serial, self.key, datetime.now(UTC))
