"""The page on forecasts names every figure, limit, assumption and model household."""

from __future__ import annotations

from pathlib import Path

import pytest

from kokuho.plan.forecast import ITEMS
from kokuho.plan.scenario.assumptions import Assumptions
from kokuho.plan.scenario.limits import Limits
from kokuho.plan.scenario.model import Scenario
from kokuho.plan.solve import LIMITS, model_households

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "forecast.md").read_text("utf-8")


@pytest.mark.parametrize(
    "names",
    [
        list(ITEMS),
        [name.partition(".")[0] for name in LIMITS if name != "deficit"],
        list(Scenario.model_fields),
        list(Assumptions.model_fields),
        list(Limits.model_fields),
        list(model_households()),
    ],
    ids=["items", "limits", "scenario", "assumptions", "settings of limits", "model households"],
)
def test_everything_that_has_a_name_is_described(names: list[str]) -> None:
    assert [name for name in names if f"`{name}" not in PAGE] == []
