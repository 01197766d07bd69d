"""A forecast (将来推計): the central path and its trials, both paths of rates side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import polars as pl

from kokuho.plan.forecast.account import ITEMS
from kokuho.plan.forecast.course import Start
from kokuho.plan.forecast.paths import NO_ACTION, PATHS, Accounts, Items, Outcome, Target, targets
from kokuho.plan.forecast.world import CENTRAL, World
from kokuho.plan.scenario.inputs import Inputs
from kokuho.plan.scenario.rates import RatePath

Progress = Callable[[int, int], None]
"""Told after each trial: trials done, trials in all (the central path is one)."""

AT_A_TIME = 2
"""Trials that are computed side by side."""


@dataclass(frozen=True)
class Forecast:
    """What a forecast gives.

    ``central`` are the accounts by path and year, ``outcomes`` the same with what closes the gap;
    ``trials`` has one row a trial, path and year with every item, trial 0 the central path.
    """

    inputs: Inputs
    plan_rates: RatePath
    outcomes: dict[int, Outcome]
    cohorts: dict[int, dict[tuple[int, int], int]]
    flows: dict[int, dict[str, int]]
    trials: pl.DataFrame
    targets: dict[int, Target]

    def central(self, path: str) -> dict[int, Items]:
        """The accounts of a path on the central path of the assumptions."""
        return {year: outcome.items[path] for year, outcome in self.outcomes.items()}

    def bands(self) -> pl.DataFrame:
        """Percentiles over the trials: ``path``, ``year``, ``item``, one column a percentile."""
        return bands(self.trials, self.inputs.scenario.percentiles)


def forecast(
    inputs: Inputs, rates: RatePath | None = None, *, progress: Progress | None = None
) -> Forecast:
    """Forecast the accounts of all years.

    Args:
        inputs: the scenario and its files.
        rates: the plan's rates; without, those of the scenario.
        progress: told after each trial.
    """
    scenario = inputs.scenario
    start = Start(inputs)
    held = inputs.held_rates()
    plan = rates or inputs.plan_rates()
    tell = progress or (lambda done, total: None)
    total = scenario.trials + 1
    outcomes: dict[int, Outcome] = {}
    cohorts, flows = {}, {}
    accounts = Accounts(scenario, World(scenario.seed, CENTRAL), held, plan)
    for made in start.years(accounts.world):
        outcomes[made.city.year] = accounts.of(made)
        cohorts[made.city.year], flows[made.city.year] = made.cohorts, made.flows
    tell(1, total)

    def trial(number: int) -> list[Outcome]:
        own = Accounts(scenario, World(scenario.seed, number), held, plan)
        return [own.of(made) for made in start.years(own.world)]

    rows = list(_rows(CENTRAL, list(outcomes.values())))
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        try:
            done = pool.map(trial, range(1, total))
            for number, found in enumerate(done, start=1):
                rows += _rows(number, found)
                tell(number + 1, total)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    no_action = {year: outcome.items[NO_ACTION] for year, outcome in outcomes.items()}
    return Forecast(
        inputs, plan, outcomes, cohorts, flows, pl.DataFrame(rows, infer_schema_length=None),
        targets(inputs.plan, no_action),
    )  # fmt: skip


def _rows(trial: int, outcomes: list[Outcome]) -> Iterator[dict[str, int | str]]:
    for outcome in outcomes:
        for path in PATHS:
            yield {"trial": trial, "path": path, "year": outcome.year, **outcome.items[path]}


def bands(trials: pl.DataFrame, percentiles: tuple[int, ...]) -> pl.DataFrame:
    """Percentiles of every item over the trials, by path and year, the central path apart.

    A percentile is one of the values (nearest rank), so that it stays whole yen; without trials the
    columns are empty.
    """
    drawn = trials.filter(pl.col("trial") != CENTRAL)
    long = drawn.unpivot(list(ITEMS), index=["path", "year"], variable_name="item").sort(
        "path", "year", "item", "value"
    )
    ranked = long.group_by("path", "year", "item", maintain_order=True).agg(
        *(
            # the rank is counted from 1, and rounded up
            pl.col("value").get((pl.len() * p + 99) // 100 - 1).alias(f"p{p}")
            for p in percentiles
        )
    )
    central = trials.filter(pl.col("trial") == CENTRAL).unpivot(
        list(ITEMS), index=["path", "year"], variable_name="item", value_name="central"
    )
    return central.join(ranked, on=["path", "year", "item"], how="left", maintain_order="left")
