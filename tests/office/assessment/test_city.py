"""A fictional city told to the register is assessed as its files are levied."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from kokuho.levy import levy
from kokuho.office.register.models import (
    Assessment,
    Declaration,
    Elders,
    Enrolment,
    Headship,
    Household,
    Identity,
    Income,
    Membership,
    PersonDecision,
    Recording,
    Resident,
)
from kokuho.office.store.recording import record
from kokuho.office.tenancy import seeing
from kokuho.sample import generate
from tests.office.assessment.town import BEFORE, ordinance, run_year, telling
from tests.office.conftest import INSURER, Store
from tests.office.people import add_insurer

YEAR = {"valid_from": date(2026, 4, 1), "valid_to": date(2027, 4, 1)}
Row = Mapping[str, Any]


def tell(moment: Recording, persons: list[Row], households: list[Row]) -> None:
    people = {row["person_id"]: resident(moment, row["person_id"]) for row in persons}
    houses = {row["household_id"]: household(moment, row["household_id"]) for row in households}
    Resident.objects.bulk_create(people.values())
    Household.objects.bulk_create(houses.values())
    record(moment, [
        Identity(resident=people[row["person_id"]], valid_from=date(1900, 1, 1),
                 birth_date=str(row["birth_date"]))
        for row in persons
    ])  # fmt: skip
    record(moment, [
        Membership(resident=people[row["person_id"]], household=houses[row["household_id"]],
                   valid_from=BEFORE)
        for row in persons
    ])  # fmt: skip
    record(moment, [
        Headship(household=houses[row["household_id"]], head=people[row["person_id"]],
                 valid_from=BEFORE)
        for row in persons if row["head"]
    ])  # fmt: skip
    record(moment, [
        Enrolment(resident=people[row["person_id"]], valid_from=row["joined_on"] or BEFORE,
                  valid_to=row["left_on"], acquisition_reason="birth")
        for row in persons
        if row["insured"] and (row["left_on"] is None or row["left_on"] != row["joined_on"])
    ])  # fmt: skip
    names = Income.fact_names()
    record(moment, [
        Income(resident=people[row["person_id"]], **{name: row[name] for name in names}, **YEAR)
        for row in persons
    ])  # fmt: skip
    record(moment, [
        Declaration(resident=people[row["person_id"]], state=row["declared"], **YEAR)
        for row in persons
    ])  # fmt: skip
    record(moment, [one for row in persons for one in reliefs(people[row["person_id"]], row)])
    record(moment, [
        Elders(household=houses[row["household_id"]], count=row["same_household_elders"],
               income=row["elders_income"], earners=row.get("elders_earners", 0),
               specific_from=row["specific_from"], **YEAR)
        for row in households
    ])  # fmt: skip


def resident(moment: Recording, number: str) -> Resident:
    return Resident(insurer_id=moment.insurer_id, address_number=number)


def household(moment: Recording, number: str) -> Household:
    return Household(insurer_id=moment.insurer_id, household_number=number)


def reliefs(person: Resident, row: Row) -> list[PersonDecision]:
    kinds = {
        "involuntary_unemployment": "involuntary_unemployment_from",
        "maternity": "maternity_from",
        "former_dependant": "former_dependant_from",
    }
    return [
        PersonDecision(
            resident=person, kind=kind, valid_from=row[column],
            months=row["maternity_months"] if kind == "maternity" else None,
        )
        for kind, column in kinds.items()
        if row[column]
    ]  # fmt: skip


def test_the_register_gives_what_the_files_give(store: Store) -> None:
    persons, households = generate(persons=700, seed=4, fiscal_year=2026, insurer_code=INSURER)
    used = ["joined_on", "left_on", "involuntary_unemployment_from", "specific_from"]
    assert all(
        frame[name].null_count() < frame.height
        for name in used
        for frame in (persons, households)
        if name in frame.columns
    )
    add_insurer()
    with telling() as t:
        tell(t.moment, persons.to_dicts(), households.to_dicts())
    assert run_year().counts.get("put_aside", 0) == 0
    wanted = levy(persons, households, [ordinance().year(2026)], steps=False).households
    with seeing([INSURER]):
        made = dict(Assessment.objects.known().values_list("household__household_number", "total"))
    expected = dict(wanted.filter(pl.col("total") > 0).select("household_id", "total").iter_rows())
    assert {number: total for number, total in made.items() if total} == expected
    assert len(expected) > 300
