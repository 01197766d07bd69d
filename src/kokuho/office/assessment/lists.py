"""Decisions and what waits for a clerk, as lists for people and machines."""

from __future__ import annotations

from typing import Any

from kokuho.office.assessment import codes
from kokuho.office.assessment.amounts import NAMES
from kokuho.office.assessment.decisions import LevyDecision, Pending
from kokuho.office.register import codes as register_codes
from kokuho.office.register.models import Assessment


def decisions(household: str = "", fiscal_year: int | None = None) -> list[dict[str, Any]]:
    """The decisions in order, with the amounts before and after in yen."""
    rows = LevyDecision.objects.select_related("household", "payer", "former", "assessment")
    if household:
        rows = rows.filter(household__household_number=household)
    if fiscal_year is not None:
        rows = rows.filter(fiscal_year=fiscal_year)
    return [
        {
            "id": one.pk,
            "assessment": one.assessment_id,
            "former": one.former_id,
            "household": one.household.household_number,
            "payer": one.payer.address_number,
            "fiscal_year": one.fiscal_year,
            "decided_on": one.decided_on.isoformat(),
            "reason": one.reason,
            "reason_text": register_codes.label(register_codes.ASSESSMENTS, one.reason),
            "causes": [cause | {"text": codes.cause_name(cause["cause"])} for cause in one.causes],
            "before": _amounts(one.former),
            "after": _amounts(one.assessment),
            "difference": one.after - one.before,
        }
        for one in rows.order_by("pk")
    ]


def pending(fiscal_year: int | None = None) -> list[dict[str, Any]]:
    """What waits for a clerk, by year and household."""
    rows = Pending.objects.select_related("household")
    if fiscal_year is not None:
        rows = rows.filter(fiscal_year=fiscal_year)
    return [
        {
            "fiscal_year": one.fiscal_year,
            "household": one.household.household_number if one.household else None,
            "person": one.person or None,
            "field": one.field or None,
            "value": one.value,
            "code": one.code,
            "text": codes.look_name(one.code),
            "expected": one.expected,
        }
        for one in rows.order_by("fiscal_year", "household__household_number", "pk")
    ]


def _amounts(assessment: Assessment | None) -> dict[str, int | None] | None:
    if assessment is None:
        return None
    return {name: getattr(assessment, name) for name in NAMES}
