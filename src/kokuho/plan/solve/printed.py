"""From a path between the steps to rates as an ordinance prints them (端数のそろえ)."""

from __future__ import annotations

from kokuho.plan.forecast.account import Levied
from kokuho.plan.solve.knobs import Values
from kokuho.plan.solve.problem import Path, Problem
from kokuho.plan.solve.proposal import Point

_STEPS_EACH = 2
"""A shortage that takes more single steps of every knob than this is no matter of rounding."""


def printed(problem: Problem, point: Point) -> Path:
    """The nearest printed rates; a rate that does not move stays as it is printed now."""
    knobs = problem.knobs
    path: Path = {}
    before = knobs.start
    for year in knobs.revisions:
        values = []
        for number, knob in enumerate(knobs.knobs):
            value, old = point[year][number], before[number]
            if abs(value - old) < knob.step / 2:
                nearest = old
            else:
                nearest = int(value / knob.step + 0.5) * knob.step
            if not problem.limits.may_fall:
                nearest = max(nearest, old)
            values.append(_below(problem, number, nearest))
        path[year] = before = tuple(values)
    if knobs.goal and knobs.standard is not None:
        path[knobs.revisions[-1]] = knobs.standard
    return _covered(problem, path)


def _covered(problem: Problem, path: Path) -> Path:
    """The path with rates turned by single steps where rounding moved a part out of its limits.

    A part whose rates cannot be turned further is left as it is.
    """
    for year in problem.cover_years:
        revision = problem.knobs.revision_of(year)
        if revision is None:
            continue
        for turn in range(2 * _STEPS_EACH * len(problem.knobs)):
            directions = _outside(problem, path, year, revision)
            turned = [
                values
                for number, knob in enumerate(problem.knobs.knobs)
                if knob.part in directions
                and (values := _step(problem, path, revision, number, directions[knob.part]))
                is not None
            ]
            if not turned:
                break
            path = {**path, revision: turned[turn % len(turned)]}
    return path


def _outside(problem: Problem, path: Path, year: int, revision: int) -> dict[str, int]:
    """Parts that bring in too much (-1) or too little (1) for their limits."""
    vector = problem.knobs.vector(path[revision])
    revenue = problem.part_revenue(problem.levy(problem.years[year], [vector])[0], year)
    return {
        cover.part: -1 if cover.most is not None and revenue[cover.part] > cover.most else 1
        for cover in problem.covers.values()
        if cover.year == year and cover.excess(revenue[cover.part])
    }


def _below(problem: Problem, number: int, value: int) -> int:
    """At most the standard rate, where it is a ceiling."""
    standard = problem.knobs.standard
    return value if standard is None else min(value, standard[number])


def closed(problem: Problem, path: Path) -> Path:
    """The path with rates turned by single steps until no year has more deficit than it may.

    Of the knobs that could be turned, the one with the smallest jump of its year is; what rates
    bring in too much is given back in the same way. A year whose rates cannot be turned any further
    is left as it is.
    """
    for target in sorted(problem.targets):
        revision = problem.knobs.revision_of(target)
        if revision is None or (problem.knobs.goal and revision == problem.knobs.revisions[-1]):
            continue
        path = _turned(problem, path, target, revision)
    return path


def _turned(problem: Problem, path: Path, target: int, revision: int) -> Path:
    balance = _balance(problem, path, target)
    for _turn in range(2 * _STEPS_EACH * len(problem.knobs)):
        direction = 1 if balance < 0 else -1
        found = _best(problem, path, target, revision, direction, balance)
        if found is None:
            return path
        candidate, after = found
        if direction < 0 and after < 0:
            return path
        path, balance = candidate, after
    return path


def _balance(problem: Problem, path: Path, target: int) -> int:
    """What is left in a year beyond what it must have, in yen; below 0: too much deficit."""
    return problem.settled(path)[target]["balance"] + problem.targets[target]


def _best(
    problem: Problem, path: Path, target: int, revision: int, direction: int, balance: int
) -> tuple[Path, int] | None:
    """The turn of one knob by one step with the smallest jump, and the balance after it."""
    candidates = [
        values
        for number in range(len(problem.knobs))
        if (values := _step(problem, path, revision, number, direction)) is not None
    ]
    if not candidates:
        return None
    vectors = [problem.knobs.vector(values) for values in (path[revision], *candidates)]
    levied = problem.levy(problem.years[target], vectors)
    now, *others = (problem.brought_in(one, target) for one in levied)
    gains = [other - now for other in others]
    earlier = problem.knobs.revision_of(revision - 1)
    before = problem.knobs.base if earlier is None else problem.knobs.vector(path[earlier])
    jumps = problem.largest(revision, before, vectors[1:])
    if direction > 0 and -balance > _STEPS_EACH * sum(gains):
        return None
    usable = [
        (jumps[n], -gains[n] if direction > 0 else gains[n], n)
        for n in range(len(candidates))
        if (direction > 0 or balance + gains[n] >= 0)
        and _within_covers(problem, levied[n + 1], target)
    ]
    if not usable:
        return None
    chosen = min(usable)[2]
    turned = {**path, revision: candidates[chosen]}
    return turned, _balance(problem, turned, target)


def _within_covers(problem: Problem, levied: Levied, target: int) -> bool:
    revenue = problem.part_revenue(levied, target)
    return not any(
        cover.excess(revenue[cover.part])
        for cover in problem.covers.values()
        if cover.year == target
    )


def _step(
    problem: Problem, path: Path, revision: int, number: int, direction: int
) -> Values | None:
    """The values of a revision with one knob turned by a step, or None where it may not."""
    knobs = problem.knobs
    values = list(path[revision])
    values[number] += direction * knobs.knobs[number].step
    if values[number] < 0 or _below(problem, number, values[number]) != values[number]:
        return None
    if not problem.limits.may_fall:
        years = list(knobs.revisions)
        place = years.index(revision)
        earlier = knobs.start if place == 0 else path[years[place - 1]]
        later = path[years[place + 1]] if place + 1 < len(years) else None
        if values[number] < earlier[number]:
            return None
        if later is not None and later[number] < values[number]:
            return None
    return tuple(values)
