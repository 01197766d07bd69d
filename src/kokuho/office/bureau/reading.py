"""Cases as pages and commands show them, and what the register says of the seven items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from kokuho.base.calendar import era_date
from kokuho.base.countries import country_name
from kokuho.linkage.bureau import Opened, Person, Step, scheme, sheet, state_of
from kokuho.office.bureau.case import Case, StepRow
from kokuho.office.bureau.recording import case_of, steps_of
from kokuho.office.household.dates import wareki
from kokuho.office.household.protection import households_of, protected
from kokuho.office.register import codes
from kokuho.office.register.models import (
    Enrolment,
    Identity,
    Insurer,
    Membership,
    Residence,
    Stay,
)

_SEXES = {"M": "男", "F": "女", "X": "不明"}


@dataclass(frozen=True, slots=True)
class Line:
    """A case with where it stands."""

    case: Case
    state: str
    last: Step | None


def cases(insurer: str) -> list[Line]:
    """All cases, newest first, inside ``seeing``."""
    steps: dict[int, list[Step]] = {}
    for row in StepRow.objects.filter(insurer_id=insurer).order_by("case_id", "number"):
        steps.setdefault(row.case_id, []).append(row.step())
    made = []
    for case in Case.objects.filter(insurer_id=insurer).order_by("-number"):
        own = steps.get(case.pk, [])
        state = state_of(scheme().on(case.event_day), own)
        made.append(Line(case, state, own[-1] if own else None))
    return made


def person_of(resident: int) -> Person:
    """Who a person is, as the register has them last, inside ``seeing``."""
    rows = Identity.objects.known().filter(resident_id=resident)
    one = rows.order_by("valid_from").last()
    if one is None:
        return Person("", "", "", "", "", "", "", protected=True)
    return Person(
        name=one.kanji or one.latin,
        kana=one.kana,
        latin=one.latin if one.kanji else "",
        common_name=one.common_name,
        birth_date=wareki(one.birth_date),
        sex=_SEXES.get(one.sex, ""),
        nationality=country_name(one.nationality) or one.nationality,
        protected=concealed(resident),
    )


def concealed(resident: int) -> bool:
    """Whether no address of a person is shown or written (支援措置), as of who lives with one."""
    today = timezone.localdate()
    guarded = protected(today)
    homes = Membership.objects.known().filter(resident_id=resident)
    hidden = households_of(guarded, today)
    return resident in guarded or any(
        home in hidden for home in homes.values_list("household_id", flat=True)
    )


def known_items(case: Case, on: date) -> Mapping[str, str]:
    """What the register says of the items that it knows; a person confirms each.

    Employment and school are not in the register.
    """
    home = _last(Residence, case.resident_id, on)
    stay = _last(Stay, case.resident_id, on)
    cover = (
        Enrolment.objects.known()
        .filter(resident_id=case.resident_id, valid_from=case.acquired_on)
        .first()
    )
    period = ""
    if stay is not None and (stay.period_from or stay.period_to):
        first = era_date(stay.period_from) if stay.period_from else ""
        last = era_date(stay.period_to) if stay.period_to else ""
        period = f"{first}～{last}"
    return {
        "address": home.address if home else "",
        "status": stay.status if stay else "",
        "period": period,
        "acquired_on": era_date(case.acquired_on),
        "acquisition_reason": codes.label(codes.ACQUISITIONS, cover.acquisition_reason)
        if cover
        else "",
    }


def insured_now(case: Case, on: date) -> bool:
    """Whether the register has the person insured on a day: a revocation is not there by itself."""
    return bool(Enrolment.objects.as_of(on).filter(resident_id=case.resident_id).exists())


def sheet_of(insurer: str, number: int, made_on: date) -> dict[str, Any]:
    """The sheet of a case as data, inside ``seeing``.

    Raises:
        LinkageError: there is no such case, or nobody has decided to notify.
    """
    case = case_of(insurer, number)
    opened = Opened(
        case.number, case.trigger, case.event_day, case.care_from, case.acquired_on, case.text
    )
    name = Insurer.objects.get(code=insurer).name
    return sheet(scheme(), opened, steps_of(case), person_of(case.resident_id), name, made_on)


def _last(model: Any, resident: int, on: date) -> Any:
    """The last version that has begun by a day."""
    rows = model.objects.known().filter(resident_id=resident, valid_from__lte=on)
    return rows.order_by("valid_from").last()
