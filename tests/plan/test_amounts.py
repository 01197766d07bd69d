"""The plan's arithmetic, on figures that municipalities have published."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kokuho.plan import (
    add,
    course,
    cumulative_rates,
    new_increase,
    planned_sum,
    rates_of_years,
    remaining,
    share,
    sheets,
)
from tests.plan.plans import plan

KOGANEI = {year: 50_000 for year in range(2018, 2027)}
KOGANEI |= {year: 90_000 for year in range(2027, 2030)}
KOGANEI |= {year: 80_000 for year in range(2030, 2036)}
CURRENT = {"year": 2025, "basis": "budget_estimate", "amount": 800_000, "reduced_from": 2026}


def test_the_three_sheets_of_koganei_follow_from_its_yearly_amounts() -> None:
    # 小金井市, 令和7年度第3回国民健康保険運営協議会 資料1
    made = plan(KOGANEI, current_deficit=CURRENT)
    assert [sheet.totals["total"] for sheet in sheets(made)] == [300_000, 420_000, 480_000]
    assert [sheet.years[0] for sheet in sheets(made)] == [2018, 2024, 2030]
    assert planned_sum(made, range(2018, 2036)) == 1_200_000
    assert planned_sum(made, range(2026, 2036)) == 800_000


def test_what_remains_of_koganei_ends_at_nothing_in_the_target_year() -> None:
    made = plan(KOGANEI, current_deficit=CURRENT)
    left = [750, 660, 570, 480, 400, 320, 240, 160, 80, 0]
    assert remaining(made) == dict(zip(range(2026, 2036), [n * 1000 for n in left], strict=True))
    assert cumulative_rates(made)[2035] == Decimal(100)
    assert course(made)[-1] == {
        "year": 2035,
        "planned": 80_000,
        "remaining": 0,
        "cleared": "100.00",
    }


def test_rates_stand_on_the_current_deficit_and_earlier_years_have_none() -> None:
    made = plan(KOGANEI, current_deficit=CURRENT)
    totals = [
        None if (rates := rates_of_years(made, [year])) is None else rates.total
        for year in range(2018, 2036)
    ]
    right = ["6.25", *["11.25"] * 3, *["10.00"] * 6]
    assert totals == [None] * 8 + [Decimal(rate) for rate in right]
    # a sheet that lies on both sides has no base of its own
    assert rates_of_years(made, range(2024, 2030)) is None


def test_a_partial_plan_is_never_at_a_hundred_percent() -> None:
    # 蕨市: about 260,000 of about 800,000 in six years
    warabi = plan([43_333] * 5 + [43_335], first=2018, deficit=800_000)
    assert cumulative_rates(warabi)[2023] == Decimal("32.50")
    assert remaining(warabi)[2023] == 540_000
    assert share(799_999, 800_000) == Decimal("99.99")
    assert share(800_000, 800_000) == Decimal(100)


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 4))
def test_a_share_is_a_hundred_only_when_all_is_cleared(base: int, part: int, digits: int) -> None:
    amount = min(part, base)
    made = share(amount, base, digits)
    assert (made == 100) == (amount == base)
    assert abs(made * base - amount * 100) <= Decimal(base) / 10**digits


def test_only_the_new_increase_of_an_advance_counts() -> None:
    # 根室市: 繰上充用金 122,366 in one year, about 60,000 in the next
    assert new_increase(60_000, 122_366) == 0
    assert new_increase(122_366, 60_000) == 62_366


def test_a_plan_of_another_start_and_length_has_its_own_sheets() -> None:
    # 西東京市: eighteen years from FY2022; 古河市 six from FY2019
    nishitokyo = plan([10_000] * 18, first=2022)
    assert [sheet.years for sheet in sheets(nishitokyo)] == [
        tuple(range(2022, 2028)),
        tuple(range(2028, 2034)),
        tuple(range(2034, 2040)),
    ]
    assert remaining(nishitokyo)[2039] == 0
    assert [len(sheet.years) for sheet in sheets(plan([5_000] * 8, first=2020))] == [6, 2]


def test_a_sum_with_an_unknown_term_is_unknown() -> None:
    assert add([1, None, 2]) is None
    # 新座市 FY2026: three parts that close exactly
    assert add([430_980, 8_410, 306_740]) == 746_130
