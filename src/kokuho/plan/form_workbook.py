"""The workbook of a plan: its form, the progress sheet where it is wanted, and the plan itself."""

from __future__ import annotations

from typing import Any

from kokuho.plan.data_sheet import data_page
from kokuho.plan.form import Form
from kokuho.plan.form_sheets import form_pages
from kokuho.plan.model import Plan
from kokuho.plan.progress_sheet import progress_page


def form_workbook(plan: Plan, form: Form, progress: bool = False) -> list[dict[str, Any]]:
    """The worksheets as data for the room that writes workbooks; ``form`` is that of the plan."""
    pages, places = form_pages(form)
    if progress:
        pages.append(progress_page(plan, places))
    return [page.as_dict() for page in (*pages, data_page(plan))]
