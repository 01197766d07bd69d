"""The notice of an assessment, with its explanation on the page after it (賦課決定の通知書)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kokuho.base.errors import FormError
from kokuho.base.messages import translator
from kokuho.forms.render import render_pdf

_ = translator("forms")

REQUIRED = (
    "title",
    "number",
    "issued_on",
    "issuer",
    "addressee",
    "opening",
    "facts",
    "parts",
    "note_to_amounts",
    "causes",
    "persons",
    "owed",
    "instalments",
    "payment",
    "heirs",
    "basis",
    "late",
    "redress",
    "contact",
)
"""What the page shows; ``explanation`` is the page after it, where there is one."""


def notice_pdf(notice: Mapping[str, Any], *, made_on: date) -> bytes:
    """The paper for a notice as the office composes it (docs/assessment.md).

    No official layout is public: the paper says that it is a form of ours (参考様式), and leaves
    the seal, and whatever else is the insurer's, to the insurer.

    Args:
        notice: texts as they are printed, amounts in yen.
        made_on: the day of issue, kept in the PDF's metadata.

    Raises:
        FormError: something that the page shows is missing, above all the instruction on remedies
            (教示): a notice without it is not made; or the page cannot be rendered.
    """
    missing = [key for key in REQUIRED if key not in notice]
    if missing:
        raise FormError(
            _("The notice cannot be printed: it has no {keys}.").format(keys=", ".join(missing))
        )
    if not notice["redress"] or not all(text.strip() for text in notice["redress"]):
        raise FormError(
            _("The notice cannot be printed: it does not say where to turn against it (教示).")
        )
    return render_pdf("notice", notice, made_on=made_on)
