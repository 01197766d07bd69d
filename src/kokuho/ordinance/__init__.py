"""One municipality's choices for the levy, as data: the ordinance (条例) of each fiscal year.

>>> from kokuho.ordinance import find
>>> find("小金井市").year(2026).parts["medical"].income_ppm
67400

The format of the files is described in ``docs/ordinance.md``; the law that binds them lives in
:mod:`kokuho.law`.
"""

from kokuho.ordinance.billing import (
    Billing,
    FirstPensionYear,
    OutOfTerm,
    PensionCollection,
    Provisional,
)
from kokuho.ordinance.collection import AllocationChoices, Collection, InterestChoices
from kokuho.ordinance.due_rule import DueRule
from kokuho.ordinance.findings import Finding
from kokuho.ordinance.loading import examine, find, load, shipped, shipped_files
from kokuho.ordinance.model import (
    Exemption,
    Insurer,
    Ordinance,
    OrdinanceYear,
    Part,
    Term,
    YearEntry,
)
from kokuho.ordinance.prepayment import Prepayment, SpecialCircumstance
from kokuho.ordinance.rounding import Months, Rounding
from kokuho.ordinance.schema import json_schema
from kokuho.ordinance.values import PART_NAMES

__all__ = [
    "PART_NAMES",
    "AllocationChoices",
    "Billing",
    "Collection",
    "DueRule",
    "Exemption",
    "Finding",
    "FirstPensionYear",
    "Insurer",
    "InterestChoices",
    "Months",
    "Ordinance",
    "OrdinanceYear",
    "OutOfTerm",
    "Part",
    "PensionCollection",
    "Prepayment",
    "Provisional",
    "Rounding",
    "SpecialCircumstance",
    "Term",
    "YearEntry",
    "examine",
    "find",
    "json_schema",
    "load",
    "shipped",
    "shipped_files",
]
