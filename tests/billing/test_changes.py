"""Changed amounts: what was due stays, the rest goes on; against a plain rule and by properties."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.errors import BillingError
from kokuho.billing import change, compare, differences, pension_yearly, prepaid, to_demands, yearly
from kokuho.law import is_closed
from tests.billing import plain
from tests.billing.conftest import amounts_of, an_ordinance, few, yen
from tests.billing.test_instalments import OUT_OF_TERM, PREPAYMENT

AMOUNTS = st.integers(0, 1_110_000)
NOTICES = st.dates(date(2026, 6, 1), date(2027, 3, 21))
AUTUMN = date(2026, 9, 15)
"""A notice that leaves seven terms: September to March."""


def test_an_increase_is_spread_over_the_terms_that_are_left() -> None:
    # 王寺町: instalments before the change stay, the difference goes to those after it
    year = an_ordinance()
    demands = yearly(amounts_of(240_600), year)
    after = to_demands(change(demands, amounts_of(275_600), year, AUTUMN).demands)
    assert [demand.amount for demand in after] == [24_600, 24_000, 24_000, *[29_000] * 7]
    assert [demand.reason for demand in after] == ["levy"] * 3 + ["change"] * 7


def test_a_decrease_lowers_the_terms_that_are_left() -> None:
    year = an_ordinance()
    demands = yearly(amounts_of(240_600), year)
    after = change(demands, amounts_of(205_600), year, AUTUMN).demands
    assert yen(after) == [24_600, 24_000, 24_000, *[19_000] * 7]


def test_a_decrease_below_what_was_due_lowers_that_too_the_latest_first() -> None:
    year = an_ordinance()
    demands = yearly(amounts_of(240_600), year)
    assert yen(change(demands, amounts_of(60_000), year, AUTUMN).demands) == [
        24_600,
        24_000,
        11_400,
    ]
    assert yen(change(demands, amounts_of(0), year, AUTUMN).demands) == []


def test_households_whose_amount_is_the_same_keep_their_demands_to_the_day() -> None:
    year = an_ordinance()
    demands = yearly(amounts_of(240_600, 100_000), year)
    done = change(demands, amounts_of(240_600, 90_000), year, AUTUMN)
    same = pl.col("household_id") == "1"
    assert done.demands.filter(same).equals(demands.filter(same))
    assert done.households.rows() == [("990019", "2", 100_000, 90_000, -10_000)]


def test_a_household_that_is_new_gets_a_schedule() -> None:
    year = an_ordinance()
    done = change(yearly(amounts_of(240_600), year), amounts_of(240_600, 70_000), year, AUTUMN)
    assert yen(done.demands.filter(household_id="2")) == [10_000] * 7


def test_a_household_that_was_forgotten_in_the_new_assessment_is_named_and_left_alone() -> None:
    year = an_ordinance()
    demands = yearly(amounts_of(240_600, 100_000), year)
    done = change(demands, amounts_of(250_600), year, AUTUMN)
    assert done.missing.rows() == [("990019", "2")]
    same = pl.col("household_id") == "2"
    assert done.demands.filter(same).equals(demands.filter(same))


def test_a_change_after_the_terms_goes_out_of_term_and_another_after_it_on() -> None:
    year = an_ordinance(out_of_term=OUT_OF_TERM | {"instalments": 1})
    demands = yearly(amounts_of(100_000), year)
    march = change(demands, amounts_of(130_000), year, date(2027, 3, 25)).demands
    last = to_demands(march)[-1]
    assert (last.term, last.amount, last.due) == (11, 30_000, date(2027, 4, 30))
    assert (last.reason, last.fiscal_year_levied) == ("out_of_term", 2026)
    april = change(march, amounts_of(135_000), year, date(2027, 4, 5)).demands
    last = to_demands(april)[-1]
    assert (last.term, last.amount, last.reason) == (12, 5_000, "retroactive")
    assert (last.fiscal_year_levied, last.fiscal_year_meant) == (2027, 2026)
    less = change(april, amounts_of(120_000), year, date(2027, 5, 6)).demands
    assert yen(less) == [*[10_000] * 10, 20_000]


def test_an_increase_without_any_term_names_the_setting_a_decrease_does_not_need_it() -> None:
    year = an_ordinance()
    demands = yearly(amounts_of(100_000), year)
    with pytest.raises(BillingError, match=r"billing\.out_of_term is not stated"):
        change(demands, amounts_of(130_000), year, date(2027, 3, 25))
    assert sum(yen(change(demands, amounts_of(1_000), year, date(2027, 3, 25)).demands)) == 1_000


@few
@given(AMOUNTS, st.lists(st.tuples(NOTICES, AMOUNTS), max_size=4), st.sampled_from([1, 100, 1000]))
def test_a_history_of_changes_is_that_of_the_plain_rule(
    first: int, history: list[tuple[date, int]], unit: int
) -> None:
    year = an_ordinance(instalment_unit=unit)
    demands = yearly(amounts_of(first), year)
    slow = [(one.term, one.due, one.amount) for one in to_demands(demands)]
    for notice, amount in sorted(history):
        demands = change(demands, amounts_of(amount), year, notice).demands
        slow = plain.changed(slow, amount, year, notice, unit)
        made = to_demands(demands)
        assert [(one.term, one.due, one.amount) for one in made] == slow
        assert sum(one.amount for one in made) == amount
        assert not any(is_closed(one.due) for one in made)


@few
@given(AMOUNTS, st.lists(st.integers(0, 90_000), min_size=1, max_size=4), NOTICES)
def test_changes_noticed_on_one_day_give_what_the_last_alone_gives(
    first: int, more: list[int], notice: date
) -> None:
    # whatever came between, as long as it did not lower what was due already
    year = an_ordinance()
    demands = before = yearly(amounts_of(first), year)
    for extra in more:
        demands = change(demands, amounts_of(first + extra), year, notice).demands
    alone = change(before, amounts_of(first + more[-1]), year, notice).demands
    assert sum(yen(demands)) == first + more[-1]
    if more[-1]:
        columns = ["term", "due", "amount"]
        assert demands.select(columns).equals(alone.select(columns))


@few
@given(AMOUNTS, AMOUNTS, NOTICES)
def test_what_a_ledger_posts_leads_from_the_old_demands_to_the_new(
    first: int, second: int, notice: date
) -> None:
    year = an_ordinance()
    before = yearly(amounts_of(first, 50_000), year)
    after = change(before, amounts_of(second, 50_000), year, notice).demands
    posted = differences(before, after)
    assert posted["difference"].sum() == second - first
    assert set(posted["household_id"]) <= {"1"}
    gone = posted.filter(pl.col("after") == 0)
    assert gone["due"].is_null().all()
    assert posted.filter(pl.col("before") == 0)["due_before"].is_null().all()


def test_two_assessments_are_compared_household_by_household() -> None:
    former, new = amounts_of(10, 20, 30), amounts_of(10, 25)
    assert compare(former, new).rows() == [
        ("990019", "2", 20, 25, 5),
        ("990019", "3", 30, 0, -30),
    ]


WITHHELD = {"april": 20_000, "june": 20_000, "august": 20_000}


def from_pension(amount: int, year: Any, **withheld: int) -> pl.DataFrame:
    totals = amounts_of(amount)
    table = totals.select("insurer_code", "household_id").with_columns(
        **{month: pl.lit(yen) for month, yen in (WITHHELD | withheld).items()}
    )
    return pension_yearly(totals, table, year)


def test_a_decrease_stops_the_pension_and_the_rest_goes_to_the_terms_that_are_left() -> None:
    # 鳥取市, 門真市: 減額となった場合 普通徴収へ; 地方税法718条の10第1項
    year = an_ordinance()
    demands = from_pension(140_000, year)
    after = to_demands(
        change(
            demands, amounts_of(120_000), year, date(2026, 11, 5),
            stop_pension_from=date(2027, 2, 1),
        ).demands
    )  # fmt: skip
    withheld = [one for one in after if one.channel == "pension"]
    assert [one.amount for one in withheld] == [20_000, 20_000, 20_000, 26_800, 26_600]
    ordinary = [one for one in after if one.channel == "ordinary"]
    assert [one.amount for one in ordinary] == [1_400, *[1_300] * 4]
    assert [one.term for one in ordinary] == [6, 7, 8, 9, 10]


def test_to_stop_a_pension_the_month_must_be_given() -> None:
    year = an_ordinance()
    with pytest.raises(BillingError, match="1 households pay from a pension and are to stop"):
        change(from_pension(140_000, year), amounts_of(120_000), year, date(2026, 11, 5))


def test_an_increase_is_collected_beside_the_pension_where_the_ordinance_says_so() -> None:
    year = an_ordinance(pension={"increase": "ordinary_terms"})
    demands = from_pension(140_000, year)
    after = change(demands, amounts_of(150_000), year, date(2026, 11, 5)).demands
    assert after.filter(channel="pension").equals(demands)
    assert yen(after.filter(channel="ordinary")) == [2_000] * 5


def test_an_increase_stops_the_pension_where_the_ordinance_says_so() -> None:
    # 大和高田市 https://www.city.yamatotakada.nara.jp/soshikikarasagasu/hokeniryoka/iryo_kenko/4/3/2210.html
    year = an_ordinance(pension={"increase": "stop"})
    demands = from_pension(140_000, year)
    done = change(
        demands, amounts_of(150_000), year, date(2026, 9, 15), stop_pension_from=date(2026, 12, 1)
    )
    assert yen(done.demands.filter(channel="pension")) == [20_000, 20_000, 20_000, 26_800]
    assert sum(yen(done.demands.filter(channel="ordinary"))) == 150_000 - 86_800


def test_an_increase_beside_a_pension_needs_the_setting_and_names_it() -> None:
    year = an_ordinance()
    with pytest.raises(BillingError, match=r"billing\.pension\.increase is not stated"):
        change(from_pension(140_000, year), amounts_of(150_000), year, date(2026, 11, 5))


def test_after_the_last_payment_a_pension_household_is_like_any_other() -> None:
    year = an_ordinance()
    demands = from_pension(140_000, year)
    after = change(demands, amounts_of(142_000), year, date(2027, 3, 1)).demands
    assert after.filter(channel="pension").equals(demands)
    assert yen(after.filter(channel="ordinary")) == [2_000]


@few
@given(st.integers(60_000, 400_000), AMOUNTS, st.sampled_from([2, 10, 12]))
def test_a_stopped_pension_still_comes_to_the_amount(first: int, second: int, month: int) -> None:
    year = an_ordinance(pension={"increase": "stop"})
    demands = from_pension(first, year)
    stop = date(2026 + (month < 4), month, 1)
    done = change(demands, amounts_of(second), year, AUTUMN, stop_pension_from=stop)
    assert sum(yen(done.demands)) == second


def test_an_increase_after_a_prepayment_is_collected_as_the_ordinance_says() -> None:
    terms = an_ordinance(prepayment=PREPAYMENT)
    demands = prepaid(amounts_of(16_400), terms, date(2026, 7, 10))
    after = to_demands(change(demands, amounts_of(23_400), terms, AUTUMN).demands)
    assert [(one.channel, one.amount) for one in after] == [
        *[("ordinary", 1_000)] * 7,
        ("prepaid", 16_400),
    ]
    again = an_ordinance(prepayment=PREPAYMENT | {"increase": "prepayment"})
    after = to_demands(change(demands, amounts_of(23_450), again, AUTUMN).demands)
    assert [(one.term, one.amount, one.due) for one in after] == [
        (1, 16_400, date(2026, 8, 31)),
        (2, 7_050, date(2026, 11, 2)),
    ]
    assert after[1].reason == "prepayment_increase"


def test_a_decrease_lowers_a_prepayment() -> None:
    year = an_ordinance(prepayment=PREPAYMENT)
    demands = prepaid(amounts_of(16_400), year, date(2026, 7, 10))
    assert yen(change(demands, amounts_of(9_000), year, AUTUMN).demands) == [9_000]
    assert yen(change(demands, amounts_of(0), year, AUTUMN).demands) == []


@few
@given(AMOUNTS, st.lists(st.tuples(NOTICES, AMOUNTS), max_size=3), st.booleans())
def test_a_prepayment_with_any_changes_comes_to_the_last_amount(
    first: int, history: list[tuple[date, int]], ahead: bool
) -> None:
    rules = PREPAYMENT | ({"increase": "prepayment"} if ahead else {})
    year = an_ordinance(prepayment=rules)
    demands = prepaid(amounts_of(first), year, date(2026, 5, 10))
    for notice, amount in sorted(history):
        demands = change(demands, amounts_of(amount), year, notice).demands
        made = to_demands(demands)
        assert sum(one.amount for one in made) == amount
        assert len({one.key for one in made}) == len(made)
