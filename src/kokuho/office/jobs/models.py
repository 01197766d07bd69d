"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.jobs.runs import Run

__all__ = ["Run"]
