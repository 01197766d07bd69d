"""The search for rates that end the deficit, whom they hit, and fitting rates."""

from kokuho.plan.solve.limits import LIMITS
from kokuho.plan.solve.models import model_households
from kokuho.plan.solve.run import Solution, solve
from kokuho.plan.solve.standard import Fitting, gap_to_standard
from kokuho.plan.solve.writing import comparison, write_solution

__all__ = [
    "LIMITS",
    "Fitting",
    "Solution",
    "comparison",
    "gap_to_standard",
    "model_households",
    "solve",
    "write_solution",
]
