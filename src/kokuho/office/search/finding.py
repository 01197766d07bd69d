"""Finding residents by what somebody typed, among the insurers that the transaction sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, Q, Value
from django.db.models.functions import Coalesce, NullIf

from kokuho.base.calendar import PartialDate
from kokuho.office.household import protection
from kokuho.office.register.models import Enrolment, Household, Identity, Membership, Residence
from kokuho.office.search.words import Word, words_of

MOST = 50
"""Residents that one list shows; who finds more has to say more."""


@dataclass(frozen=True)
class Found:
    """A resident that a search found, as known today.

    ``household`` is where they live today, or where they last lived; ``address`` is empty for a
    person whom 支援措置 protects (``protected``) or who lives with one.
    """

    insurer: str
    resident_id: int
    number: str
    identity: Identity
    household: Household | None
    here: bool
    insured: bool
    address: str
    protected: bool
    concealed: bool

    @property
    def born(self) -> PartialDate:
        """The date of birth."""
        return self.identity.birth_date


@dataclass(frozen=True)
class Result:
    """What a search found: a list that may stop short, and how many people there are in all."""

    found: Sequence[Found]
    total: int
    understood: bool

    @property
    def more(self) -> bool:
        """Whether there are more than the list shows."""
        return self.total > len(self.found)


def search(text: str, today: date) -> Result:
    """Residents for whom every word of a search holds: numbers, names in any script, birth dates.

    Names that somebody had before are found too; each resident stands in the list once.
    """
    words = words_of(text)
    if not words:
        return Result([], total=0, understood=False)
    rows = Identity.objects.known()
    for word in words:
        rows = rows.filter(resident_id__in=_who(word))
    # the first by kana of all who are found, not the first of those who were imported first
    called = Min(Coalesce(NullIf("kana", Value("")), "latin"))
    ordered = rows.values("resident_id").annotate(called=called).order_by("called", "resident_id")
    wanted = ordered.values_list("resident_id", flat=True)
    ids = list(wanted[: MOST + 1])
    total = wanted.count() if len(ids) > MOST else len(ids)
    return Result(_described(ids[:MOST], today), total=total, understood=True)


def _who(word: Word) -> object:
    """A query for the residents for whom a word holds."""
    known = Identity.objects.known()
    condition = Q(pk__in=[])
    if word.name:
        condition |= Q(folded__contains=word.name)
    if word.born:
        condition |= Q(birth_date=word.born)
    if word.numbers:
        members = Membership.objects.known().filter(household__household_number__in=word.numbers)
        condition |= Q(resident__address_number__in=word.numbers)
        condition |= Q(resident_id__in=members.values("resident_id"))
    return known.filter(condition).values("resident_id")


def _described(ids: Sequence[int], today: date) -> list[Found]:
    identities: dict[int, Identity] = _newest(
        Identity.objects.known().filter(resident_id__in=ids).select_related("resident"), today
    )
    members: dict[int, Membership] = _newest(
        Membership.objects.known().filter(resident_id__in=ids).select_related("household"), today
    )
    homes: dict[int, Residence] = _newest(
        Residence.objects.known().filter(resident_id__in=ids), today
    )
    insured = set(
        Enrolment.objects.as_of(today).filter(resident_id__in=ids).values_list(
            "resident_id", flat=True
        )
    )  # fmt: skip
    protected = protection.protected(today)
    households = protection.households_of(protected, today)
    found = []
    for identity in identities.values():
        who = identity.resident_id
        member, home = members.get(who), homes.get(who)
        concealed = who in protected or (
            member is not None and member.household_id in households and member.holds_on(today)
        )
        found.append(
            Found(
                insurer=identity.insurer_id,
                resident_id=who,
                number=identity.resident.address_number,
                identity=identity,
                household=member.household if member else None,
                here=home is not None and home.holds_on(today),
                insured=who in insured,
                address=home.address if home and not concealed else "",
                protected=who in protected,
                concealed=concealed,
            )
        )
    return sorted(found, key=lambda one: (one.identity.kana or one.identity.latin, one.number))


def _newest(rows: Any, today: date) -> dict[int, Any]:
    """For each resident the version of today, or else the last one before, or the next."""
    newest: dict[int, Any] = {}
    for row in rows.order_by("valid_from"):
        if row.resident_id not in newest or row.valid_from <= today:
            newest[row.resident_id] = row
    return newest
