"""The office's clock in a rehearsal: it starts at a stated moment of a stated day and runs faster.

Messages, tokens and the mesh keep the real time; what the office knows of days and of how long a
payment has waited goes by this one. So the limits of freshness are the real ones (15 minutes, 9:00
of the next business day) and a rehearsal does not last a week.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Pace:
    """How the office's time follows the real one.

    Attributes:
        real: seconds since 1970 at which ``office`` was.
        office: the office's time then, with its zone.
        factor: seconds of the office in one real second.
    """

    real: float
    office: datetime
    factor: int

    def at(self, real: float | None = None) -> datetime:
        """The office's time; now if left out."""
        passed = (time.time() if real is None else real) - self.real
        return self.office + timedelta(seconds=passed * self.factor)

    def as_json(self) -> dict[str, Any]:
        """For the process that the office works in."""
        return asdict(self) | {"office": self.office.isoformat()}

    @classmethod
    def from_json(cls, stated: dict[str, Any]) -> Pace:
        """What :meth:`as_json` wrote."""
        return cls(stated["real"], datetime.fromisoformat(stated["office"]), stated["factor"])


class Clock:
    """Stands in place of Django's ``timezone.now`` in a process of a rehearsal."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace

    def __call__(self) -> datetime:
        """The office's time, in UTC as Django has it."""
        return self.pace.at().astimezone(UTC)

    def install(self) -> None:
        """From here on the office of this process goes by it."""
        from django.utils import timezone

        timezone.now = self
