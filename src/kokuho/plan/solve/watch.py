"""The households that a search watches: the largest rises of each year, and model households."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kokuho.plan.scenario.rates import Vector
from kokuho.plan.scenario.values import ppm
from kokuho.plan.solve.models import model_households
from kokuho.plan.solve.problem import Problem
from kokuho.plan.solve.slopes import Households

WATCHED = 30
"""Households of a year that are watched for each measure, beside those watched before."""

EXTREMES = 5
"""Households of a year and a knob that are watched because their levy rests on it most."""

YEN_UNIT = 10_000
"""Burden jumps in yen are counted in 10,000 yen, so that they are of the size of percentages."""


@dataclass(frozen=True)
class Watch:
    """A household in a year: its levies before and after, and how they answer to the knobs.

    ``model`` is the id of a model household; ``measured``: it pays enough for percentages.
    """

    year: int
    old: int
    new: int
    slopes_old: tuple[float, ...]
    slopes_new: tuple[float, ...]
    measured: bool
    model: str | None = None

    def rise(self, measure: str) -> float:
        """The rise, in units of 10,000 yen or in percent."""
        rise = self.new - self.old
        return rise / YEN_UNIT if measure == "yen" else rise * 100 / self.old

    def slopes(self, measure: str) -> tuple[list[float], list[float]]:
        """How the rise answers to the knobs of the year before and of the year."""
        if measure == "yen":
            before = [-one / YEN_UNIT for one in self.slopes_old]
            return before, [one / YEN_UNIT for one in self.slopes_new]
        before = [-one * 100 * self.new / self.old**2 for one in self.slopes_old]
        return before, [one * 100 / self.old for one in self.slopes_new]

    def counts(self, measure: str) -> bool:
        """Whether the measure is taken of this household."""
        return self.model is None and (measure == "yen" or self.measured)


@dataclass(frozen=True)
class Cap:
    """A limit on the rise of one watched household, in the units of its measure."""

    limit: str
    watch: Watch
    measure: str
    most: float

    @property
    def excess(self) -> float:
        """By how much it is broken."""
        return max(0.0, self.watch.rise(self.measure) - self.most)


class Watchers:
    """Whom to watch in each year; whoever was watched once is watched on."""

    def __init__(self, problem: Problem, without: frozenset[str], room: dict[str, int]) -> None:
        self.limits, self.without, self.room = problem.limits, without, room
        revisions = problem.knobs.revisions
        self.houses = {
            year: Households(problem.years[year].relevy.judged, problem.knobs) for year in revisions
        }
        self.models = {year: Households(problem.models[year], problem.knobs) for year in revisions}
        self.seen: dict[int, set[int]] = {year: set() for year in revisions}

    def of(self, year: int, before: Vector, after: Vector) -> list[Watch]:
        """The watched households of a year under the rates before and after its revision."""
        houses = self.houses[year]
        old, new = houses.levies(before), houses.levies(after)
        rise = pl.col("new") - pl.col("old")
        least = self.limits.rise.percent_from
        frame = (
            pl.DataFrame({"old": old["total"], "new": new["total"]})
            .with_row_index("row")
            .with_columns(
                yen=rise,
                percent=pl.when(pl.col("old") >= least).then(rise * 1_000_000 // pl.col("old")),
            )
        )
        for measure in self._measures():
            largest = frame.drop_nulls(measure).sort(measure, "row", descending=[True, False])
            self.seen[year] |= set(largest.head(WATCHED)["row"].to_list())
        self.seen[year] |= self._extremes(houses, frame, before)
        rows = sorted(self.seen[year])
        watched = [_watch(year, houses, row, (before, old), (after, new), least) for row in rows]
        return watched + self._models(year, before, after)

    def _extremes(self, houses: Households, frame: pl.DataFrame, vector: Vector) -> set[int]:
        """Those whose levy rests most on a single knob: any change of the mix shows in them."""
        rows: set[int] = set()
        # some pay too little to be measured now, and may not for long
        paying = frame.filter(pl.col("old") >= self.limits.rise.percent_from * 4 // 5)
        for knob in houses.knobs.knobs:
            weight = houses.slopes[knob.name] * vector[knob.name]
            share = weight.gather(paying["row"]) / paying["old"]
            order = paying.with_columns(share=share).sort("share", "row", descending=[True, False])
            rows |= set(order.head(EXTREMES)["row"].to_list())
        return rows

    def _models(self, year: int, before: Vector, after: Vector) -> list[Watch]:
        if not self.limits.protect:
            return []
        houses = self.models[year]
        old, new = houses.levies(before), houses.levies(after)
        ids = list(model_households())
        return [
            _watch(
                year, houses, ids.index(entry.household), (before, old), (after, new), 1,
                entry.household,
            )
            for entry in self.limits.protect
        ]  # fmt: skip

    def _measures(self) -> list[str]:
        measures: list[str] = [self.limits.objective]
        measures += ["yen"] if self.limits.rise.yen is not None else []
        measures += ["percent"] if self.limits.rise.percent is not None else []
        return list(dict.fromkeys(measures))

    def caps(self, watches: list[Watch]) -> list[Cap]:
        """Every limit on every watched household."""
        limits = self.limits
        found = []
        protected = {entry.household: entry.yen for entry in limits.protect}
        for watch in watches:
            if watch.model is not None:
                limit = f"protect.{watch.model}"
                found.append(self._cap(limit, watch, "yen", protected[watch.model]))
                continue
            if limits.rise.yen is not None:
                found.append(self._cap("rise.yen", watch, "yen", limits.rise.yen))
            if limits.rise.percent is not None and watch.measured:
                most = ppm(limits.rise.percent)
                found.append(self._cap("rise.percent", watch, "percent", most))
        return [cap for cap in found if cap.limit not in self.without]

    def _cap(self, limit: str, watch: Watch, measure: str, most: int) -> Cap:
        """A limit less the room that printed rates need; percentages come in millionths."""
        unit = YEN_UNIT if measure == "yen" else 10_000
        return Cap(limit, watch, measure, (most - self.room.get(limit, 0)) / unit)


def _watch(
    year: int,
    houses: Households,
    row: int,
    before: tuple[Vector, pl.DataFrame],
    after: tuple[Vector, pl.DataFrame],
    least: int,
    model: str | None = None,
) -> Watch:
    old, new = int(before[1]["total"][row]), int(after[1]["total"][row])
    return Watch(
        year=year,
        old=old,
        new=new,
        slopes_old=houses.slopes_at(row, before[1], before[0]),
        slopes_new=houses.slopes_at(row, after[1], after[0]),
        measured=old >= least,
        model=model,
    )
