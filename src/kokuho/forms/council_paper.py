"""The council paper (運営協議会資料): sections of text, tables and charts, as a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kokuho.base.errors import FormError
from kokuho.base.messages import translator
from kokuho.forms.charts import chart_svg
from kokuho.forms.render import render_pdf

_ = translator("forms")

PAPER_KEYS = (
    "title",
    "kind",
    "draft",
    "insurer",
    "made_on",
    "fictional",
    "about",
    "main",
    "warnings",
    "words",
    "sections",
)
"""What the paper shows; ``fictional``, ``about`` and ``main`` may be empty."""


def council_paper_pdf(paper: Mapping[str, Any], *, made_on: date) -> bytes:
    """The paper for data as :func:`kokuho.plan.paper.compose` gives it.

    Words and figures are shown as given; a chart without picture (``svg``) is drawn here. Each has
    its text alternative.

    Raises:
        FormError: something that the paper shows is missing, or it cannot be rendered.
    """
    missing = [key for key in PAPER_KEYS if key not in paper]
    if missing:
        raise FormError(
            _("The council paper cannot be printed: it has no {keys}.").format(
                keys=", ".join(missing)
            )
        )
    sections = [
        {**section, "blocks": [_drawn(block) for block in section["blocks"]]}
        for section in paper["sections"]
    ]
    return render_pdf("council_paper", {**paper, "sections": sections}, made_on=made_on)


def _drawn(block: Mapping[str, Any]) -> Mapping[str, Any]:
    if block["type"] != "chart" or "svg" in block:
        return block
    return {**block, "svg": chart_svg(block)}
