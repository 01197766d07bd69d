"""The mesh put together: what a server, a command or a test works with."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.serialization import Encoding

from kokuho.base.errors import KokuhoError
from kokuho.linkage.messages import Happening, SigningKey, fingerprint
from kokuho.mesh import founding, provisions
from kokuho.mesh.clock import Clock, RehearsalClock
from kokuho.mesh.database import Database
from kokuho.mesh.exchange import Exchange
from kokuho.mesh.journal import Journal
from kokuho.mesh.layouts import load_layouts
from kokuho.mesh.rehearsal import Rehearsal
from kokuho.mesh.tokens import Desk

PAUSE = 2.0
"""Seconds between two rounds of sealing and time-stamping."""


@dataclass(frozen=True)
class Service:
    """A mesh that works.

    Attributes:
        rehearsal: where.
        database: its database.
        journal: its log.
        exchange: takes messages.
        desk: gives tokens.
    """

    rehearsal: Rehearsal
    database: Database
    journal: Journal
    exchange: Exchange
    desk: Desk

    @classmethod
    def of(
        cls,
        rehearsal: Rehearsal,
        watch: Callable[[str], object] | None = None,
        clock: Clock | None = None,
    ) -> Service:
        """The mesh of a rehearsal.

        Args:
            rehearsal: which.
            watch: called with each statement to the database.
            clock: another time-stamp service than the rehearsal's own.

        Raises:
            LinkageError: a file of the rehearsal cannot be used.
            StoreError: the database cannot.
        """
        keys = rehearsal.keys
        key = founding.signing_key(rehearsal.server, keys.passphrase)
        own = fingerprint(founding.certificate_of(rehearsal.server).public_bytes(Encoding.DER))
        if clock is None:
            clock_key = founding.signing_key(rehearsal.clock, keys.passphrase)
            clock = RehearsalClock(rehearsal.clock, clock_key)
        database = Database(rehearsal.database, watch)
        journal = Journal(database, key, clock)
        layouts = load_layouts(rehearsal.layouts)
        exchange = Exchange(rehearsal, database, journal, layouts, key, own)
        return cls(rehearsal, database, journal, exchange, Desk(rehearsal.organisations, keys))

    def key_of(self, organisation: str) -> SigningKey:
        """The signing key of an organisation: the examiner's page signs for it in a rehearsal."""
        folder = self.rehearsal.client(organisation)
        passphrase = (folder / founding.SIGNING_PASSPHRASE).read_bytes()
        return founding.signing_key(folder, passphrase)

    def tend(self, stop: threading.Event) -> None:
        """Seal, time-stamp and dispose, round after round, until told to stop.

        A round that fails is tried again: the exchange does not wait for it.
        """
        disposed = None
        while True:
            now = datetime.now(UTC)
            try:
                self.journal.seal(now)
                self.journal.stamp()
                if disposed != now.date():
                    self.dispose(now)
                    disposed = now.date()
            except (KokuhoError, OSError, sqlite3.Error) as error:
                print(f"kokuho mesh: {error}", flush=True)
            if stop.wait(PAUSE):
                return

    def dispose(self, now: datetime) -> int:
        """Delete records of provision that were kept long enough; the log has the proof."""
        with self.database.writing() as connection:
            count, proof = provisions.dispose(connection, now.date())
            if count:
                self.journal.write(
                    connection,
                    Happening(now, "event", "disposed", content=proof, outcome=str(count)),
                )
        return count
