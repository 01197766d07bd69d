"""A year's amount split over its terms: published answers, provisional terms, properties."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kokuho.base.errors import BillingError
from kokuho.billing import (
    Demand,
    first_and_each,
    prepaid,
    provisional,
    retroactive,
    to_demands,
    to_frame,
    yearly,
)
from kokuho.law import is_closed
from tests.billing.conftest import PUBLISHED, amounts_of, an_ordinance, few, yen
from tests.billing.plain import shares

AMOUNTS = st.integers(0, 1_110_000)
UNITS = st.sampled_from([1, 10, 100, 1000])


@pytest.mark.parametrize("case", PUBLISHED["ordinary"], ids=lambda case: case["id"])
def test_the_published_split_of_a_year_is_met(case: dict[str, Any]) -> None:
    year = an_ordinance(case["kind"], case["terms"], instalment_unit=case["unit"])
    demands = yearly(amounts_of(case["annual"]), year)
    assert yen(demands) == case["expected"], case["source"]


def test_a_tax_without_a_setting_is_cut_to_1000_yen_by_law() -> None:
    year = an_ordinance("tax", instalment_unit=None)
    assert yen(yearly(amounts_of(123_450), year)) == [15_450, *[12_000] * 9]


def test_a_premium_without_a_setting_is_refused_by_name() -> None:
    year = an_ordinance("premium", instalment_unit=None)
    with pytest.raises(BillingError, match=r"fiscal_years\.2026\.billing\.instalment_unit"):
        yearly(amounts_of(123_450), year)


def test_an_amount_below_the_unit_of_each_instalment_is_one_instalment() -> None:
    [only] = to_demands(yearly(amounts_of(900), an_ordinance()))
    assert (only.term, only.amount, only.due) == (1, 900, date(2026, 6, 30))


def test_nobody_is_asked_for_nothing() -> None:
    demands = to_demands(yearly(amounts_of(0, 100_000), an_ordinance()))
    assert {demand.household_id for demand in demands} == {"2"}


def test_a_demand_says_whose_it_is_and_of_which_years() -> None:
    first = to_demands(yearly(amounts_of(100_000), an_ordinance("tax")))[0]
    assert first == Demand(
        *("990019", "1", 2026, 2026, "tax", "ordinary", 1, 10_000, date(2026, 6, 30), "levy")
    )
    assert first.key == ("990019", "1", 2026, 2026, "ordinary", 1)


@pytest.mark.parametrize("wrong", [{"amount": 0}, {"term": 0}, {"fiscal_year_levied": 2025}])
def test_a_demand_that_cannot_be_is_no_record(wrong: dict[str, int]) -> None:
    sound = {"insurer_code": "1", "household_id": "1", "fiscal_year_levied": 2026}
    sound |= {"fiscal_year_meant": 2026, "kind": "tax", "channel": "ordinary", "term": 1}
    sound |= {"amount": 1, "due": date(2026, 6, 30), "reason": "levy"}
    with pytest.raises(ValueError, match="a demand"):
        Demand(**(sound | wrong))


def test_records_and_tables_are_the_same_thing() -> None:
    demands = yearly(amounts_of(240_600, 123_456), an_ordinance())
    assert to_frame(to_demands(demands)).equals(demands)


@few
@given(AMOUNTS, st.integers(1, 12), UNITS)
def test_instalments_come_to_the_amount_and_the_first_is_the_largest(
    amount: int, count: int, unit: int
) -> None:
    first, each = first_and_each(amount, count, unit)
    assert first + each * (count - 1) == amount
    assert first >= each >= 0
    assert each % unit == 0
    assert first - each < count * unit
    assert [first, *[each] * (count - 1)] == shares(amount, count, unit)


@few
@given(st.lists(AMOUNTS, min_size=1, max_size=6), UNITS, st.sampled_from(["tax", "premium"]))
def test_the_demands_of_a_year_come_to_its_amount_for_every_household(
    amounts: list[int], unit: int, kind: str
) -> None:
    demands = to_demands(yearly(amounts_of(*amounts), an_ordinance(kind, instalment_unit=unit)))
    for number, amount in enumerate(amounts, 1):
        own = [demand for demand in demands if demand.household_id == str(number)]
        assert sum(demand.amount for demand in own) == amount
        assert [demand.term for demand in own] == sorted({demand.term for demand in own})
        assert not any(is_closed(demand.due) for demand in own)


# 南伊勢町 https://www.town.minamiise.lg.jp/admin/shoshiki/zeimujumin/kenkouhoken/kokuhozei/3713.html:
# April to June the year before ÷ 12, cut to 100 yen; the rest ÷ 9, cut to 100, what is cut to July
TWELVE = (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3)


def twelve(kind: str = "tax", **more: Any) -> Any:
    return an_ordinance(kind, TWELVE, provisional={"terms": 3} | more)


def test_provisional_terms_take_a_twelfth_of_the_year_before() -> None:
    demands = to_demands(provisional(amounts_of(250_000), twelve()))
    assert [demand.amount for demand in demands] == [20_800] * 3
    assert [demand.due for demand in demands] == [
        date(2026, 4, 30),
        date(2026, 6, 1),
        date(2026, 6, 30),
    ]
    assert {demand.reason for demand in demands} == {"provisional"}


def test_the_levy_settles_what_was_demanded_provisionally_from_july_on() -> None:
    before = provisional(amounts_of(250_000), twelve())
    demands = to_demands(yearly(amounts_of(301_000), twelve(), provisional=before))
    assert [demand.amount for demand in demands] == [
        *[20_800] * 3,
        301_000 - 62_400 - 26_500 * 8,
        *[26_500] * 8,
    ]
    assert {demand.reason for demand in demands[3:]} == {"settlement"}
    assert demands[3].due == date(2026, 7, 31)


def test_a_newcomer_without_a_year_before_pays_in_the_terms_after_the_provisional_ones() -> None:
    before = provisional(amounts_of(250_000), twelve())
    demands = to_demands(yearly(amounts_of(250_000, 90_000), twelve(), provisional=before))
    own = [demand for demand in demands if demand.household_id == "2"]
    assert [demand.amount for demand in own] == [10_000] * 9
    assert {demand.reason for demand in own} == {"levy"}


def test_a_levy_below_what_was_demanded_provisionally_lowers_the_latest_first() -> None:
    before = provisional(amounts_of(250_000), twelve())
    assert yen(yearly(amounts_of(30_000), twelve(), provisional=before)) == [20_800, 9_200]
    assert yen(yearly(amounts_of(0), twelve(), provisional=before)) == []


def test_provisional_demands_of_a_tax_are_at_most_half_of_the_year_before() -> None:
    # 地方税法706条の2第1項
    months = (4, 5, 6, 7, 8)
    tax = an_ordinance("tax", months, provisional={"terms": 3}, instalment_unit=1)
    assert yen(provisional(amounts_of(100_000), tax)) == [16_666] * 3
    premium = an_ordinance("premium", months, provisional={"terms": 3}, instalment_unit=1)
    assert yen(provisional(amounts_of(100_000), premium)) == [20_000] * 3


def test_provisional_terms_may_repeat_the_last_term_of_the_year_before() -> None:
    last_year = an_ordinance("tax", (7, 8, 9, 10, 11, 12, 1, 2), fiscal_year=2025)
    demands = yearly(amounts_of(240_600), last_year)
    last = to_frame(demand for demand in to_demands(demands) if demand.term == 8)
    year = twelve(basis="previous_last_term")
    assert yen(provisional(amounts_of(240_600), year, last_terms=last)) == [30_000] * 3
    with pytest.raises(ValueError, match="last year's last term"):
        provisional(amounts_of(240_600), year)


def test_provisional_demands_need_the_setting_and_name_it() -> None:
    with pytest.raises(BillingError, match=r"billing\.provisional is not stated"):
        provisional(amounts_of(100_000), an_ordinance())


@few
@given(AMOUNTS, AMOUNTS)
def test_provisional_and_final_demands_come_to_the_levy(before: int, amount: int) -> None:
    year = twelve()
    first = provisional(amounts_of(before), year)
    assert sum(yen(first)) * 2 <= before
    assert sum(yen(yearly(amounts_of(amount), year, provisional=first))) == amount


def test_a_levy_noticed_late_uses_the_terms_that_are_left() -> None:
    demands = to_demands(yearly(amounts_of(70_000), an_ordinance(), notice=date(2026, 9, 15)))
    assert [demand.term for demand in demands] == [4, 5, 6, 7, 8, 9, 10]
    assert [demand.amount for demand in demands] == [10_000] * 7


@pytest.mark.parametrize(("day", "first"), [(20, 4), (21, 5)])
def test_a_term_is_used_only_if_the_minimum_notice_lies_before_it(day: int, first: int) -> None:
    demands = yearly(amounts_of(70_000), an_ordinance(), notice=date(2026, 9, day))
    assert to_demands(demands)[0].term == first


def test_the_minimum_notice_is_the_ordinances() -> None:
    year = an_ordinance(minimum_notice_days=16)
    demands = yearly(amounts_of(70_000), year, notice=date(2026, 9, 15))
    assert to_demands(demands)[0].term == 5


OUT_OF_TERM = {"due": {"rule": "end_of_following_month"}, "instalments": 2}


def test_a_levy_fixed_after_the_terms_falls_due_out_of_term() -> None:
    year = an_ordinance(out_of_term=OUT_OF_TERM)
    demands = to_demands(yearly(amounts_of(35_150), year, notice=date(2027, 3, 25)))
    assert [(one.term, one.amount, one.due) for one in demands] == [
        (11, 17_650, date(2027, 4, 30)),
        (12, 17_500, date(2027, 5, 31)),
    ]
    assert {(one.reason, one.fiscal_year_levied) for one in demands} == {("out_of_term", 2026)}


def test_out_of_term_needs_its_rule_and_names_it() -> None:
    with pytest.raises(BillingError, match=r"billing\.out_of_term is not stated"):
        yearly(amounts_of(35_000), an_ordinance(), notice=date(2027, 3, 25))
    nothing = yearly(amounts_of(0), an_ordinance(), notice=date(2027, 3, 25))
    assert nothing.is_empty()


def test_months_of_the_year_before_stand_in_the_books_of_the_year_of_the_notice() -> None:
    earlier = an_ordinance(fiscal_year=2025, out_of_term={"due": OUT_OF_TERM["due"]})
    [only] = to_demands(
        retroactive(amounts_of(9_000), earlier, an_ordinance(), date(2026, 5, 20), prepays=False)
    )
    assert (only.fiscal_year_levied, only.fiscal_year_meant) == (2026, 2025)
    assert (only.channel, only.reason, only.due) == ("ordinary", "retroactive", date(2026, 6, 30))


PREPAYMENT = {
    "adopted": True,
    "first_fiscal_year": 2026,
    "reference_date": date(2026, 1, 1),
    "second_year": "not_subject",
    "due_date": {"rule": "end_of_following_month"},
    "minimum_notice_days": 10,
    "special_circumstances": [],
    "increase": "ordinary_terms",
    "retroactive_years": "included",
    "legal_text_reference": "架空市国民健康保険条例 第○条",
}


def test_a_prepayment_is_one_due_date_for_the_whole_amount() -> None:
    year = an_ordinance(prepayment=PREPAYMENT)
    [only] = to_demands(prepaid(amounts_of(16_470), year, date(2026, 9, 25)))
    assert (only.channel, only.term, only.amount) == ("prepaid", 1, 16_470)
    assert (only.due, only.reason) == (date(2026, 11, 2), "prepayment")


def test_an_ordinance_that_has_not_adopted_prepayment_demands_none() -> None:
    with pytest.raises(BillingError, match="has not adopted prepayment for 令和8年度"):
        prepaid(amounts_of(16_470), an_ordinance(), date(2026, 9, 25))


@pytest.mark.parametrize(
    ("setting", "first", "prepays", "channel"),
    [
        ("included", 2026, True, "prepaid"),
        ("included", 2026, False, "ordinary"),
        ("not_included", 2026, True, "ordinary"),
        ("included", 2027, True, "ordinary"),  # the scheme did not know that year yet
    ],
)
def test_months_of_an_earlier_year_are_prepaid_only_if_the_ordinance_says_so(
    setting: str, first: int, prepays: bool, channel: str
) -> None:
    rules = {"retroactive_years": setting, "first_fiscal_year": first}
    current = an_ordinance(
        fiscal_year=2027, prepayment=PREPAYMENT | {"reference_date": date(2027, 1, 1)} | rules
    )
    earlier = an_ordinance(out_of_term={"due": OUT_OF_TERM["due"]})
    [only] = to_demands(
        retroactive(amounts_of(9_000), earlier, current, date(2027, 5, 20), prepays=prepays)
    )
    assert only.channel == channel
    assert (only.fiscal_year_levied, only.fiscal_year_meant) == (2027, 2026)
