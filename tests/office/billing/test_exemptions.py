"""減免 with an amount: taken off the bills of its year, posted by the ledger."""

from __future__ import annotations

from datetime import date

import pytest

from kokuho.billing.exemption import explain, read
from kokuho.office.assessment.changes import assess_changes
from kokuho.office.assessment.deciding import Decided, decide, withdraw
from kokuho.office.assessment.lists import pending
from kokuho.office.billing.schedules import Schedule
from kokuho.office.ledger.bills import post_bills
from kokuho.office.ledger.standing import household_books
from kokuho.office.ledger.verifying import verify
from kokuho.office.register.exemptions import exemptions
from kokuho.office.register.models import HouseholdDecision
from kokuho.office.tenancy import seeing
from tests.office.assessment.town import totals
from tests.office.billing.town import (
    NOTICE,
    assess,
    bill,
    bill_again,
    declare,
    ordinance,
    telling,
)
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer

OCTOBER = date(2026, 10, 20)

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture(autouse=True)
def _town(store: Store) -> None:
    add_insurer()
    with telling() as t:
        for number in (1, 2):
            t.family(f"h{number}", f"p{number}", f"q{number}")
            t.income(f"p{number}", 2026, business=2_000_000)
            declare(t, f"q{number}", 2026)
    assess()


def exempt(amount: int | None, since: date = date(2026, 9, 1), share: int | None = None) -> None:
    with seeing([INSURER], writing=True):
        decide(
            INSURER,
            Decided("exemption", "h1", since, decided_on=since, share_ppm=share, amount=amount),
            "試験",
        )


def standing() -> Schedule:
    with seeing([INSURER]):
        found: Schedule = Schedule.objects.known().get(household__household_number="h1")
        return found


def amounts() -> dict[int, int]:
    with seeing([INSURER]):
        return dict(standing_terms())


def standing_terms() -> list[tuple[int, int]]:
    rows = Schedule.objects.known().get(household__household_number="h1").instalments
    return list(rows.order_by("term").values_list("term", "amount"))


def test_the_amount_is_taken_off_the_terms_that_are_not_due_and_posted() -> None:
    bill()
    levied, before = standing().total, amounts()
    post_bills(INSURER, 2026, posted_on=NOTICE, actor="試験")
    exempt(30_000)
    run = bill_again(OCTOBER)
    assert (run.counts["billed"], run.counts["decrease"]) == (1, 30_000)
    now = standing()
    assert (now.total, now.exempted) == (levied - 30_000, 30_000)
    after = amounts()
    # those that no notice precedes any more stay as they were
    assert [after[term] for term in (1, 2, 3)] == [before[term] for term in (1, 2, 3)]
    assert sum(after.values()) == levied - 30_000
    post_bills(INSURER, 2026, posted_on=OCTOBER, actor="試験")
    with seeing([INSURER]):
        assert verify(INSURER) == []
        books = household_books(INSURER, "h1", OCTOBER)
        assert sum(line.assessed for line in books.demands) == levied - 30_000
    assert bill_again(OCTOBER).counts.get("billed", 0) == 0


def test_one_decided_before_the_first_bill_counts_from_it_and_one_withdrawn_no_more() -> None:
    exempt(30_000, date(2026, 4, 1))
    bill()
    levied = totals()["h1", "p1"]
    assert standing().total == levied - 30_000
    with seeing([INSURER], writing=True):
        withdraw(INSURER, "exemption", "h1", date(2026, 4, 1), "試験")
    bill_again(OCTOBER)
    assert (standing().total, standing().exempted) == (levied, 0)


def test_more_than_is_levied_takes_off_all_of_it_and_no_more() -> None:
    bill()
    exempt(9_000_000)
    bill_again(OCTOBER)
    assert (standing().total, amounts()) == (0, {})
    assert standing().exempted == totals()["h1", "p1"]


def with_rule(share_of: str, unit: int = 100, mode: str = "floor") -> None:
    """The town's ordinance says from now on what a share is of."""
    rule = {"share_of": share_of, "unit": unit, "mode": mode}
    changed = ordinance(billing={"household_exemption": rule})
    assess_changes(INSURER, [changed], actor="試験")


def test_a_share_of_the_year_is_taken_off_and_explained_line_by_line() -> None:
    bill()
    levied = standing().total
    with_rule("annual")
    exempt(None, share=333_333)
    bill_again(OCTOBER)
    now = standing()
    assert now.exempted == levied * 333_333 // 1_000_000 // 100 * 100
    assert (now.total, sum(amounts().values())) == (levied - now.exempted,) * 2
    lines = explain(read(now.exemptions[0]))
    assert lines[0] == f"年額 {levied:,}円"
    assert lines[-2:] == ("100円未満切捨て", f"減免する額 {now.exempted:,}円")
    assert bill_again(OCTOBER).counts.get("billed", 0) == 0


def test_a_share_of_what_is_not_due_yet_counts_from_the_day_and_once() -> None:
    bill()
    levied, before = standing().total, amounts()
    due = sum(before[term] for term in (1, 2, 3))  # July, August, September
    with_rule("not_yet_due")
    exempt(None, since=date(2026, 10, 5), share=500_000)
    bill_again(OCTOBER)
    assert standing().exempted == (levied - due) // 2 // 100 * 100
    kept = standing().exemptions[0]
    assert (kept["due_before"], kept["levied"]) == (due, levied)
    assert bill_again(date(2026, 12, 5)).counts.get("billed", 0) == 0
    # the levy grows: half of what is added is taken off too, what fell due stays counted as it was
    with telling() as t:
        t.income("p1", 2026, business=2_600_000)
    assess_changes(INSURER, actor="試験")
    bill_again(date(2026, 12, 5))
    grown = totals()["h1", "p1"]
    assert grown > levied
    assert standing().exempted == (grown - due) // 2 // 100 * 100


def test_a_share_that_is_granted_before_the_first_bill_is_of_the_terms_in_full() -> None:
    with_rule("not_yet_due", unit=1, mode="ceiling")
    exempt(None, since=date(2026, 10, 5), share=1_000_000)
    bill()
    levied = totals()["h1", "p1"]
    terms = Schedule.objects
    with seeing([INSURER]):
        other = terms.known().get(household__household_number="h2").instalments
        due = sum(row.amount for row in other.filter(due__lt=date(2026, 10, 5)))
    assert standing().exempted == levied - due
    assert bill_again(OCTOBER).counts.get("billed", 0) == 0


def test_a_share_without_a_rule_waits_with_the_command_to_type_and_with_one_it_does_not() -> None:
    bill()
    exempt(None, share=500_000)
    assess_changes(INSURER, actor="試験")
    with seeing([INSURER]):
        [waits] = pending()
    assert waits["code"] == "exemption_share"
    assert waits["expected"] == (
        f"kokuho decision record exemption --insurer {INSURER} --for h1 --from 2026-09-01 "
        "--amount YEN"
    )
    with_rule("annual")
    with seeing([INSURER]):
        assert pending() == []


def test_a_share_alone_and_an_exemption_of_another_year_take_off_nothing() -> None:
    bill()
    exempt(None, share=500_000)
    exempt(30_000, date(2025, 9, 1))
    assert bill_again(OCTOBER).counts.get("billed", 0) == 0


def test_one_whose_rest_goes_on_after_another_is_taken_off_once() -> None:
    bill()
    levied = standing().total
    exempt(10_000, date(2026, 8, 1))
    with seeing([INSURER], writing=True):
        months = {"since": date(2026, 9, 1), "until": date(2026, 10, 1)}
        decide(INSURER, Decided("exemption", "h1", **months, amount=5_000), "試験")
        # the register has the first before and after the second: one decision all the same
        rows = HouseholdDecision.objects.known().order_by("valid_from")
        assert list(rows.values_list("amount", flat=True)) == [10_000, 5_000, 10_000]
        first, second = exemptions([rows[0].household_id])
    assert (first.number, first.day, first.since) == (
        rows_of("h1")[0], date(2026, 8, 1), date(2026, 8, 1),
    )  # fmt: skip
    assert second.amount == 5_000
    bill_again(OCTOBER)
    assert standing().total == levied - 15_000


def rows_of(number: str) -> list[int]:
    with seeing([INSURER]):
        rows = HouseholdDecision.objects.filter(household__household_number=number)
        return list(rows.order_by("pk").values_list("pk", flat=True))
