"""Demands posted: what is published against what is posted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from kokuho.base.errors import LedgerError
from kokuho.office.ledger import acts
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.ledger.models import Claim, Entry
from kokuho.office.ledger.receiving import post_receipts
from kokuho.office.ledger.standing import household_books
from kokuho.office.ledger.verifying import verify
from kokuho.office.tenancy import seeing
from tests.office.conftest import INSURER, Store
from tests.office.ledger.offices import NOTICE, bill, bills, name, open_office, post
from tests.office.ledger.test_receipts import write

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


def test_a_household_that_the_ledger_refuses_is_named_and_the_others_go_on(store: Store) -> None:
    open_office()
    houses = [f"h{number}" for number in range(1, 8)]
    post([bill(house, 1, 9_000) for house in houses])
    decided = pl.DataFrame({"demand_id": [name("h3", 1)], "component": ["principal"],
                            "amount": [9_000]})  # fmt: skip
    acts.write_off_claims(INSURER, "決裁 1", decided, posted_on=NOTICE, actor="試験")
    later = date(2026, 8, 20)
    # what was written off cannot be reduced
    run = post([bill(house, 1, 5_000) for house in houses], later)
    [(house, why)] = run.cursor["refused"]
    assert (house, run.counts["refused"], run.counts["households"]) == ("h3", 1, 6)
    assert "9,000" in why or "4,000" in why
    assert owed("h4", later) == {name("h4", 1): 5_000}
    with seeing([INSURER]):
        assert verify(INSURER) == []
        claims = Claim.objects.filter(household_id="h3").count()
    assert claims == 1


def test_receipts_of_a_refused_household_wait_and_those_of_later_files_behind_them(
    store: Store, tmp_path: Path
) -> None:
    open_office(year=2025)
    post(
        [
            bill(
                house,
                1,
                9_000,
                fiscal_year_levied=2025,
                fiscal_year_meant=2025,
                due=date(2025, 7, 31),
            )
            for house in ("h1", "h2")
        ],
        date(2025, 7, 15),
        2025,
    )
    closed = date(2026, 6, 10)
    # the books of both are closed, and only those of h2 were carried over
    acts.close_year(INSURER, 2025, posted_on=closed, actor="試験", households=pl.Series(["h2"]))
    for number in (1, 2):
        rows = [f"{number}{house},2026-06-0{number},4000,{house},2025,1," for house in ("h1", "h2")]
        with pytest.raises(LedgerError, match="h1: "):
            import_receipts(write(tmp_path / "r.csv", rows), posted_on=closed, actor="試験")
    assert owed("h2", closed) == {name("h2", 1, 2025, 2025): 1_000}
    assert owed("h1", closed) == {name("h1", 1, 2025, 2025): 9_000}
    acts.close_year(INSURER, 2025, posted_on=closed, actor="試験")
    assert [run.state for run in post_receipts(INSURER, posted_on=closed, actor="試験")] == [
        "done", "done",
    ]  # fmt: skip
    assert owed("h1", closed) == {name("h1", 1, 2025, 2025): 1_000}
    with seeing([INSURER]):
        assert verify(INSURER) == []
