"""What a timer calls: what is due is done once, whatever fails or is killed in between."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from kokuho.linkage.approval import Limits
from kokuho.linkage.link import Schedule
from kokuho.office.linkage import limits
from kokuho.office.linkage.sweep import Reconciliation, Sweep
from kokuho.office.linkage.ticking import Ticked, tick
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import INSURER, pay, told
from tests.office.conftest import Store
from tests.office.linkage.city import EVENING, LINK, TODAY, first_load, open_city
from tests.office.linkage.other_side import PARTY, OtherSide


class Clock:
    """The time of the office, which the test moves on."""

    def __init__(self) -> None:
        self.now = EVENING

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def on(self, **more: int) -> None:
        self.now += timedelta(**more)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def there(sqlite: Store, clock: Clock) -> OtherSide:
    open_city()
    there = OtherSide()
    first_load(there)
    ticked(there)  # the reconciliation of the month
    return there


def ticked(there: OtherSide, link: object = LINK) -> Ticked:
    return tick(INSURER, link, PARTY, there, actor="定時")  # type: ignore[arg-type]


def test_a_payment_is_registered_by_the_next_call(
    there: OtherSide, clock: Clock, tmp_path: Path
) -> None:
    clock.on(minutes=15)
    pay(tmp_path, TODAY, ("77", 1, 30_000))
    done = ticked(there)
    assert (done.whole, done.alarm, done.sent.taken) == (False, False, 2)
    again = ticked(there)
    assert (again.alarm, again.sent.parts) == (False, 0)


def test_once_a_night_all_households_are_looked_at(there: OtherSide, clock: Clock) -> None:
    assert not ticked(there).whole
    clock.on(hours=8)  # two in the morning has passed
    assert ticked(there).whole
    clock.on(minutes=15)
    assert not ticked(there).whole
    # a night that nobody called in is made up for
    clock.on(days=2)
    assert ticked(there).whole


def test_once_a_month_all_copies_are_compared(there: OtherSide, clock: Clock) -> None:
    with seeing([INSURER]):
        assert Reconciliation.objects.count() == 1
    assert ticked(there).reconciled is None
    clock.on(days=6)
    found = ticked(there).reconciled
    assert found is not None
    assert found.differences == []
    assert ticked(there).reconciled is None
    clock.on(days=31)
    there.copies.popitem()
    number = limits.propose(INSURER, Limits(50, 60, 5), "起案者")
    for name in ("kakari", "kacho"):
        limits.approve(INSURER, number, name)
    done = ticked(there)
    assert done.alarm
    assert done.reconciled is not None
    assert [kind for _person, kind in done.reconciled.differences] == ["different"]
    assert done.sent.taken > 0


def test_another_day_of_the_month_may_be_stated(there: OtherSide, clock: Clock) -> None:
    link = LINK.model_copy(update={"schedule": Schedule(reconcile_day=26)})
    assert ticked(there, link).reconciled is None
    clock.on(hours=9)
    assert ticked(there, link).reconciled is not None


def test_while_the_line_is_down_it_says_so_and_goes_on_afterwards(
    there: OtherSide, clock: Clock, tmp_path: Path
) -> None:
    clock.on(minutes=1)
    pay(tmp_path, TODAY, ("77", 1, 30_000))
    there.down = True
    done = ticked(there)
    assert done.alarm
    assert "the line is down" in done.sent.failures[0]
    clock.on(minutes=14)
    [pressing] = ticked(there).pressing
    assert pressing.state == "alarm"
    there.down = False
    done = ticked(there)
    assert (done.sent.taken, done.pressing) == (2, [])


def test_one_step_that_fails_does_not_keep_the_others(
    there: OtherSide, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    link = LINK.model_copy(update={"audit": blocked})
    (tmp_path / "r").mkdir()
    pay(tmp_path / "r", TODAY, ("77", 1, 30_000))
    done = ticked(there, link)
    assert done.sent.taken == 2
    assert len(done.failures) == 1
    assert done.alarm


def test_killed_after_the_look_the_next_call_sends_what_it_made(
    there: OtherSide, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay(tmp_path, TODAY, ("77", 1, 30_000))

    def killed(*_given: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kokuho.office.linkage.ticking.send", killed)
        with pytest.raises(KeyboardInterrupt):
            ticked(there)
    done = ticked(there)
    assert (done.sent.taken, done.alarm) == (2, False)
    with seeing([INSURER]):
        assert Sweep.objects.filter(urgent__gt=0).count() == 1


def test_what_waits_for_two_persons_is_told_after_a_day(there: OtherSide, clock: Clock) -> None:
    told("consultation", "78", TODAY, code="counter")
    assert not ticked(there).alarm
    clock.on(hours=25)
    done = ticked(there)
    assert [one.reasons for one in done.waited] == [("no_limits",)]
    assert done.alarm


def test_the_log_of_the_office_goes_out_once_a_day(
    there: OtherSide, clock: Clock, tmp_path: Path
) -> None:
    link = LINK.model_copy(update={"audit": tmp_path / "audit"})
    assert ticked(there, link).files == []
    clock.on(days=1)
    assert len(ticked(there, link).files) == 1
    assert ticked(there, link).files == []
