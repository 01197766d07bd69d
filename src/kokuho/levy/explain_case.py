"""The explanation of a worked case."""

from __future__ import annotations

from datetime import date

from kokuho.levy.cases import Case, levy_case, ordinance_of
from kokuho.levy.explain import Explanation, explain
from kokuho.ordinance import Insurer


def explain_case(case: Case, municipality: str, *, made_on: date) -> Explanation:
    """Explain the levy of a case under its own ordinance, named after its municipality."""
    ordinance = ordinance_of(case)
    named = Insurer.model_validate(ordinance.insurer.model_dump() | {"name": municipality})
    return explain(
        levy_case(case), case.id, ordinance.model_copy(update={"insurer": named}), made_on=made_on
    )
