"""What a search for rates gives, however it was come by."""

from __future__ import annotations

from dataclasses import dataclass

from kokuho.plan.solve.binding import Binding
from kokuho.plan.solve.limits import Kept
from kokuho.plan.solve.problem import Evaluation, Path, Problem


@dataclass(frozen=True)
class Solution:
    """What a search for rates gives.

    ``proof`` is the exact evaluation of the rates as printed, ``kept`` every limit looked at on it,
    ``levied`` how many times the whole city was levied. Without a feasible path the one that
    leaves the least deficit within the limits stands here.
    """

    problem: Problem
    feasible: bool
    proof: Evaluation
    kept: tuple[Kept, ...]
    binding: tuple[Binding, ...]
    levied: int

    @property
    def final_deficit(self) -> int:
        """The deficit of the target year in yen."""
        return self.proof.deficit(self.problem.limits.target_year)

    @property
    def path(self) -> Path:
        """The knob values of each revision."""
        return self.proof.path
