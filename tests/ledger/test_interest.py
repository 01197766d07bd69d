"""Delinquency interest: printed examples, the edges of the rule, and a count day by day."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kokuho.base.errors import LawError, LedgerError
from kokuho.ledger.calculation import Deferral, interest
from kokuho.ledger.interest_steps import CLAIMS, DEFERRALS, PAYMENTS, band_end, spans, steps, totals
from kokuho.ledger.rates import YearRates, law_rates
from kokuho.ledger.rules import InterestRule, interest_rule
from tests.ledger import plain

CASES = json.loads((Path(__file__).parent / "data" / "interest.json").read_text(encoding="utf-8"))
LAW = law_rates(range(2018, 2027))
PLAIN = {one.year: (one.first, one.after, one.deferral or 0) for one in LAW}
JAN = date(2024, 1, 1)


def rule(months: int = 1, half: Any = "special_rate") -> InterestRule:
    return interest_rule(JAN, months, half)


def given_rates(case: dict[str, Any]) -> list[YearRates]:
    years = case["rates_by_year"].items()
    return [YearRates.of(int(year), rate["first"], rate["after"]) for year, rate in years]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
@pytest.mark.parametrize("of_the_law", [True, False])
def test_a_printed_example_is_met_with_the_laws_rates_and_with_the_printed_ones(
    case: dict[str, Any], of_the_law: bool
) -> None:
    made = interest(
        case["principal"],
        date.fromisoformat(case["due"]),
        date.fromisoformat(case["paid"]),
        rule=rule(case["first_band_months"]),
        rates=None if of_the_law else given_rates(case),
    )
    printed = case["printed"]
    assert made.total == case["expected"]
    assert made.sum == printed["sum"]
    assert [step.days for step in made.steps] == printed["days"]
    assert {step.base for step in made.steps} == {printed["base"]}
    if "yen" in printed:
        assert [step.yen for step in made.steps] == printed["yen"]


def test_one_month_instead_of_three_would_miss_the_wards_printed_answer() -> None:
    assert interest(100_000, date(2021, 4, 30), date(2021, 10, 31), rule=rule(1)).total == 3900


@pytest.mark.parametrize(
    ("principal", "total"),
    [
        (1_999, 0),  # below 2,000 yen nothing is computed
        (2_000, 0),  # 2,000 × 8.7 % × about a year stays below 1,000
        (11_999, 0),  # the base is 11,000: the sum of 890 yen is below 1,000
        (13_999, 1_000),  # the base is 13,000: 1,052 yen
    ],
)
def test_small_amounts_and_the_cut_of_the_base(principal: int, total: int) -> None:
    made = interest(principal, date(2023, 1, 31), date(2024, 1, 31))
    assert made.total == total


def test_what_is_below_a_thousand_yen_is_nothing_and_the_rest_is_cut_to_a_hundred() -> None:
    rates = [YearRates(2023, 100_000, 100_000)]  # ten percent
    due = date(2023, 6, 30)
    # 100,000 yen at ten percent: 36 days make 986 yen, 37 days 1,013 yen
    assert interest(100_000, due, date(2023, 8, 5), rates=rates).total == 0
    assert interest(100_000, due, date(2023, 8, 6), rates=rates).total == 1_000


def test_payment_on_the_due_date_costs_nothing_and_the_day_after_counts_as_one_day() -> None:
    due = date(2024, 7, 1)
    assert interest(500_000, due, due).steps == ()
    [step] = interest(500_000, due, due + timedelta(days=1)).steps
    assert (step.days, step.first, step.last) == (1, date(2024, 7, 2), date(2024, 7, 2))


def test_a_leap_year_is_divided_by_365_too() -> None:
    # 29 February 2024 is one of 366 days, and each is a 365th of the yearly rate
    rates = [YearRates(2024, 87_000, 87_000)]
    made = interest(1_000_000, date(2023, 12, 31), date(2024, 12, 31), rates=rates)
    assert sum(step.days for step in made.steps) == 366
    assert made.sum == 1_000_000 * 87_000 * 31 // 365_000_000 + (
        1_000_000 * 87_000 * 335 // 365_000_000
    )
    assert made.total == 87_200


@pytest.mark.parametrize(
    ("due", "months", "end"),
    [
        ("2021-05-31", 1, "2021-06-30"),
        ("2022-08-01", 1, "2022-09-01"),
        ("2023-02-02", 1, "2023-03-02"),  # 28 days, not 30
        ("2023-01-31", 1, "2023-02-28"),
        ("2023-01-30", 1, "2023-02-28"),  # 31 January: no such day in February
        ("2024-01-30", 1, "2024-02-29"),
        ("2023-01-28", 1, "2023-02-28"),
        ("2023-12-25", 1, "2024-01-25"),
        ("2021-04-30", 3, "2021-07-31"),
        ("2024-11-29", 3, "2025-02-28"),
        ("2024-07-31", 0, "2024-07-31"),  # no band: it ends before it begins
    ],
)
def test_the_first_band_ends_as_the_civil_code_counts_months(
    due: str, months: int, end: str
) -> None:
    frame = pl.DataFrame({"from": [date.fromisoformat(due) + timedelta(days=1)]})
    found = frame.select(band_end(pl.col("from"), months)).item()
    assert found == date.fromisoformat(end)
    assert found == plain.end_of_first_band(date.fromisoformat(due) + timedelta(days=1), months)


def test_each_day_has_the_rate_of_its_own_year() -> None:
    made = interest(152_500, date(2025, 9, 1), date(2026, 2, 5))
    assert [(step.days, step.rate, step.yen) for step in made.steps] == [
        (30, 24_000, 299),
        (91, 87_000, 3_296),
        (36, 91_000, 1_364),
    ]
    assert made.total == 4_900


def test_a_payment_in_part_lowers_the_amount_from_the_next_day_on() -> None:
    made = interest(
        70_000,
        date(2024, 6, 30),
        date(2024, 12, 31),
        payments=[(date(2024, 9, 30), 40_500), (date(2024, 6, 30), 10_000)],
    )
    assert [(step.days, step.base) for step in made.steps] == [
        (31, 60_000),
        (61, 60_000),
        (92, 19_000),
    ]


def test_a_rest_below_two_thousand_yen_bears_no_interest() -> None:
    made = interest(
        50_000, date(2024, 6, 30), date(2024, 12, 31), payments=[(date(2024, 7, 31), 48_500)]
    )
    assert [(step.days, step.base) for step in made.steps] == [(31, 50_000)]


def test_a_full_deferral_waives_its_days_and_a_half_one_what_is_above_the_years_rate() -> None:
    made = interest(
        100_000,
        date(2024, 1, 31),
        date(2024, 12, 31),
        deferrals=[
            Deferral(date(2024, 4, 1), date(2024, 4, 30), "full"),
            Deferral(date(2024, 6, 1), date(2024, 6, 30), "half"),
        ],
    )
    assert [(step.days, step.relief, step.yen) for step in made.steps] == [
        (29, "none", 190),
        (31, "none", 738),
        (30, "full", 0),
        (31, "none", 738),
        (30, "half", 100_000 * 9_000 * 30 // 365_000_000),
        (184, "none", 4_385),
    ]


def test_a_half_deferral_by_the_article_itself_waives_half_after_the_first_band() -> None:
    made = interest(
        100_000,
        date(2024, 1, 31),
        date(2024, 3, 31),
        rule=rule(half="half"),
        deferrals=[Deferral(date(2024, 2, 1), date(2024, 3, 31), "half")],
    )
    assert [(step.band, step.yen) for step in made.steps] == [("first", 190), ("after", 369)]


def test_interest_may_begin_on_another_day_than_the_one_after_the_due_date() -> None:
    made = interest(
        100_000, date(2024, 6, 30), date(2024, 9, 30), rule=rule(0), starts_on=date(2024, 8, 1)
    )
    assert [(step.first, step.days, step.band) for step in made.steps] == [
        (date(2024, 8, 1), 61, "after")
    ]


def test_the_first_band_may_begin_before_the_interest() -> None:
    made = interest(
        100_000,
        date(2024, 6, 30),
        date(2024, 9, 30),
        starts_on=date(2024, 7, 15),
        band_starts_on=date(2024, 7, 1),
    )
    assert [(step.days, step.band) for step in made.steps] == [(17, "first"), (61, "after")]


@pytest.mark.parametrize(
    ("due", "paid"),
    [(date(2017, 12, 30), date(2018, 2, 1)), (date(2026, 12, 1), date(2027, 2, 1))],
)
def test_a_year_without_known_rates_is_refused(due: date, paid: date) -> None:
    with pytest.raises(LawError):
        interest(50_000, due, paid, rule=rule())


def test_only_the_days_of_interest_need_a_rate() -> None:
    # due on the last day of 2017: the first day that counts is 1 January 2018
    assert interest(50_000, date(2017, 12, 31), date(2018, 2, 1), rule=rule()).steps


def test_given_rates_are_not_filled_up_from_the_law() -> None:
    with pytest.raises(LedgerError, match="2022"):
        interest(50_000, date(2021, 5, 31), date(2022, 5, 31), rates=[YearRates(2021, 1, 2)])
    with pytest.raises(LedgerError):
        interest(50_000, date(2021, 5, 31), date(2021, 8, 31), rates=[YearRates(2021, 1, 2)] * 2)


def test_a_deferral_needs_the_deferral_rate_of_its_year() -> None:
    half = [Deferral(date(2021, 7, 1), date(2021, 7, 31), "half")]
    with pytest.raises(LedgerError):
        interest(
            50_000,
            date(2021, 5, 31),
            date(2021, 8, 31),
            rates=[YearRates(2021, 1, 2)],
            deferrals=half,
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"principal": -1},
        {"payments": [(date(2024, 8, 1), -1)]},
        {"deferrals": [Deferral(date(2024, 8, 1), date(2024, 8, 31), "some")]},
        {"deferrals": [Deferral(date(2024, 8, 1), date(2024, 8, 31), "half")] * 2},
        {"deferrals": [Deferral(date(2024, 8, 31), date(2024, 8, 1), "half")]},
        {"principal": 10**12},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, Any]) -> None:
    arguments: dict[str, Any] = {"principal": 50_000, **wrong}
    principal = arguments.pop("principal")
    with pytest.raises(LedgerError):
        interest(principal, date(2024, 6, 30), date(2024, 12, 31), **arguments)


def test_printed_percentages_become_exact_rates() -> None:
    assert YearRates.of(2022, "2.4", "8.7", "0.9") == YearRates(2022, 24_000, 87_000, 9_000)
    with pytest.raises(ValueError, match="decimal"):
        YearRates.of(2022, "low", "8.7")


DAYS = st.dates(date(2018, 1, 1), date(2024, 6, 30))


@st.composite
def histories(draw: st.DrawFn) -> dict[str, Any]:
    due = draw(DAYS)
    paid = due + timedelta(days=draw(st.integers(-5, 900)))
    principal = draw(st.integers(0, 300_000))
    inside = st.dates(due - timedelta(days=3), max(paid, due) + timedelta(days=40))
    parts = draw(st.lists(st.tuples(inside, st.integers(1, 90_000)), max_size=3))
    edges = sorted(set(draw(st.lists(inside, max_size=6))))
    reliefs = draw(st.lists(st.sampled_from(["half", "full"]), min_size=3, max_size=3))
    pairs = zip(edges[::2], edges[1::2], reliefs, strict=False)
    return {
        "principal": principal,
        "due": due,
        "paid": paid,
        "payments": parts,
        "deferrals": [(first, last, relief) for first, last, relief in pairs],
        "months": draw(st.sampled_from([0, 1, 3])),
        "half": draw(st.sampled_from(["special_rate", "half"])),
    }


@settings(deadline=None)
@given(histories())
def test_the_columns_agree_with_a_count_day_by_day(history: dict[str, Any]) -> None:
    made = interest(
        history["principal"],
        history["due"],
        history["paid"],
        rule=rule(history["months"], history["half"]),
        rates=LAW,
        payments=history["payments"],
        deferrals=[Deferral(*one) for one in history["deferrals"]],
    )
    assert made.total == plain.interest(rates=PLAIN, **history)


@settings(max_examples=30, deadline=None)
@given(st.lists(histories(), min_size=1, max_size=12))
def test_many_claims_at_once_are_the_same_as_one_by_one(many: list[dict[str, Any]]) -> None:
    same = [one | {"months": 1, "half": "special_rate"} for one in many]
    claims = [
        (
            str(n),
            one["principal"],
            one["due"] + timedelta(days=1),
            one["paid"],
            one["due"] + timedelta(days=1),
        )
        for n, one in enumerate(same)
    ]
    payments = [(str(n), *pay) for n, one in enumerate(same) for pay in one["payments"]]
    deferrals = [(str(n), *rest) for n, one in enumerate(same) for rest in one["deferrals"]]
    found = spans(
        pl.DataFrame(claims, schema=CLAIMS, orient="row"),
        pl.DataFrame(payments, schema=PAYMENTS, orient="row"),
        pl.DataFrame(deferrals, schema=DEFERRALS, orient="row"),
    )
    sums = totals(steps(found, LAW, rule()), rule())
    got = dict(zip(sums["claim"], sums["interest"], strict=True))
    for n, one in enumerate(same):
        assert got.get(str(n), 0) == plain.interest(rates=PLAIN, **one)
