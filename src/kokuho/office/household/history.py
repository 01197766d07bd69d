"""The history of a household on the axis of knowledge: what was recorded when, by whom, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from kokuho.base.countries import country_name
from kokuho.base.messages import translator
from kokuho.levy.columns import DECLARED
from kokuho.office.household.dates import wareki
from kokuho.office.household.glance import Glance, amounts_of
from kokuho.office.household.languages import language_name
from kokuho.office.register import codes
from kokuho.office.register.models import (
    Assessment,
    Declaration,
    Elders,
    Enrolment,
    Handling,
    Headship,
    HouseholdDecision,
    Identity,
    Income,
    Membership,
    OtherCover,
    PersonDecision,
    Recording,
    Residence,
    ResidenceCard,
    Stay,
)
from kokuho.office.store.versions import Version, end_of

_ = translator("web")

TABLES: Mapping[type[Version], str] = {
    Identity: "names",
    Residence: "residence",
    Stay: "status of residence",
    ResidenceCard: "residence card",
    Handling: "handling",
    Membership: "member",
    Headship: "head",
    Elders: "elders",
    Enrolment: "enrolment",
    OtherCover: "other cover",
    Income: "incomes",
    Declaration: "declaration",
    PersonDecision: "decision for a person",
    HouseholdDecision: "decision for a household",
    Assessment: "assessment",
}
"""The tables that a history tells of, in the order in which it does, and their names."""

MOST = 200
"""Entries that a page shows, the newest first."""


@dataclass(frozen=True)
class Entry:
    """One version: what was said, of whom, for which days, and until when it was believed."""

    version: Any
    table: str
    resident_id: int | None
    text: str
    superseded: datetime | None


@dataclass(frozen=True)
class Moment:
    """What became known at one moment; ``recording`` is none for a moment without an author."""

    at: datetime
    recording: Recording | None
    entries: Sequence[Entry]


@dataclass(frozen=True)
class History:
    """The moments of a household, the newest first; ``more`` where older ones are left out."""

    moments: Sequence[Moment]
    more: bool


def history(glance: Glance) -> History:
    """What was recorded of a household and its people, as far as it was known then."""
    until = end_of(glance.view.known)
    entries = [
        _entry(version, _(title), glance.concealed, until)
        for model, title in TABLES.items()
        for version in _versions(model, glance, until)
    ]
    entries.sort(key=lambda entry: entry.version.recorded_at, reverse=True)
    shown = entries[:MOST]
    by_moment: dict[datetime, list[Entry]] = {}
    for entry in shown:
        by_moment.setdefault(entry.version.recorded_at, []).append(entry)
    recordings = Recording.objects.filter(
        insurer_id=glance.household.insurer_id, recorded_at__in=list(by_moment)
    )
    known = {recording.recorded_at: recording for recording in recordings}
    moments = [Moment(at, known.get(at), rows) for at, rows in by_moment.items()]
    return History(moments, more=len(entries) > MOST)


def _versions(model: type[Version], glance: Glance, until: datetime) -> Any:
    manager: Any = model.objects
    about = Q(recorded_at__lte=until)
    if "household" in model.subject or model is Membership:
        about &= Q(household=glance.household)
    else:
        about &= Q(resident_id__in=list(glance.people))
    return manager.filter(about).order_by("-recorded_at", "valid_from", "pk")[: MOST + 1]


def _entry(version: Any, table: str, concealed: Collection[int], until: datetime) -> Entry:
    gone = version.superseded_at
    who = getattr(version, "resident_id", None) or getattr(version, "head_id", None)
    return Entry(
        version=version,
        table=table,
        resident_id=who,
        text=_("(not shown: protection measure)")
        if isinstance(version, Residence) and version.resident_id in concealed
        else _text(version),
        superseded=gone if gone and gone <= until else None,
    )


def _text(version: Any) -> str:
    """What a version says, in a line."""
    said: list[str] = []
    match version:
        case Identity():
            said = [version.kanji or version.latin, version.common_name, wareki(version.birth_date)]
            if version.nationality not in ("", "JPN"):
                said.append(country_name(version.nationality) or version.nationality)
        case Residence():
            said = [version.address, codes.label(codes.RESIDENCE_ENDS, version.ended_by)]
        case Stay():
            said = [version.status, codes.label(codes.STAY_KINDS, version.kind)]
        case ResidenceCard():
            said = [codes.label(codes.CARD_KINDS, version.kind), version.number]
        case Handling():
            protected = _("protection measure") if version.protected else ""
            said = [language_name(version.preferred_language), protected]
        case Membership():
            said = [version.relationship]
        case Elders():
            said = [_("{count} people").format(count=version.count)]
        case Enrolment():
            said = [
                codes.label(codes.ACQUISITIONS, version.acquisition_reason),
                codes.label(codes.LOSSES, version.loss_reason),
            ]
        case Declaration():
            said = [declared(version)]
        case Income():
            said = [f"{title} {amount:,}" for title, amount in amounts_of(version)] or [_("none")]
        case PersonDecision():
            said = [codes.label(codes.PERSON_DECISIONS, version.kind)]
        case HouseholdDecision():
            said = [codes.label(codes.HOUSEHOLD_DECISIONS, version.kind)]
        case Assessment():
            yen = _("{total} yen a year").format(total=f"{version.total:,}")
            said = [codes.label(codes.ASSESSMENTS, version.reason), yen]
        case OtherCover():
            said = [version.kind, version.provider]
    return "、".join(word for word in said if word)


def declared(declaration: Declaration) -> str:
    """The state of a declaration, for people."""
    spellings = DECLARED.get(declaration.state, (declaration.state,))
    state = spellings[0] if spellings else declaration.state
    return f"{state}({_('simple declaration')})" if declaration.simple else state
