"""The worst error, arrears that still stand after a payment: ways that are easily missed."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest
from django.utils import timezone

from kokuho.office.ledger.assessing import post_demands
from kokuho.office.ledger.importing import record as record_receipts
from kokuho.office.ledger.receiving import post_receipts
from tests.office.arrears.town import INSURER
from tests.office.conftest import Store
from tests.office.ledger.offices import bill, bills, name, post
from tests.office.linkage.city import TODAY, deliver, first_load, look, open_city
from tests.office.linkage.conftest import Clock
from tests.office.linkage.other_side import OtherSide
from tests.office.linkage.test_freshness import arrivals, quarter, receipt

DEBTOR = "77 の世帯主"
SUCCESSOR = "1079"


@pytest.fixture
def there(sqlite: Store, clock: Clock) -> OtherSide:
    """The other side, to which nothing but the first load was told; no limits are approved."""
    open_city()
    return OtherSide()


def load(there: OtherSide, clock: Clock) -> None:
    first_load(there)
    clock.on(60)


def two_debtors() -> None:
    """Both heads of household 77 in the year owe each term."""
    terms = bills(*(bill("77", term, 30_000) for term in (1, 2, 3)))
    both = pl.concat([terms, terms.with_columns(debtor=pl.lit(SUCCESSOR))])
    post_demands(INSURER, 2026, both, posted_on=TODAY, actor="試験")


def shown(there: OtherSide, term: int) -> dict[str, tuple[int, int, int]]:
    """Overdue, not due yet and reported of a term of household 77, by debtor."""
    return {
        str(one.fields["debtor"]): (
            int(one.fields["overdue"]), int(one.fields["later"]), int(one.fields["reported"]),
        )
        for one in there.standing().values()
        if one.fields["household"] == "77" and one.fields["term"] == term
    }  # fmt: skip


def test_what_is_paid_before_its_due_date_waits_for_nobody(there: OtherSide, clock: Clock) -> None:
    post([bill("77", term, 30_000) for term in (1, 2, 3)]
         + [bill("77", 4, 30_000, due=date(2026, 12, 25))])  # fmt: skip
    load(there, clock)
    assert shown(there, 4) == {DEBTOR: (0, 30_000, 0)}
    record_receipts(INSURER, receipt(4), "receipts.csv", "0" * 64, "試験")
    quarter(there)
    assert shown(there, 4) == {DEBTOR: (0, 30_000, 30_000)}
    assert arrivals()[0].reported.state == "done"


def test_a_slip_that_two_debtors_may_have_paid_leaves_neither_as_unpaid(
    there: OtherSide, clock: Clock
) -> None:
    two_debtors()
    load(there, clock)
    slip = receipt(2).with_columns(demand_id=pl.lit(name("77", 2).rpartition("/")[0]))
    record_receipts(INSURER, slip, "receipts.csv", "0" * 64, "試験")
    quarter(there)
    told = {DEBTOR: (30_000, 0, 30_000), SUCCESSOR: (30_000, 0, 30_000)}
    assert shown(there, 2) == told
    assert shown(there, 1) == {DEBTOR: (30_000, 0, 0), SUCCESSOR: (30_000, 0, 0)}

    # nobody knows yet whose it is: it is in suspense, and stays told
    post_receipts(INSURER, posted_on=TODAY, actor="試験")
    clock.on(20)
    quarter(there)
    assert shown(there, 2) == told


def test_the_payer_of_a_slip_says_which_of_two_debtors_paid(there: OtherSide, clock: Clock) -> None:
    two_debtors()
    load(there, clock)
    slip = receipt(2).with_columns(
        demand_id=pl.lit(name("77", 2).rpartition("/")[0]), payer=pl.lit(SUCCESSOR)
    )
    record_receipts(INSURER, slip, "receipts.csv", "0" * 64, "試験")
    quarter(there)
    assert shown(there, 2) == {DEBTOR: (30_000, 0, 0), SUCCESSOR: (30_000, 0, 30_000)}


def test_what_lapses_is_taken_off_by_the_nightly_look(there: OtherSide, clock: Clock) -> None:
    post([bill("77", 1, 30_000, due=date(2024, 11, 30))])
    load(there, clock)
    assert shown(there, 1) == {DEBTOR: (30_000, 0, 0)}
    found = look(at=timezone.make_aware(datetime(2026, 12, 1, 2)))
    lapsed = [one.record for one in found.at_once if one.record.prescribed_on]
    assert {(one.term, one.overdue, one.prescribed_on) for one in lapsed} == {
        (1, 0, date(2026, 12, 1))
    }
    deliver(there)
    assert shown(there, 1) == {DEBTOR: (0, 0, 0)}


def test_what_is_assessed_lower_waits_for_nobody(there: OtherSide, clock: Clock) -> None:
    load(there, clock)
    post([bill("77", 1, 10_000), *(bill("77", term, 30_000) for term in (2, 3))], TODAY)
    found = look(at=timezone.now(), only_touched=True)
    assert {(one.record.term, one.record.overdue) for one in found.at_once} == {(1, 10_000)}
    deliver(there)
    assert shown(there, 1) == {DEBTOR: (10_000, 0, 0)}
