"""The runs behind a paper, and the folder that keeps them beside it (F.runs).

A paper shows nothing that no file of these runs holds: the search for rates of each pattern, the
forecast under the rates of the first one, today's households, and the other municipalities.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.plan.forecast import Forecast, forecast, write_forecast
from kokuho.plan.forecast.course import Start, Year
from kokuho.plan.forecast.world import World
from kokuho.plan.paper.others import Others, others, write_others
from kokuho.plan.scenario import BASE, Inputs, Pattern, RatePath
from kokuho.plan.scenario.provenance import write_json
from kokuho.plan.solve import Solution, solve, solved_before, write_solution
from kokuho.plan.solve.impact import impact
from kokuho.tables import write_csv

_ = translator("paper")

Progress = Callable[[str], None]
"""Told what is being done, in words."""

INCOME_CLASSES = (0, 1_000_000, 2_000_000, 3_000_000, 5_000_000, 10_000_000)
"""The upper ends of the classes of household income that the paper shows, in yen; above: one."""


@dataclass(frozen=True)
class PatternRun:
    """A pattern with what the search found for it; ``solution`` is None without limits."""

    pattern: Pattern
    inputs: Inputs
    solution: Solution | None

    @property
    def run(self) -> str:
        """The name of its run, which is its folder too."""
        return f"solve-{self.pattern.variant}"


@dataclass(frozen=True)
class Today:
    """The households of the base year: by group, and by classes of their income."""

    groups: pl.DataFrame
    incomes: pl.DataFrame


@dataclass(frozen=True)
class Runs:
    """Everything that a paper is made from. ``forecast`` goes by the first pattern's rates."""

    patterns: tuple[PatternRun, ...]
    forecast: Forecast
    today: Today
    others: Others

    @property
    def first(self) -> PatternRun:
        """The pattern that the paper works out."""
        return self.patterns[0]

    @property
    def inputs(self) -> Inputs:
        """The inputs of the first pattern."""
        return self.first.inputs


def make_runs(
    chosen: tuple[Pattern, ...],
    inputs: Mapping[str, Inputs],
    *,
    solved: Path | None = None,
    progress: Progress | None = None,
    note: Progress | None = None,
) -> Runs:
    """Search for the rates of each pattern, forecast under the first, look at today and around.

    Args:
        chosen: the patterns of the paper.
        inputs: the read scenario of every variant that a pattern names.
        solved: a folder of `plan solve`, or the runs of an earlier paper; what stands there and
            rests on the same inputs is levied again instead of searched for.
        note: told, where a pattern of that folder cannot be used, why it is searched for.
        progress: told what is being done.
    """
    tell = progress or (lambda words: None)
    made = []
    for pattern in chosen:
        own, solution = inputs[pattern.variant], None
        if own.scenario.limits is not None:
            tell(pattern.title)
            solution = _before(own, pattern.variant, solved, note) if solved else None
        if solution is None and own.scenario.limits is not None:
            solution = solve(
                own,
                progress=lambda words, title=pattern.title: tell(f"{title}: {words}"),  # type: ignore[misc]
            )
        made.append(PatternRun(pattern, own, solution))
    first = made[0]
    rates = _rate_path(first.solution) if first.solution else None
    ahead = forecast(
        first.inputs,
        rates,
        progress=lambda done, total: tell(
            _("forecast: {done} of {total} trials").format(done=done, total=total)
        ),
    )
    tell(_("today's households, other municipalities"))
    return Runs(tuple(made), ahead, today(first.inputs), others(first.inputs))


def _before(inputs: Inputs, variant: str, solved: Path, note: Progress | None) -> Solution | None:
    """What an earlier run found for a variant; None where it must be searched for."""
    own = solved if variant == BASE else solved / "variants" / variant
    folders = (solved / f"solve-{variant}", own)
    folder = next((one for one in folders if (one / "solution.json").is_file()), own)
    try:
        return solved_before(inputs, folder)
    except PlanError as error:
        if note is not None:
            note(_("{reason}. It is searched for anew.").format(reason=error))
        return None


def _rate_path(made: Solution) -> RatePath:
    """The rates of all years of the scenario; after the target year the last ones hold."""
    problem = made.problem
    return problem.knobs.rate_path(made.path, problem.inputs.scenario.years)


def today(inputs: Inputs) -> Today:
    """The households of the base year, levied by the ordinance's own rates."""
    made = next(Start(inputs).years(World(inputs.scenario.seed)))
    vector = inputs.held_rates().vectors[inputs.scenario.base_year]
    groups = impact(made, vector, vector).select(
        "group", "member", "households", "insured", levied="before", mean="mean_before"
    )
    return Today(groups, _incomes(made))


def _incomes(made: Year) -> pl.DataFrame:
    """Households by their income as the reductions judge it (軽減判定所得)."""
    incomes = made.relevy.judged.households["judged_income"]
    rows = []
    low: int | None = None
    for high in (*INCOME_CLASSES, None):
        inside = pl.Series([True] * incomes.len()) if high is None else incomes <= high
        above = pl.Series([True] * incomes.len()) if low is None else incomes > low
        rows.append({"above": low, "up_to": high, "households": int((inside & above).sum())})
        low = high
    return pl.DataFrame(rows, schema={"above": pl.Int64, "up_to": pl.Int64, "households": pl.Int64})


def scenario_copy(inputs: Inputs) -> str:
    """Where the run ``forecast`` keeps the scenario file, which is the first file that was read."""
    return f"inputs/{next(iter(inputs.files))}"


def write_runs(runs: Runs, scenario_file: Path, folder: Path) -> None:
    """Write every run into a folder of its own."""
    for one in runs.patterns:
        if one.solution is not None:
            write_solution(
                one.solution, scenario_file, folder / one.run, variant=one.pattern.variant
            )
    variant = runs.first.pattern.variant
    write_forecast(runs.forecast, scenario_file, folder / "forecast", variant=variant)
    write_csv(runs.today.groups, folder / "today" / "groups.csv")
    write_csv(runs.today.incomes, folder / "today" / "incomes.csv")
    write_others(runs.others, folder / "others")
    plan = runs.inputs.plan
    if plan is not None:
        write_json(plan.model_dump(mode="json"), folder / "plan" / "plan.json")
