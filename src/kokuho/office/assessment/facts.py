"""What the register says of some households in a fiscal year: the one place that asks for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from kokuho.base.calendar import PartialDate, first_day_of_year, last_day_of_year
from kokuho.office.assessment.whereabouts import Stretch
from kokuho.office.register.models import (
    Declaration,
    Elders,
    Enrolment,
    Headship,
    Household,
    HouseholdDecision,
    Identity,
    Income,
    Membership,
    PersonDecision,
    Resident,
)

_AT_ONCE = 500  # keys in one query; SQLite takes so many parameters in any version


@dataclass
class Facts:
    """Of each household and resident by its key, what was known at one moment.

    ``numbers`` and ``households`` are address and household numbers; ``births``, ``incomes`` and
    ``declarations`` are missing where nothing is known.
    """

    households: dict[int, str] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    heads: dict[int, list[Stretch]] = field(default_factory=lambda: defaultdict(list))
    memberships: dict[int, list[Stretch]] = field(default_factory=lambda: defaultdict(list))
    enrolments: dict[int, list[Stretch]] = field(default_factory=lambda: defaultdict(list))
    births: dict[int, PartialDate] = field(default_factory=dict)
    incomes: dict[int, dict[str, Any]] = field(default_factory=dict)
    declarations: dict[int, str] = field(default_factory=dict)
    decisions: dict[int, list[PersonDecision]] = field(default_factory=lambda: defaultdict(list))
    elders: dict[int, list[Elders]] = field(default_factory=lambda: defaultdict(list))
    household_decisions: dict[int, list[HouseholdDecision]] = field(
        default_factory=lambda: defaultdict(list)
    )


def read(fiscal_year: int, households: Sequence[Household], known: datetime | None) -> Facts:
    """The facts of a fiscal year about households and everybody in them, heads included.

    Args:
        households: of insurers that the transaction sees.
        known: the moment at which they were known; ``None`` for now.
    """
    facts = Facts(households={house.pk: house.household_number for house in households})
    keys = list(facts.households)
    members: set[int] = set()
    for head in _in_year(Headship, fiscal_year, known, "household", keys):
        facts.heads[head.household_id].append(_stretch(head, head.head_id))
    for membership in _in_year(Membership, fiscal_year, known, "household", keys):
        members.add(membership.resident_id)
    residents = members | {head.what for heads in facts.heads.values() for head in heads}
    # wherever else they are counts too: a month belongs to one household
    for membership in _in_year(Membership, fiscal_year, known, "resident", members):
        facts.memberships[membership.resident_id].append(
            _stretch(membership, membership.household_id)
        )
    for enrolment in _in_year(Enrolment, fiscal_year, known, "resident", members):
        facts.enrolments[enrolment.resident_id].append(
            Stretch(
                0,
                enrolment.valid_from,
                enrolment.valid_to,
                enrolment.acquisition_reason,
                enrolment.loss_reason,
                enrolment.special_address,
            )
        )
    _read_persons(facts, fiscal_year, residents, known)
    for elders in _in_year(Elders, fiscal_year, known, "household", keys):
        facts.elders[elders.household_id].append(elders)
    for decision in _in_year(HouseholdDecision, fiscal_year, known, "household", keys):
        facts.household_decisions[decision.household_id].append(decision)
    return facts


def homeless(fiscal_year: int, known: datetime | None) -> list[str]:
    """The address numbers of those who are insured in a year and in no household throughout it."""
    of_year = Q(valid_to__isnull=True) | Q(valid_to__gt=first_day_of_year(fiscal_year))
    last = last_day_of_year(fiscal_year)
    insured = Enrolment.objects.known(known).filter(of_year, valid_from__lte=last)
    housed = Membership.objects.known(known).filter(of_year, valid_from__lte=last)
    alone = insured.exclude(resident__in=housed.values("resident"))
    numbers = alone.order_by("resident__address_number").values_list(
        "resident__address_number", flat=True
    )
    return list(dict.fromkeys(numbers))


def _read_persons(
    facts: Facts, fiscal_year: int, residents: Collection[int], known: datetime | None
) -> None:
    for resident in _some(Resident.objects.all(), "pk", residents):
        facts.numbers[resident.pk] = resident.address_number
    before = Identity.objects.known(known).filter(valid_from__lte=last_day_of_year(fiscal_year))
    for identity in _some(before.order_by("valid_from"), "resident_id", residents):
        facts.births[identity.resident_id] = identity.birth_date
    for income in _some(Income.objects.known(known).of_year(fiscal_year), "resident_id", residents):
        facts.incomes[income.resident_id] = {
            name: getattr(income, name) for name in Income.fact_names()
        }
    for declaration in _some(
        Declaration.objects.known(known).of_year(fiscal_year), "resident_id", residents
    ):
        facts.declarations[declaration.resident_id] = declaration.state
    # reliefs reach into the year after the one in which they begin
    decisions = PersonDecision.objects.known(known).filter(
        valid_from__lte=last_day_of_year(fiscal_year)
    )
    for decision in _some(decisions.order_by("valid_from"), "resident_id", residents):
        facts.decisions[decision.resident_id].append(decision)


def _in_year(
    model: Any, fiscal_year: int, known: datetime | None, name: str, keys: Collection[int]
) -> Iterator[Any]:
    """The versions of some subjects that hold on any day of a fiscal year, in order."""
    rows = model.objects.known(known).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=first_day_of_year(fiscal_year)),
        valid_from__lte=last_day_of_year(fiscal_year),
    )
    return _some(rows.order_by("valid_from"), f"{name}_id", keys)


def _some(rows: QuerySet[Any], name: str, keys: Collection[int]) -> Iterator[Any]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), _AT_ONCE):
        yield from rows.filter(**{f"{name}__in": ordered[start : start + _AT_ONCE]})


def _stretch(version: Any, what: int) -> Stretch:
    return Stretch(what, version.valid_from, version.valid_to)
