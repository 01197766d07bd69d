"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.arrears.act import ActRow

__all__ = ["ActRow"]
