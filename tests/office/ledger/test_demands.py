"""Demands posted: what is published against what is posted."""

from __future__ import annotations

from datetime import date

import pytest

from kokuho.base.errors import LedgerError
from kokuho.office.ledger.models import Claim, Entry
from kokuho.office.ledger.standing import household_books
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.ledger.offices import NOTICE, bill, bills, name, open_office, post

pytestmark = pytest.mark.usefixtures("store")


def owed(house: str, on: date, known: date | None = None) -> dict[str, int]:
    with seeing([INSURER]):
        found = household_books(INSURER, house, on, known)
    return {line.demand_id: line.owed for line in found.demands}


def entries() -> int:
    with seeing([INSURER]):
        return int(Entry.objects.count())


def test_a_published_schedule_is_assessed_once_however_often_it_is_posted(store: Store) -> None:
    open_office()
    demands = [bill("h1", 1, 12_000), bill("h1", 2, 10_000), bill("h2", 1, 5_000)]
    post(demands)
    assert owed("h1", NOTICE) == {name("h1", 1): 12_000, name("h1", 2): 10_000}
    assert entries() == 6
    post(demands)
    assert entries() == 6


def test_a_changed_schedule_becomes_assessments_and_changes(store: Store) -> None:
    open_office()
    post([bill("h1", 1, 12_000), bill("h1", 2, 10_000)])
    later = date(2026, 8, 20)
    post([bill("h1", 1, 12_000), bill("h1", 2, 7_000), bill("h1", 3, 4_000)], later)
    assert owed("h1", later) == {name("h1", 1): 12_000, name("h1", 2): 7_000, name("h1", 3): 4_000}
    assert owed("h1", NOTICE) == {name("h1", 1): 12_000, name("h1", 2): 10_000}
    post([bill("h1", 1, 12_000)], date(2026, 8, 21))
    assert owed("h1", date(2026, 8, 21)) == {
        name("h1", 1): 12_000, name("h1", 2): 0, name("h1", 3): 0,
    }  # fmt: skip


def test_a_household_that_is_not_in_the_frame_is_left_alone_unless_it_is_all_of_them(
    store: Store,
) -> None:
    open_office()
    post([bill("h1", 1, 12_000), bill("h2", 1, 5_000)])
    post([bill("h1", 1, 12_000)], date(2026, 8, 1))
    assert owed("h2", date(2026, 8, 1)) == {name("h2", 1): 5_000}
    post([bill("h1", 1, 12_000)], date(2026, 8, 1), whole=True)
    assert owed("h2", date(2026, 8, 1)) == {name("h2", 1): 0}


def test_a_due_date_that_moves_is_recorded_and_the_old_one_is_still_known(store: Store) -> None:
    open_office()
    post([bill("h1", 1, 12_000)])
    moved, later = date(2026, 12, 25), date(2026, 8, 20)
    post([bill("h1", 1, 12_000, due=moved)], later)
    with seeing([INSURER]):
        assert Claim.objects.count() == 2
        now = household_books(INSURER, "h1", later).demands[0]
        then = household_books(INSURER, "h1", later, known=NOTICE).demands[0]
    assert (now.due, now.overdue) == (moved, False)
    assert (then.due, then.overdue) == (date(2026, 7, 31), True)


def test_a_household_without_a_head_is_refused_and_leaves_nothing(store: Store) -> None:
    open_office()
    from kokuho.office.ledger.assessing import post_demands

    frame = bills(bill("h1", 1, 12_000)).drop("debtor")
    with pytest.raises(LedgerError, match="h1"):
        post_demands(INSURER, 2026, frame, posted_on=NOTICE, actor="試験")
    assert entries() == 0
