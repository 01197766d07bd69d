"""What a search for rates may turn: the rates of each part, in the steps in which they are printed.

A *path of knobs* gives every revision year a whole number for each knob (millionths, yen).
18歳以上均等割 follows the per-capita amount of the child part in the proportion of the base year:
it spreads what the children's share costs over the adults.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kokuho.base.errors import PlanError
from kokuho.base.messages import translator
from kokuho.plan.scenario.limits import Limits, Standard
from kokuho.plan.scenario.rates import RatePath, Vector, vector_of_set

_ = translator("forecast")

Values = tuple[int, ...]
"""The value of every knob, in their order."""

_INCOME = "income"
_ADULT, _CHILD = "rate_child_per_capita_adult", "rate_child_per_capita"


@dataclass(frozen=True)
class Knob:
    """One rate that may change: its part, the levy's name of the field, and its step."""

    part: str
    field: str
    step: int

    @property
    def name(self) -> str:
        """The levy's column."""
        return f"rate_{self.part}_{self.field}"

    @property
    def benefit(self) -> bool:
        """Whether it is 応益 (per head or household), not 応能 (by income)."""
        return self.field != _INCOME


class Knobs:
    """The knobs of a search, and the way from their values to rates."""

    def __init__(self, base: Vector, limits: Limits, standard: Standard | None) -> None:
        self.base = dict(base)
        self.knobs = tuple(_knobs(base, limits))
        self.revisions = limits.revisions()
        self.standard: Values | None = None
        self.may_fall = limits.may_fall
        self.goal = standard is not None and standard.use == "goal"
        if standard is not None and standard.use != "to_compare":
            self.standard = self._standard(standard)

    def __len__(self) -> int:
        return len(self.knobs)

    @property
    def start(self) -> Values:
        """The rates of the base year."""
        return tuple(self.base[knob.name] for knob in self.knobs)

    @property
    def adults_ratio(self) -> float:
        """18歳以上均等割 as a share of the child part's per-capita amount, as in the base year."""
        child = self.base.get(_CHILD)
        return self.base[_ADULT] / child if child else 0.0

    def vector(self, values: Sequence[int]) -> dict[str, int]:
        """The rates that the values stand for."""
        vector = self.base | {
            knob.name: value for knob, value in zip(self.knobs, values, strict=True)
        }
        if self.base.get(_CHILD):
            vector[_ADULT] = vector[_CHILD] * self.base[_ADULT] // self.base[_CHILD]
        return vector

    def rate_path(self, path: Mapping[int, Values], years: Sequence[int]) -> RatePath:
        """The rates of all years: those of a revision hold until the next one."""
        vectors, current = {}, dict(self.base)
        for year in years:
            if year in path:
                current = self.vector(path[year])
            vectors[year] = current
        return RatePath(vectors)

    def revision_of(self, year: int) -> int | None:
        """The revision whose rates hold in a year; None before the first one."""
        before = [revision for revision in self.revisions if revision <= year]
        return before[-1] if before else None

    def _standard(self, standard: Standard) -> Values:
        stated: dict[str, int] = {}
        for part, rates in standard.parts.items():
            stated |= vector_of_set(part, rates)
        missing = [knob.name for knob in self.knobs if knob.name not in stated]
        if missing:
            raise PlanError(
                _("standard.parts states no value for {names}").format(names=", ".join(missing))
            )
        if not self.goal:
            # a rate that is above its standard already stays, and rises no further
            return tuple(max(stated[knob.name], self.base[knob.name]) for knob in self.knobs)
        falling = [knob.name for knob in self.knobs if stated[knob.name] < self.base[knob.name]]
        if falling and not self.may_fall:
            raise PlanError(
                _("standard rates as goal are below those held, and may_fall is not set: {names}")
                .format(names=", ".join(falling))
            )  # fmt: skip
        return tuple(stated[knob.name] for knob in self.knobs)


def _knobs(base: Vector, limits: Limits) -> list[Knob]:
    knobs = []
    for part in limits.parts:
        if f"rate_{part}_{_INCOME}" not in base:
            continue
        steps = limits.steps.of(part)
        income_step = int(steps.income_rate * 1_000_000)
        for field in ("income", "per_capita", "per_household"):
            if field == "per_household" and not base[f"rate_{part}_{field}"]:
                continue
            knobs.append(Knob(part, field, income_step if field == _INCOME else steps.amount))
    if not knobs:
        raise PlanError(_("limits.parts leaves no rate that may change"))
    return knobs
