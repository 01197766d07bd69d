"""The special account of a year, worked by hand, and identities that cities published."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kokuho.base.errors import PlanError
from kokuho.plan.forecast.account import (
    EXPENDITURE,
    ITEMS,
    REVENUE,
    Carried,
    Levied,
    left_open,
    opening,
    settle,
)
from kokuho.plan.forecast.paths import percent
from kokuho.plan.forecast.world import World
from kokuho.plan.scenario import Scenario, load_scenario
from kokuho.plan.solve import gap_to_standard
from tests.plan.scenarios import invented, laid_over, scenario, written

WORLD = World(seed=1)
LEVIED = Levied(
    total=30_000_000,
    parts={"medical": 20_000_000, "support": 7_000_000, "care": 2_500_000, "child": 500_000},
    reliefs={"reduction": 4_000_000, "preschool": 90_000, "maternity": 10_000},
    months={"insured": 3_600, "care": 1_200},
    relieved={"medical": 2_700_000, "support": 1_000_000, "care": 300_000, "child": 100_000},
)


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOKUHO_LANG", "en")


def stated(tmp_path: Path, **changes: Any) -> Scenario:
    return load_scenario(written(tmp_path, laid_over(scenario(), {"assumptions": changes})))


def test_an_account_worked_by_hand(tmp_path: Path) -> None:
    found = stated(tmp_path)
    items, carried = settle(
        2026, LEVIED, opening(found.assumptions), found.assumptions, WORLD, plan=False
    )
    # 95 % of 30,000,000; 30 % and 10 % of the 3,600,000 carried over
    assert items["collected"] == 28_500_000
    assert items["collected_arrears"] == 1_080_000
    assert items["arrears_written_off"] == 360_000
    assert items["arrears_closing"] == 3_600_000 - 1_080_000 - 360_000 + 1_500_000
    # 300 persons (100 from 40 to 64) all year
    assert items["contribution_medical"] == 300 * 110_000
    assert items["contribution_care"] == 100 * 43_000
    revenue = 28_500_000 + 1_080_000 + 4_100_000 + 300 * (7_000 + 2_000 + 2_000)
    expenditure = 300 * (110_000 + 37_000 + 4_000 + 8_000) + 100 * 43_000
    assert items["balance"] == revenue - expenditure == -15_020_000
    assert (items["deficit"], items["surplus"]) == (15_020_000, 0)
    assert carried == Carried(items["arrears_closing"], 0)


def test_every_item_stands_in_an_account_and_the_balance_is_their_sum(tmp_path: Path) -> None:
    found = stated(tmp_path)
    items, _carried = settle(
        2027, LEVIED, opening(found.assumptions), found.assumptions, WORLD, plan=True
    )
    assert list(items) == list(ITEMS)
    assert items["balance"] == sum(items[one] for one in REVENUE) - sum(
        items[one] for one in EXPENDITURE
    )


def test_a_transfer_for_another_purpose_is_no_deficit(tmp_path: Path) -> None:
    line = invented(name="保健事業に充てる法定外繰入", value=5_000_000)
    without, having = stated(tmp_path), stated(tmp_path, other_transfers=[line])
    deficits = [
        settle(2026, LEVIED, opening(one.assumptions), one.assumptions, WORLD, plan=False)[0][
            "deficit"
        ]
        for one in (without, having)
    ]
    assert deficits[0] - deficits[1] == 5_000_000


def test_more_revenue_than_needed_is_a_surplus_and_no_negative_deficit(tmp_path: Path) -> None:
    found = stated(tmp_path, revenue=[invented(name="諸収入", value=50_000_000)])
    items, _carried = settle(
        2026, LEVIED, opening(found.assumptions), found.assumptions, WORLD, plan=False
    )
    assert items["deficit"] == 0
    assert items["surplus"] == items["balance"] > 0


def test_a_contribution_per_head_grows_from_its_own_year(tmp_path: Path) -> None:
    found = stated(tmp_path)
    items, _carried = settle(
        2028, LEVIED, opening(found.assumptions), found.assumptions, WORLD, plan=False
    )
    # 110,000 × 1.02 × 1.02 = 114,444 yen for each of 300 persons
    assert items["contribution_medical"] == 300 * 114_444


def test_a_contribution_stated_as_a_total_is_taken_as_it_is(tmp_path: Path) -> None:
    data = scenario()
    data["assumptions"]["contribution"]["care"] = {
        "total": {"source": "架空県の通知", "value": 4_321_000}
    }
    found = load_scenario(written(tmp_path, data))
    items, _carried = settle(
        2027, LEVIED, opening(found.assumptions), found.assumptions, WORLD, plan=False
    )
    assert items["contribution_care"] == 4_321_000


def test_the_fund_is_drawn_under_the_plan_alone(tmp_path: Path) -> None:
    fund = {"balance": invented(yen=9_000_000), "draws": invented(value=0, years={2027: 4_000_000})}
    found = stated(tmp_path, fund=fund)
    start = opening(found.assumptions)
    plain, _carried = settle(2027, LEVIED, start, found.assumptions, WORLD, plan=False)
    drawn, carried = settle(2027, LEVIED, start, found.assumptions, WORLD, plan=True)
    assert drawn["balance"] - plain["balance"] == drawn["fund_draw"] == 4_000_000
    assert carried.fund == 5_000_000


def test_a_fund_cannot_be_drawn_below_nothing(tmp_path: Path) -> None:
    fund = {"balance": invented(yen=1_000_000), "draws": invented(value=4_000_000)}
    found = stated(tmp_path, fund=fund)
    with pytest.raises(PlanError, match="4,000,000 yen are drawn in 令和9年度, and 1,000,000"):
        settle(2027, LEVIED, opening(found.assumptions), found.assumptions, WORLD, plan=True)


def test_niiza_closes_its_deficit_of_fiscal_2026_with_three_means() -> None:
    # In thousands of yen: higher rates, higher caps, the fund.
    # Source: https://jcp-niiza.net/2026/01/11/m260111-1
    means = {"rates": 430_980, "caps": 8_410, "fund": 306_740}
    assert left_open(746_130, means) == 0
    # one of the means less, and as much is left open
    assert left_open(746_130, {**means, "caps": 0}) == 8_410


def test_niizas_three_means_close_an_account_to_the_yen(tmp_path: Path) -> None:
    """A deficit of 746,130 thousand yen in an account that rates, caps and the fund end."""
    short = 746_130_000
    without = stated(tmp_path / "without")
    plain, _carried = settle(
        2027, LEVIED, opening(without.assumptions), without.assumptions, WORLD, plan=False
    )
    # a line of expenditure makes the account of the tests as short as Niiza's
    line = invented(name="諸支出金", value=short + plain["balance"])
    fund = {"balance": invented(yen=400_000_000), "draws": invented(value=306_740_000)}
    lines = [invented(name="保健事業費", value=8_000 * 300), line]
    found = stated(tmp_path / "with", expenditure=lines, fund=fund).assumptions
    held, _carried = settle(2027, LEVIED, opening(found), found, WORLD, plan=False)
    assert held["deficit"] == short
    # all of what rates and caps levy anew is collected: 95 % of it is 439,390 thousand yen
    raised = replace(LEVIED, total=LEVIED.total + (430_980_000 + 8_410_000) * 100 // 95)
    done, carried = settle(2027, raised, opening(found), found, WORLD, plan=True)
    assert -1 <= done["balance"] <= 1
    assert carried.fund == 400_000_000 - 306_740_000


def test_the_gap_to_standard_rates_that_warabi_stated() -> None:
    # Yen per person, standard and current, and the percentages that were published.
    # Source: https://www.jcp-warabi.jp/hp/news/shakai/2025/1219_664.html for the last two.
    assert gap_to_standard(125_828, 92_906) == Decimal("35.4")
    assert gap_to_standard(153_696, 127_874) == Decimal("20.2")
    assert gap_to_standard(139_724, 127_874) == Decimal("9.3")


def test_warabis_page_of_2023_contradicts_itself() -> None:
    # 137,658 against 133,240 is no gap of 26 %; against 109,240 it would be one.
    assert gap_to_standard(137_658, 133_240) == Decimal("3.3")
    assert gap_to_standard(137_658, 109_240) == Decimal("26.0")


def test_a_percentage_is_rounded_half_up_and_exact() -> None:
    assert percent(1, 800) == Decimal("0.13")
    assert percent(50_000, 800_000) == Decimal("6.25")
