"""The explanation of a worked case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kokuho.levy.case_form import Case
from kokuho.levy.cases import levy_case, ordinance_of
from kokuho.levy.explain import Explanation, explain
from kokuho.ordinance import Insurer, shipped

_UNSAID = "計算例には保険税か保険料かの別がないため、保険税として根拠を示しています。"


def explain_case(case: Case, municipality: str, *, made_on: date) -> Explanation:
    """Explain the levy of a case under its own ordinance, named after its municipality.

    A case does not say whether it is of a tax (保険税) or a premium (保険料), whose articles
    differ; the shipped ordinance of the municipality does. Without one, a note says what was
    assumed.
    """
    kinds = {known.insurer.name: known.insurer.kind for known in shipped()}
    ordinance = ordinance_of(case)
    told = {"name": municipality, "kind": kinds.get(municipality, ordinance.insurer.kind)}
    named = Insurer.model_validate(ordinance.insurer.model_dump() | told)
    explanation = explain(
        levy_case(case), case.id, ordinance.model_copy(update={"insurer": named}), made_on=made_on
    )
    if municipality in kinds:
        return explanation
    return replace(explanation, notes=(*explanation.notes, _UNSAID))
