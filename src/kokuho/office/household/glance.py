"""A household at a glance: who is in it, who heads it, who is insured, what they earn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kokuho.base.calendar import fiscal_year_of
from kokuho.levy.columns import PERSONS
from kokuho.office.household import protection
from kokuho.office.household.eligible import Hint, Known, hint
from kokuho.office.register.models import (
    Declaration,
    Enrolment,
    Handling,
    Headship,
    Household,
    HouseholdDecision,
    Identity,
    Income,
    Membership,
    OtherCover,
    PersonDecision,
    Residence,
    ResidenceCard,
    Resident,
    Stay,
)
from kokuho.office.store.versions import Version

_INCOME_TITLES = {column.name: column.title for column in PERSONS if column.kind == "yen"}


@dataclass(frozen=True)
class View:
    """Both time axes: what holds on ``valid``, as it was known at the end of ``known``."""

    valid: date
    known: date
    today: date

    @property
    def now(self) -> bool:
        """Whether this is the present in both respects."""
        return self.valid == self.known == self.today

    @property
    def fiscal_year(self) -> int:
        """The fiscal year of the day that is looked at."""
        return fiscal_year_of(self.valid)


@dataclass(frozen=True)
class Member:
    """A person of the household, as of the view. What is not known then is ``None``."""

    resident: Resident
    identity: Identity | None
    membership: Membership | None
    head: bool
    residence: Residence | None
    stay: Stay | None
    card: ResidenceCard | None
    enrolment: Enrolment | None
    language: str
    protected: bool
    concealed: bool
    incomes: Sequence[tuple[str, int]]
    declaration: Declaration | None
    has_income: bool
    hint: Hint | None

    @property
    def born(self) -> Any:
        """The date of birth, if it is known."""
        return self.identity.birth_date if self.identity else None


@dataclass(frozen=True)
class Glance:
    """Everything that the page of a household shows of the register, but for its history.

    ``people`` has the names of everybody who is mentioned, by row number of the resident; of
    ``concealed`` no address is shown.
    """

    household: Household
    view: View
    members: Sequence[Member]
    headships: Sequence[Headship]
    memberships: Sequence[Membership]
    enrolments: Sequence[Enrolment]
    residences: Sequence[Residence]
    person_decisions: Sequence[PersonDecision]
    household_decisions: Sequence[HouseholdDecision]
    people: dict[int, Identity] = field(default_factory=dict)
    concealed: frozenset[int] = frozenset()

    @property
    def protected(self) -> bool:
        """Whether 支援措置 protects somebody here."""
        return any(member.protected for member in self.members)

    @property
    def head(self) -> Member | None:
        """Who heads the household in this view."""
        return next((member for member in self.members if member.head), None)


def glance(household: Household, view: View) -> Glance:
    """Read a household, inside of ``seeing``."""
    headships = _known(Headship, view, household=household)
    memberships = _known(Membership, view, household=household)
    mentioned = {row.head_id for row in headships} | {row.resident_id for row in memberships}
    here = {row.resident_id for row in memberships if row.holds_on(view.valid)}
    heads = {row.head_id for row in headships if row.holds_on(view.valid)}
    shown = here | heads
    concealed, protected = _concealed(household, mentioned, view.today)
    reader = _Reader(shown, view)
    residents = Resident.objects.filter(pk__in=shown)
    members = [
        reader.member(resident, resident.pk in heads, memberships, protected, concealed)
        for resident in residents
    ]
    return Glance(
        household=household,
        view=view,
        members=sorted(members, key=_order),
        headships=headships,
        memberships=memberships,
        enrolments=_known(Enrolment, view, resident_id__in=mentioned),
        residences=_known(Residence, view, resident_id__in=mentioned),
        person_decisions=_known(PersonDecision, view, resident_id__in=mentioned),
        household_decisions=_known(HouseholdDecision, view, household=household),
        people=_names(mentioned, view),
        concealed=concealed,
    )


def _known(model: type[Version], view: View, **about: Any) -> list[Any]:
    """All versions known then, those of people in the order of their numbers."""
    manager: Any = model.objects
    rows = manager.known(view.known).filter(**about)
    if "resident" in model.subject:
        return list(rows.order_by("resident__address_number", "valid_from"))
    return list(rows.order_by("valid_from"))


def _concealed(
    household: Household, residents: Collection[int], today: date
) -> tuple[frozenset[int], frozenset[int]]:
    """Whose address is not shown, and who of them is protected themselves.

    Who lives with a protected person has the same address, and is concealed with them.
    """
    everywhere = protection.protected(today)
    protected = everywhere & set(residents)
    homes = protection.households_of(everywhere, today)
    beside = Membership.objects.known().filter(
        household_id__in=homes, resident_id__in=residents
    )  # fmt: skip
    living = {row.resident_id for row in beside if row.valid_to is None or row.valid_to > today}
    return protected | living, protected


def _names(residents: Collection[int], view: View) -> dict[int, Identity]:
    """A name for each: of the day if there is one then, or else the one nearest to it."""
    names: dict[int, Identity] = {}
    rows = Identity.objects.known(view.known).filter(resident_id__in=residents)
    for row in rows.order_by("valid_from").select_related("resident"):
        if row.resident_id not in names or row.valid_from <= view.valid:
            names[row.resident_id] = row
    return names


class _Reader:
    """Reads table by table, once for all members."""

    def __init__(self, residents: Collection[int], view: View) -> None:
        self.residents, self.view = residents, view
        self.names = _names(residents, view)
        april = date(view.fiscal_year, 4, 1)
        self.residences = self._on(Residence)
        self.stays = self._on(Stay)
        self.cards = self._on(ResidenceCard)
        self.enrolments = self._on(Enrolment)
        self.handlings = self._on(Handling)
        self.covers = self._on(OtherCover)
        self.before = self._ended()
        self.incomes = self._on(Income, april)
        self.declarations = self._on(Declaration, april)

    def _on(self, model: type[Version], day: date | None = None) -> dict[int, Any]:
        manager: Any = model.objects
        rows = manager.as_of(day or self.view.valid, self.view.known)
        return {row.resident_id: row for row in rows.filter(resident_id__in=self.residents)}

    def _ended(self) -> dict[int, Enrolment]:
        """The last enrolment of each that ended by the day."""
        rows = Enrolment.objects.known(self.view.known).filter(
            resident_id__in=self.residents, valid_to__lte=self.view.valid
        )
        return {row.resident_id: row for row in rows.order_by("valid_from")}

    def member(
        self,
        resident: Resident,
        head: bool,
        memberships: Sequence[Membership],
        protected: Collection[int],
        concealed: Collection[int],
    ) -> Member:
        who = resident.pk
        own = (row for row in memberships if row.resident_id == who)
        handling, income = self.handlings.get(who), self.incomes.get(who)
        return Member(
            resident=resident,
            identity=self.names.get(who),
            membership=next((row for row in own if row.holds_on(self.view.valid)), None),
            head=head,
            residence=self.residences.get(who),
            stay=self.stays.get(who),
            card=self.cards.get(who),
            enrolment=self.enrolments.get(who),
            language=handling.preferred_language if handling else "",
            protected=who in protected,
            concealed=who in concealed,
            incomes=amounts_of(income),
            declaration=self.declarations.get(who),
            has_income=income is not None,
            hint=hint(
                Known(
                    self.names.get(who),
                    self.residences.get(who),
                    self.stays.get(who),
                    self.enrolments.get(who),
                    self.before.get(who),
                    self.covers.get(who),
                ),
                self.view.valid,
            ),
        )


def amounts_of(income: Income | None) -> list[tuple[str, int]]:
    """The incomes that are there, by their names in the persons file."""
    if income is None:
        return []
    amounts = ((title, getattr(income, name)) for name, title in _INCOME_TITLES.items())
    return [(title, amount) for title, amount in amounts if amount]


def _order(member: Member) -> tuple[bool, str, str]:
    return (not member.head, str(member.born or "9"), member.resident.address_number)
