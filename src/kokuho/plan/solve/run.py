"""``kokuho plan solve``: a path of rates that ends the deficit, proved by levying it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from kokuho.base.messages import translator
from kokuho.plan.scenario.inputs import Inputs
from kokuho.plan.solve.binding import binding_limits
from kokuho.plan.solve.limits import Kept, check
from kokuho.plan.solve.printed import closed, printed
from kokuho.plan.solve.problem import Evaluation, Problem
from kokuho.plan.solve.proposal import Point
from kokuho.plan.solve.result import Solution
from kokuho.plan.solve.search import Search

_ = translator("forecast")

Progress = Callable[[str], None]
"""Told what is being done, in words."""

_ATTEMPTS = 4
_AGAIN = 0.03
"""The region of trust of a search that only has to make room for rounding."""

_LEAST_ROOM = {"benefit_share": 1_000, "rise.percent": 1_000}
_LEAST_YEN = 200
"""Room that is made at least, in millionths or yen: about what a single printed step is worth."""

_EASINGS, _EASED_BY = 25, 2
"""Where a deficit is left anyway: how often, and by how many hundredths, a year's steps shrink."""

_GRID = (1.0, 1.1, 1.2, 1.35, 1.5, 1.75, 2.0, 2.5, 3.0)


def solve(inputs: Inputs, *, progress: Progress | None = None) -> Solution:
    """Search for the rates; see :mod:`kokuho.plan.solve.search` for how.

    Raises:
        PlanError: the scenario states no limits, or what they name is not there.
    """
    tell = progress or (lambda words: None)
    tell(_("people of all years"))
    problem = Problem(inputs)
    point = first_point(problem)
    room: dict[str, int] = {}
    for attempt in range(_ATTEMPTS):
        tell(_("searching, attempt {number}").format(number=attempt + 1))
        found = Search(problem, room=room).run(point, *([_AGAIN] if attempt else []))
        path = closed(problem, printed(problem, found.point))
        proof = problem.evaluate(path)
        kept = check(problem, proof)
        broken = _broken(kept)
        if not broken:
            break
        if len(broken) < sum(not one.kept for one in kept):
            # a deficit is left anyway: no need to search for the last yen
            proof, kept = _eased(problem, found.point, proof, kept)
            break
        # room for the steps in which rates are printed and parts are rounded
        for limit in {one.limit for one in broken}:
            worst = max(one.excess for one in broken if one.limit == limit)
            room[limit] = room.get(limit, 0) + max(worst, _LEAST_ROOM.get(limit, _LEAST_YEN))
        point = found.point
    feasible = all(one.kept for one in kept)
    tell(_("which limits bind"))
    binding = binding_limits(problem, found, room, feasible=feasible)
    return Solution(problem, feasible, proof, tuple(kept), tuple(binding), problem.levied)


def _broken(kept: list[Kept]) -> list[Kept]:
    return [one for one in kept if not one.kept and one.limit != "deficit"]


def _eased(
    problem: Problem, point: Point, proof: Evaluation, kept: list[Kept]
) -> tuple[Evaluation, list[Kept]]:
    """The printed path with smaller steps in the years whose limits rounding breaks.

    Those years' steps are made smaller by two hundredths each time. The path as it was, if that
    does not help within :data:`_EASINGS` rounds.
    """
    hundredths = dict.fromkeys(point, 100)
    for _round in range(_EASINGS):
        for year in {one.year for one in _broken(kept)} & set(hundredths):
            hundredths[year] -= _EASED_BY
        smaller: Point = {}
        before = last = tuple(map(float, problem.knobs.start))
        for year, values in point.items():
            before = tuple(
                reached + (value - old) * hundredths[year] / 100
                for reached, value, old in zip(before, values, last, strict=True)
            )
            smaller[year], last = before, values
        eased = problem.evaluate(printed(problem, smaller))
        kept = check(problem, eased)
        if not _broken(kept):
            return eased, kept
    return proof, check(problem, proof)


def first_point(problem: Problem) -> Point:
    """Where a search begins: all rates raised by equal steps, in the same proportion.

    If the standard rates are the goal, straight to them.
    """
    knobs = problem.knobs
    steps = len(knobs.revisions)
    last: tuple[float, ...]
    if knobs.goal and knobs.standard is not None:
        last = tuple(map(float, knobs.standard))
    else:
        factor = _factor(problem)
        last = tuple(value * factor for value in knobs.start)
        if knobs.standard is not None:
            last = tuple(map(min, last, knobs.standard))
    return {
        year: tuple(
            value + (end - value) * (place + 1) / steps
            for value, end in zip(knobs.start, last, strict=True)
        )
        for place, year in enumerate(knobs.revisions)
    }


def _factor(problem: Problem) -> float:
    """The factor by which all rates must rise in the target year, near enough to begin with."""
    knobs, target = problem.knobs, problem.limits.target_year
    vectors = [knobs.vector([round(value * factor) for value in knobs.start]) for factor in _GRID]
    levied = problem.levy(problem.years[target], vectors)
    brought_in = [problem.brought_in(one, target) for one in levied]
    flat = problem.settled(dict.fromkeys(knobs.revisions, knobs.start))
    wanted = brought_in[0] - flat[target]["balance"]
    for (low, high), (less, more) in zip(pairwise(_GRID), pairwise(brought_in), strict=True):
        if wanted <= more and more > less:
            return low + (high - low) * max(0, wanted - less) / (more - less)
    return _GRID[-1]
