"""Reliefs that were decided for a person (減免・軽減の決定), as the persons file has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kokuho.base.calendar import first_day_of_year, last_day_of_year
from kokuho.levy.months import month_index, months_from
from kokuho.office.register.models import PersonDecision


@dataclass(frozen=True)
class Doubt:
    """A decision that the levy cannot take as it is: which column, and the code of why."""

    column: str
    value: str
    code: str


def columns(
    decisions: Sequence[PersonDecision], fiscal_year: int, mask: int
) -> tuple[dict[str, Any], list[Doubt]]:
    """The columns of the persons file, and what a clerk must look at.

    Args:
        decisions: all that are known of the person and begin up to the end of the year.
        mask: the months in which the person is insured.
    """
    made: dict[str, Any] = {}
    doubts: list[Doubt] = []
    for kind, (column, reaches, several) in _KINDS.items():
        ours = [d for d in decisions if d.kind == kind and reaches(d, fiscal_year)]
        if not ours:
            continue
        decision = ours[0]
        if len(ours) > 1 and not several:
            doubts.append(Doubt(column, _listed(ours), "several_decisions"))
        elif early := [d for d in _ending(ours) if _ends_too_early(d, fiscal_year, mask)]:
            doubts.append(Doubt(column, str(early[0].valid_to), "decision_ends"))
        else:
            made |= _made(decision, column)
    return made, doubts


def _made(decision: PersonDecision, column: str) -> Mapping[str, Any]:
    if decision.kind == "per_capita_exemption":
        return {column: decision.share_ppm or 0}
    if decision.kind == "maternity":
        return {column: decision.valid_from, "maternity_months": decision.months or 0}
    return {column: decision.valid_from}


def _listed(decisions: Sequence[PersonDecision]) -> str:
    return ", ".join(str(decision.valid_from) for decision in decisions)


def _ending(decisions: Sequence[PersonDecision]) -> list[PersonDecision]:
    """Those that no other follows on the day on which they end."""
    begins = {decision.valid_from for decision in decisions}
    return [decision for decision in decisions if decision.valid_to not in begins]


def _ends_too_early(decision: PersonDecision, fiscal_year: int, mask: int) -> bool:
    """Whether the person is insured after the decision ended: a levy has only its beginning."""
    if decision.kind == "maternity" or decision.valid_to is None:
        return False
    return bool(months_from(month_index(decision.valid_to, fiscal_year)) & mask)


def _involuntary(decision: PersonDecision, fiscal_year: int) -> bool:
    """To the end of the fiscal year after the one in which it begins."""
    return decision.valid_from >= first_day_of_year(fiscal_year - 1) and _not_over(
        decision, fiscal_year
    )


def _maternity(decision: PersonDecision, fiscal_year: int) -> bool:
    return month_index(decision.valid_from, fiscal_year) + (decision.months or 0) > 0


def _not_over(decision: PersonDecision, fiscal_year: int) -> bool:
    end: date | None = decision.valid_to
    return (end is None or end > first_day_of_year(fiscal_year)) and (
        decision.valid_from <= last_day_of_year(fiscal_year)
    )


_KINDS: Mapping[str, tuple[str, Callable[[PersonDecision, int], bool], bool]] = {
    # the first of several reaches as far as all of them together: to the end of the year
    "involuntary_unemployment": ("involuntary_unemployment_from", _involuntary, True),
    "maternity": ("maternity_from", _maternity, False),
    "former_dependant": ("former_dependant_from", _not_over, False),
    "per_capita_exemption": ("per_capita_exemption", _not_over, False),
}
"""Kind: column, whether a decision reaches into a year, whether the first of several may stand."""
