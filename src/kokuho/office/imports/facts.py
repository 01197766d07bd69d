"""From the rows of a file to what is recorded: facts of the register, table by table.

What one table of the register says of a subject is stated by a row as a whole: a column of it that
the file does not have is empty. A table of which the file has no column at all is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kokuho.base.calendar import PartialDate
from kokuho.office.imports.columns import ELDERS, INCOME_COLUMNS
from kokuho.office.imports.ids import Ids
from kokuho.office.imports.reading import FROM, NEXT, TO
from kokuho.office.register.codes import PERSON_DECISIONS
from kokuho.office.register.models import (
    BenefitEvent,
    Declaration,
    Elders,
    Enrolment,
    Handling,
    Headship,
    HouseholdDecision,
    Identity,
    Income,
    Membership,
    PersonDecision,
    Residence,
    ResidenceCard,
    Stay,
)
from kokuho.office.store.recording import Said
from kokuho.office.store.versions import Version

Row = Mapping[str, Any]
Facts = dict[type[Version], list[Said[Any]]]


@dataclass(frozen=True)
class Group:
    """A table of the register, and the columns of a file that say what stands in it.

    Attributes:
        columns: field of the model to column of the file.
        optional: a row of which all these cells are empty says that nothing holds.
        always: stated by each row, whatever columns the file has.
        lasting: what it says goes on after the end of the row (who somebody is does not end).
    """

    model: type[Version]
    columns: Mapping[str, str]
    optional: bool = False
    always: bool = False
    lasting: bool = False

    def said(self, row: Row, given: frozenset[str], ids: Ids) -> Said[Any] | None:
        """What a row says, or nothing if the file has no column of this table."""
        if not self.always and given.isdisjoint(self.columns.values()):
            return None
        values = {name: _value(row, column) for name, column in self.columns.items()}
        empty = self.optional and not any(values.values())
        until = row[NEXT] if self.lasting else row[TO]
        model: Any = self.model
        fact = model(
            resident_id=ids.residents[row["person_id"]],
            valid_from=row[FROM],
            valid_to=until,
            **{name: value for name, value in values.items() if value is not None},
        )
        return Said(fact, holds=not (empty or row["cancelled"]), whole=True)


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


GROUPS: Mapping[str, tuple[Group, ...]] = {
    "residents": (
        Group(
            Identity,
            _same("kanji", "kana", "latin", "common_name", "common_name_kana", "birth_date", "sex",
                  "nationality"),
            lasting=True,
        ),
        Group(
            Residence,
            _same("postal_code", "address", "became_resident_on", "former_address", "from_abroad",
                  "ended_by", "later_address"),
            always=True,
        ),
        Group(
            Stay,
            _same("designation", "period_from", "period_to", "extension_applied_on")
            | {"kind": "stay_kind", "status": "residence_status"},
            optional=True,
        ),
        Group(
            ResidenceCard,
            {"number": "card_number", "kind": "card_kind", "expires_on": "card_expires_on"},
            optional=True,
        ),
        Group(Handling, _same("preferred_language", "protected"), optional=True, lasting=True),
    ),
    "enrolments": (
        Group(
            Enrolment,
            _same("symbol", "number", "branch", "acquisition_reason", "acquisition_reported_on",
                  "loss_reason", "loss_reported_on", "lost_by_authority", "special_address"),
        ),
    ),
    "incomes": (
        Group(Income, _same(*(column.name for column in INCOME_COLUMNS))),
        Group(
            Declaration,
            {"state": "declared", "simple": "simple_declaration", "received_on": "received_on"},
            always=True,
        ),
    ),
    "benefits": (
        Group(
            BenefitEvent, _same("kind", "reference", "amount", "care_from", "country", "decision")
        ),
    ),
}  # fmt: skip
"""What each kind of file says of persons; households and decisions are below."""


TABLES: Mapping[str, tuple[type[Version], ...]] = {
    **{kind: tuple(group.model for group in groups) for kind, groups in GROUPS.items()},
    "households": (Membership, Headship, Elders),
    "decisions": (PersonDecision, HouseholdDecision),
}
"""The tables that each kind of file speaks of."""


def facts_of(
    kind: str, rows: Sequence[Row], given: frozenset[str], ids: Ids, heads: Sequence[Headship]
) -> Facts:
    """What is recorded for the rows of a file, by table.

    Args:
        kind: the kind of file.
        rows: all rows of one insurer.
        given: the columns that the file has.
        ids: numbers of the insurer.
        heads: the known headships of the households in the file.
    """
    facts: Facts = defaultdict(list)
    if kind == "households":
        for said in _household_facts(rows, given, ids, heads):
            facts[type(said.fact)].append(said)
        return facts
    if kind == "decisions":
        for row in rows:
            said = _decision(row, ids)
            facts[type(said.fact)].append(said)
        return facts
    for row in rows:
        for group in GROUPS[kind]:
            if (stated := group.said(row, given, ids)) is not None:
                facts[group.model].append(stated)
    return facts


def _household_facts(
    rows: Sequence[Row], given: frozenset[str], ids: Ids, heads: Sequence[Headship]
) -> Iterator[Said[Any]]:
    known: dict[tuple[int, int], list[Headship]] = defaultdict(list)
    for headship in heads:
        known[headship.household_id, headship.head_id].append(headship)
    for row in rows:
        resident, household = ids.residents[row["person_id"]], ids.households[row["household_id"]]
        days = {"valid_from": row[FROM], "valid_to": row[TO]}
        relationship = row["relationship"] or ""
        yield Said(
            Membership(
                resident_id=resident, household_id=household, relationship=relationship, **days
            ),
            holds=not row["cancelled"],
            whole=True,
        )
        if row["cancelled"] or not row["head"]:
            # where the register takes the person for the head, the file says that they are not
            for headship in known[household, resident]:
                yield from _no_longer(headship, days)
    for row, until in _heads(rows):
        resident, household = ids.residents[row["person_id"]], ids.households[row["household_id"]]
        days = {"valid_from": row[FROM], "valid_to": until}
        yield Said(Headship(household_id=household, head_id=resident, **days), whole=True)
        if not given.isdisjoint(column.name for column in ELDERS):
            yield _elders(row, household, days)


def _no_longer(head: Headship, days: Mapping[str, Any]) -> Iterator[Said[Any]]:
    """Take back a headship on the days that a row speaks of."""
    first = max(head.valid_from, days["valid_from"])
    ends = [day for day in (head.valid_to, days["valid_to"]) if day is not None]
    last = min(ends, default=None)
    if last is None or first < last:
        fact = Headship(household_id=head.household_id, valid_from=first, valid_to=last)
        yield Said(fact, holds=False)


def _heads(rows: Sequence[Row]) -> Iterator[tuple[Row, date | None]]:
    """The rows of heads, each with the day on which it ends: its own end, or the next head's."""
    by_household: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["head"] and not row["cancelled"]:
            by_household[row["household_id"]].append(row)
    for found in by_household.values():
        found.sort(key=lambda row: row[FROM])
        following = [row[FROM] for row in found[1:]] + [None]
        for row, later in zip(found, following, strict=True):
            ends = [day for day in (row[TO], later) if day is not None]
            yield row, min(ends, default=None)


def _elders(row: Row, household: int, days: Mapping[str, Any]) -> Said[Any]:
    fact = Elders(
        household_id=household,
        count=row["same_household_elders"],
        income=row["elders_income"],
        earners=row["elders_earners"],
        specific_from=row["specific_from"],
        **days,
    )
    return Said(fact, holds=bool(fact.count or fact.specific_from), whole=True)


def _decision(row: Row, ids: Ids) -> Said[Any]:
    """A decision, for a person or a household as its kind says."""
    days = {"valid_from": row[FROM], "valid_to": row[TO]}
    known: dict[str, Any] = {
        "kind": row["kind"],
        "decided_on": row["decided_on"],
        "reference": row["reference"] or "",
        "share_ppm": row["share"],
    }
    fact: Version
    if row["kind"] in PERSON_DECISIONS:
        resident = ids.residents[row["person_id"]]
        fact = PersonDecision(resident_id=resident, months=row["months"], **known, **days)
    else:
        known |= {"answer": row["answer"] or "", "amount": row["amount"]}
        fact = HouseholdDecision(household_id=ids.households[row["household_id"]], **known, **days)
    return Said(fact, holds=not row["cancelled"], whole=True)


def _value(row: Row, column: str) -> Any:
    if column == "birth_date":
        return _partial(row["birth_date"], row["birth_date_latest"])
    return row[column]


def _partial(first: date, last: date) -> PartialDate:
    """A date from the first and the last day that it may be."""
    if first == last:
        return PartialDate(first.year, first.month, first.day)
    return PartialDate(first.year, first.month if first.month == last.month else 0, 0)
