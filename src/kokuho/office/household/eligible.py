"""Whether a member may be insured on the day of the view: what the decision table says, as a hint.

It decides nothing. What the register does not keep (a certificate of an agreement, documents of a
longer stay) is unknown; of an insured person the office found at the acquisition that nothing else
covers them, and that is taken to go on until the register knows of another cover.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from kokuho.base.errors import LawError
from kokuho.law.decision import table
from kokuho.law.eligibility import Situation, eligibility
from kokuho.office.register.models import Enrolment, Identity, OtherCover, Residence, Stay

_COVER_BY_LOSS: Mapping[str, str] = {
    "joined_employees": "employees",
    "joined_union": "union",
    "assistance_began": "assistance",
    "elders_disability": "elders",
    "aged_75": "elders",
}
"""What covers a person from the loss of NHI on, by the reason of the loss."""


@dataclass(frozen=True)
class Known:
    """What the register says of a person on a day; ``before`` is the last enrolment that ended."""

    identity: Identity | None
    residence: Residence | None
    stay: Stay | None
    enrolment: Enrolment | None
    before: Enrolment | None
    cover: OtherCover | None


@dataclass(frozen=True)
class Hint:
    """``insured``, ``not_insured`` or ``look``, with the reason and its article.

    ``odd`` says that it is not what the enrolment says: a clerk should look at it.
    """

    answer: str
    reason: str
    article: str
    odd: bool


def hint(known: Known, day: date) -> Hint | None:
    """What the table says; nothing for a day of which the law is not known."""
    try:
        verdict = eligibility(_situation(known, day), day)
    except LawError:
        return None
    insured = known.enrolment is not None
    odd = verdict.answer == ("not_insured" if insured else "insured")
    return Hint(verdict.answer, verdict.row.reason, verdict.row.article, odd)


def _situation(known: Known, day: date) -> Situation:
    who, stay, insured = known.identity, known.stay, known.enrolment is not None
    return Situation(
        birth_date=who.birth_date if who else None,
        cover=_cover(known),
        address=_address(known),
        nationality=who.nationality if who else "",
        resident_class=stay.kind or None if stay else None,
        status=stay.status or None if stay else None,
        designation=stay.designation or "unknown" if stay else "unknown",
        period_from=stay.period_from if stay else None,
        period_to=stay.period_to if stay else None,
        extension_applied=_applied(stay),
        insured_before=insured,
        agreement="none" if insured else "unknown",
    )


def _cover(known: Known) -> str:
    if known.cover is not None:
        kinds = table("eligibility").facts["cover"]
        return known.cover.kind if known.cover.kind in kinds else "other"
    if known.enrolment is not None:
        return "none"
    return _COVER_BY_LOSS.get(known.before.loss_reason, "unknown") if known.before else "unknown"


def _address(known: Known) -> str:
    here = known.residence is not None
    if known.enrolment is not None and known.enrolment.special_address:
        return "special_here" if here else "special_elsewhere"
    return "here" if here else "elsewhere"


def _applied(stay: Stay | None) -> bool | None:
    """An application in time; whether there is none at all the register cannot tell."""
    if stay is None or stay.extension_applied_on is None or stay.period_to is None:
        return None
    return True if stay.extension_applied_on <= stay.period_to else None
