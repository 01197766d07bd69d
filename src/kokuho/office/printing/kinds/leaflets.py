"""Leaflets to households: before leaving Japan (出国・帰国の前に), on joining (加入のしおり).

The guide bears what the household owes; days and months that the office chooses are its slots.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.forms.papers import EnrolmentLeaflet, Paper, ReturnHomeGuide
from kokuho.law import parameter
from kokuho.office.arrears.whereabouts import heads_of
from kokuho.office.billing.departures import departing
from kokuho.office.billing.ordinances import assessed_years, ordinance_of
from kokuho.office.ledger.claims import claims_of_households
from kokuho.office.printing.kinds import books
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient
from kokuho.office.register.models import Enrolment, Household, Membership, Resident

_ = translator("printing")


class _ReturnHome:
    key = "return_home"

    def needs(self) -> tuple[str, ...]:
        return ()

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        listed = _leaving(insurer, asked, on)
        claims = claims_of_households(insurer, (number for number, _house, _payer in listed))
        owed = books.owed(insurer, (one.demand_id for one in claims), on)
        people = dict(
            Resident.objects.filter(pk__in=[payer for _n, _h, payer in listed]).values_list(
                "pk", "address_number"
            )
        )
        return [
            Item(f"return_home/{on}/{number}/{people[payer]}", house, payer,
                 sum(owed.get(one.demand_id, 0) for one in claims
                     if (one.household_id, one.debtor) == (number, people[payer])))
            for number, house, payer in listed
        ]  # fmt: skip

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """The receivables of what these payers owe in these households."""
        listed = _leaving(insurer, asked, on)
        numbers = Resident.objects.in_bulk([payer for _n, _h, payer in listed])
        wanted = {(number, numbers[payer].address_number) for number, _h, payer in listed}
        claims = claims_of_households(insurer, (number for number, _h, _p in listed))
        demands = {c.demand_id for c in claims if (c.household_id, c.debtor) in wanted}
        return books.receivable(insurer, demands, on)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        insurer, on = issue.insurer.code, issue.issued_on
        weeks = issue.office.slot("weeks_before", self.key)
        wanted = [(one, *one.split("/")[2:]) for one in references]
        claims = claims_of_households(insurer, (number for _one, number, _debtor in wanted))
        owed = books.owed(insurer, (one.demand_id for one in claims), on)
        people = books.payers(insurer, (debtor for _one, _number, debtor in wanted))
        found: dict[str, tuple[Paper, Recipient]] = {}
        for reference, number, debtor in wanted:
            own = [c for c in claims if (c.household_id, c.debtor) == (number, debtor)]
            letter, recipient = issue.letter(people[debtor], f"{on:%Y%m%d}-{debtor}")
            paper = ReturnHomeGuide(
                letter, weeks,
                sum(owed.get(c.demand_id, 0) for c in own if c.due < on),
                sum(owed.get(c.demand_id, 0) for c in own if c.due >= on),
                addressed=True,
            )  # fmt: skip
            found[reference] = paper, recipient
        return found


class _Enrolment:
    key = "enrolment"

    def needs(self) -> tuple[str, ...]:
        return ()

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        """One for each household that somebody joined; of one household, of its last joining.

        Raises:
            InputError: neither a household nor a day was named.
        """
        joined = _joined(insurer, asked, on)
        heads = heads_of(insurer, joined, on)
        return [
            Item(f"enrolment/{number}/{day}", house, heads[number], 0)
            for number, (house, day) in sorted(joined.items())
            if number in heads
        ]

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """No money stands on it."""
        return 0

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        insurer, on = issue.insurer.code, issue.issued_on
        month = issue.office.slot("notice_month", self.key)
        days = cast("int", parameter("eligibility.notification_days").on(on).value)
        years = assessed_years(insurer)
        ahead = bool(years) and ordinance_of(insurer, max(years)).prepayment.adopted
        numbers = {one: one.split("/")[1] for one in references}
        heads = heads_of(insurer, numbers.values(), on)
        people = Resident.objects.in_bulk(list(heads.values()))
        found: dict[str, tuple[Paper, Recipient]] = {}
        for reference, number in numbers.items():
            letter, recipient = issue.letter(people[heads[number]], f"{on:%Y%m%d}-{number}")
            paper = EnrolmentLeaflet(letter, month, days, ahead, addressed=True)
            found[reference] = paper, recipient
        return found


def _leaving(insurer: str, asked: Asked, on: date) -> list[tuple[str, int, int]]:
    """Number and row of household, row of payer: those who go abroad, or the one asked for."""
    if asked.household:
        heads = heads_of(insurer, [asked.household], on)
        rows = Household.objects.filter(insurer_id=insurer, household_number=asked.household)
        return [(one.household_number, one.pk, heads[one.household_number])
                for one in rows if one.household_number in heads]  # fmt: skip
    return [
        (one.household.household_number, one.household.pk, one.payer.pk)
        for one in departing(insurer, on, everything=True)
        if one.how == "moved_abroad" and one.leaves_on > on
    ]


def _joined(insurer: str, asked: Asked, on: date) -> dict[str, tuple[int, date]]:
    """Row and last day of joining of households."""
    if asked.since is None and not asked.household:
        raise InputError(_("enrolment needs --since: of who joined from which day on"))
    rows: Any = Enrolment.objects.known().filter(insurer_id=insurer, valid_from__lte=on)
    if asked.since is not None:
        rows = rows.filter(valid_from__gte=asked.since)
    members = Membership.objects.as_of(on).filter(insurer_id=insurer)
    if asked.household:
        members = members.filter(household__household_number=asked.household)
    houses = {
        resident: (number, house)
        for resident, number, house in members.values_list(
            "resident_id", "household__household_number", "household_id"
        )
    }
    found: dict[str, tuple[int, date]] = {}
    for resident, day in rows.order_by("valid_from").values_list("resident_id", "valid_from"):
        if resident in houses:
            number, house = houses[resident]
            found[number] = house, day
    return found


RETURN_HOME = _ReturnHome()
ENROLMENT = _Enrolment()
