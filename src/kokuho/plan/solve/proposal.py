"""The linear programme around a path: who may turn which knob how far, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from kokuho.base.money import PPM
from kokuho.plan.forecast.paths import Items
from kokuho.plan.solve.bases import Bases
from kokuho.plan.solve.knobs import Knobs
from kokuho.plan.solve.linear import INFINITY, Programme
from kokuho.plan.solve.problem import Path, Problem
from kokuho.plan.solve.slopes import Answer
from kokuho.plan.solve.watch import Cap, Watch

Point = dict[int, tuple[float, ...]]
"""A path between the steps in which rates are printed."""

BROKEN, SHORT, JUMP, MEAN, UNEVEN = 1e5, 10.0, 0.1, 1e-3, 1e-5
"""What it costs to break a limit (a percent, 10,000 yen), to leave a million yen of deficit, to let
the largest jump rise by a percent or 10,000 yen, and the mean of the yearly ones, and to let a rate
rise unevenly, or out of proportion to the others, by a percent of itself: each counts only where
the ones before are equal."""

DEFICIT_UNIT = 1_000_000


@dataclass(frozen=True)
class Around:
    """A path with everything that a programme around it is made of."""

    point: Point
    path: Path
    accounts: dict[int, Items]
    answers: dict[int, Answer]
    watches: dict[int, list[Watch]]
    caps: list[Cap]


@dataclass(frozen=True)
class Proposed:
    """What a programme proposes: a path, the limits that hold it back, the balances it foresees."""

    point: Point
    binding: frozenset[str]
    foreseen: dict[int, float]


class Proposal:
    """A programme around a path, with ``trust`` the share by which a rate may change at most.

    ``missed`` is by how many yen the balance of a year fell below what straight lines foresaw in
    the last proposal; as much more is asked for. ``room`` is kept below some limits.
    """

    def __init__(
        self,
        problem: Problem,
        around: Around,
        trust: float,
        without: frozenset[str],
        missed: Mapping[int, float],
        room: Mapping[str, int],
    ) -> None:
        self.problem, self.around, self.without = problem, around, without
        self.missed, self.room = missed, room
        self.knobs: Knobs = problem.knobs
        self.limits = problem.limits
        self.programme = Programme()
        # rates are counted in percent of those held, so that all variables are of one size
        self.units = [max(start, 1) / 100 for start in self.knobs.start]
        self.columns = {
            (year, number): self._knob(year, number, trust)
            for year in self.knobs.revisions
            for number in range(len(self.knobs))
        }
        self.balances = {target: self._balance(target) for target in problem.targets}
        self._monotone()
        self._shares()
        self._evenness()
        self._proportions()
        self._jumps()
        self._caps()
        self._covers()
        self._deficits()

    def solve(self) -> Proposed | None:
        """The proposed path, or None where nothing within the region fulfils all rows."""
        solution = self.programme.solve()
        if solution is None:
            return None
        point = {
            year: tuple(
                solution.values[self.columns[year, number]] * unit
                for number, unit in enumerate(self.units)
            )
            for year in self.knobs.revisions
        }
        foreseen = {
            target: constant
            + sum(value * solution.values[column] for column, value in terms.items())
            for target, (terms, constant) in self.balances.items()
        }
        return Proposed(point, solution.binding, foreseen)

    def _knob(self, year: int, number: int, trust: float) -> int:
        knob, now = self.knobs.knobs[number], self.around.point[year][number]
        reach = max(trust * now, 3.0 * knob.step)
        low, high = max(0.0, now - reach), now + reach
        unit = self.units[number]
        standard = self.knobs.standard
        limit_high = None
        if standard is not None and "standard" not in self.without:
            most = float(standard[number])
            if high >= most:
                high, limit_high = most, "standard"
            low = min(low, high)
            if self.knobs.goal and year == self.knobs.revisions[-1]:
                return self.programme.variable(
                    most / unit, most / unit, limit_low="standard", limit_high="standard"
                )
        return self.programme.variable(low / unit, high / unit, limit_high=limit_high)

    def _monotone(self) -> None:
        if self.limits.may_fall or "may_fall" in self.without:
            return
        before: int | None = None
        for year in self.knobs.revisions:
            for number, start in enumerate(self.knobs.start):
                column = self.columns[year, number]
                if before is None:
                    least = start / self.units[number]
                    self.programme.row({column: 1.0}, least, INFINITY, "may_fall")
                else:
                    terms = {column: 1.0, self.columns[before, number]: -1.0}
                    self.programme.row(terms, 0.0, INFINITY, "may_fall")
            before = year

    def _evenness(self) -> None:
        """Of paths that are as good, the one on which rates rise by equal steps."""
        years = self.knobs.revisions
        for number, start in enumerate(self.knobs.start):
            for place, (second, third) in enumerate(pairwise(years)):
                terms = {self.columns[third, number]: 1.0, self.columns[second, number]: -2.0}
                beside = start / self.units[number] if place == 0 else 0.0
                if place:
                    terms[self.columns[years[place - 1], number]] = 1.0
                self._small(terms, beside)

    def _proportions(self) -> None:
        """And the one whose last rates have risen in the same proportion."""
        common = self.programme.variable(-INFINITY, INFINITY)
        for number, start in enumerate(self.knobs.start):
            if start:
                column = self.columns[self.knobs.revisions[-1], number]
                self._small({column: 1.0, common: -1.0}, 0.0)

    def _small(self, terms: dict[int, float], beside: float) -> None:
        """Let the absolute value of terms and a constant cost a little."""
        uneven = self.programme.variable(0.0, INFINITY, UNEVEN)
        for sign in (1.0, -1.0):
            turned = {column: sign * value for column, value in terms.items()}
            self.programme.row(turned | {uneven: 1.0}, -sign * beside, INFINITY)

    def _shares(self) -> None:
        """応益割合 in the target year; a band on a ratio is two rows that are straight in rates.

        The rows are in percentage points of the levy as it is along the path.
        """
        band = self.limits.benefit_share
        target = self.limits.target_year
        revision = self.knobs.revision_of(target)
        if band is None or revision is None or "benefit_share" in self.without:
            return
        bases = self.problem.bases[target]
        vector = self.problem.vectors(self.around.path)[target]
        weights = self._weights(bases)
        whole = sum(
            weight * vector[f"rate_{part}_{field}"] for (part, field), weight in weights.items()
        )
        free = {(knob.part, knob.field): n for n, knob in enumerate(self.knobs.knobs)}
        room = self.room.get("benefit_share", 0) / PPM
        for bound, sign in ((float(band.low) + room, 1.0), (float(band.high) - room, -1.0)):
            terms: dict[int, float] = {}
            constant = 0.0
            for (part, field), weight in weights.items():
                pull = sign * 100 * weight / whole * ((field != "income") - bound)
                if (part, field) in free:
                    number = free[part, field]
                    terms[self.columns[revision, number]] = pull * self.units[number]
                else:
                    constant += pull * vector[f"rate_{part}_{field}"]
            broken = self.programme.variable(0.0, INFINITY, BROKEN)
            self.programme.row(terms | {broken: 1.0}, -constant, INFINITY, "benefit_share")

    def _weights(self, bases: Bases) -> dict[tuple[str, str], float]:
        """What one unit of each rate levies before reduction and cap, in the target year."""
        weights = {}
        for part, yen in bases.income.items():
            persons = float(bases.persons[part])
            if part == "child":
                persons = bases.adults * (1 + self.knobs.adults_ratio)
            weights[part, "income"] = yen / PPM
            weights[part, "per_capita"] = persons
            weights[part, "per_household"] = float(bases.households[part])
        return weights

    def _jumps(self) -> None:
        """The largest jump of each year, and the largest of all, which is to be small."""
        measure = self.limits.objective
        years = self.knobs.revisions
        largest = self.programme.variable(-INFINITY, INFINITY, JUMP)
        for year in years:
            own = self.programme.variable(-INFINITY, INFINITY, MEAN / len(years))
            self.programme.row({largest: 1.0, own: -1.0}, 0.0, INFINITY)
            for watch in self.around.watches[year]:
                if watch.counts(measure):
                    terms, constant = self._rise(watch, measure)
                    terms = {column: -value for column, value in terms.items()} | {own: 1.0}
                    self.programme.row(terms, constant, INFINITY)

    def _caps(self) -> None:
        for cap in self.around.caps:
            terms, constant = self._rise(cap.watch, cap.measure)
            broken = self.programme.variable(0.0, INFINITY, BROKEN)
            self.programme.row(terms | {broken: -1.0}, -INFINITY, cap.most - constant, cap.limit)

    def _rise(self, watch: Watch, measure: str) -> tuple[dict[int, float], float]:
        """The rise of a household as terms in the knobs, and what stands beside them."""
        before, after = watch.slopes(measure)
        year, earlier = watch.year, self.knobs.revision_of(watch.year - 1)
        terms: dict[int, float] = {}
        constant = watch.rise(measure)
        for revision, slopes in ((earlier, before), (year, after)):
            if revision is None:
                continue
            for number, slope in enumerate(slopes):
                self._add(terms, revision, number, slope)
                constant -= slope * self.around.point[revision][number]
        return terms, constant

    def _add(self, terms: dict[int, float], revision: int, number: int, slope: float) -> None:
        """Add what answers to a knob by so much per unit of the rate."""
        column = self.columns[revision, number]
        terms[column] = terms.get(column, 0.0) + slope * self.units[number]

    def _balance(self, target: int) -> tuple[dict[int, float], float]:
        """The balance of a year as terms in the knobs, and what stands beside them, in yen.

        What is levied in earlier years counts as far as it is collected late.
        """
        terms: dict[int, float] = {}
        constant = float(self.around.accounts[target]["balance"])
        for year, answer in self.around.answers.items():
            revision = self.knobs.revision_of(year)
            if year > target or revision is None:
                continue
            collected = self.problem.collected_of(year, target)
            for number, levied in enumerate(answer.levied):
                slope = levied * collected
                if year == target:
                    slope += answer.reliefs[number]
                self._add(terms, revision, number, slope)
                constant -= slope * self.around.point[revision][number]
        return terms, constant

    def _covers(self) -> None:
        """What a part may bring in at most, and must at least, in millions of yen."""
        for cover in self.problem.covers.values():
            revision = self.knobs.revision_of(cover.year)
            answer = self.around.answers[cover.year]
            if revision is None or cover.limit in self.without:
                continue
            collected = self.problem.collected_of(cover.year, cover.year)
            now = float(self.problem.part_revenue(answer.now, cover.year)[cover.part])
            terms: dict[int, float] = {}
            for number, knob in enumerate(self.knobs.knobs):
                if knob.part == cover.part:
                    slope = answer.levied[number] * collected + answer.reliefs[number]
                    self._add(terms, revision, number, slope / DEFICIT_UNIT)
                    now -= slope * self.around.point[revision][number]
            broken = self.programme.variable(0.0, INFINITY, BROKEN)
            room = self.room.get(cover.limit, 0)
            if cover.most is not None:
                high = (cover.most - room - now) / DEFICIT_UNIT
                self.programme.row(terms | {broken: -1.0}, -INFINITY, high, cover.limit)
            if cover.least is not None:
                low = (cover.least + room - now) / DEFICIT_UNIT
                self.programme.row(terms | {broken: 1.0}, low, INFINITY, cover.limit)

    def _deficits(self) -> None:
        for target, most in self.problem.targets.items():
            terms, constant = self.balances[target]
            least = -(constant - self.missed.get(target, 0.0) + most) / DEFICIT_UNIT
            scaled = {column: value / DEFICIT_UNIT for column, value in terms.items()}
            short = self.programme.variable(0.0, INFINITY, SHORT)
            self.programme.row(scaled | {short: 1.0}, least, INFINITY, "deficit")
