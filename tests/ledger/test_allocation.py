"""Allocation over columns against a slow walk, receipt by receipt and claim by claim."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokuho.base.errors import LedgerError
from kokuho.ledger.allocation import OWED, RECEIPTS, Allocation, allocate
from kokuho.ledger.rules import AllocationRule
from tests.ledger import plain

TAX = AllocationRule(("principal", "interest", "fee"))
PARTS = ("principal", "interest", "fee")
Row = tuple[Any, ...]  # number, household, named demand, yen, and the payer if one is named


def owed(claims: list[plain.Claim]) -> pl.DataFrame:
    rows = [
        (
            *(one.demand, "i", one.household, one.debtor, one.due, 2026, one.term),
            *(one.owed[part] for part in PARTS),
            0,
        )
        for one in claims
    ]
    return pl.DataFrame(rows, schema=OWED, orient="row")


def receipts(rows: list[Row]) -> pl.DataFrame:
    data = [
        (number, "i", household, demand, *(payer or [None]), yen)
        for number, household, demand, yen, *payer in rows
    ]
    return pl.DataFrame(data, schema=RECEIPTS, orient="row")


def claim(
    demand: str,
    house: str,
    term: int,
    principal: int,
    interest: int = 0,
    fee: int = 0,
    debtor: str = "head",
) -> plain.Claim:
    due = date(2026, 6 + term, 25)
    parts = {"principal": principal, "interest": interest, "fee": fee}
    return plain.Claim(demand, house, due, term, parts, debtor)


def as_outcome(done: Allocation) -> plain.Outcome:
    return plain.Outcome(
        paid=done.paid.drop("insurer_code").rows(),
        over=done.over.drop("insurer_code").rows(),
        unknown=done.unknown.drop("insurer_code").rows(),
    )


def run(claims: list[plain.Claim], rows: list[Row], rule: AllocationRule = TAX) -> plain.Outcome:
    return as_outcome(allocate(owed(claims), receipts(rows), rule))


def test_a_named_instalment_is_paid_though_an_older_one_is_open() -> None:
    claims = [claim("A1", "h", 1, 1000), claim("A2", "h", 2, 1000)]
    assert run(claims, [(1, "h", "A2", 600)]).paid == [(1, "A2", "principal", 600)]


def test_without_a_name_the_oldest_due_date_comes_first() -> None:
    claims = [claim("A2", "h", 2, 1000), claim("A1", "h", 1, 1000)]
    assert run(claims, [(1, "h", None, 1300)]).paid == [
        (1, "A1", "principal", 1000),
        (1, "A2", "principal", 300),
    ]


def test_the_tax_is_paid_before_its_interest() -> None:
    claims = [claim("A1", "h", 1, 1000, interest=200, fee=100)]
    assert run(claims, [(1, "h", "A1", 1250)]).paid == [
        (1, "A1", "principal", 1000),
        (1, "A1", "interest", 200),
        (1, "A1", "fee", 50),
    ]


def test_by_component_all_principals_come_before_any_interest() -> None:
    claims = [claim("A1", "h", 1, 1000, interest=200), claim("A2", "h", 2, 1000)]
    rule = AllocationRule(("principal", "interest", "fee"), across="by_component")
    assert [row[1:] for row in run(claims, [(1, "h", None, 2100)], rule).paid] == [
        ("A1", "principal", 1000),
        ("A2", "principal", 1000),
        ("A1", "interest", 100),
    ]


def test_too_much_for_a_named_instalment_is_overpaid_or_goes_on_as_the_rule_says() -> None:
    claims = [claim("A1", "h", 1, 1000), claim("A2", "h", 2, 1000)]
    assert run(claims, [(1, "h", "A2", 1300)]).over == [(1, "A2", 300)]
    rule = AllocationRule(PARTS, excess="next_due")
    assert run(claims, [(1, "h", "A2", 1300)], rule).paid == [
        (1, "A2", "principal", 1000),
        (1, "A1", "principal", 300),
    ]


def test_what_finds_no_claim_is_left_over_and_takes_nothing_with_it() -> None:
    claims = [claim("A1", "h", 1, 1000), claim("B1", "g", 1, 500)]
    rows: list[Row] = [
        (1, "nobody", None, 10),
        (2, "h", "no such", 20),
        (3, "g", "A1", 30),  # the slip names another household's instalment
        (4, None, "A1", 40),  # the slip alone is enough
        (5, "g", None, 700),
    ]
    done = run(claims, rows)
    assert done.unknown == [(1, 10), (2, 20), (3, 30), (5, 200)]
    assert done.paid == [(4, "A1", "principal", 40), (5, "B1", "principal", 500)]


@pytest.mark.parametrize(
    ("payer", "paid"), [("A", "A1"), ("B", "B2"), ("a cousin", None), (None, None)]
)
def test_money_for_no_instalment_pays_what_its_payer_owes_where_two_heads_owe(
    payer: str | None, paid: str | None
) -> None:
    claims = [claim("A1", "h", 1, 1000, debtor="A"), claim("B2", "h", 2, 1000, debtor="B")]
    done = run(claims, [(1, "h", None, 600, payer)])
    if paid:
        assert done == plain.Outcome([(1, paid, "principal", 600)])
    else:
        assert done == plain.Outcome(unknown=[(1, 600)])


def test_what_is_left_of_it_is_held_though_the_other_head_owes() -> None:
    claims = [claim("A1", "h", 1, 1000, debtor="A"), claim("B2", "h", 2, 1000, debtor="B")]
    done = run(claims, [(1, "h", None, 1600, "A")])
    assert done.unknown == [(1, 600)]


def test_anybody_may_pay_for_the_only_debtor_of_a_household() -> None:
    done = run([claim("A1", "h", 1, 1000)], [(1, "h", None, 600, "a cousin")])
    assert done.paid == [(1, "A1", "principal", 600)]


def test_too_much_for_one_head_never_pays_what_the_other_owes() -> None:
    claims = [claim("A1", "h", 1, 1000, debtor="A"), claim("B2", "h", 2, 1000, debtor="B")]
    done = run(claims, [(1, "h", "A1", 1300)], AllocationRule(PARTS, excess="next_due"))
    assert done.over == [(1, "A1", 300)]


def test_receipts_follow_their_recorded_order() -> None:
    claims = [claim("A1", "h", 1, 1000), claim("A2", "h", 2, 1000)]
    unnamed_first = run(claims, [(1, "h", None, 1000), (2, "h", "A1", 1000)])
    assert unnamed_first.over == [(2, "A1", 1000)]
    named_first = run(claims, [(1, "h", "A1", 1000), (2, "h", None, 1000)])
    assert named_first.over == []


def test_interest_that_a_payment_fixes_is_never_paid_before_its_principal() -> None:
    frame = owed([claim("A1", "h", 1, 1000, interest=50)]).with_columns(fixed=pl.lit(30, pl.Int64))
    done = allocate(
        frame, receipts([(1, "h", "A1", 1060)]), AllocationRule(("interest", "principal", "fee"))
    )
    assert [(row[3], row[4]) for row in done.paid.rows()] == [
        ("interest", 50),
        ("principal", 1000),
        ("interest", 10),
    ]


@pytest.mark.parametrize("rows", [[(1, "h", None, 0)], [(1, "h", None, 5), (1, "h", None, 5)]])
def test_receipts_that_cannot_be_meant_are_refused(rows: list[Row]) -> None:
    with pytest.raises(LedgerError):
        run([claim("A1", "h", 1, 1000)], rows)


RULES = st.builds(
    AllocationRule,
    st.permutations(PARTS).map(tuple),
    st.sampled_from(["by_demand", "by_component"]),
    st.sampled_from(["overpaid", "next_due"]),
)


@st.composite
def books(draw: st.DrawFn) -> tuple[list[plain.Claim], list[Row]]:
    claims = []
    for house in "hgk":
        for term in range(1, draw(st.integers(0, 4)) + 1):
            amounts = [draw(st.integers(0, 900)) for _part in PARTS]
            claims.append(
                plain.Claim(
                    f"{house}{term}",
                    house,
                    date(2026, 6 + term % 3, 30),
                    term,
                    dict(zip(PARTS, amounts, strict=True)),
                    # the head of one household changed
                    draw(st.sampled_from(["A", "B"])) if house == "h" else "A",
                )
            )
    names = st.sampled_from([None, None, *(one.demand for one in claims), "zz"])
    houses = st.sampled_from(["h", "g", "k", "nobody", None])
    rows = [
        (
            number,
            draw(houses),
            draw(names),
            draw(st.integers(1, 2500)),
            draw(st.sampled_from([None, "A", "B", "a cousin"])),
        )
        for number in range(draw(st.integers(0, 12)))
    ]
    return claims, rows


def copies(claims: list[plain.Claim]) -> list[plain.Claim]:
    return [
        plain.Claim(c.demand, c.household, c.due, c.term, dict(c.owed), c.debtor) for c in claims
    ]


@settings(max_examples=80, deadline=None)
@given(books(), RULES)
def test_the_columns_agree_with_a_slow_walk(
    book: tuple[list[plain.Claim], list[Row]], rule: AllocationRule
) -> None:
    claims, rows = book
    wanted = plain.allocate(copies(claims), rows, rule.order, rule.across, rule.excess)
    got = run(claims, rows, rule)
    assert got == wanted
    assert sum(row[3] for row in rows) == (
        sum(row[3] for row in got.paid)
        + sum(row[2] for row in got.over)
        + sum(row[1] for row in got.unknown)
    )


@settings(max_examples=15, deadline=None)
@given(books(), RULES, st.data())
def test_one_run_is_the_same_as_two_and_as_one_receipt_at_a_time(
    book: tuple[list[plain.Claim], list[Row]], rule: AllocationRule, data: Any
) -> None:
    claims, rows = book
    together = run(claims, rows, rule)
    cut = data.draw(st.integers(0, len(rows)))
    sizes: list[list[list[Row]]] = [[rows[:cut], rows[cut:]], [[row] for row in rows]]
    for parts in sizes:
        rest = copies(claims)
        pieces = plain.Outcome()
        for part in parts:
            done = run(rest, part, rule)
            for _number, demand, component, yen in done.paid:
                next(one for one in rest if one.demand == demand).owed[component] -= yen
            pieces.paid += done.paid
            pieces.over += done.over
            pieces.unknown += done.unknown
        assert pieces == together


@settings(max_examples=40, deadline=None)
@given(books(), RULES)
def test_households_do_not_touch_each_other(
    book: tuple[list[plain.Claim], list[Row]], rule: AllocationRule
) -> None:
    claims, rows = book
    homes = {one.demand: one.household for one in claims}
    mine = [row for row in rows if (row[1] or homes.get(row[2] or "")) == "h"]
    alone = run(claims, mine, rule)
    together = run(claims, rows, rule)
    numbers = {row[0] for row in mine}
    assert [row for row in together.paid if row[0] in numbers] == alone.paid
