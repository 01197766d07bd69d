"""A fictional town for the tests of assessments: its ordinance, its people, what becomes known."""

from __future__ import annotations

from datetime import date
from typing import Any

from kokuho.office.assessment.changes import assess_changes
from kokuho.office.assessment.yearly import Wish, assess_year
from kokuho.office.jobs.runs import Run
from kokuho.office.register.models import (
    Assessment,
    Declaration,
    Enrolment,
    Headship,
    Household,
    Identity,
    Income,
    Membership,
    Recording,
    Residence,
    Resident,
)
from kokuho.office.register.recordings import begin
from kokuho.office.store.recording import record, retract
from kokuho.office.tenancy import seeing
from kokuho.ordinance import Ordinance
from tests.office.conftest import INSURER

BEFORE = date(2020, 4, 1)
PARTS = {
    "medical": {"income_rate": "0.07", "per_capita": 30_000, "per_household": 20_000,
                "cap": 650_000},
    "support": {"income_rate": "0.02", "per_capita": 10_000, "cap": 200_000},
    "care": {"income_rate": "0.02", "per_capita": 12_000, "cap": 170_000},
}  # fmt: skip
CHILD = {"income_rate": "0.003", "per_capita": 1_800, "per_capita_adult": 100, "cap": 30_000}


def ordinance(kind: str = "premium", code: str = INSURER, **medical: Any) -> Ordinance:
    """FY2022 to FY2026, the same rates in each; ``medical`` changes those of the first part."""
    years = {}
    for year in range(2022, 2027):
        parts = {**PARTS, "medical": PARTS["medical"] | medical}
        if year >= 2026:
            parts["child"] = CHILD
        years[year] = {
            "source": "架空", "retrieved": date(2026, 4, 1), "status": "fictional",
            "parts": parts,
            "rounding": {"income_component": "per_person", "part": 100},
            "terms": [{"number": n, "due": f"{6 + n:02d}-end"} for n in range(1, 7)],
        }  # fmt: skip
    return Ordinance.model_validate(
        {
            "insurer": {
                "code": code, "name": "架空市", "prefecture": "架空県", "municipality_code": code,
                "kind": kind,
            },
            "fiscal_years": years,
        }
    )  # fmt: skip


class Told:
    """What is told to the register in one transaction."""

    def __init__(self, moment: Recording) -> None:
        self.moment = moment

    def resident(self, number: str, born: str = "1980-05-05", **identity: Any) -> Resident:
        found, _made = Resident.objects.get_or_create(
            insurer_id=self.moment.insurer_id, address_number=number
        )
        known = {"kanji": f"架空 {number}", "birth_date": born, **identity}
        record(self.moment, [Identity(resident=found, valid_from=BEFORE, **known)])
        return found

    def living(
        self, number: str, since: date = BEFORE, until: date | None = None, **m: Any
    ) -> None:
        more = {"postal_code": "999-0001", "address": "架空市架空町1番地", **m}
        self.say(Residence(resident=at(number), valid_from=since, valid_to=until, **more))

    def insured(
        self, number: str, since: date = BEFORE, until: date | None = None, **more: Any
    ) -> None:
        facts = {"acquisition_reason": "moved_in", **more}
        self.say(Enrolment(resident=at(number), valid_from=since, valid_to=until, **facts))

    def lost(
        self, number: str, on: date, reason: str = "joined_employees", until: date | None = None
    ) -> None:
        """Not insured any more from a day on (資格喪失), or until another."""
        self.insured(number, BEFORE, on, loss_reason=reason)
        period = Enrolment(resident=at(number), valid_from=on, valid_to=until)
        retract(self.moment, [period])

    def member(
        self, number: str, household: str, since: date = BEFORE, until: date | None = None
    ) -> None:
        house = self.household(household)
        self.say(Membership(resident=at(number), household=house, valid_from=since, valid_to=until))

    def head(
        self, household: str, number: str, since: date = BEFORE, until: date | None = None
    ) -> None:
        self.say(
            Headship(
                household=self.household(household),
                head=at(number),
                valid_from=since,
                valid_to=until,
            )
        )

    def household(self, number: str) -> Household:
        return Household.objects.get_or_create(
            insurer_id=self.moment.insurer_id, household_number=number
        )[0]

    def income(self, number: str, year: int, **incomes: int) -> None:
        days = {"valid_from": date(year, 4, 1), "valid_to": date(year + 1, 4, 1)}
        self.say(Income(resident=at(number), **days, **incomes))
        self.say(Declaration(resident=at(number), state="declared", **days))

    def family(self, household: str, head: str, *others: str, born: str = "1980-05-05") -> None:
        """People who live together and are insured since long ago, the first as head."""
        for number in (head, *others):
            self.resident(number, born)
            self.living(number)
            self.insured(number)
            self.member(number, household)
        self.head(household, head)

    def say(self, fact: Any) -> None:
        record(self.moment, [fact])


def at(number: str) -> Resident:
    found: Resident = Resident.objects.get(address_number=number)
    return found


class telling:  # noqa: N801
    """``with telling() as t:`` one transaction in which the register is told something."""

    def __init__(self, insurer: str = INSURER) -> None:
        self.insurer = insurer
        self.block = seeing([insurer], writing=True)

    def __enter__(self) -> Told:
        self.block.__enter__()
        return Told(begin(self.insurer, actor="試験", reason="試験"))

    def __exit__(self, *error: Any) -> None:
        self.block.__exit__(*error)


def run_year(year: int = 2026, **wish: Any) -> Run:
    given = {"ordinance": ordinance().year(year), "decided_on": date(year, 7, 15), **wish}
    return assess_year(INSURER, year, Wish(**given), actor="試験")


def run_changes(decided_on: date = date(2026, 11, 25), **more: Any) -> Run:
    return assess_changes(INSURER, decided_on=decided_on, actor="試験", **more)


def totals(year: int = 2026) -> dict[tuple[str, str], int]:
    """What is owed now, by household and payer."""
    with seeing([INSURER]):
        rows = (
            Assessment.objects.known()
            .of_year(year)
            .values_list("household__household_number", "payer__address_number", "total")
        )
        found: dict[tuple[str, str], int] = {}
        for household, payer, total in rows:
            found[household, payer] = found.get((household, payer), 0) + total
        return found
