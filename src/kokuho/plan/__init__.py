"""The fiscal soundness plan: read from paper, checked, followed (赤字削減・解消計画).

The format of the files and every finding is described in ``docs/plan.md``.
"""

from kokuho.plan.amounts import (
    ROWS,
    Base,
    Row,
    Sheet,
    add,
    base_of,
    course,
    cumulative_rates,
    new_increase,
    planned,
    planned_sum,
    rates_of_years,
    remaining,
    share,
    sheets,
)
from kokuho.plan.checks import check_plan
from kokuho.plan.consistency import check_table
from kokuho.plan.files import load_plan, plan_from_yaml, plan_to_yaml
from kokuho.plan.findings import CODES, Finding, answer
from kokuho.plan.form import Form, form_of
from kokuho.plan.form_workbook import form_workbook
from kokuho.plan.model import (
    Actual,
    Advance,
    Amounts,
    CurrentDeficit,
    Declared,
    Document,
    Earlier,
    Insurer,
    Item,
    Measure,
    Note,
    Occurrence,
    Period,
    PerPerson,
    Plan,
    PlanYear,
    Policy,
    Rates,
)
from kokuho.plan.progress import ProgressRow, progress_data, progress_of
from kokuho.plan.reading import PlanRead, read_plan, resolve

__all__ = [
    "CODES",
    "ROWS",
    "Actual",
    "Advance",
    "Amounts",
    "Base",
    "CurrentDeficit",
    "Declared",
    "Document",
    "Earlier",
    "Finding",
    "Form",
    "Insurer",
    "Item",
    "Measure",
    "Note",
    "Occurrence",
    "PerPerson",
    "Period",
    "Plan",
    "PlanRead",
    "PlanYear",
    "Policy",
    "ProgressRow",
    "Rates",
    "Row",
    "Sheet",
    "add",
    "answer",
    "base_of",
    "check_plan",
    "check_table",
    "course",
    "cumulative_rates",
    "form_of",
    "form_workbook",
    "load_plan",
    "new_increase",
    "plan_from_yaml",
    "plan_to_yaml",
    "planned",
    "planned_sum",
    "progress_data",
    "progress_of",
    "rates_of_years",
    "read_plan",
    "remaining",
    "resolve",
    "share",
    "sheets",
]
