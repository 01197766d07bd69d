"""Winners and losers, and the model households."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kokuho.law import for_fiscal_year
from kokuho.levy import Method
from kokuho.levy.vectors import by_household, vector_of
from kokuho.plan.forecast.course import Start, Year
from kokuho.plan.forecast.world import World
from kokuho.plan.scenario import Inputs
from kokuho.plan.solve import model_households
from kokuho.plan.solve.impact import DECILES, GROUPS, TYPES, impact
from kokuho.plan.solve.models import judged_models
from tests.plan.scenarios import inputs


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    return inputs(tmp_path_factory.mktemp("impact"))


@pytest.fixture(scope="module")
def base_year(ready: Inputs) -> Year:
    return next(Start(ready).years(World(1)))


@pytest.fixture(scope="module")
def table(ready: Inputs, base_year: Year) -> pl.DataFrame:
    held = vector_of(ready.ordinance)
    dearer = held | {"rate_medical_income": 70_000, "rate_medical_per_capita": 30_000}
    return impact(base_year, held, dearer)


def test_each_grouping_adds_up_to_all_households(table: pl.DataFrame) -> None:
    columns = ["households", "insured", "before", "after", "rising", "falling", "unchanged"]
    whole = table.filter(group="all").select(columns).row(0)
    for group in GROUPS:
        assert table.filter(group=group).select(pl.col(columns).sum()).row(0) == whole
    assert whole[0] == sum(whole[-3:])


def test_all_households_owe_what_the_levy_says(
    table: pl.DataFrame, base_year: Year, ready: Inputs
) -> None:
    row = table.filter(group="all").row(0, named=True)
    levied = base_year.relevy.sums([vector_of(ready.ordinance)])["total"][0]
    assert row["before"] == levied
    assert row["mean_before"] == levied // row["households"]


def test_deciles_are_of_equal_size_and_ascend_by_income(table: pl.DataFrame) -> None:
    deciles = table.filter(group="income_decile")
    assert deciles["member"].to_list() == [f"{n:02d}" for n in range(1, DECILES + 1)]
    sizes = deciles["households"]
    assert sizes.max() - sizes.min() <= 1  # type: ignore[operator]
    assert deciles["mean_before"][9] > deciles["mean_before"][4] > deciles["mean_before"][0]


def test_every_household_is_of_one_known_type(table: pl.DataFrame) -> None:
    assert set(table.filter(group="household_type")["member"]) <= set(TYPES)


def test_lower_amounts_per_head_and_a_higher_rate_have_winners_and_losers(
    table: pl.DataFrame,
) -> None:
    reduced = table.filter(group="reduction", member="7").row(0, named=True)
    rich = table.filter(group="income_decile", member="10").row(0, named=True)
    assert reduced["falling"] > 0
    assert reduced["rising"] == 0
    assert rich["rising"] > rich["falling"]
    assert table["largest_rise"].max() == table.filter(group="all")["largest_rise"][0]


def test_there_are_eight_model_households_of_all_reductions(ready: Inputs) -> None:
    method = Method.of(ready.ordinance)
    judged = judged_models(for_fiscal_year(2026), method)
    assert len(model_households()) == judged.households.height == 8
    assert set(judged.households["reduction"]) == {7, 5, 2, 0}
    amounts = by_household(judged, [vector_of(ready.ordinance)])["total"].to_list()
    caps = sum(part.cap for part in ready.ordinance.parts.values())
    assert max(amounts) == caps
    ids = list(model_households())
    # 7割軽減: 32,400, 13,200, 15,600 and 1,820 + 85 yen, each part cut to 100 yen
    assert amounts[ids.index("no_income")] == 9_700 + 3_900 + 4_600 + 500


def test_model_households_stay_of_the_same_age_in_every_year(ready: Inputs) -> None:
    method = Method.of(ready.ordinance)
    vector = [vector_of(ready.ordinance)]
    first, *others = (
        by_household(judged_models(ready.laws[year], method), vector)["total"].to_list()
        for year in ready.scenario.years
    )
    assert all(one == first for one in others)


def test_the_model_households_say_that_they_are_no_official_ones() -> None:
    import kokuho.plan

    file = Path(kokuho.plan.__file__).parent / "data" / "model_households.yaml"
    assert "no official or statistical types" in file.read_text("utf-8")
