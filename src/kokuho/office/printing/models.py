"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.printing.record import Planned, Printed, Served

__all__ = ["Planned", "Printed", "Served"]
