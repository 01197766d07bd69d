"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.bureau.case import Case, StepRow

__all__ = ["Case", "StepRow"]
