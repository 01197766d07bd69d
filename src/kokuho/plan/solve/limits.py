"""The limits of a council, looked at one by one on an exact evaluation (制約の検証)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from kokuho.base.messages import translator
from kokuho.base.money import PPM
from kokuho.plan.scenario.values import ppm
from kokuho.plan.solve.problem import Cover, Evaluation, Problem

_ = translator("forecast")


def _mark(message: str) -> str:
    """Mark a message for the catalogue; it is translated when it is used."""
    return message


N_ = _mark

LIMITS = {
    "deficit": N_("no more deficit than the target, or the plan, leaves for the year"),
    "rise.yen": N_("no household's levy rises by more yen from one year's rates to the next"),
    "rise.percent": N_("no household's levy rises by a larger percentage"),
    "benefit_share": N_("the share of per-head and per-household amounts lies in its band"),
    "standard": N_("no rate is above the standard rate, or the last rates are the standard ones"),
    "protect": N_("a protected model household's levy rises by no more yen"),
    "may_fall": N_("no rate falls"),
    "part_cover": N_("what a part brings in stays within its share of its own contribution"),
}
"""Every limit that may hold rates back; ``protect`` stands with its household after a point,
``part_cover`` with its part."""


def rule_of(limit: str) -> str:
    """What a limit says, for people."""
    name = limit.partition(".")[0]
    return _(LIMITS[name if name in ("protect", "part_cover") else limit])


@dataclass(frozen=True)
class Kept:
    """One limit in one year: what is allowed, what the path comes to, whether it is kept.

    ``excess`` is by how much it is not, in yen, or millionths for percentages and shares.
    """

    limit: str
    year: int
    allowed: str
    reached: str
    kept: bool
    excess: int

    def as_dict(self) -> dict[str, Any]:
        """As results give it."""
        return {
            "limit": self.limit,
            "rule": rule_of(self.limit),
            "year": self.year,
            "allowed": self.allowed,
            "reached": self.reached,
            "kept": self.kept,
        }


def check(problem: Problem, found: Evaluation) -> list[Kept]:
    """Every limit in every year that it concerns."""
    limits, knobs = problem.limits, problem.knobs
    said = [
        _at_most("deficit", year, most, found.deficit(year))
        for year, most in problem.targets.items()
    ]
    rise = limits.rise
    for year, jump in found.jumps.items():
        if rise.yen is not None:
            said.append(_at_most("rise.yen", year, rise.yen, jump.yen))
        if rise.percent is not None:
            said.append(_at_most("rise.percent", year, ppm(rise.percent), jump.ppm))
        said += [
            _at_most(f"protect.{one.household}", year, one.yen, jump.models[one.household])
            for one in limits.protect
        ]
    if limits.benefit_share is not None:
        year, band = limits.target_year, limits.benefit_share
        share = found.shares[year]
        outside = max(Fraction(0), Fraction(band.low) - share, share - Fraction(band.high))
        shown = f"{Decimal(int(share * 10_000)) / 10_000}"
        allowed = f"{band.low}..{band.high}"
        said.append(Kept("benefit_share", year, allowed, shown, not outside, ceil(outside * PPM)))
    for cover in problem.covers.values():
        reached = found.covered[cover.year][cover.part]
        excess = cover.excess(reached)
        said.append(
            Kept(cover.limit, cover.year, _between(cover), str(reached), not excess, excess)
        )
    before = knobs.start
    for year, values in found.path.items():
        if not limits.may_fall:
            fell = max(old - new for old, new in zip(before, values, strict=True))
            said.append(_at_most("may_fall", year, 0, max(0, fell)))
        if knobs.standard is not None:
            above = max(a - b for a, b in zip(values, knobs.standard, strict=True))
            said.append(_at_most("standard", year, 0, max(0, above)))
        before = values
    if knobs.goal and knobs.standard is not None:
        last = found.path[knobs.revisions[-1]]
        away = max(abs(a - b) for a, b in zip(last, knobs.standard, strict=True))
        said.append(_at_most("standard", knobs.revisions[-1], 0, away))
    return said


def _at_most(limit: str, year: int, most: int, reached: int) -> Kept:
    shown: tuple[str, str] = (str(most), str(reached))
    if limit == "rise.percent":
        shown = (_percent(most), _percent(reached))
    return Kept(limit, year, *shown, reached <= most, max(0, reached - most))


def _between(cover: Cover) -> str:
    least, most = ("" if one is None else str(one) for one in (cover.least, cover.most))
    return most if cover.least is None else f"{least}..{most}"


def _percent(value: int) -> str:
    return f"{Decimal(value) / PPM * 100:.2f}%"
