"""Statutory law (法令) as dated data: every number with its article, source and certainty."""

from kokuho.law.decision import Row, Table, table
from kokuho.law.eligibility import Situation, Verdict, eligibility
from kokuho.law.interest import InterestRates, interest_rates
from kokuho.law.model import (
    CERTAINTIES,
    Article,
    DatedValue,
    Parameter,
    Rule,
    certainty_label,
)
from kokuho.law.registry import forget_extra, load_extra, parameter, parameters
from kokuho.law.text import value_data, value_text
from kokuho.law.texts import LegalText, legal_text
from kokuho.law.values import UNITS, Band, Bracket, Value
from kokuho.law.workdays import holiday_name, is_closed, open_day
from kokuho.law.year import PARTS, Ages, Judgement, LawYear, for_fiscal_year, held, rule

__all__ = [
    "CERTAINTIES",
    "PARTS",
    "UNITS",
    "Ages",
    "Article",
    "Band",
    "Bracket",
    "DatedValue",
    "InterestRates",
    "Judgement",
    "LawYear",
    "LegalText",
    "Parameter",
    "Row",
    "Rule",
    "Situation",
    "Table",
    "Value",
    "Verdict",
    "certainty_label",
    "eligibility",
    "for_fiscal_year",
    "forget_extra",
    "held",
    "holiday_name",
    "interest_rates",
    "is_closed",
    "legal_text",
    "load_extra",
    "open_day",
    "parameter",
    "parameters",
    "rule",
    "table",
    "value_data",
    "value_text",
]
