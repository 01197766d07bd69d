"""The closed lists of codes of assessments, with their names for people."""

from __future__ import annotations

from collections.abc import Mapping

from kokuho.base.messages import translator
from kokuho.tables.refusals import CODES

_ = translator("assessment")

CAUSES: Mapping[str, str] = {
    "joined": "joined",
    "left": "left",
    "moved_in": "came from another household",
    "moved_out": "went to another household",
    "head": "the head changed",
    "head_died": "the head died",
    "income": "incomes corrected",
    "declaration": "declaration",
    "birth_date": "birth date corrected",
    "relief": "relief decided",
    "elders": "elders of the household",
    "ordinance": "the ordinance changed",
    "law": "statutory values corrected",
}
"""Why an assessment says something else than the one before (異動事由)."""

LOOKS: Mapping[str, str] = {
    "no_membership": "insured in months in which the person is in no household",
    "no_head_in_month": "months in which the household has no head",
    "no_birth_date": "the birth date is not known",
    "several_decisions": "several decisions of one kind reach into the year",
    "decision_ends": "insured in months after the decision ended",
    "elders_of_other_head": "elders counted under a head who became it after them",
    "increase_too_late": "the law no longer allows the increase",
    "decrease_too_late": "the law no longer allows the decrease",
    "exemption_not_levied": "an exemption of the household without an amount: nothing takes it off",
    "exemption_share": "a share is granted, and the ordinance does not say what it is of "
    "(billing.household_exemption): nothing is taken off",
    "no_due_date": "the first due date of the year is not known",
}
"""What a clerk must look at, beside the refusals of rows (``kokuho.tables.CODES``)."""

STOPS = frozenset({"no_head_in_month", "no_birth_date", "several_decisions", "decision_ends"})
"""Those of :data:`LOOKS` because of which a household is not levied at all."""


def cause_name(code: str) -> str:
    """The name of a cause, in the language of the interface."""
    return _(CAUSES[code])


def look_name(code: str) -> str:
    """What is to be looked at, in the language of the interface."""
    if code in LOOKS:
        return _(LOOKS[code])
    return translator("tables")(CODES[code])
