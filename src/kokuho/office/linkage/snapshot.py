"""The collection records of an insurer, or of some households, as the books say it now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime

import polars as pl
from django.utils import timezone

from kokuho.arrears import Followup, money_for, prescription_of, standing, write_off_of
from kokuho.base.errors import LinkageError
from kokuho.base.messages import translator
from kokuho.law.eligibility import JAPANESE
from kokuho.ledger import DEMANDS, given_back, positions
from kokuho.linkage.messages.record import CollectionRecord
from kokuho.linkage.policy import PersonPolicy
from kokuho.linkage.records import Books, DemandState, HouseholdState, Insured, records_of
from kokuho.office.arrears.standing import Arrears, read
from kokuho.office.household.protection import households_of, protected
from kokuho.office.linkage.arrived import arrived
from kokuho.office.register.models import (
    Enrolment,
    Household,
    Identity,
    Insurer,
    Membership,
    Resident,
)
from kokuho.office.store.slices import slices

_ = translator("linkage")


def snapshot(
    insurer: str,
    policy: PersonPolicy,
    households: Collection[str] | None = None,
    at: datetime | None = None,
) -> list[CollectionRecord]:
    """The records as the books say it, inside ``seeing``.

    Args:
        insurer: the code of the insurer.
        policy: which persons a demand has a record for.
        households: numbers of households; all if left out.
        at: the moment; now if left out. What was recorded later is not left out: it is for tests
            and rehearsals that have a day of their own.

    Raises:
        LinkageError: the insurer's municipality code is not known.
    """
    as_of = timezone.localtime(at)
    day = as_of.date()
    arrears = read(insurer, day, households)
    hidden = protected(day)
    rule = policy.on(day)
    demands = list(_demands(arrears))
    states = _households(arrears, {one.household for one in demands}, households)
    people = {one.debtor for one in demands}
    people |= {one.person for state in states.values() for one in state.insured}
    books = Books(
        municipality=municipality_of(insurer),
        kind=arrears.rules.kind,
        as_of=as_of.replace(microsecond=0),
        day=day,
        protected=_numbers(hidden),
        foreign=foreign(insurer, None if households is None else people, day),
    )
    behind = _house_numbers(households_of(hidden, day))
    states = {
        number: state if number not in behind
        else HouseholdState(state.acts, state.agreements, state.insured, True, state.reported)
        for number, state in states.items()
    }  # fmt: skip
    return list(records_of(demands, states, books, rule))


def municipality_of(insurer: str) -> str:
    """The six digits of the insurer's municipality.

    Raises:
        LinkageError: they are not known.
    """
    code = Insurer.objects.get(code=insurer).municipality_code
    if not code:
        raise LinkageError(
            _(
                "the municipality code of insurer {insurer} is not known; `kokuho insurer add` "
                "takes it from an ordinance file"
            ).format(insurer=insurer)
        )
    return str(code)


def foreign(insurer: str, people: Collection[str] | None, on: date) -> frozenset[str]:
    """The address numbers of whom the register has a nationality that is not Japanese.

    As it was last known on the day, so that who moved away still counts; of all, or of some.
    A nationality that is not known is taken for none.
    """
    rows = Identity.objects.known().filter(insurer_id=insurer, valid_from__lte=on)
    rows = rows.order_by("valid_from")
    fields = ("resident__address_number", "nationality")
    if people is None:
        last = dict(rows.values_list(*fields).iterator(chunk_size=5000))
    else:
        last = {}
        for some in slices(people):
            last |= dict(rows.filter(resident__address_number__in=some).values_list(*fields))
    return frozenset(number for number, nation in last.items() if nation not in ("", JAPANESE))


def _demands(arrears: Arrears) -> Iterator[DemandState]:
    """The demands of the books, in their principal; those that stand at nothing are left out."""
    claims = arrears.books.claims
    stand = positions(claims.select(*DEMANDS), arrears.entries)
    principal = stand.filter(pl.col("component") == "principal")
    of = ["insurer_code", "demand_id"]
    back = given_back(arrears.entries).filter(pl.col("component") == "principal")
    last = (
        money_for(arrears.entries)
        .filter(pl.col("component") == "principal")
        .group_by("demand_id")
        .agg(last_paid_on=pl.col("value_on").max())
    )
    rows = (
        principal.join(claims.select(*of, "channel"), on=of, how="left", maintain_order="left")
        .join(back.select(*of, "gone"), on=of, how="left", maintain_order="left")
        .join(last, on="demand_id", how="left", maintain_order="left")
        .with_columns(pl.col("gone").fill_null(0))
    )
    for row in rows.iter_rows(named=True):
        kept = row["received"] + row["received_past"] + row["overpaid"] + row["past"]
        if not (row["assessed"] or kept or row["gone"]):
            continue
        yield DemandState(
            demand=row["demand_id"],
            household=row["household_id"],
            debtor=row["debtor"],
            year_levied=row["year_assessed"],
            year_meant=row["year_meant"],
            channel=row["channel"],
            term=row["term"],
            due=row["due"],
            assessed=row["assessed"],
            paid=kept + row["gone"],
            refunded=row["gone"],
            owed=row["owed"],
            last_paid_on=row["last_paid_on"],
            lapsed_on=_lapsed(arrears, row["household_id"], row["demand_id"], row["due"]),
        )


def _lapsed(arrears: Arrears, household: str, demand: str, due: date) -> date | None:
    if demand not in arrears.gone:
        return None
    acts = arrears.acts.get(household, ())
    prescribed = prescription_of(demand, due, arrears.rules.kind, acts, arrears.payments)
    ground = write_off_of(demand, acts, prescribed, arrears.on)
    return ground.since if ground else None


def _households(
    arrears: Arrears, numbers: set[str], asked: Collection[str] | None
) -> dict[str, HouseholdState]:
    followed: dict[str, tuple[Followup, ...]] = {
        house.number: house.agreements for house in arrears.households
    }
    people = insured(arrears.insurer, numbers if asked is not None else None)
    reported = arrived(arrears.insurer, asked)
    return {
        number: HouseholdState(
            acts=standing(arrears.acts.get(number, ())),
            agreements=followed.get(number, ()),
            insured=people.get(number, ()),
            reported=reported.get(number, {}),
        )
        for number in numbers
    }


def insured(insurer: str, households: Collection[str] | None) -> dict[str, tuple[Insured, ...]]:
    """Who was insured in each household, through time, as it is known now."""
    members = Membership.objects.known().filter(insurer_id=insurer)
    fields = ("resident_id", "household__household_number", "valid_from", "valid_to")
    homes: dict[int, list[tuple[str, date, date | None]]] = defaultdict(list)
    if households is None:
        rows = list(members.values_list(*fields))
    else:
        rows = [
            row
            for some in slices(households)
            for row in members.filter(household__household_number__in=some).values_list(*fields)
        ]
    for resident, number, first, end in rows:
        homes[resident].append((number, first, end))
    cover = Enrolment.objects.known().filter(insurer_id=insurer)
    listed = ("resident_id", "resident__address_number", "valid_from", "valid_to")
    if households is None:
        enrolled = list(cover.values_list(*listed))
    else:
        enrolled = [
            row
            for some in slices(homes)
            for row in cover.filter(resident_id__in=some).values_list(*listed)
        ]
    found: dict[str, list[Insured]] = defaultdict(list)
    for resident, person, first, end in enrolled:
        for number, since, until in homes.get(resident, ()):
            begins = max(first, since)
            ends = min((one for one in (end, until) if one is not None), default=None)
            if ends is None or begins < ends:
                found[number].append(Insured(person, begins, ends))
    return {number: tuple(people) for number, people in found.items()}


def _numbers(residents: Collection[int]) -> frozenset[str]:
    return frozenset(
        number
        for some in slices(residents)
        for number in Resident.objects.filter(pk__in=some).values_list("address_number", flat=True)
    )


def _house_numbers(rows: Collection[int]) -> set[str]:
    return {
        number
        for some in slices(rows)
        for number in Household.objects.filter(pk__in=some).values_list(
            "household_number", flat=True
        )
    }
