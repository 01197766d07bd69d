"""The search for a path of rates: linear programmes on slopes, each step judged by the levy.

The least of the largest burden jumps is sought (minimax); the limits come before the deficits, and
these before the jumps. Around a path everything is taken as straight lines (the levy of a household
has one kink a part, its cap): HiGHS proposes a path within a region of trust, all households are
levied along it, and the region grows or shrinks with what that shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kokuho.base.money import PPM
from kokuho.plan.forecast.account import Levied
from kokuho.plan.scenario.rates import Vector
from kokuho.plan.solve.bases import share
from kokuho.plan.solve.problem import Path, Problem
from kokuho.plan.solve.proposal import (
    BROKEN,
    DEFICIT_UNIT,
    JUMP,
    MEAN,
    SHORT,
    Around,
    Point,
    Proposal,
    Proposed,
)
from kokuho.plan.solve.slopes import city_answer
from kokuho.plan.solve.watch import Watchers

_FIRST_TRUST, _LAST_TRUST, _MOST_TRUST = 0.15, 0.003, 0.4
_ROUNDS = 20
_SMALL_GAIN = 5e-3
"""Of what a path costs: less is not worth another round."""

_FORGIVEN = 200
"""One part in so many of what a part brings in may lie beyond its 納付金 between two rounds."""


@dataclass(frozen=True)
class Found:
    """Where a search ended.

    ``shortage`` is what it leaves above the deficits allowed, in yen; ``binding`` the limits that
    held it back.
    """

    point: Point
    shortage: int
    binding: frozenset[str]


@dataclass(frozen=True)
class _State:
    """A path that was levied; ``merit`` is what it costs, the less the better."""

    around: Around
    shortage: int
    merit: float


class Search:
    """A search; ``without`` names limits that are left out, ``room`` what is kept below others."""

    def __init__(
        self,
        problem: Problem,
        *,
        without: frozenset[str] = frozenset(),
        room: dict[str, int] | None = None,
    ) -> None:
        self.problem, self.without = problem, without
        self.knobs = problem.knobs
        self.watchers = Watchers(problem, without, room or {})

    def run(self, start: Point, trust: float = _FIRST_TRUST) -> Found:
        """Search from a path on, until no step within the region of trust is worth it."""
        state = self._state(start)
        missed: dict[int, float] = {}
        for _round in range(_ROUNDS):
            if not _LAST_TRUST <= trust <= _MOST_TRUST:
                break
            proposed = self._proposed(state, trust, missed)
            if proposed is None:
                trust *= 2
                continue
            ahead = self._state(proposed.point)
            again = bool(missed)
            missed = {
                target: max(0.0, foreseen - ahead.around.accounts[target]["balance"])
                for target, foreseen in proposed.foreseen.items()
            }
            gain = state.merit - ahead.merit
            if gain > 0:
                enough = gain < _SMALL_GAIN * state.merit
                state, trust = ahead, min(trust * 1.5, _MOST_TRUST)
                if enough:
                    break
            elif again or not ahead.shortage:
                trust *= 0.35
        last = self._proposed(state, _FIRST_TRUST, {})
        binding = last.binding if last else frozenset()
        return Found(state.around.point, state.shortage, binding)

    def _proposed(self, state: _State, trust: float, missed: dict[int, float]) -> Proposed | None:
        room = self.watchers.room
        return Proposal(self.problem, state.around, trust, self.without, missed, room).solve()

    def _state(self, point: Point) -> _State:
        """Levy everybody along a path and look how far it is from what is wanted."""
        problem = self.problem
        path = nearest(point)
        vectors = problem.vectors(path)
        levied, answers = {}, {}
        for year, made in problem.years.items():
            revision = self.knobs.revision_of(year)
            if revision is None:
                levied[year] = problem.levy(made, [vectors[year]])[0]
            else:
                answers[year] = city_answer(problem, year, path[revision])
                levied[year] = answers[year].now
        accounts = problem.accounts(levied)
        watches = {
            year: self.watchers.of(year, vectors[year - 1], vectors[year])
            for year in self.knobs.revisions
        }
        caps = self.watchers.caps([one for year in watches.values() for one in year])
        measure = problem.limits.objective
        jumps = [
            max((one.rise(measure) for one in year if one.counts(measure)), default=0.0)
            for year in watches.values()
        ]
        shortage = sum(
            max(0, accounts[year]["deficit"] - most) for year, most in problem.targets.items()
        )
        broken = sum(cap.excess for cap in caps) + self._share_excess(vectors)
        broken += self._cover_excess(levied)
        merit = BROKEN * broken + SHORT * shortage / DEFICIT_UNIT
        merit += JUMP * max(jumps) + MEAN * sum(jumps) / len(jumps)
        around = Around(point, path, accounts, answers, watches, caps)
        return _State(around, shortage, merit)

    def _share_excess(self, vectors: Mapping[int, Vector]) -> float:
        """By how many percentage points 応益割合 lies outside of its band."""
        band, target = self.problem.limits.benefit_share, self.problem.limits.target_year
        if band is None or "benefit_share" in self.without:
            return 0.0
        room = self.watchers.room.get("benefit_share", 0) / PPM
        found = float(share(self.problem.bases[target], vectors[target]))
        low, high = float(band.low) + room, float(band.high) - room
        return 100 * max(0.0, low - found, found - high)

    def _cover_excess(self, levied: Mapping[int, Levied]) -> float:
        """By how many million yen parts lie outside of what their 納付金 asks.

        Small misses are the bend of the lines and go with the next steps: rates are printed so that
        none is left.
        """
        problem, excess = self.problem, 0
        for cover in problem.covers.values():
            if cover.limit not in self.without:
                brought_in = problem.part_revenue(levied[cover.year], cover.year)[cover.part]
                excess += max(0, cover.excess(brought_in) - brought_in // _FORGIVEN)
        return excess / DEFICIT_UNIT


def nearest(point: Point) -> Path:
    """The path in whole millionths and yen."""
    return {year: tuple(round(value) for value in values) for year, values in point.items()}
