"""Killing: the planned kills, each in a step of its kind, at its moment."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from kokuho.rehearsal.plan import Kill
from kokuho.rehearsal.processes import Mesh, Worker

_USUAL = 0.5
"""Seconds that a step takes of which none was measured yet."""


@dataclass(frozen=True)
class Killed:
    """A kill that happened: which, in which round and which command, seconds after its begin."""

    kill: Kill
    round: int
    after: float


class Killer:
    """Kills what the plan says.

    Attributes:
        pending: kills that have not happened.
        done: those that have.
        round: the one that goes on.
    """

    def __init__(self, kills: tuple[Kill, ...], city: Worker, mesh: Mesh) -> None:
        self.pending = list(kills)
        self.done: list[Killed] = []
        self.round = 0
        self._struck = False
        self._city, self._mesh = city, mesh
        self._armed: Kill | None = None
        self._timer: threading.Timer | None = None
        self._began = 0.0
        self._took: dict[str, float] = {}
        self._lock = threading.Lock()

    def arm(self, step: str) -> None:
        """A step begins."""
        due = (one for one in self.pending if one.round <= self.round and one.step == step)
        kill = next(due, None)
        with self._lock:
            self._armed, self._began, self._struck = kill, time.monotonic(), False
        if kill and kill.moment == "during":
            delay = self._took.get(step, _USUAL) * kill.share / 1000
            self._timer = threading.Timer(delay, self._strike, (kill,))
            self._timer.daemon = True
            self._timer.start()

    def disarm(self, step: str) -> None:
        """It ended; what did not come in time stays planned."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        with self._lock:
            self._armed = None
            if not self._struck:
                self._took[step] = time.monotonic() - self._began

    def struck(self) -> bool:
        """Whether something was killed in the step that goes on, or is being killed."""
        with self._lock:
            return self._struck

    def watch(self, moment: str, client: str) -> None:
        """A message is at a moment (:data:`kokuho.mesh.proxy.Watch`)."""
        kill = self._armed
        if kill and kill.moment == moment and (client == "city") == (kill.step != "examine"):
            self._strike(kill)

    def _strike(self, kill: Kill) -> None:
        with self._lock:
            if self._armed is not kill:
                return
            self._armed = None
            after = time.monotonic() - self._began
            struck = False
            if kill.target in ("city", "both"):
                struck |= self._city.kill()
            if kill.target in ("mesh", "both"):
                struck |= self._mesh.kill()
            self._struck = struck
            if struck:
                self.pending.remove(kill)
                self.done.append(Killed(kill, self.round, after))
