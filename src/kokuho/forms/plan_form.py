"""The official form of a fiscal plan as PDF, its progress sheet, a prefecture's table of plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kokuho.forms.render import render_pdf


def plan_form_pdf(form: Mapping[str, Any], progress: Mapping[str, Any] | None = None) -> bytes:
    """The form (国保財政健全化計画書) as ``Form.as_dict`` of the plan room gives it.

    One A4 page a sheet of six years; the more text there is, the smaller the type, and a sheet that
    still does not fit runs on to another page. ``progress`` adds the progress sheet behind them.

    Raises:
        FormError: it cannot be rendered.
    """
    data = form if progress is None else {**form, "progress": progress}
    return render_pdf("plan_form", data)


def plan_collection_pdf(table: Mapping[str, Any]) -> bytes:
    """A prefecture's table of plans, A4 landscape, as ``as_data`` of the plan room gives it.

    Raises:
        FormError: it cannot be rendered.
    """
    return render_pdf("plan_collection", table)
