"""Prepayment (前納): whether a household is asked for it, by its head's registration alone.

Subject is a household whose head was registered as a resident nowhere in Japan on the reference
date, 1 January before the levy year, insured or not. Nationality and status of residence are no
ground, and this module takes neither: a Japanese head who returns is subject as well. It concerns
the levy of the first year after arrival. A head about whom it is not known is *undecided*; a person
looks and decides.

Sources: 厚生労働省 部局長会議(保険局) p.49, https://www.wic-net.com/material/document/23427/49;
amendment of the model ordinance of 2025-10-29, https://www.psrn.jp/topics/detail.php?id=39011. The
wording of the model ordinance and the ministry's questions and answers could not be read: what they
decide is a setting of the ordinance without default.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kokuho.base.calendar import first_day_of_year, fiscal_year_name
from kokuho.base.errors import BillingError
from kokuho.base.messages import translator
from kokuho.billing.grounds import Decision, Ground, ground
from kokuho.billing.settings import stated
from kokuho.ordinance import OrdinanceYear, Prepayment

_ = translator("billing")

Answer = Literal["yes", "no", "unknown"]
Status = Literal["subject", "not_subject", "undecided"]


@dataclass(frozen=True)
class Stretch:
    """A time for which somebody was registered in a municipality of Japan (住民登録).

    ``last`` is the last day of it, None while it lasts.
    """

    municipality: str
    first: date
    last: date | None = None


@dataclass(frozen=True)
class Head:
    """What is known of a household head's registration.

    Attributes:
        person_id: the head's address number (宛名番号).
        registered: registered in any municipality of Japan on the reference date.
        arrived: the day on which the head became a resident (住民となった日) after that date; None
            if it is not known.
        evidence: where this is known from (住民票, 戸籍の附票, 前住所, …).
    """

    person_id: str
    registered: Answer
    arrived: date | None = None
    evidence: str | None = None


def head_of(
    person_id: str,
    stretches: Sequence[Stretch],
    reference_date: date,
    *,
    complete: bool,
    evidence: str | None = None,
) -> Head:
    """A head from the stretches of registration that are known.

    ``complete`` says that it is established that there are no others, anywhere in Japan. Without it
    the absence of a stretch proves nothing, and the answer is unknown.
    """

    def lasts(stretch: Stretch) -> bool:
        return stretch.first <= reference_date <= (stretch.last or reference_date)

    there = next(filter(lasts, stretches), None)
    if there is not None:
        known = there.municipality if evidence is None else f"{there.municipality}, {evidence}"
        return Head(person_id, "yes", evidence=known)
    later = [stretch.first for stretch in stretches if stretch.first > reference_date]
    return Head(person_id, "no" if complete else "unknown", min(later, default=None), evidence)


@dataclass(frozen=True)
class Ruling:
    """What a person decided about a household that the facts leave undecided."""

    status: Literal["subject", "not_subject"]
    decision: Decision


@dataclass(frozen=True)
class Standing:
    """Whether a household is asked to prepay the levy of a year, with the facts used.

    ``excused`` is a special circumstance (特別の事情) that a person found in a subject household.
    """

    status: Status
    grounds: tuple[Ground, ...]
    excused: Decision | None = None

    @property
    def prepays(self) -> bool:
        """Whether a prepayment is to be demanded."""
        return self.status == "subject" and self.excused is None


def examine(
    heads: Sequence[Head],
    year: OrdinanceYear,
    *,
    excused: Decision | None = None,
    ruling: Ruling | None = None,
) -> Standing:
    """Whether a household is asked to prepay the levy of a year.

    Args:
        heads: the head, or all heads of the year in their order where the head changed. Whether a
            change of head counts is not known: where the heads differ, a person decides.
        year: the ordinance of the levy year.
        excused: a special circumstance; its code is one of the ordinance's.
        ruling: what a person decided where the facts leave it undecided.

    Raises:
        BillingError: a code that the ordinance does not have, a ruling against known facts, or a
            setting that is not stated.
        ValueError: no head at all.
    """
    if not heads:
        raise ValueError("a household has a head")
    setting = year.prepayment
    if not setting.adopted or year.fiscal_year < (setting.first_fiscal_year or 0):
        name = fiscal_year_name(year.fiscal_year)
        return Standing("not_subject", (ground("not_adopted", True, year=name),))
    found = [_of_head(head, year, setting) for head in heads]
    status, grounds = found[0]
    if any(other != status for other, _grounds in found):
        status = "undecided"
        names = ", ".join(head.person_id for head in heads)
        grounds = [*grounds, ground("head_changed", None, heads=names)]
    if ruling is not None:
        if status != "undecided":
            raise BillingError(
                _(
                    "A ruling is for a household that the facts leave undecided; correct the facts "
                    "instead."
                )
            )
        status = ruling.status
        grounds = [*grounds, _decided("ruled", ruling.decision)]
    if excused is None or status != "subject":
        return Standing(status, tuple(grounds))
    return Standing(status, (*grounds, _special(excused, year, setting)), excused)


def _of_head(head: Head, year: OrdinanceYear, setting: Prepayment) -> tuple[Status, list[Ground]]:
    decides = _("on which day the registration is looked at")
    reference = stated(setting.reference_date, year, "prepayment.reference_date", decides)
    facts = {"head": head.person_id, "day": reference, "evidence": head.evidence}
    if head.registered == "yes":
        return "not_subject", [ground("registered", True, **facts)]
    if head.registered == "unknown":
        return "undecided", [ground("registration_unknown", None, **facts)]
    grounds = [ground("not_registered", True, **facts)]
    name = fiscal_year_name(year.fiscal_year)
    if not _may_be_second(year, setting) or _arrived_within(head, year):
        arrived = head.arrived
        return "subject", [*grounds, ground("first_year", True, year=name, arrived=arrived)]
    decides = _("whether a second levy year is prepaid too")
    second_year: Status = stated(setting.second_year, year, "prepayment.second_year", decides)
    if second_year == "not_subject" and head.arrived is None:
        return "undecided", [
            *grounds,
            ground("arrival_unknown", None, head=head.person_id, year=name),
        ]
    second = ground(f"second_year_{second_year}", True, year=name, arrived=head.arrived)
    return second_year, [*grounds, second]


def _may_be_second(year: OrdinanceYear, setting: Prepayment) -> bool:
    """Whether the ordinance asked for prepayment in the year before already."""
    decides = _("which levy is the first to be prepaid")
    first = stated(setting.first_fiscal_year, year, "prepayment.first_fiscal_year", decides)
    return year.fiscal_year > first


def _arrived_within(head: Head, year: OrdinanceYear) -> bool:
    return head.arrived is not None and head.arrived >= first_day_of_year(year.fiscal_year)


def _special(excused: Decision, year: OrdinanceYear, setting: Prepayment) -> Ground:
    known = {item.code: item.text for item in setting.special_circumstances or ()}
    if excused.code not in known:
        raise BillingError(
            _("{code} is no special circumstance of {insurer}; its ordinance has: {codes}.").format(
                code=excused.code,
                insurer=year.insurer.name,
                codes=", ".join(known) or _("none"),
            )
        )
    return _decided("special_circumstance", excused, text=known[excused.code])


def _decided(code: str, decision: Decision, **more: object) -> Ground:
    facts = {"reason": decision.reason, "person": decision.person, "day": decision.day}
    if decision.code is not None:
        facts["code"] = decision.code
    return ground(code, True, **facts, **more)
