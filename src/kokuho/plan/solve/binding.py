"""Which limits bind: those that hold the best path back, and what giving one up would bring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kokuho.plan.solve.limits import rule_of
from kokuho.plan.solve.problem import Problem
from kokuho.plan.solve.proposal import Point
from kokuho.plan.solve.search import Found, Search

WORTH = 10
"""A limit binds by itself if giving it up makes the shortage smaller by a tenth or more."""


@dataclass(frozen=True)
class Binding:
    """A limit that binds.

    ``shortage_without``: where no deficit cannot be reached, the yen that would still be missing
    in all if this limit alone were given up; None where that was not asked.
    """

    limit: str
    shortage_without: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """As results give it."""
        said = {"limit": self.limit, "rule": rule_of(self.limit)}
        if self.shortage_without is None:
            return said
        return {**said, "shortage_without": self.shortage_without}


def binding_limits(
    problem: Problem, found: Found, room: dict[str, int], *, feasible: bool
) -> list[Binding]:
    """The council's limits that bind; without a solution each one is given up for a trial."""
    names = sorted(found.binding - {"deficit"})
    if feasible:
        return [Binding(name) for name in names]
    tried = [Binding(name, _without(problem, name, found.point, room)) for name in names]
    alone = [
        one
        for one in tried
        if (found.shortage - (one.shortage_without or 0)) * WORTH >= found.shortage
    ]
    # where only several together bring something, all that hold back are named
    return sorted(alone or tried, key=lambda one: (one.shortage_without or 0, one.limit))


def _without(problem: Problem, name: str, start: Point, room: dict[str, int]) -> int:
    return Search(problem, without=frozenset({name}), room=room).run(start).shortage
