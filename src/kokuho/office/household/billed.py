"""The bills of a household as they were known: by term, how they are paid, whether prepaid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kokuho.base.calendar import fiscal_year_of
from kokuho.base.errors import KokuhoError
from kokuho.billing import Ground, Task, undecided
from kokuho.billing.exemption import explain, read
from kokuho.office.billing import departures, worklist
from kokuho.office.billing.ordinances import assessed_years, ordinance_of
from kokuho.office.billing.schedules import Instalment, Schedule
from kokuho.office.billing.worklist import Item
from kokuho.office.household.glance import View
from kokuho.office.ledger.standing import HouseholdBooks, household_books
from kokuho.office.register.models import Household, Residence


@dataclass(frozen=True)
class Bill:
    """One payer's schedule, its demands by due date, and why it is paid so.

    ``exemptions`` are the granted shares, each with the steps to its yen in words.
    """

    schedule: Schedule
    instalments: Sequence[Instalment]
    grounds: Sequence[Ground]
    exemptions: Sequence[Sequence[str]] = ()

    @property
    def by_pension(self) -> bool:
        """Whether the grounds are those of collection from a pension: statements that may fail."""
        return any(ground.code == "minimum_pension" for ground in self.grounds)

    @property
    def pension_undecided(self) -> bool:
        """Whether it is paid in the terms because it is not known if a pension pays (特別徴収)."""
        return self.schedule.channel == "ordinary" and undecided(self.grounds)


@dataclass(frozen=True)
class Billed:
    """The bills of a fiscal year.

    Attributes:
        bills: the schedules that stood then, one for each payer.
        prepayment: where the household stands today; none where prepayment is not asked for.
        tasks: what to ask a payer who leaves Japan, by the payer's row number.
        books: payments and what is owed on the day of the view; none where nothing is posted.
        why_not: why prepayment or the books cannot be told.
    """

    fiscal_year: int
    bills: Sequence[Bill]
    prepayment: Item | None
    tasks: dict[int, tuple[Task, ...]]
    books: HouseholdBooks | None
    why_not: Sequence[str] = ()

    @property
    def payers(self) -> list[int]:
        """The payers of the bills, by row number, each once."""
        return list(dict.fromkeys(bill.schedule.payer_id for bill in self.bills))


def billed(household: Household, view: View) -> Billed:
    """The bills of the fiscal year of the view, inside of ``seeing``.

    Prepayment and what to ask before a departure are told as of today, whatever day is asked for:
    they are work to be done.
    """
    year = view.fiscal_year
    schedules = Schedule.objects.known(view.known).filter(household=household, fiscal_year=year)
    bills = [
        Bill(
            schedule,
            list(schedule.instalments.order_by("due", "channel", "term")),
            [Ground.from_dict(ground) for ground in schedule.grounds],
            [explain(read(one)) for one in schedule.exemptions],
        )
        for schedule in schedules.select_related("payer").order_by("pk")
    ]
    prepayment: Item | None = None
    why_not: list[str] = []
    tasks: dict[int, tuple[Task, ...]] = {}
    if year in assessed_years(household.insurer_id):
        try:
            prepayment = worklist.one(household, year)
            tasks = _tasks(household, year, [bill.schedule.payer_id for bill in bills])
        except KokuhoError as error:
            why_not.append(str(error))
    books: HouseholdBooks | None = None
    try:
        books = _books(household, view)
    except KokuhoError as error:
        why_not.append(str(error))
    return Billed(year, bills, prepayment, tasks, books, why_not)


def _books(household: Household, view: View) -> HouseholdBooks | None:
    """The household's books on the day of the view; all years, as a balance has no year."""
    found = household_books(
        household.insurer_id, household.household_number, view.valid, view.known
    )
    return found if found.demands else None


def _tasks(household: Household, year: int, payers: Sequence[int]) -> dict[int, tuple[Task, ...]]:
    """What to ask payers whose residence ends with a departure from Japan in the year or later."""
    leaving = Residence.objects.known().filter(
        resident__in=payers, ended_by="moved_abroad", valid_to__isnull=False
    )
    gone = {row.resident_id for row in leaving if fiscal_year_of(row.valid_to) >= year}
    if not gone:
        return {}
    ordinance = ordinance_of(household.insurer_id, year)
    said = departures.said(gone, year)
    return {payer: departures.tasks(ordinance, said.get(payer)) for payer in gone}
