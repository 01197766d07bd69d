"""Django looks for models here; they live in the modules of this package."""

from kokuho.office.register.assessments import Assessment, Document
from kokuho.office.register.benefits import BenefitEvent
from kokuho.office.register.decisions import HouseholdDecision, PersonDecision
from kokuho.office.register.enrolments import Enrolment, OtherCover
from kokuho.office.register.households import Elders, Headship, Household, Membership
from kokuho.office.register.incomes import Declaration, Income
from kokuho.office.register.insurers import Insurer
from kokuho.office.register.recordings import Recording
from kokuho.office.register.residents import (
    Handling,
    Identity,
    Residence,
    ResidenceCard,
    Resident,
    Stay,
)

__all__ = [
    "Assessment",
    "BenefitEvent",
    "Declaration",
    "Document",
    "Elders",
    "Enrolment",
    "Handling",
    "Headship",
    "Household",
    "HouseholdDecision",
    "Identity",
    "Income",
    "Insurer",
    "Membership",
    "OtherCover",
    "PersonDecision",
    "Recording",
    "Residence",
    "ResidenceCard",
    "Resident",
    "Stay",
]
