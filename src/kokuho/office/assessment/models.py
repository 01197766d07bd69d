"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.assessment.decisions import LevyDecision, Pending
from kokuho.office.assessment.succession import Succession

__all__ = ["LevyDecision", "Pending", "Succession"]
