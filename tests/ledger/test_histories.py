"""Random histories through three years: the books hold together after every single event."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kokuho.ledger.receipts import Receipt
from kokuho.ledger.rules import LedgerRules
from kokuho.ledger.standing import positions
from tests.ledger.town import CIVIL, RULES, WARD, Town, demand

YEARS = (2023, 2024, 2025)
HOUSES = ("h1", "h2", "h3")
QUIET = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

Event = tuple[str, int, int, int]
EVENTS = st.tuples(
    st.sampled_from(
        [
            *["pay"] * 6,
            *["pay_unnamed"] * 2,
            *["lower", "raise", "appropriate", "refund", "reverse", "fee", "write_off"],
            *["unknown", "release", "pay_back", "leave"],
        ]
    ),
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.integers(0, 40),
)


def begin_year(town: Town, year: int, amounts: list[int]) -> None:
    terms = [
        (demand(f"{house}-{year}-{term}", house, year, term, date(year, 6 + term, 28)), yen)
        for house, yen in zip(HOUSES, amounts, strict=True)
        for term in (1, 2)
        if yen
    ]
    if terms:
        town.assess(terms, date(year, 6, 15))


def play(town: Town, event: Event, day: date) -> None:
    """One event of a day, on a demand and with an amount that its numbers choose."""
    what, choice, number, late = event
    names = sorted(town.principal)
    if not names:
        return
    name = names[choice % len(names)]
    house = name.partition("-")[0]
    # large ones too: interest on what is appropriated begins at 1,000 yen
    yen = number % (900_000 if number % 3 else 40_000) + 1
    value = day - timedelta(days=late)
    match what:
        case "pay":
            town.receive([Receipt("99", house, name, yen, value, None, "slip")], day)
        case "pay_unnamed":
            town.receive([Receipt("99", house, None, yen, value, "a cousin", "counter")], day)
        case "unknown":
            town.receive([Receipt("99", None, None, yen, value, None, f"bank {choice}")], day)
        case "lower":
            town.reassess(name, -(number % (town.principal[name] + 1)) or -1, day)
        case "raise":
            town.reassess(name, yen, day)
        case "appropriate":
            town.appropriate(day)
        case "refund":
            town.refund(day, share=number % 100 + 1, interest=number % 3 * 100)
        case "reverse":
            town.reverse(choice % (town.entries["number"].max() or 1) + 1, day)  # type: ignore[operator]
        case "fee":
            town.charge_fee(name, 100, day)
        case "write_off":
            town.write_off(name, ("principal", "interest", "fee")[choice % 3], yen, day)
        case "release":
            town.release(name, day)
        case "pay_back":
            town.pay_back(day)
        case "leave":  # a departure: nothing is levied any more, and the rest goes back
            for one in names:
                if one.startswith(house) and town.principal[one]:
                    town.reassess(one, -town.principal[one], day)
            town.appropriate(day)
            town.refund(day)


def play_year(town: Town, year: int, events: list[Event], *, check: bool = True) -> None:
    span = (date(year + 1, 5, 31) - date(year, 7, 1)).days
    for place, event in enumerate(events):
        play(town, event, date(year, 7, 1) + timedelta(days=span * place // max(len(events), 1)))
        if check:
            town.check()
    town.close(year)
    if check:
        town.check()


YEARS_OF_EVENTS = st.lists(
    st.tuples(
        st.lists(
            st.one_of(st.integers(0, 60_000), st.integers(300_000, 900_000)), min_size=3, max_size=3
        ),
        st.lists(EVENTS, max_size=10),
    ),
    min_size=3,
    max_size=3,
)


def live(
    years: list[tuple[list[int], list[Event]]], *, check: bool, rules: LedgerRules = RULES
) -> Town:
    town = Town(rules)
    for year, (amounts, events) in zip(YEARS, years, strict=True):
        begin_year(town, year, amounts)
        play_year(town, year, events, check=check)
    return town


@QUIET
@given(YEARS_OF_EVENTS, st.sampled_from([RULES, WARD, CIVIL]))
def test_the_books_hold_together_after_every_event_of_three_years(
    years: list[tuple[list[int], list[Event]]], rules: LedgerRules
) -> None:
    town = live(years, check=True, rules=rules)
    town.lapse(date(2026, 12, 1))
    town.check()


@pytest.mark.slow
@settings(QUIET, max_examples=25)
@given(YEARS_OF_EVENTS, st.sampled_from([RULES, WARD, CIVIL]))
def test_many_more_histories_hold_together(
    years: list[tuple[list[int], list[Event]]], rules: LedgerRules
) -> None:
    live(years, check=True, rules=rules)


@settings(QUIET, max_examples=2)
@given(YEARS_OF_EVENTS)
def test_the_same_events_give_the_same_entries_again(
    years: list[tuple[list[int], list[Event]]],
) -> None:
    assert live(years, check=False).entries.equals(live(years, check=False).entries)


def of_house(town: Town, house: str) -> list[tuple[Any, ...]]:
    """Balances of a household, without the numbers of journals."""
    rows = town.stored.filter((pl.col("household_id") == house) & (pl.col("amount") != 0))
    return rows.sort(pl.all().exclude("amount")).rows()


PAYMENTS = st.lists(
    st.tuples(
        st.sampled_from(["pay", "pay_unnamed", "lower", "raise"]),
        st.integers(0, 1),
        st.integers(0, 10**6),
        st.integers(0, 300),
    ),
    max_size=5,
)


def play_named(town: Town, house: str, event: Event, day: date) -> None:
    what, choice, number, late = event
    name = f"{house}-2024-{choice + 1}"
    value = max(day - timedelta(days=late), date(2024, 7, 1))
    yen = number % 40_000 + 1
    match what:
        case "pay":
            town.receive([Receipt("99", house, name, yen, value, None, "slip")], day)
        case "pay_unnamed":
            town.receive([Receipt("99", house, None, yen, value, None, "counter")], day)
        case "lower":
            town.reassess(name, -(number % (town.principal[name] + 1)) or -1, day, value)
        case "raise":
            town.reassess(name, yen, day, value)


@settings(QUIET, max_examples=4)
@given(PAYMENTS, PAYMENTS, st.randoms(use_true_random=False))
def test_events_on_different_households_commute(
    first: list[Event], second: list[Event], chance: Any
) -> None:
    day = date(2025, 5, 1)

    def run(order: list[str]) -> Town:
        town = Town()
        begin_year(town, 2024, [50_000, 30_000, 0])
        queues = {"h1": iter(first), "h2": iter(second)}
        for house in order:
            play_named(town, house, next(queues[house]), day)
        return town

    order = ["h1"] * len(first) + ["h2"] * len(second)
    one = run(order)
    chance.shuffle(order)
    other = run(order)
    for house in ("h1", "h2"):
        assert of_house(one, house) == of_house(other, house)


@settings(QUIET, max_examples=4)
@given(
    st.lists(st.tuples(st.integers(1, 500_000), st.integers(-20, 250)), max_size=4),
    st.lists(st.integers(-150_000, 150_000).filter(bool), max_size=3),
    st.randoms(use_true_random=False),
)
def test_what_is_registered_late_with_the_same_dates_gives_the_same_balances(
    payments: list[tuple[int, int]], changes: list[int], chance: Any
) -> None:
    """Changes of the levy and payments of a named instalment, in whatever order they come in."""
    events: list[tuple[str, int, date]] = [
        ("pay", yen, date(2024, 8, 1) + timedelta(days=late)) for yen, late in payments
    ]
    events += [("change", change, date(2024, 9, 1)) for change in changes]

    def run(order: list[tuple[str, int, date]]) -> list[tuple[Any, ...]]:
        town = Town()
        begin_year(town, 2024, [500_000, 0, 0])
        for what, yen, value in order:
            if what == "pay":
                town.receive(
                    [Receipt("99", "h1", "h1-2024-1", yen, value, None, "slip")], date(2025, 5, 1)
                )
            else:
                town.reassess("h1-2024-1", yen, date(2025, 5, 1), value)
            town.check()
        assert town.refused == 0
        stand = positions(town.demands, town.entries).filter(pl.col("demand_id") == "h1-2024-1")
        # which component an overpayment stands in may depend on the order, how much it is may not
        of_components = stand.filter(pl.any_horizontal(pl.col("assessed", "owed") != 0))
        overpaid = int(stand["overpaid"].sum() + stand["past"].sum())
        assert overpaid == 0 or not stand["owed"].sum()
        return [*of_components.select("component", "assessed", "owed").rows(), (overpaid,)]

    wanted = run(events)
    chance.shuffle(events)
    assert run(events) == wanted


def test_interest_that_was_paid_pays_the_principal_when_the_levy_rises_again() -> None:
    """Principal before interest (20条の9の4第2項), also in what was booked before the rise."""
    day = date(2025, 5, 1)

    def run(*events: str) -> list[tuple[Any, ...]]:
        town = Town()
        begin_year(town, 2024, [500_000, 0, 0])
        for event in events:
            if event == "pay":
                paid = Receipt("99", "h1", "h1-2024-1", 500_000, date(2025, 3, 7), None, "slip")
                assert town.receive([paid], day)
            else:
                assert town.reassess("h1-2024-1", int(event), day, date(2024, 9, 1))
            town.check()
        stand = positions(town.demands, town.entries).filter(pl.col("demand_id") == "h1-2024-1")
        return stand.select("component", "assessed", "owed", "overpaid").rows()

    wanted = [("principal", 500_000, 0, 0), ("interest", 23_700, 23_700, 0)]
    assert run("pay") == wanted
    assert run("-150000", "pay", "150000") == wanted


@pytest.mark.parametrize("late_first", [True, False])
def test_a_late_payment_bears_interest_whichever_payment_is_registered_last(
    late_first: bool,
) -> None:
    """What is registered last may have been paid in time, and still completes a late principal."""
    town = Town()
    town.assess([(demand("d", "h", 2025, 1, date(2025, 7, 31)), 600_000)], date(2025, 7, 1))
    late = Receipt("99", "h", "d", 300_000, date(2026, 3, 31), None, "late")
    early = Receipt("99", "h", "d", 300_000, date(2025, 7, 20), None, "in time")
    for one in (late, early) if late_first else (early, late):
        assert town.receive([one], date(2026, 4, 10))
    town.check()
    interest = positions(town.demands, town.entries).filter(component="interest")
    assert interest["owed"].to_list() == [16_000]
