"""The plan itself, kept in a hidden worksheet (データ) beside its form.

The form prints less than a plan holds: settlements, earlier versions, days of measures, notes. With
this sheet a workbook comes back as the same plan; without it, it is read as a form filled by hand.
"""

from __future__ import annotations

from kokuho.base.messages import translator
from kokuho.plan.files import plan_from_yaml, plan_to_yaml
from kokuho.plan.model import Plan
from kokuho.plan.pages import Page

_ = translator("plan_form")

NAME = "データ"

_MARK = "kokuho-plan-form/1"
"""Stands above the plan; the first line is for people."""


def data_page(plan: Plan) -> Page:
    """The worksheet that keeps a plan, one line of its file a row."""
    said = _("Kokuho needs this sheet to read the form back; please leave it as it is.")
    lines = [said, _MARK, *plan_to_yaml(plan).splitlines()]
    page = Page(NAME, (110,), hidden=True)
    for row, line in enumerate(lines):
        page.put(row, 0, line, "data")
    return page


def kept_plan(lines: list[str], source: str) -> Plan | None:
    """The plan in the lines of the worksheet; None if they are something else.

    Raises:
        PlanError: the sheet was changed and is no plan any more; the message names it.
    """
    if len(lines) < 2 or lines[1].strip() != _MARK:
        return None
    return plan_from_yaml("\n".join(lines[2:]), f"{source}, {NAME}")
