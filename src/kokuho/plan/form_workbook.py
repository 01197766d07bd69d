"""The workbook of a plan: its form, the progress sheet where it is wanted, and the plan itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kokuho.plan.data_sheet import data_page
from kokuho.plan.form import Form
from kokuho.plan.form_sheets import form_pages
from kokuho.plan.indicators import IndicatorRow
from kokuho.plan.measures_sheet import measures_page
from kokuho.plan.model import Plan
from kokuho.plan.progress_sheet import progress_page


def form_workbook(
    plan: Plan,
    form: Form,
    progress: bool = False,
    measures: tuple[Sequence[IndicatorRow], date] | None = None,
) -> list[dict[str, Any]]:
    """The worksheets as data for the room that writes workbooks; ``form`` is that of the plan.

    ``measures``, the rows of the plan's measures and the day of their figures, add their sheet.
    """
    pages, places = form_pages(form)
    if progress:
        pages.append(progress_page(plan, places))
    if measures:
        pages.append(measures_page(plan, *measures))
    return [page.as_dict() for page in (*pages, data_page(plan))]
