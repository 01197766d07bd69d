"""What a judgement stands on: grounds with the facts used, and decisions that persons made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kokuho.base.calendar import era_date
from kokuho.base.messages import language, translator

_ = translator("billing")

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _mark(message: str) -> str:
    """Mark a message for the catalogue; it is translated when it is used."""
    return message


N_ = _mark

TEXTS: Mapping[str, str] = {
    # Prepayment (前納).
    "not_adopted": N_("the ordinance has not adopted prepayment for {year}"),
    "registered": N_("the head {head} was registered in Japan on {day} ({evidence})"),
    "not_registered": N_("the head {head} was registered nowhere in Japan on {day} ({evidence})"),
    "registration_unknown": N_(
        "it is not known whether the head {head} was registered in Japan on {day} ({evidence})"
    ),
    "first_year": N_("{year} is the first levy year that the test is met for (arrived {arrived})"),
    "second_year_subject": N_(
        "{year} is the second levy year after the arrival on {arrived}; the ordinance asks for it "
        "too"
    ),
    "second_year_not_subject": N_(
        "{year} is the second levy year after the arrival on {arrived}; the ordinance asks for the "
        "first alone"
    ),
    "arrival_unknown": N_(
        "the day on which the head {head} became a resident is not known; it decides whether "
        "{year} is the second levy year"
    ),
    "head_changed": N_("the head changed within the year and the two heads differ: {heads}"),
    "special_circumstance": N_(
        "special circumstance {code} ({text}): {reason}; decided by {person} on {day}"
    ),
    "ruled": N_("decided by {person} on {day}: {reason}"),
    # Collection from a pension (特別徴収).
    "head_insured": N_("the head is insured"),
    "head_age": N_("the head has reached {youngest} and not yet {oldest} (born {born})"),
    "year_of_75": N_("the head does not become {oldest} within the year (born {born})"),
    "members_age": N_("every insured member has reached {youngest} (youngest born {born})"),
    "minimum_pension": N_("the pension of a year is {least} yen or more ({pension})"),
    "care_from_pension": N_("the nursing-care premium is collected from the pension"),
    "half_of_pension": N_(
        "both together ({together}) are not more than half of one payment ({payment})"
    ),
    "ordinary_instead": N_("ordinary collection by decision of {person} on {day}: {reason}"),
}
"""Every ground by its code; a closed list. What stands in braces are the facts used."""

UNKNOWN = N_("not known")


@dataclass(frozen=True)
class Ground:
    """One ground of a judgement: a statement, and whether it holds.

    Attributes:
        code: one of :data:`TEXTS`.
        holds: whether the statement holds; None if that is not known.
        facts: what was used, in the order of the text.
    """

    code: str
    holds: bool | None
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The ground in words, in the language of the interface; days by its calendar."""
        return _(TEXTS[self.code]).format(**{name: _shown(fact) for name, fact in self.facts})

    def as_dict(self) -> dict[str, object]:
        """The ground for JSON."""
        return {"code": self.code, "holds": self.holds, "facts": dict(self.facts)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Ground:
        """The ground that :meth:`as_dict` gave."""
        return cls(str(data["code"]), data["holds"], tuple(data["facts"].items()))


def _shown(fact: str) -> str:
    if language() == "ja" and _ISO_DATE.fullmatch(fact):
        return era_date(date.fromisoformat(fact))
    return fact


@dataclass(frozen=True)
class Decision:
    """What a person decided: a code where the ordinance has a list, why, who and when."""

    reason: str
    person: str
    day: date
    code: str | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip() or not self.person.strip():
            raise ValueError("a decision has a reason and the person who made it")


def ground(code: str, holds: bool | None, /, **facts: object) -> Ground:
    """A ground with its facts; a fact that is None is one that is not known."""
    unknown = _(UNKNOWN)
    shown = tuple((name, unknown if fact is None else str(fact)) for name, fact in facts.items())
    return Ground(code, holds, shown)
