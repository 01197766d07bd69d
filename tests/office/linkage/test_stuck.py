"""What went out and is not registered is told until somebody has mended it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kokuho.office.linkage import registering
from kokuho.office.linkage.registering import Problem
from kokuho.office.linkage.stuck import Stuck, stuck
from kokuho.office.linkage.ticking import Ticked, tick
from kokuho.office.tenancy import seeing
from tests.office.arrears.town import INSURER, told
from tests.office.conftest import Store
from tests.office.linkage.city import LINK, TODAY, deliver, first_load, look, open_city
from tests.office.linkage.conftest import Clock
from tests.office.linkage.other_side import PARTY, OtherSide


@pytest.fixture
def there(sqlite: Store, clock: Clock) -> OtherSide:
    """The other side after the first load, and a deferral that goes out next: no money came."""
    open_city()
    there = OtherSide()
    first_load(there)
    clock.on(60)
    told("deferral", "78", TODAY, 1, until=TODAY + timedelta(days=60), code="collection_hardship")
    return there


def ticked(there: OtherSide) -> Ticked:
    return tick(INSURER, LINK, PARTY, there, actor="定時")


def open_ones() -> list[Stuck]:
    with seeing([INSURER]):
        return stuck(INSURER, timezone.localtime() - timedelta(days=1))


def test_what_was_refused_whole_is_told_by_every_call_until_it_is_sent_again(
    there: OtherSide, clock: Clock
) -> None:
    there.refuse_all = "no_right"
    assert ticked(there).alarm
    there.refuse_all = ""
    for _call in range(2):
        clock.on(15)
        done = ticked(there)
        assert (done.alarm, done.pressing, done.waited) == (True, [], [])
        assert [(one.code, one.records) for one in done.stuck] == [("no_right", 0)]
    assert deliver(there, again=[done.stuck[0].number]).taken == 2
    assert not ticked(there).alarm


def test_a_record_that_was_refused_is_told_until_its_next_version_is_made(
    there: OtherSide, clock: Clock
) -> None:
    there.refuses = lambda one: "required"
    assert ticked(there).alarm
    there.refuses = lambda _one: ""
    done = ticked(there)
    assert (done.alarm, [(one.code, one.records) for one in done.stuck]) == (
        True,
        [("required", 2)],
    )
    look(at=timezone.now())
    deliver(there)
    assert not ticked(there).alarm


def test_a_file_without_a_result_is_told_after_a_day(there: OtherSide, clock: Clock) -> None:
    there.as_files, there.certificate = True, ""
    look(at=timezone.now())
    deliver(there)
    assert open_ones() == []
    clock.on(60 * 25)
    assert [(one.code, one.records) for one in open_ones()] == [("", 0)]


def test_a_record_that_the_layout_cannot_carry_is_told_until_it_is_written(
    there: OtherSide, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(
            registering, "problem_of", lambda _layout, one: Problem(one.key, "x", "length")
        )
        look(at=timezone.now(), only_touched=True)
    clock.on(15)
    look(at=timezone.now(), only_touched=True)
    assert {(one.number, one.code) for one in open_ones()} == {(0, "x: length")}
    clock.on(60 * 24)
    look(at=timezone.now())
    assert open_ones() == []
