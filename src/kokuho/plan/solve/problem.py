"""The people and accounts that candidates are tried on, and what a candidate comes to, exactly.

A candidate is a path of knob values. To judge one, every household of every year is levied under
its rates and under those of the year before, people unchanged; the accounts of all years follow
from the same levies, 保険基盤安定 and the other reliefs included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import polars as pl

from kokuho.base.calendar import fiscal_year_name
from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.base.money import PPM
from kokuho.levy.kernel import Judged
from kokuho.levy.vectors import by_household
from kokuho.plan.amounts import remaining
from kokuho.plan.forecast.account import Levied, opening, settle
from kokuho.plan.forecast.course import Start, Year
from kokuho.plan.forecast.paths import Items, levied_under
from kokuho.plan.forecast.world import World
from kokuho.plan.scenario.inputs import Inputs
from kokuho.plan.scenario.limits import Limits
from kokuho.plan.scenario.rates import Vector
from kokuho.plan.scenario.values import ppm
from kokuho.plan.solve.bases import bases_of, share
from kokuho.plan.solve.knobs import Knobs, Values
from kokuho.plan.solve.models import judged_models, known, model_households

_ = translator("forecast")

Path = dict[int, Values]
"""The knob values of each revision year."""


@dataclass(frozen=True)
class Jump:
    """What a revision does to the households of its year.

    ``yen`` and ``ppm`` are the largest rises, the second in millionths of the levy before among
    those that pay enough to be measured; ``models`` the rises of the model households in yen.
    """

    year: int
    yen: int
    ppm: int
    models: dict[str, int]


@dataclass(frozen=True)
class Cover:
    """The yen that a part must bring into a year at least, and may at most (None: open)."""

    year: int
    part: str
    least: int | None
    most: int | None

    @property
    def limit(self) -> str:
        """The name of the limit."""
        return f"part_cover.{self.part}"

    def excess(self, yen: int) -> int:
        """By how many yen what is brought in lies outside."""
        short = 0 if self.least is None else self.least - yen
        over = 0 if self.most is None else yen - self.most
        return max(0, short, over)


@dataclass(frozen=True)
class Evaluation:
    """What a path comes to: accounts, jumps, shares, what each part brings in; all exact."""

    path: Path
    accounts: dict[int, Items]
    jumps: dict[int, Jump]
    shares: dict[int, Fraction]
    covered: dict[int, dict[str, int]]

    def deficit(self, year: int) -> int:
        """The deficit of a year in yen."""
        return self.accounts[year]["deficit"]


class Problem:
    """A scenario with limits, its people of all years up to the target."""

    def __init__(self, inputs: Inputs) -> None:
        scenario = inputs.scenario
        if scenario.limits is None:
            raise PlanError(_("the scenario states no limits; `plan solve` needs them"))
        self.inputs, self.limits = inputs, scenario.limits
        known(tuple(entry.household for entry in self.limits.protect))
        self.world = World(scenario.seed)
        start = Start(inputs)
        target = self.limits.target_year
        self.years: dict[int, Year] = {}
        for made in start.years(self.world):
            self.years[made.city.year] = made
            if made.city.year == target:
                break
        self.knobs = Knobs(
            inputs.held_rates().vectors[scenario.base_year], self.limits, scenario.standard
        )
        self.models: dict[int, Judged] = {
            year: judged_models(inputs.laws[year], start.method) for year in self.years
        }
        self.bases = {year: bases_of(made.relevy.judged) for year, made in self.years.items()}
        self.targets = _targets(inputs, self.limits)
        self.levied = 0

    def evaluate(self, path: Path) -> Evaluation:
        """Levy all households of all years along a path, and each of them before and after."""
        vectors = self.vectors(path)
        jumps = {
            year: self.jump(year, vectors[year - 1], vectors[year]) for year in self.knobs.revisions
        }
        shares = {year: share(self.bases[year], vectors[year]) for year in self.years}
        levied = self.levied_along(path)
        covered = {year: self.part_revenue(levied[year], year) for year in self.cover_years}
        return Evaluation(path, self.accounts(levied), jumps, shares, covered)

    def settled(self, path: Path) -> dict[int, Items]:
        """The accounts of all years along a path."""
        return self.accounts(self.levied_along(path))

    def levied_along(self, path: Path) -> dict[int, Levied]:
        """What is levied in each year along a path."""
        vectors = self.vectors(path)
        return {year: self.levy(made, [vectors[year]])[0] for year, made in self.years.items()}

    @cached_property
    def no_action(self) -> dict[int, Items]:
        """The accounts with the rates of the base year held and no measure."""
        held = {year: self.levy(made, [self.knobs.base])[0] for year, made in self.years.items()}
        return self.accounts(held, plan=False)

    def accounts(self, levied: Mapping[int, Levied], *, plan: bool = True) -> dict[int, Items]:
        """The accounts of all years from what is levied in them, under the plan or without it."""
        scenario = self.inputs.scenario
        carried = opening(scenario.assumptions)
        found: dict[int, Items] = {}
        for year in self.years:
            found[year], carried = settle(
                year, levied[year], carried, scenario.assumptions, self.world,
                plan=plan and year > scenario.base_year,
            )  # fmt: skip
        return found

    def collected_of(self, year: int, target: int) -> float:
        """What share of a yen levied in a year is collected in a target year, then or later."""
        collection = self.inputs.scenario.assumptions.collection

        def share_of(name: str, when: int) -> float:
            series = getattr(collection, name)
            return self.world.share(series, f"collection.{name}", when, plan=True) / 1_000_000

        if year == target:
            return share_of("current", year)
        left = 1 - share_of("current", year)
        for between in range(year + 1, target):
            left *= 1 - share_of("arrears", between) - share_of("written_off", between)
        return left * share_of("arrears", target)

    def brought_in(self, levied: Levied, year: int) -> int:
        """What a levy brings into its own year: what is collected of it, and its reliefs."""
        return int(levied.total * self.collected_of(year, year)) + sum(levied.reliefs.values())

    def part_revenue(self, levied: Levied, year: int) -> dict[str, int]:
        """What each part brings into its own year: what is collected of it, and its reliefs."""
        collected = self.collected_of(year, year)
        return {
            part: int(yen * collected) + levied.relieved[part] for part, yen in levied.parts.items()
        }

    @property
    def cover_years(self) -> list[int]:
        """The years in which parts are held against their 納付金: the revisions and the target."""
        return sorted({*self.knobs.revisions, self.limits.target_year})

    @cached_property
    def covers(self) -> dict[tuple[int, str], Cover]:
        """Between what yen each part must stay in each year, where the limits tie it.

        Parts whose rates may not change are not held to anything.
        """
        held = self.levied_along(dict.fromkeys(self.knobs.revisions, self.knobs.start))
        accounts = self.accounts(held)
        turned = {knob.part for knob in self.knobs.knobs}
        found = {}
        for year in self.cover_years:
            now = self.part_revenue(held[year], year)
            for part, cover in self.limits.covers().items():
                if part not in turned:
                    continue
                own = accounts[year][f"contribution_{part}"]
                least, most = None, None
                if cover.low is not None and year == self.limits.target_year:
                    least = -(-own * ppm(cover.low) // PPM)
                if cover.high is not None:
                    most = max(own * ppm(cover.high) // PPM, now[part])
                if least is not None or most is not None:
                    found[year, part] = Cover(year, part, least, most)
        return found

    def vectors(self, path: Path) -> dict[int, dict[str, int]]:
        """The rates of every year on a path."""
        return self.knobs.rate_path(path, list(self.years)).vectors

    def levy(self, made: Year, vectors: Sequence[Vector]) -> list[Levied]:
        """The year's people levied under each vector; how many there were is counted."""
        self.levied += len(vectors)
        return levied_under(made, vectors)

    def jump(self, year: int, before: Vector, after: Vector) -> Jump:
        """The rises from one vector of rates to another among a year's people."""
        rises = self.rises(year, [before], [after])
        models = by_household(self.models[year], [before, after])
        old, new = (models.filter(vector=n)["total"].to_list() for n in (0, 1))
        largest = rises.select(pl.col("rise").max(), pl.col("ppm").max()).row(0)
        return Jump(
            year,
            largest[0],
            # nobody pays enough to be measured: no percentage rises
            largest[1] if largest[1] is not None else 0,
            {name: new[n] - old[n] for n, name in enumerate(model_households())},
        )

    def largest(self, year: int, before: Vector, after: Sequence[Vector]) -> list[int]:
        """The largest rise in the objective's measure for each of some vectors."""
        measure = "rise" if self.limits.objective == "yen" else "ppm"
        rises = self.rises(year, [before], after)
        found = rises.group_by("vector", maintain_order=True).agg(pl.col(measure).max())
        return [value if value is not None else 0 for value in found[measure]]

    def rises(self, year: int, before: Sequence[Vector], after: Sequence[Vector]) -> pl.DataFrame:
        """The rise of every household's levy, in yen and in millionths of the levy before.

        One of the two lists may have many vectors, the other one; ``vector`` counts along the
        longer one. ``ppm`` is empty for households that pay less than the limits measure.
        """
        made = self.years[year]
        self.levied += len(before) + len(after)
        old = made.relevy.households(before).select("vector", "hh", before="total")
        new = made.relevy.households(after).select("vector", "hh", after="total")
        if len(before) == len(after):
            joined = old.with_columns(new["after"])
        elif len(before) == 1:
            joined = new.join(old.drop("vector"), on="hh", maintain_order="left")
        else:
            joined = old.join(new.drop("vector"), on="hh", maintain_order="left")
        rise = pl.col("after") - pl.col("before")
        measured = pl.col("before") >= self.limits.rise.percent_from
        return joined.with_columns(
            rise=rise,
            # rounded up, so that a limit that is kept is kept exactly
            ppm=pl.when(measured).then(-(-rise * 1_000_000 // pl.col("before"))),
        )


def _targets(inputs: Inputs, limits: Limits) -> dict[int, int]:
    """The largest deficit that a year may have, in yen; 0 in the target year."""
    found: dict[int, int] = {}
    if limits.follow_plan:
        if inputs.plan is None:
            raise PlanError(_("limits.follow_plan needs a plan"))
        for year, thousand in remaining(inputs.plan).items():
            if limits.first_revision <= year < limits.target_year:
                if thousand is None:
                    raise PlanError(
                        _("the plan does not state what is left of the deficit in {year}").format(
                            year=fiscal_year_name(year)
                        )
                    )
                found[year] = thousand * 1000
    found[limits.target_year] = 0
    return found
