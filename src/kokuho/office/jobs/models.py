"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.jobs.runs import Run
from kokuho.office.jobs.staging import Staged

__all__ = ["Run", "Staged"]
