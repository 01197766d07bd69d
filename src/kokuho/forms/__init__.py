"""Papers for people: Typst templates, typefaces, rendering to PDF; worksheets for offices.

Every figure on a paper is given by the room that computed it; nothing is computed here.
"""

from kokuho.forms.charts import chart_svg
from kokuho.forms.council_paper import council_paper_pdf
from kokuho.forms.explanation import explanation_pdf
from kokuho.forms.plan_form import plan_collection_pdf, plan_form_pdf
from kokuho.forms.render import TEMPLATES, render_pdf
from kokuho.forms.typefaces import fonts
from kokuho.forms.workbook import workbook_bytes

__all__ = [
    "TEMPLATES",
    "chart_svg",
    "council_paper_pdf",
    "explanation_pdf",
    "fonts",
    "plan_collection_pdf",
    "plan_form_pdf",
    "render_pdf",
    "workbook_bytes",
]
