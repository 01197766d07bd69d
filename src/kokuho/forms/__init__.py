"""Papers for people: Typst templates, typefaces, rendering to PDF.

Every figure on a paper is given by the room that computed it; nothing is computed here.
"""

from kokuho.forms.charts import chart_svg
from kokuho.forms.council_paper import council_paper_pdf
from kokuho.forms.explanation import explanation_pdf
from kokuho.forms.render import TEMPLATES, render_pdf
from kokuho.forms.typefaces import fonts

__all__ = [
    "TEMPLATES",
    "chart_svg",
    "council_paper_pdf",
    "explanation_pdf",
    "fonts",
    "render_pdf",
]
