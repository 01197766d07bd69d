"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.billing.decisions import PrepaymentDecision
from kokuho.office.billing.departures import Departure
from kokuho.office.billing.pensions import DirectDebit, PensionNotice
from kokuho.office.billing.schedules import Instalment, Schedule

__all__ = [
    "Departure",
    "DirectDebit",
    "Instalment",
    "PensionNotice",
    "PrepaymentDecision",
    "Schedule",
]
