"""Persons and households of the register as frames of the levy, one household at a time checked.

What cannot be levied rightly is put aside with its whole household and named; see ``codes.LOOKS``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from kokuho.base.calendar import PartialDate, first_day_of_year
from kokuho.law import LawYear
from kokuho.levy.columns import HOUSEHOLDS, PERSONS
from kokuho.levy.frames import household_frame, person_frame
from kokuho.levy.intake import check
from kokuho.levy.intake_rules import LATEST_BIRTH
from kokuho.office.assessment import codes, reliefs
from kokuho.office.assessment.facts import Facts
from kokuho.office.assessment.whereabouts import (
    PayerPeriod,
    Presence,
    Stay,
    payer_periods,
    presence,
    stays,
)
from kokuho.office.register.decision_rules import NOT_LEVIED
from kokuho.tables import LINE, Refusal, Table

KEYS = ["insurer_code", "household_id"]
_TITLES = {column.name: column.title for column in (*PERSONS, *HOUSEHOLDS)}


@dataclass(frozen=True)
class Look:
    """What a clerk must look at: of which household and person, which field, why."""

    household: int | None
    person: str
    column: str
    value: str
    code: str
    expected: str = ""

    @property
    def title(self) -> str:
        """The field's name in Japanese."""
        return _TITLES.get(self.column, "")


@dataclass(frozen=True)
class Unit:
    """What is levied at once: a household in the months in which one head pays for it.

    Attributes:
        household, payer: keys in the register; ``number``, ``payer_number`` are for people.
        period: the months.
        persons, household_row: rows in the columns of the levy.
        births: by person, the birth date as the register has it.
        reasons: by person, why the enrolment began and ended (codes), and 住所地特例.
    """

    household: int
    number: str
    payer: int
    payer_number: str
    period: PayerPeriod
    persons: tuple[Mapping[str, Any], ...]
    household_row: Mapping[str, Any]
    births: Mapping[str, PartialDate]
    reasons: Mapping[str, Mapping[str, Any]]


@dataclass
class Gathered:
    """Units that can be levied, households that cannot, and what is to be looked at.

    ``idle`` are the units in which nobody is insured: a head, and nothing to pay for.
    """

    units: list[Unit] = field(default_factory=list)
    idle: list[Unit] = field(default_factory=list)
    put_aside: set[int] = field(default_factory=set)
    looks: list[Look] = field(default_factory=list)


def gather(facts: Facts, insurer: str, law: LawYear) -> Gathered:
    """The units of some households in a fiscal year, all of whose rows are good."""
    gathered = Gathered()
    here, homeless = _whereabouts(facts, law.fiscal_year)
    for household in facts.households:
        house = _Household(facts, insurer, law, household, here[household])
        made, looks = house.units()
        for resident in homeless[household]:
            house.look("household_id", house.number, "no_membership", resident)
        gathered.units += [unit for unit in made if unit.persons]
        gathered.idle += [unit for unit in made if not unit.persons]
        gathered.looks += looks
        if any(look.code in codes.STOPS for look in looks):
            gathered.put_aside.add(household)
    _check(gathered, law)
    # what is wrong with a person is found in each payer's months
    gathered.looks = list(dict.fromkeys(gathered.looks))
    for units in (gathered.units, gathered.idle):
        units[:] = [unit for unit in units if unit.household not in gathered.put_aside]
    return gathered


def frames(units: Sequence[Unit]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The persons and households of units, one unit a household at most, as the levy takes them."""
    persons = person_frame(row for unit in units for row in unit.persons)
    households = household_frame(unit.household_row for unit in units)
    return persons.sort([*KEYS, "person_id"]), households.sort(KEYS)


def rounds(units: Sequence[Unit]) -> list[list[Unit]]:
    """Units in lists in which no household stands twice; nearly all are in the first."""
    out: list[list[Unit]] = []
    times: dict[int, int] = defaultdict(int)
    for unit in units:
        place = times[unit.household]
        times[unit.household] += 1
        if place == len(out):
            out.append([])
        out[place].append(unit)
    return out


def _whereabouts(
    facts: Facts, fiscal_year: int
) -> tuple[dict[int, dict[int, Stay]], dict[int, list[int]]]:
    """By household: who has months in it; and whose last household it is who has some in none."""
    here: dict[int, dict[int, Stay]] = defaultdict(dict)
    homeless: dict[int, list[int]] = defaultdict(list)
    for resident, memberships in facts.memberships.items():
        for household, stay in stays(fiscal_year, facts.enrolments[resident], memberships).items():
            if household is None:
                household = max(memberships, key=lambda stretch: stretch.first).what
                homeless[household].append(resident)
            else:
                here[household][resident] = stay
    return here, homeless


class _Household:
    """Makes the units of one household."""

    def __init__(
        self,
        facts: Facts,
        insurer: str,
        law: LawYear,
        household: int,
        people: Mapping[int, Stay],
    ) -> None:
        self.facts, self.insurer, self.law, self.household = facts, insurer, law, household
        self.number = facts.households[household]
        self.people = people
        self.looks: list[Look] = []

    def look(self, column: str, value: str, code: str, resident: int | None = None) -> None:
        person = "" if resident is None else self.facts.numbers[resident]
        self.looks.append(Look(self.household, person, column, value, code))

    def units(self) -> tuple[list[Unit], list[Look]]:
        periods = payer_periods(self.law.fiscal_year, self.facts.heads[self.household])
        made = [self.unit(period) for period in periods]
        headed = 0
        for period in periods:
            headed |= period.mask
        if any(stay.mask & ~headed for stay in self.people.values()):
            self.look("head", "", "no_head_in_month")
        for decision in self.facts.household_decisions[self.household] if self.people else ():
            # yen are taken off when the year is billed; so is a share, if there is a rule
            if decision.kind == NOT_LEVIED and decision.amount is None:
                code = "exemption_not_levied" if decision.share_ppm is None else "exemption_share"
                self.look("", str(decision.valid_from), code)
        return made, self.looks

    def unit(self, period: PayerPeriod) -> Unit:
        found = {
            resident: here
            for resident, stay in self.people.items()
            if (here := presence(self.law.fiscal_year, stay, period))
        }
        persons = [self.person(resident, period, here) for resident, here in found.items()]
        if found and period.payer not in found:
            persons.append(self.person(period.payer, period, None))
        return Unit(
            household=self.household,
            number=self.number,
            payer=period.payer,
            payer_number=self.facts.numbers[period.payer],
            period=period,
            persons=tuple(sorted(persons, key=lambda row: str(row["person_id"]))),
            household_row=self.household_row(period),
            births={
                self.facts.numbers[resident]: born
                for resident in {*found, period.payer}
                if (born := self.facts.births.get(resident))
            },
            reasons={
                self.facts.numbers[resident]: {
                    "began": here.began, "ended": here.ended, "special": here.special,
                }
                for resident, here in sorted(found.items())
            },
        )  # fmt: skip

    def person(
        self, resident: int, period: PayerPeriod, here: Presence | None
    ) -> Mapping[str, Any]:
        """A row of the persons file; who is not insured here is the head."""
        row: dict[str, Any] = {
            "insurer_code": self.insurer,
            "household_id": self.number,
            "person_id": self.facts.numbers[resident],
            "head": resident == period.payer,
            "insured": here is not None,
            "declared": self.declared(resident),
            "birth_date": self.born(resident),
            **self.facts.incomes.get(resident, {}),
        }
        if here:
            row |= {"joined_on": here.joined_on, "left_on": here.left_on}
            row["absent_months"] = here.absent
        made, doubts = reliefs.columns(
            self.facts.decisions[resident], self.law.fiscal_year, here.mask if here else 0
        )
        for doubt in doubts:
            self.look(doubt.column, doubt.value, doubt.code, resident)
        return row | made

    def born(self, resident: int) -> date | None:
        born = self.facts.births.get(resident)
        if born is None:
            self.look("birth_date", "", "no_birth_date", resident)
        return born.earliest() if born else None

    def declared(self, resident: int) -> str:
        """What was declared. Of whom neither declaration nor income is known: undeclared, but a
        child, who need not declare.
        """
        if state := self.facts.declarations.get(resident):
            return state
        if resident in self.facts.incomes:
            return "declared"
        born = self.facts.births.get(resident)
        grown = date(self.law.fiscal_year - self.law.ages.child, 4, 2)
        return "not_required" if born and born.earliest() >= grown else "undeclared"

    def household_row(self, period: PayerPeriod) -> Mapping[str, Any]:
        row: dict[str, Any] = {"insurer_code": self.insurer, "household_id": self.number}
        for elders in self.facts.elders[self.household]:
            ends = elders.valid_to
            if elders.valid_from <= period.since and (ends is None or ends > period.since):
                if elders.valid_from < period.since != first_day_of_year(self.law.fiscal_year):
                    self.look("same_household_elders", str(elders.count), "elders_of_other_head")
                row |= {
                    "same_household_elders": elders.count,
                    "elders_income": elders.income,
                    "elders_earners": elders.earners,
                    "specific_from": elders.specific_from,
                }
        return row


def _check(gathered: Gathered, law: LawYear) -> None:
    """The checks of the files, on the rows of the register."""
    units = [unit for unit in gathered.units if unit.household not in gathered.put_aside]
    for some in rounds(units):
        people = [(unit, row) for unit in some for row in unit.persons]
        births = [unit.births[row["person_id"]] for unit, row in people]
        persons = person_frame(row for _unit, row in people).with_columns(
            pl.Series(LATEST_BIRTH, [born.latest() for born in births], dtype=pl.Date)
        )
        written = persons.with_columns(pl.Series("birth_date", map(str, births), dtype=pl.String))
        households = household_frame(unit.household_row for unit in some)
        intake = check(
            _table("persons", persons, written), _table("households", households, households), law
        )
        for refusal in intake.refusals:
            of_person = refusal.file == "persons"
            unit, row = people[refusal.line] if of_person else (some[refusal.line], None)
            gathered.put_aside.add(unit.household)
            if refusal.code != "household_put_aside":
                gathered.looks.append(_look(refusal, unit, row))


def _table(name: str, frame: pl.DataFrame, written: pl.DataFrame) -> Table:
    """Rows of the register as if they had been read from a file, the first in line 0."""
    line = pl.int_range(pl.len(), dtype=pl.Int64).alias(LINE)
    rows, cells = frame.with_columns(line), written.with_columns(line)
    return Table(name, rows, [], rows.select(LINE, *KEYS).clear(), cells, frozenset(rows.columns))


def _look(refusal: Refusal, unit: Unit, row: Mapping[str, Any] | None) -> Look:
    return Look(
        household=unit.household,
        person=str(row["person_id"]) if row else "",
        column=refusal.column,
        value=refusal.value,
        code=refusal.code,
        expected=refusal.expected,
    )
