"""Linear programmes over the numbers of measure files, solved by HiGHS.

Floats live here alone. What is proposed here only says which figures are kept back; no number that
is published comes from it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

import highspy

from kokuho.base.errors import StatisticsError
from kokuho.base.messages import translator
from kokuho.statistics.relations import System, Variable

_ = translator("statistics")

_MOVED = 1e-3
"""What changes by less has not changed: amounts of 10^10 stand beside single persons."""

_MINIMISE, _MAXIMISE = highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize


class Bounds(NamedTuple):
    """Between which numbers a variable lies."""

    low: float
    high: float

    @classmethod
    def of(cls, value: int | None) -> Bounds:
        """Of a number that is told: itself; of one that is not: from zero up."""
        return cls.from_zero() if value is None else cls(value, value)

    @classmethod
    def from_zero(cls) -> Bounds:
        """From zero up."""
        return cls(0.0, math.inf)


Part = Mapping[tuple[str, str], tuple[Variable, ...]]
"""Figures by file and id, with their numbers."""


def components(made: System) -> list[dict[tuple[str, str], tuple[Variable, ...]]]:
    """The figures in parts that have nothing to do with each other."""
    root = {key: key for key in made.figures}

    def find(key: tuple[str, str]) -> tuple[str, str]:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for relation in made.relations:
        first, *others = ((one.file, one.id) for one in relation.terms)
        for other in others:
            root[find(other)] = find(first)
    parts: dict[tuple[str, str], dict[tuple[str, str], tuple[Variable, ...]]] = defaultdict(dict)
    for key in made.figures:
        parts[find(key)][key] = made.variables(*key)
    return list(parts.values())


class Programme:
    """The relations of a part of a system, with bounds for its numbers.

    A number that cannot be below zero may be a balance all the same (a deficit): balances are told
    whole, as no person stands behind them, and are no part of this.
    """

    def __init__(self, made: System, part: Part, bounds: Mapping[Variable, Bounds]) -> None:
        self._highs = _quiet()
        self._columns = {one: number for number, one in enumerate(bounds)}
        for low, high in bounds.values():
            self._highs.addVar(low, high)
        for relation in made.relations:
            if next(iter(relation.terms)) not in self._columns:
                continue
            terms = {self._columns[one]: float(times) for one, times in relation.terms.items()}
            self._highs.addRow(0.0, relation.high, len(terms), list(terms), list(terms.values()))

    def any(self) -> dict[Variable, float]:
        """Some numbers that fulfil everything.

        Raises:
            StatisticsError: there are none.
        """
        self._solve()
        return self._values()

    def range_of(self, one: Variable) -> tuple[float, float]:
        """The lowest and the highest that a number can be."""
        column = self._columns[one]
        self._highs.changeColCost(column, 1.0)
        ends = []
        for sense in (_MINIMISE, _MAXIMISE):
            self._highs.changeObjectiveSense(sense)
            ends.append(self._values()[one] if self._solve() else math.inf)
        self._highs.changeColCost(column, 0.0)
        return ends[0], ends[1]

    def _solve(self) -> bool:
        """Whether there is an optimum; unbounded is none."""
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return True
        if status in (
            highspy.HighsModelStatus.kUnbounded,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        ):
            return False
        raise StatisticsError(_("the figures of a measure file contradict each other"))

    def _values(self) -> dict[Variable, float]:
        found = self._highs.getSolution().col_value
        return {one: found[number] for one, number in self._columns.items()}


class Change:
    """By how much the numbers of a part rise and fall, each its own variable with its price.

    Two columns for each number: what it rises, and what it falls; it cannot fall below zero.
    """

    def __init__(self, made: System, part: Part, base: Mapping[Variable, int]) -> None:
        self._highs = _quiet()
        self._base = base
        self._columns = {one: 2 * number for number, one in enumerate(base)}
        for value in base.values():
            self._highs.addVar(0.0, math.inf)
            self._highs.addVar(0.0, float(value))
        for relation in made.relations:
            if next(iter(relation.terms)) not in self._columns:
                continue
            now = sum(times * base[one] for one, times in relation.terms.items())
            columns, values = [], []
            for one, times in relation.terms.items():
                columns += [self._columns[one], self._columns[one] + 1]
                values += [float(times), -float(times)]
            self._highs.addRow(-float(now), relation.high - now, len(columns), columns, values)

    def price(self, one: Variable, price: float) -> None:
        """Set what it costs to change a number by one."""
        for column in (self._columns[one], self._columns[one] + 1):
            self._highs.changeColCost(column, price)

    def cheapest(self, target: Variable, width: int) -> set[Variable] | None:
        """The numbers that change if one is larger by so much and all stays consistent."""
        column = self._columns[target]
        self._highs.changeColBounds(column, float(width), float(width))
        self._highs.changeColBounds(column + 1, 0.0, 0.0)
        self._highs.run()
        moved = None
        if self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            found = self._highs.getSolution().col_value
            moved = {
                one for one, at in self._columns.items() if abs(found[at] - found[at + 1]) > _MOVED
            }
        self._highs.changeColBounds(column, 0.0, math.inf)
        self._highs.changeColBounds(column + 1, 0.0, float(self._base[target]))
        return moved


def _quiet() -> highspy.Highs:
    highs = _Quiet()  # type: ignore[no-untyped-call]
    highs.setOptionValue("threads", 1)
    return highs


class _Quiet(highspy.Highs):
    """HiGHS without its banner, which it prints when callbacks are set up."""

    def enableCallbacks(self) -> None:  # noqa: N802 (highspy's name)
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]
