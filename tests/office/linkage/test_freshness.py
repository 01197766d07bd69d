"""From the arrival of money to what the other side says: 速報, its cancellation, kills."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from django.utils import timezone

from kokuho.linkage.approval import Limits as Approved
from kokuho.linkage.freshness import Limits
from kokuho.office.collection.deliveries import Delivered
from kokuho.office.collection.payments import Payment
from kokuho.office.jobs.runs import Run
from kokuho.office.ledger.importing import record as record_receipts
from kokuho.office.ledger.receiving import post_receipts
from kokuho.office.linkage import limits, sending, status
from kokuho.office.linkage.fresh import Arrival, freshness
from kokuho.office.register.models import Handling, Resident
from kokuho.office.store.recording import record as store_version
from kokuho.office.tenancy import seeing
from kokuho.tables import LINE
from tests.office.arrears.town import INSURER, SINCE, name, pay
from tests.office.conftest import Store
from tests.office.linkage.city import (
    TODAY,
    both_approve,
    deliver,
    first_load,
    look,
    open_city,
)
from tests.office.linkage.conftest import Clock
from tests.office.linkage.other_side import OtherSide
from tests.office.people import moment


@pytest.fixture
def there(sqlite: Store, clock: Clock) -> OtherSide:
    """The other side after the first load; what was before it has no limit."""
    open_city()
    there = OtherSide()
    first_load(there)
    clock.on(60)
    return there


def receipt(term: int, yen: int = 30_000) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "insurer_code": [INSURER], "reference": [f"slip {term}"], "household_id": ["77"],
            "demand_id": [name("77", term)], "amount": [yen], "value_on": [TODAY],
            "payer": [None], LINE: [1],
        },
        schema_overrides={"payer": pl.String},
    )  # fmt: skip


def announced(stage: str, outcome: str, number: int) -> None:
    with seeing([INSURER], writing=True):
        file = Delivered.objects.create(
            insurer_id=INSURER, number=number, direction="received", kind="receipts",
            name=f"sokuho-{number}.txt", layout="x", layout_version="1", digest=f"{number:064}",
            content=b"x", records=1, amount=30_000, actor="試験", recorded_at=timezone.now(),
        )  # fmt: skip
        Payment.objects.create(
            insurer_id=INSURER, delivered=file, record=1, channel="store", key="k", stage=stage,
            reference="1", amount=30_000, paid_on=TODAY, outcome=outcome,
            demand_id=name("77", 1), household_id="77",
        )  # fmt: skip


def term_one(there: OtherSide) -> tuple[int, int]:
    """What is overdue of the first term, and what is reported for it."""
    found = [
        one for one in there.standing().values()
        if one.fields["term"] == 1 and one.person == "1077"
    ]  # fmt: skip
    (one,) = found
    return int(one.fields["overdue"] or 0), int(one.fields["reported"] or 0)


def quarter(there: OtherSide) -> None:
    """What runs every quarter of an hour."""
    look(at=timezone.now(), only_touched=True)
    deliver(there)


def arrivals() -> list[Arrival]:
    with seeing([INSURER]):
        return freshness(INSURER, Limits())


def test_money_that_is_recorded_and_not_posted_is_told_at_once(
    there: OtherSide, clock: Clock
) -> None:
    record_receipts(INSURER, receipt(1), "receipts.csv", "0" * 64, "試験")
    assert [one.state for one in arrivals()] == ["open"]
    clock.on(10)
    assert [one.state for one in arrivals()] == ["alarm"]
    quarter(there)
    assert term_one(there) == (30_000, 30_000)
    (one,) = arrivals()
    assert (one.reported.state, one.full.state, one.open) == ("done", "open", True)

    post_receipts(INSURER, posted_on=TODAY, actor="試験")
    clock.on(30)
    quarter(there)
    assert term_one(there) == (0, 0)
    (one,) = arrivals()
    assert (one.state, one.open) == ("done", False)


def test_what_was_registered_too_late_stays_late(there: OtherSide, clock: Clock) -> None:
    record_receipts(INSURER, receipt(1), "receipts.csv", "0" * 64, "試験")
    clock.on(16)
    assert arrivals()[0].state == "late"
    quarter(there)
    assert arrivals()[0].reported.state == "late"


def test_it_is_not_fresh_before_the_other_side_has_answered(there: OtherSide, clock: Clock) -> None:
    record_receipts(INSURER, receipt(1), "receipts.csv", "0" * 64, "試験")
    there.down = True
    quarter(there)
    assert arrivals()[0].reported.done is None
    there.down = False
    deliver(there)
    assert arrivals()[0].reported.state == "done"


def test_looks_while_the_line_is_down_make_nothing_fresh(there: OtherSide, clock: Clock) -> None:
    record_receipts(INSURER, receipt(1), "receipts.csv", "0" * 64, "試験")
    there.down = True
    for _time in range(3):
        quarter(there)
        clock.on(4)
    assert arrivals()[0].reported.done is None
    assert arrivals()[0].state == "alarm"
    there.down = False
    quarter(there)
    assert arrivals()[0].reported.state == "done"


def test_an_announcement_counts_as_reported_and_its_cancellation_restores(
    there: OtherSide, clock: Clock
) -> None:
    announced("preliminary", "announced", 1)
    quarter(there)
    assert term_one(there) == (30_000, 30_000)
    clock.on(5)
    announced("cancelled", "cancelled", 2)
    found = look(at=timezone.now(), only_touched=True)
    assert (found.at_once, len(found.others)) == ([], 2)
    assert {one.record.reported for one in found.others} == {0}


def test_a_cancelled_announcement_goes_by_itself_inside_the_limits(
    there: OtherSide, clock: Clock
) -> None:
    number = limits.propose(INSURER, Approved(10, 50, 1), "起案者")
    for person in ("kakari", "kacho"):
        limits.approve(INSURER, number, person)
    announced("preliminary", "announced", 1)
    quarter(there)
    announced("cancelled", "cancelled", 2)
    clock.on(1)
    quarter(there)
    assert term_one(there) == (30_000, 0)
    assert {one.state for one in arrivals()} == {"done"}


def test_a_cancelled_announcement_that_waits_for_approval_is_told_and_grows_late(
    there: OtherSide, clock: Clock
) -> None:
    announced("preliminary", "announced", 1)
    quarter(there)
    announced("cancelled", "cancelled", 2)
    clock.on(1)
    quarter(there)
    assert term_one(there) == (30_000, 30_000)
    with seeing([INSURER]):
        (wait,) = status.held(INSURER)
    assert (wait.reasons, wait.restored, wait.looks) == (("no_limits",), 2, 0)
    clock.on(60 * 24)
    look(at=timezone.now())
    with seeing([INSURER]):
        (wait,) = status.held(INSURER)
    assert wait.looks == 1
    late = [one.name for one in arrivals() if one.state == "late" and one.open]
    assert late == ["sokuho-2.txt"]
    both_approve(wait.number)
    deliver(there)
    look(at=timezone.now())
    assert term_one(there) == (30_000, 0)
    with seeing([INSURER]):
        assert status.held(INSURER) == []
    assert not any(one.open for one in arrivals())


def test_a_payment_goes_at_once_while_a_restoration_waits(there: OtherSide, clock: Clock) -> None:
    announced("preliminary", "announced", 1)
    quarter(there)
    announced("cancelled", "cancelled", 2)
    clock.on(1)
    quarter(there)
    record_receipts(INSURER, receipt(1), "receipts.csv", "0" * 64, "試験")
    post_receipts(INSURER, posted_on=TODAY, actor="試験")
    clock.on(1)
    quarter(there)
    assert term_one(there) == (0, 0)
    # the restoration is approved too late: an older version never puts arrears back
    with seeing([INSURER]):
        (wait,) = status.held(INSURER)
    both_approve(wait.number)
    deliver(there)
    assert term_one(there) == (0, 0)


def test_a_look_at_what_was_touched_finds_nothing_where_nothing_was(there: OtherSide) -> None:
    found = look(at=timezone.now(), only_touched=True)
    assert (found.at_once, found.others) == ([], [])


def test_protection_is_told_at_once_for_the_whole_household(there: OtherSide, clock: Clock) -> None:
    with seeing([INSURER], writing=True):
        who = Resident.objects.get(address_number="1078")
        when = moment(INSURER, timezone.now())
        store_version(when, [Handling(resident=who, valid_from=SINCE, protected=True)])
    clock.on(1)
    quarter(there)
    hidden = {one.fields["household"] for one in there.standing().values() if one.fields["by_hand"]}
    assert hidden == {"78"}
    persons = {one.person for one in there.standing().values() if one.fields["by_hand"]}
    assert persons == {"78 の世帯主", "1078"}


def test_killed_between_the_answer_and_its_record_nothing_is_lost_or_doubled(
    there: OtherSide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay(tmp_path, TODAY, ("77", 1, 30_000))
    look(at=timezone.now(), only_touched=True)

    def killed(*_args: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_take", killed)
        with pytest.raises(KeyboardInterrupt):
            deliver(there)
    assert term_one(there) == (0, 0)
    before = dict(there.copies)
    sent = deliver(there)
    assert (sent.parts, sent.answered, sent.taken) == (1, 1, 2)
    assert there.copies == before
    with seeing([INSURER]):
        states = set(Run.objects.filter(kind=sending.KIND).values_list("state", flat=True))
    assert states == {Run.State.DONE}
