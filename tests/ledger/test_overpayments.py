"""Overpayments: appropriation first, then refunds by two persons, limitation, interest."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from kokuho.base.errors import LedgerError
from kokuho.ledger.accounts import Component
from kokuho.ledger.appropriated_interest import CAUSES
from kokuho.ledger.appropriation import appropriate
from kokuho.ledger.calculation import Deferral
from kokuho.ledger.interest_on_refunds import (
    Cause,
    Overpaid,
    interest_from,
    last_paid_first,
    refund_interest,
    unclaimed_days,
)
from kokuho.ledger.invariants import violations
from kokuho.ledger.overpaid import lapse, overpayments, with_limitation
from kokuho.ledger.payments import payments_left
from kokuho.ledger.refunds import Approval, RefundOrder, refund
from kokuho.ledger.rules import AllocationRule
from kokuho.ledger.standing import positions
from tests.ledger.test_receipts import SUMMER, slip, stands, town
from tests.ledger.town import Town, approvals, demand

AUTUMN = date(2024, 10, 1)


def overpaid_town(*amounts: int, over: int = 20_000) -> Town:
    books = town(60_000, *amounts)
    books.receive([slip(60_000 + over, SUMMER)], SUMMER)
    return books


def order(yen: int, day: date = AUTUMN, **other: Any) -> RefundOrder:
    given: dict[str, Any] = {"interest": 0, "approvals": approvals(day), "source": "refund 1"}
    return RefundOrder("99", "h-1", yen, **{**given, **other})


def make_refund(books: Town, one: RefundOrder, day: date = AUTUMN) -> pl.DataFrame:
    return refund(books.demands, books.entries, [one], books.voucher(day, "x"), "tax")


def test_what_is_overpaid_pays_what_else_is_due_before_anything_is_refunded() -> None:
    books = overpaid_town(15_000)
    assert books.appropriate(AUTUMN)
    assert stands(books, "h-1")["principal"] == (0, 5_000, 60_000)
    assert stands(books, "h-2")["principal"] == (0, 0, 15_000)
    rows = books.entries.filter(pl.col("kind") == "appropriate")
    assert rows.select("demand_id", "account", "amount").rows() == [
        ("h-1", "overpaid", 15_000),
        ("h-1", "appropriation", -15_000),
        ("h-2", "appropriation", 15_000),
        ("h-2", "receivable", -15_000),
    ]
    books.check()


def test_an_appropriation_counts_from_the_day_on_which_it_became_possible() -> None:
    # overpaid on 28 July, the second instalment due on 28 August: no interest, though posted late
    books = overpaid_town(15_000)
    books.appropriate(date(2025, 4, 1))
    days = books.entries.filter(pl.col("kind") == "appropriate")["value_on"]
    assert set(days) == {date(2024, 8, 28)}
    assert "interest" not in stands(books, "h-2")
    books.check()


def test_what_is_not_due_yet_is_left_alone() -> None:
    books = overpaid_town(15_000)
    assert books.appropriate(date(2024, 8, 1))
    assert stands(books, "h-2")["principal"] == (15_000, 0, 15_000)


def test_an_appropriation_pays_the_principal_before_its_interest_whatever_the_order() -> None:
    books = overpaid_town(15_000, over=1_000)
    books.charge_fee("h-2", 100, date(2024, 9, 20))
    rule = AllocationRule(("fee", "interest", "principal"))
    made = appropriate(books.demands, books.entries, books.voucher(AUTUMN, "x"), rule)
    paid = made.filter(pl.col("account") == "receivable").select("component", "amount").rows()
    assert paid == [("fee", -100), ("principal", -900)]


def test_money_of_closed_books_pays_a_demand_through_expenditure() -> None:
    books = overpaid_town(15_000)
    books.close(2024)
    books.appropriate(date(2025, 6, 2))
    rows = books.entries.filter(pl.col("kind") == "appropriate")
    assert rows.select("account", "amount").rows() == [
        ("refund_payable", 15_000),
        ("expenditure", -15_000),
        ("appropriation", 15_000),
        ("receivable", -15_000),
    ]
    books.check()


def test_this_years_money_is_appropriated_before_that_of_closed_books() -> None:
    books = overpaid_town(15_000)
    books.close(2024)
    books.receive([slip(4_000, date(2025, 6, 2))], date(2025, 6, 2))
    books.appropriate(date(2025, 6, 3))
    rows = books.entries.filter((pl.col("kind") == "appropriate") & (pl.col("demand_id") == "h-1"))
    assert rows.select("account", "amount").rows() == [
        ("overpaid", 4_000),
        ("appropriation", -4_000),
        ("refund_payable", 11_000),
        ("expenditure", -11_000),
    ]
    books.check()


SPRING = date(2025, 3, 1)


def reduced_town(*amounts: int, by: int = 500_000) -> Town:
    """600,000 yen paid on 28 July 2024, and reduced by a notice of 1 March 2025."""
    books = town(600_000, *amounts)
    books.receive([slip(600_000, SUMMER)], SUMMER)
    assert books.reassess("h-1", -by, SPRING)
    return books


def interest_rows(books: Town) -> list[tuple[Any, ...]]:
    rows = books.entries.filter(
        (pl.col("kind") == "appropriate")
        & pl.col("account").is_in(["refund_interest", "interest_payable"])
    )
    return rows.select("demand_id", "account", "value_on", "amount").rows()


def test_what_is_appropriated_earns_interest_as_what_is_refunded_does() -> None:
    # 400,000 yen from 29 July to 1 March: 156 days of 2024 and 60 of 2025 at 0.9 %
    assert (400_000 * 9 * 156 // 365_000, 400_000 * 9 * 60 // 365_000) == (1_538, 591)
    books = reduced_town(400_000)
    assert books.appropriate(SPRING)
    assert interest_rows(books) == [
        ("h-1", "refund_interest", SPRING, 2_100),
        ("h-1", "interest_payable", SPRING, -2_100),
    ]
    there = overpayments(books.demands, books.entries)
    assert there.select("overpaid", "earned", "refundable", "arose").rows() == [
        (100_000, 2_100, 102_100, SPRING)
    ]
    books.check()


def test_interest_ends_where_the_appropriation_became_possible_however_late_it_is_made() -> None:
    books = reduced_town(400_000)
    assert books.appropriate(date(2025, 5, 20))
    assert interest_rows(books)[0] == ("h-1", "refund_interest", SPRING, 2_100)


def test_the_interest_pays_what_is_still_due_before_it_is_refunded() -> None:
    books = reduced_town(500_000, 1_500)
    assert books.appropriate(SPRING)
    # 500,000 yen: 1,923 + 739, cut to 2,600; 1,500 of it pay the third instalment
    assert stands(books, "h-2")["principal"] == (0, 0, 500_000)
    assert stands(books, "h-3")["principal"] == (0, 0, 1_500)
    there = overpayments(books.demands, books.entries)
    assert there.select("demand_id", "earned", "refundable").rows() == [("h-1", 1_100, 1_100)]
    books.check()
    # the rest pays the interest of the late instalment as soon as it is fixed, and earns none
    assert books.appropriate(SPRING)
    assert overpayments(books.demands, books.entries).is_empty()
    assert sum(row[3] for row in interest_rows(books) if row[1] == "refund_interest") == 2_600
    books.check()


def test_interest_that_an_appropriation_earned_is_refunded_out_of_expenditure() -> None:
    books = reduced_town(500_000, by=500_000)
    books.appropriate(SPRING)
    late = stands(books, "h-2")["interest"]
    assert late[0] > 2_600
    assert books.write_off("h-2", "interest", late[0], SPRING)
    new = make_refund(books, order(2_600, SPRING), SPRING)
    assert new.select("account", "amount").rows() == [
        ("interest_payable", 2_600),
        ("expenditure", -2_600),
    ]
    again = new.with_columns(pl.col("number") + 1)
    twice = violations(pl.concat([books.entries, new, again]))
    assert {one.code for one in twice} == {"below_zero"}
    with pytest.raises(LedgerError, match="2,601"):
        make_refund(books, order(2_601, SPRING), SPRING)


def test_interest_that_was_earned_is_carried_over_and_lapses() -> None:
    books = reduced_town(500_000)
    books.appropriate(SPRING)
    books.write_off("h-2", "interest", stands(books, "h-2")["interest"][0], SPRING)
    for year in (2024, 2025):
        assert books.close(year)
        books.check()
    stand = positions(books.demands, books.entries)
    assert stand.filter(pl.col("earned") > 0).select("book_year", "earned").rows() == [
        (2026, 2_600)
    ]

    def lapsed(day: date) -> list[tuple[Any, ...]]:
        made = lapse(books.demands, books.entries, books.voucher(day, "x"), "premium")
        return made.select("account", "amount").rows()

    assert lapsed(date(2027, 3, 1)) == []
    assert lapsed(date(2027, 3, 2)) == [("interest_payable", 2_600), ("lapsed", -2_600)]


@pytest.mark.parametrize(
    ("cause", "happened", "yen"),
    [
        (None, None, 2_100),
        ("assessment", None, 2_100),
        # one month after 29 July: 125 and 60 days
        ("mistake", None, 1_800),
        # from 12 January: 49 days, 483 yen, which is nothing
        ("income_tax", date(2024, 12, 11), 0),
    ],
)
def test_the_cause_that_a_person_decided_on_says_from_when_it_earns(
    cause: str | None, happened: date | None, yen: int
) -> None:
    books = reduced_town(400_000)
    causes = None
    if cause:
        rows = [("99", "h-1", "principal", cause, happened, None)]
        causes = pl.DataFrame(rows, schema=CAUSES, orient="row")
    made = appropriate(
        books.demands, books.entries, books.voucher(SPRING, "x"), books.rules.allocation, causes
    )
    assert made.filter(pl.col("account") == "refund_interest")["amount"].sum() == yen


def test_what_one_appropriation_consists_of_is_gone_for_the_next() -> None:
    books = town(600_000, 300_000)
    assert books.assess([(demand("h-9", "h", 2024, 9, date(2025, 4, 28)), 200_000)], SUMMER)
    for day in (SUMMER, date(2025, 1, 31)):
        books.receive([slip(300_000, day)], date(2025, 2, 1))
    assert books.reassess("h-1", -500_000, SPRING)
    late = stands(books)["interest"][2]
    assert late == 0
    assert books.appropriate(date(2025, 5, 1))
    # the last payment pays h-2: 29 days, 214 yen, which is nothing; 200,000 of the first pay h-9
    assert (200_000 * 9 * 156 // 365_000, 200_000 * 9 * 118 // 365_000) == (769, 581)
    assert interest_rows(books)[0] == ("h-1", "refund_interest", date(2025, 4, 28), 1_300)
    books.check()


def test_an_appropriation_takes_the_last_payments_and_its_reversal_gives_them_back() -> None:
    books = town(600_000, 15_000)
    later = date(2024, 8, 20)
    books.receive([slip(300_000, SUMMER), slip(310_000, later)], later)
    books.reassess("h-1", -15_000, AUTUMN)

    def left() -> list[tuple[Any, ...]]:
        own = payments_left(books.entries).filter(demand_id="h-1", component="principal")
        return own.select("value_on", "paid").rows()

    before = left()
    assert [day for day, _yen in before] == [SUMMER, later]
    assert books.appropriate(AUTUMN)
    taken = [(SUMMER, before[0][1]), (later, before[1][1] - 15_000)]
    assert left() == taken
    number = books.entries.filter(pl.col("kind") == "appropriate")["number"][0]
    assert books.reverse(number, AUTUMN)
    assert left() == before


def test_what_was_paid_twice_earns_from_a_month_later() -> None:
    books = town(600_000, 10, 10, 500_000)
    books.receive([slip(1_100_000, SUMMER)], SUMMER)
    books.appropriate(date(2024, 11, 1))
    assert interest_rows(books) == []  # due on 28 October: 61 days of 500,000 yen are 752 yen
    books.check()


def test_a_refund_in_the_year_lowers_its_revenue() -> None:
    books = overpaid_town()
    new = make_refund(books, order(20_000, interest=300))
    assert new.select("account", "amount").rows() == [
        ("overpaid", 20_000),
        ("refunds", -20_000),
        ("refund_interest", 300),
        ("expenditure", -300),
    ]


def test_a_refund_after_31_may_is_expenditure_of_the_new_year() -> None:
    books = overpaid_town()
    day = date(2025, 6, 2)
    books.close(2024)
    new = make_refund(books, order(20_000, day), day)
    assert new.select("account", "amount", "book_year").rows() == [
        ("refund_payable", 20_000, 2025),
        ("expenditure", -20_000, 2025),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        (Approval("order", "A", AUTUMN),),
        (Approval("order", "A", AUTUMN), Approval("order", "B", AUTUMN)),
        (Approval("order", "A", AUTUMN), Approval("audit", "A", AUTUMN)),
        (*approvals(AUTUMN), Approval("audit", "C", AUTUMN)),
        (Approval("order", "A", AUTUMN), Approval("audit", "B", AUTUMN + timedelta(days=1))),
    ],
    ids=["nobody", "one person", "one role twice", "one person twice", "three", "too late"],
)
def test_a_refund_needs_two_persons_in_the_two_roles_before_it_is_posted(
    wrong: tuple[Approval, ...],
) -> None:
    with pytest.raises(LedgerError, match="refund 1"):
        make_refund(overpaid_town(), order(100, approvals=wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        order(20_001),
        order(0),
        order(100, interest=-1),
        order(100, component=Component.INTEREST),
    ],
    ids=["too much", "nothing", "negative interest", "another component"],
)
def test_no_more_is_refunded_than_was_overpaid(wrong: RefundOrder) -> None:
    with pytest.raises(LedgerError, match="refund 1"):
        make_refund(overpaid_town(), wrong)


def test_two_refunds_of_one_demand_are_not_posted_at_once() -> None:
    books = overpaid_town()
    orders = [order(15_000), order(15_000)]
    with pytest.raises(LedgerError):
        refund(books.demands, books.entries, orders, books.voucher(AUTUMN, "x"), "tax")


def test_a_lapsed_refund_is_not_paid_unless_it_was_claimed_in_time() -> None:
    books = town(60_000)
    books.receive([slip(80_000, date(2024, 7, 28))], date(2024, 7, 28))
    books.close(2024)
    books.close(2025)
    day = date(2026, 8, 1)
    voucher = books.voucher(day, "x")
    late = order(20_000, day)
    with pytest.raises(LedgerError, match="2026-07-28"):
        refund(books.demands, books.entries, [late], voucher, "premium")
    claimed = order(20_000, day, claimed_on=date(2026, 7, 28))
    assert refund(books.demands, books.entries, [claimed], voucher, "premium").height


def test_what_nobody_claimed_in_time_lapses_and_not_a_day_before() -> None:
    books = overpaid_town()
    books.close(2024)
    books.close(2025)

    def lapsed(day: date) -> int:
        return lapse(books.demands, books.entries, books.voucher(day, "x"), "premium").height

    assert (lapsed(date(2026, 7, 28)), lapsed(date(2026, 7, 29))) == (0, 2)


def test_the_list_of_overpayments_says_since_when() -> None:
    books = overpaid_town()
    books.close(2024)
    there = overpayments(books.demands, books.entries)
    # the carry-over does not make it younger
    assert there.select("demand_id", "refundable", "past", "arose").rows() == [
        ("h-1", 20_000, 20_000, SUMMER)
    ]
    assert positions(books.demands, books.entries)["book_year"].to_list() == [2025]


def test_the_list_of_overpayments_says_until_when_each_can_be_claimed() -> None:
    books = overpaid_town()
    there = overpayments(books.demands, books.entries)
    for kind, until in (("tax", date(2029, 7, 28)), ("premium", date(2026, 7, 28))):
        assert with_limitation(there, kind)["claimable_until"].to_list() == [until]
    assert with_limitation(there.clear(), "tax").is_empty()


PAID = ((date(2024, 7, 28), 30_000), (date(2024, 9, 30), 30_000))


@pytest.mark.parametrize(
    ("cause", "happened", "objected", "first"),
    [
        (Cause.ASSESSMENT, None, None, "2024-07-29"),
        (Cause.MISTAKE, None, None, "2024-08-29"),
        (Cause.INCOME_TAX, "2025-03-10", None, "2025-04-11"),
        (Cause.LAW, "2025-03-10", None, "2025-04-11"),
        (Cause.ANNULLED, "2025-03-10", None, "2025-04-11"),
        (Cause.ANNULLED, "2025-03-10", "2024-12-20", "2025-03-21"),
    ],
)
def test_interest_on_a_refund_begins_where_its_case_says(
    cause: Cause, happened: str | None, objected: str | None, first: str
) -> None:
    overpaid = Overpaid(
        1,
        cause,
        PAID,
        date.fromisoformat(happened) if happened else None,
        date.fromisoformat(objected) if objected else None,
    )
    assert interest_from(overpaid, date(2024, 7, 28)) == date.fromisoformat(first)


def test_nobody_earns_interest_on_money_before_it_was_paid() -> None:
    overpaid = Overpaid(1, Cause.LAW, PAID, date(2024, 4, 1))
    assert interest_from(overpaid, date(2024, 9, 30)) == date(2024, 10, 1)


def test_a_case_that_needs_a_day_is_refused_without_it() -> None:
    with pytest.raises(LedgerError):
        interest_from(Overpaid(1, Cause.LAW, PAID), SUMMER)


def test_an_overpayment_consists_of_the_last_payments() -> None:
    assert last_paid_first(PAID, 40_000) == [
        (date(2024, 9, 30), 30_000),
        (date(2024, 7, 28), 10_000),
    ]
    with pytest.raises(LedgerError, match="60,001"):
        last_paid_first(PAID, 60_001)


def test_interest_on_a_refund_by_hand() -> None:
    # 40,500 yen too much: 10,500 of the payment of 28 July, 30,000 of that of 30 September 2025
    payments = ((date(2025, 7, 28), 300_000), (date(2025, 9, 30), 300_000))
    overpaid = Overpaid(405_500, Cause.ASSESSMENT, payments)
    made = refund_interest(overpaid, date(2026, 3, 31))
    assert [(step.days, step.base, step.rate, step.yen) for step in made.steps] == [
        (64, 105_000, 9_000, 105_000 * 9_000 * 64 // 365_000_000),
        (92, 405_000, 9_000, 405_000 * 9_000 * 92 // 365_000_000),
        (90, 405_000, 13_000, 405_000 * 13_000 * 90 // 365_000_000),
    ]
    assert made.sum == 165 + 918 + 1_298
    assert made.total == 2_300


def test_days_on_which_the_debtor_did_not_claim_bear_no_interest() -> None:
    overpaid = Overpaid(300_000, Cause.ASSESSMENT, ((date(2025, 1, 31), 300_000),))
    # told on 1 April; thirty days later is 1 May; claimed on 10 September
    idle = unclaimed_days(date(2025, 4, 1), date(2025, 9, 10), date(2025, 9, 30))
    assert idle == Deferral(date(2025, 5, 2), date(2025, 9, 10), "full")
    made = refund_interest(overpaid, date(2025, 9, 30), without=[idle])
    assert [(step.days, step.relief) for step in made.steps] == [
        (90, "none"),
        (132, "full"),
        (20, "none"),
    ]
    assert unclaimed_days(date(2025, 4, 1), date(2025, 5, 1), date(2025, 9, 30)) is None


def test_a_small_refund_bears_no_interest() -> None:
    overpaid = Overpaid(1_999, Cause.ASSESSMENT, ((date(2020, 1, 31), 5_000),))
    assert refund_interest(overpaid, date(2025, 9, 30)).total == 0
