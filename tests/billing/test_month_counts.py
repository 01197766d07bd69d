"""Months and the instalments that are left, as municipalities print them: levy and bill."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kokuho.billing import change, retroactive, to_demands, yearly
from kokuho.ordinance import OrdinanceYear
from tests.billing.conftest import PUBLISHED, an_ordinance, yen
from tests.billing.newcomers import amount

MONTHLY = 900
"""36,000 yen a head and year, seven tenths off, by months."""


def day(text: str, year: OrdinanceYear) -> date:
    month, number = map(int, text.split("-"))
    return date(year.fiscal_year + (month < 4), month, number)


@pytest.mark.parametrize("case", PUBLISHED["instalments_left"], ids=lambda case: case["id"])
def test_who_joins_within_the_year_pays_for_the_printed_months_in_the_printed_terms(
    case: dict[str, Any],
) -> None:
    year = an_ordinance(months=case["terms"])
    assessed = amount(year, {"joined_on": day(case["joined"], year)})
    assert assessed["total"][0] == MONTHLY * case["months"], case["source"]
    demands = to_demands(yearly(assessed, year, notice=day(case["notice"], year)))
    months = [case["terms"][demand.term - 1] for demand in demands]
    assert months == case["left"], case["source"]
    assert sum(demand.amount for demand in demands) == MONTHLY * case["months"]


def test_who_leaves_in_july_owes_three_months_and_what_was_due_stays() -> None:
    # 北広島市: April to June; a new notice in the middle of September
    [case] = [one for one in PUBLISHED["left_within_the_year"] if "left_on" in one]
    year = an_ordinance()
    whole = amount(year, {})
    demands = yearly(whole, year)
    rest = amount(year, {"left_on": day(case["left_on"], year)})
    assert rest["total"][0] == MONTHLY * case["months"], case["source"]
    # 1,800, then 1,000 each: 4,800 were due by August and exceed the three months
    assert yen(demands)[:3] == [1_800, 1_000, 1_000]
    after = change(demands, rest, year, day(case["notice"], year)).demands
    assert yen(after) == [1_800, 900]


def test_months_before_april_are_levied_apart_as_those_of_the_year_before() -> None:
    # 銚子市: acquired in January, reported in April
    [case] = [one for one in PUBLISHED["left_within_the_year"] if "joined_before_the_year" in one]
    rule = {"due": {"rule": "end_of_following_month"}}
    earlier = an_ordinance(fiscal_year=2025, out_of_term=rule)
    joined = day(case["joined_before_the_year"], earlier)
    before = amount(earlier, {"joined_on": joined})
    assert before["total"][0] == MONTHLY * case["months"], case["source"]
    current = an_ordinance()
    assert amount(current, {"joined_on": joined})["total"][0] == MONTHLY * 12
    [apart] = to_demands(retroactive(before, earlier, current, date(2026, 4, 20), prepays=False))
    assert (apart.fiscal_year_meant, apart.fiscal_year_levied) == (2025, 2026)
    assert apart.amount == MONTHLY * 3


def test_care_that_ends_within_the_year_is_spread_over_all_its_terms() -> None:
    # 北栄町 http://www.e-hokuei.net/1706.htm: 65 in September, five months of care, spread over the
    # eight terms from the start
    year = an_ordinance(months=(7, 8, 9, 10, 11, 12, 1, 2), instalment_unit=10)
    parts = dict(year.parts)
    care = parts["medical"].model_copy(update={"per_capita": 24_000, "cap": 170_000})
    year = year.model_copy(update={"parts": parts | {"care": care}})
    assessed = amount(year, {"birth_date": date(2026 - 65, 9, 20)})
    assert assessed["care"][0] == 24_000 * 3 // 10 * 5 // 12
    assert yen(yearly(assessed, year)) == [1_760, *[1_720] * 7]


@pytest.mark.parametrize("case", PUBLISHED["care_from_40"], ids=lambda case: case["id"])
def test_care_from_40_changes_the_amount_from_the_second_instalment_on(
    case: dict[str, Any],
) -> None:
    # 栄町 https://www.town.sakae.chiba.jp/page/page003100.html
    year = an_ordinance(months=(7, 8, 9, 10, 11, 12, 1, 2))
    care = year.parts["medical"].model_copy(update={"per_capita": 24_000, "cap": 170_000})
    with_care = year.model_copy(update={"parts": {**year.parts, "care": care}})
    month, number = map(int, case["born"].split("-"))
    member = {"birth_date": date(2026 - 40, month, number)}
    former, new = amount(year, member), amount(with_care, member)
    assert new["care"][0] == 24_000 * 3 // 10 * case["months"] // 12
    demands = yearly(former, year)
    after = to_demands(change(demands, new, year, date(2026, 8, 20)).demands)
    assert after[0] == to_demands(demands)[0]
    assert [demand.term for demand in after if demand.reason == "change"] == list(range(2, 9))
    assert sum(demand.amount for demand in after) == new["total"][0]
