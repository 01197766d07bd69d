"""The work list of prepayment (前納の処理待ち), from the register as it is now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl
from django.db.models import Exists, OuterRef, Q

from kokuho.billing import BothAmounts, both_amounts
from kokuho.office.billing.cases import Case, gather, inputs, payers, waiting
from kokuho.office.billing.ordinances import ordinance_of
from kokuho.office.billing.standings import Found, asked, standings
from kokuho.office.register.models import Assessment, Household, Residence
from kokuho.ordinance import OrdinanceYear

_AT_ONCE = 500

State = Literal["look_into", "ask_declaration", "notify", "notified", "excused", "not_subject"]
STATES: tuple[State, ...] = (
    "look_into",
    "ask_declaration",
    "notify",
    "notified",
    "excused",
    "not_subject",
)
"""Where a household stands, what is to be done first; the last three need nothing more."""

TO_DO: tuple[State, ...] = STATES[:3]


@dataclass(frozen=True)
class Item:
    """One household whose head is not known to have been registered on the reference date.

    Attributes:
        cases: its payers of the year with their assessments and schedules.
        missing: the address numbers of those whose declaration is missing.
    """

    household: Household
    cases: Sequence[Case]
    found: Found
    todo: State
    missing: tuple[str, ...]

    @property
    def amount(self) -> int:
        """The year's amount as it is assessed, yen."""
        return sum(case.total for case in self.cases)


@dataclass(frozen=True)
class Work:
    """The list of an insurer's year, what is most urgent first, and how many there are of each."""

    year: OrdinanceYear
    items: Sequence[Item]

    @property
    def counts(self) -> dict[State, int]:
        """How many households stand where."""
        found = Counter(item.todo for item in self.items)
        return {state: found[state] for state in STATES}

    @property
    def adopted(self) -> bool:
        """Whether the ordinance asks for prepayment of this year."""
        return asked(self.year)

    def of(self, states: Collection[str]) -> list[Item]:
        """The items of some states."""
        return [item for item in self.items if item.todo in states]


def work(insurer: str, fiscal_year: int) -> Work:
    """The work list of an insurer's year, inside ``seeing(…)``.

    Raises:
        InputError: the year is not assessed.
    """
    year = ordinance_of(insurer, fiscal_year)
    if not asked(year):
        return Work(year, ())
    keys = _candidates(insurer, year)
    items = [
        item
        for start in range(0, len(keys), _AT_ONCE)
        for item in items_of(year, keys[start : start + _AT_ONCE])
    ]
    return Work(year, sorted(items, key=_order))


def one(household: Household, fiscal_year: int) -> Item | None:
    """One household as the list sees it; none where nothing is assessed or asked for."""
    year = ordinance_of(household.insurer_id, fiscal_year)
    if not asked(year):
        return None
    return next(iter(items_of(year, [household.pk])), None)


def _order(item: Item) -> tuple[int, str]:
    return STATES.index(item.todo), item.household.household_number


def _candidates(insurer: str, year: OrdinanceYear) -> list[int]:
    """The households with a payer who was not registered here all along."""
    reference = year.prepayment.reference_date
    assert reference is not None, "an ordinance that adopted prepayment states it"
    here = Residence.objects.known().filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=reference),
        resident=OuterRef("payer"),
        valid_from__lte=reference,
    )
    rows = Assessment.objects.known().of_year(year.fiscal_year).filter(insurer_id=insurer)
    return sorted(set(rows.exclude(Exists(here)).values_list("household_id", flat=True)))


def items_of(year: OrdinanceYear, households: Sequence[int]) -> list[Item]:
    """Some households as the list sees them; those that nothing is asked of are not there."""
    cases: dict[int, list[Case]] = {}
    rows = list(Household.objects.filter(pk__in=households))
    gathered = gather(year.fiscal_year, rows)
    for case in gathered:
        cases.setdefault(case.household.pk, []).append(case)
    read = inputs([one for case in gathered for one in case.assessments])
    found = standings(year, payers(gathered))
    items = []
    for household in rows:
        own = [case for case in cases.get(household.pk, ()) if case.assessments]
        if household.pk not in found or not any(case.total for case in own):
            continue
        missing = waiting([read[one.pk] for case in own for one in case.assessments])
        state = _state(own, found[household.pk], missing)
        items.append(Item(household, own, found[household.pk], state, missing))
    return items


def _state(cases: Sequence[Case], found: Found, missing: Sequence[str]) -> State:
    if found.standing.status == "undecided":
        return "look_into"
    if found.standing.status == "not_subject":
        return "not_subject"
    if found.standing.excused is not None:
        return "excused"
    if all(case.former is not None and case.former.channel == "prepaid" for case in cases):
        return "notified"
    if missing and found.decided.undeclared is None:
        return "ask_declaration"
    return "notify"


def amounts(year: OrdinanceYear, items: Sequence[Item]) -> Mapping[int, BothAmounts]:
    """With and without everybody's declaration, by household; the year of all of its payers.

    Raises:
        LevyError: the levy cannot be made.
    """
    assessments = [one for item in items for case in item.cases for one in case.assessments]
    read = inputs(assessments)
    persons, households = [], []
    for assessment in assessments:
        own = read[assessment.pk]
        if own.persons:
            # each assessment is levied on its own, as it was
            named = pl.lit(str(assessment.pk)).alias("household_id")
            frames = own.frames()
            persons.append(frames[0].with_columns(named))
            households.append(frames[1].with_columns(named))
    if not persons:
        return {}
    by_assessment = {
        int(both.household_id): both
        for both in both_amounts(pl.concat(persons), pl.concat(households), year)
    }
    found = {}
    for item in items:
        own_amounts = [
            by_assessment[one.pk]
            for case in item.cases
            for one in case.assessments
            if one.pk in by_assessment
        ]
        found[item.household.pk] = BothAmounts(
            year.insurer.code,
            item.household.household_number,
            sum(both.declared for both in own_amounts),
            sum(both.undeclared for both in own_amounts),
            item.missing,
        )
    return found
