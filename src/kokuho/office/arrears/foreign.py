"""Arrears of households headed by foreign nationals (外国人世帯主の世帯の滞納).

Persons are shown to those who hold the right for it, and each view is written down. Counts say what
was collected of what was levied; nobody is judged by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from kokuho.arrears import HEADS, Act, Household, age_group, in_force, rates, years_group
from kokuho.base.calendar import fiscal_year_of
from kokuho.law.eligibility import JAPANESE
from kokuho.office.arrears.standing import Arrears
from kokuho.office.ledger.books import open_books
from kokuho.office.register.models import (
    Enrolment,
    Headship,
    Identity,
    Membership,
    Residence,
    Stay,
)


@dataclass(frozen=True)
class Person:
    """A resident of foreign nationality as the register has them on a day, or last had them.

    ``since`` is the day on which they became a resident (住民となった日), ``stay_until`` the last
    day of their period of stay, ``left`` the day on which they left the municipality, if they did.
    """

    resident: int
    nationality: str
    status: str
    stay_until: date | None
    since: date | None
    left: date | None
    age: int | None


@dataclass(frozen=True)
class Head:
    """The head of a household on a day, or the last one before it, with the household's row."""

    household: int
    person: Person

    @property
    def resident(self) -> int:
        """The row number of the head."""
        return self.person.resident


def foreign_heads(insurer: str, on: date) -> dict[str, Head]:
    """The heads of foreign nationality, by number of the household, inside ``seeing``.

    Of a household that has no head on the day its last one: who has left is still the debtor.
    """
    last: dict[str, tuple[int, int]] = {}
    rows = Headship.objects.known().filter(insurer_id=insurer, valid_from__lte=on)
    for number, house, head in (
        rows.order_by("valid_from")
        .values_list("household__household_number", "household_id", "head_id")
        .iterator(chunk_size=5000)
    ):
        last[number] = house, head
    found = foreign_people(insurer, on)
    return {number: Head(house, found[head]) for number, (house, head) in last.items()
            if head in found}  # fmt: skip


def foreign_people(insurer: str, on: date) -> dict[int, Person]:
    """The residents of foreign nationality, by row number, inside ``seeing``.

    A nationality that is not known is taken for none: nobody is put on the list by a blank.
    """
    names = _last(Identity, insurer, on, "nationality", "birth_date")
    stays = _last(Stay, insurer, on, "status", "period_to")
    homes = _last(Residence, insurer, on, "became_resident_on", "valid_from", "valid_to",
                  "ended_by")  # fmt: skip
    found = {}
    for resident, (nationality, born) in names.items():
        if nationality in ("", JAPANESE):
            continue
        status, until = stays.get(resident, ("", None))
        became, since, end, ended_by = homes.get(resident, (None, None, None, ""))
        found[resident] = Person(
            resident, nationality, status, until, became or since,
            end if end is not None and end <= on and ended_by else None,
            None if born is None else _age(born, on),
        )  # fmt: skip
    return found


def _last(model: Any, insurer: str, on: date, *fields: str) -> dict[int, tuple[Any, ...]]:
    """The last version of each resident that has begun by the day."""
    rows = model.objects.known().filter(insurer_id=insurer, valid_from__lte=on)
    listed = rows.order_by("valid_from").values_list("resident_id", *fields)
    return {row[0]: row[1:] for row in listed.iterator(chunk_size=5000)}


def _age(born: Any, on: date) -> int | None:
    """Full years; by the year alone where month or day of birth are not known."""
    year, month, day = (int(part) for part in str(born).split("-"))
    return on.year - year - ((on.month, on.day) < (month, day))


def frame_of(insurer: str, heads: Mapping[str, Head], on: date) -> pl.DataFrame:
    """Heads as :data:`kokuho.arrears.HEADS`."""
    rows = [
        (insurer, number, head.person.nationality, head.person.status,
         years_group(head.person.since, on), age_group(head.person.age))
        for number, head in heads.items()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=HEADS, orient="row")


def counts(insurer: str, heads: Mapping[str, Head], on: date, grouping: str) -> pl.DataFrame:
    """Households, levied, collected and rate by group, in the books of the day's fiscal year.

    Inside ``seeing``. Collected ÷ levied of the households that a foreign national heads on the
    day, as the ministry defines it; entries up to the day count. Of few households a group tells
    how each of them pays: who is shown it has looked at :func:`few`.
    """
    frame = frame_of(insurer, heads, on)
    books = open_books(insurer, frame["household_id"], known=on)
    entries = books.entries.filter((pl.col("value_on") <= on) & (pl.col("posted_on") <= on))
    return rates(frame, entries, grouping, fiscal_year_of(on))


def few(
    insurer: str, heads: Mapping[str, Head], on: date, grouping: str, counted: pl.DataFrame
) -> list[Head]:
    """The heads in groups so small that their counts are as good as a look at each."""
    small = counted.filter("small")["group"]
    column = pl.lit("all") if grouping == "foreign" else pl.col(grouping)
    inside = frame_of(insurer, heads, on).filter(column.is_in(small.implode()))
    return [heads[number] for number in inside["household_id"]]


@dataclass(frozen=True)
class Row:
    """A household of the list with its head."""

    household: Household
    head: Head
    members: tuple[Person, ...]
    deferrals: tuple[Act, ...]

    @property
    def overdue(self) -> int:
        """Everything overdue, in yen."""
        due = self.household.due
        return int(due.select(pl.sum_horizontal("principal", "interest", "fee")).sum().item())

    @property
    def months(self) -> int:
        """Full months since the oldest due date."""
        months = self.household.due["months"].max()
        assert isinstance(months, int)
        return months

    @property
    def demands(self) -> list[dict[str, Any]]:
        """The overdue demands: period, due date, months overdue, and what is owed in ``total``."""
        total = pl.sum_horizontal("principal", "interest", "fee").alias("total")
        return list(self.household.due.with_columns(total).iter_rows(named=True))


def listed(found: Arrears, heads: Mapping[str, Head], state: str = "") -> tuple[Row, ...]:
    """The households with arrears that a foreign national heads, in the order of their numbers.

    With the members of foreign nationality, the head left out, and the deferrals in force.
    """
    owing = [
        house
        for house in found.households
        if house.number in heads and house.due.height and (not state or house.state == state)
    ]
    members = _members(found, {heads[house.number].household for house in owing})
    return tuple(
        Row(
            house,
            head := heads[house.number],
            tuple(one for one in members.get(head.household, ()) if one.resident != head.resident),
            in_force("deferral", house.acts, found.on),
        )
        for house in owing
    )


def _members(found: Arrears, households: set[int]) -> dict[int, list[Person]]:
    """The insured members of foreign nationality on the day, by row number of the household."""
    people = foreign_people(found.insurer, found.on)
    insured = set(
        Enrolment.objects.as_of(found.on)
        .filter(insurer_id=found.insurer)
        .values_list("resident_id", flat=True)
    )
    made: dict[int, list[Person]] = {}
    rows = Membership.objects.as_of(found.on).filter(insurer_id=found.insurer)
    for resident, household in rows.order_by("resident_id").values_list(
        "resident_id", "household_id"
    ):
        if household in households and resident in people and resident in insured:
            made.setdefault(household, []).append(people[resident])
    return made
