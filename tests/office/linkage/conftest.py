"""The office's clock in the tests of the linkage."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.office.linkage.city import EVENING


class Clock:
    """The time of the office, which the test moves on."""

    def __init__(self) -> None:
        self.now = EVENING

    def __call__(self) -> datetime:
        # two moments are never the same
        self.now += timedelta(milliseconds=1)
        return self.now

    def on(self, minutes: int) -> datetime:
        self.now += timedelta(minutes=minutes)
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock
