"""The explanation of one household's levy on one A4 page, to hand over the counter (賦課の説明)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kokuho.base.calendar import parse_date
from kokuho.base.errors import FormError
from kokuho.base.messages import translator
from kokuho.forms.render import render_pdf

_ = translator("forms")

REQUIRED = (
    "insurer",
    "fiscal_year_name",
    "household_id",
    "made_on",
    "lines",
    "parts",
    "reduction_text",
    "total",
    "notes",
)
"""What the page shows of an explanation; its other keys are for readers of the JSON."""


def explanation_pdf(explanation: Mapping[str, Any]) -> bytes:
    """The page for an explanation as ``kokuho levy explain --format json`` gives it.

    One A4 page for a household of up to eight members: the more lines there are, the smaller the
    type. A household that does not fit goes on to a second page; nothing is left out. The figures
    are shown as given.

    Args:
        explanation: amounts in yen; ``made_on`` is the day printed on the page, in any form that
            :func:`kokuho.base.calendar.parse_date` reads.

    Raises:
        FormError: something that the page shows is missing, or it cannot be rendered.
    """
    missing = [key for key in REQUIRED if key not in explanation]
    if missing:
        raise FormError(
            _("The explanation cannot be printed: it has no {keys}.").format(
                keys=", ".join(missing)
            )
        )
    made_on = str(explanation["made_on"])
    try:
        day = parse_date(made_on)
    except ValueError as error:
        raise FormError(
            _("The explanation cannot be printed: {text} is not a date.").format(text=made_on)
        ) from error
    return render_pdf("explanation", explanation, made_on=day.earliest())
