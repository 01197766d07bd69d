"""The search for rates that end the deficit, whom they hit, and fitting rates."""

from kokuho.plan.solve.again import solved_before
from kokuho.plan.solve.limits import LIMITS, Kept
from kokuho.plan.solve.models import model_households
from kokuho.plan.solve.result import Solution
from kokuho.plan.solve.run import solve
from kokuho.plan.solve.standard import Fitting, gap_to_standard
from kokuho.plan.solve.writing import comparison, write_solution

__all__ = [
    "LIMITS",
    "Fitting",
    "Kept",
    "Solution",
    "comparison",
    "gap_to_standard",
    "model_households",
    "solve",
    "solved_before",
    "write_solution",
]
