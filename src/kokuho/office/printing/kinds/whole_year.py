"""Slips of a whole year (全期前納の納付書) beside those of its terms: all by the first due date.

They bear no code: a number of collection stands for one demand. They are taken at counters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from kokuho.base.messages import translator
from kokuho.forms.papers import Paper, Slip
from kokuho.office.collection import accounts
from kokuho.office.ledger.models import Claim
from kokuho.office.printing.kinds import books, schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient

_ = translator("printing")

PREFIX = "slip-year/"


def items(insurer: str, asked: Asked, on: date) -> list[Item]:
    """One for each payer of several terms who pays by slip."""
    claims = _asked_for(insurer, asked, on)
    listed = [claim for some in claims.values() for claim in some]
    owed = books.owed(insurer, (one.demand_id for one in listed), on)
    houses, people = books.rows_of(insurer, listed)
    found = []
    for (house, debtor), own in sorted(claims.items()):
        yen = sum(owed.get(one.demand_id, 0) for one in own)
        state, reason = ("print" if yen else "paid"), ""
        first = min(one.due for one in own)
        if first < on:
            state, reason = "unfit", _("its first due date {day} has passed").format(day=first)
        reference = f"{PREFIX}{asked.fiscal_year}/{house}/{debtor}"
        found.append(Item(reference, houses[house], people[debtor], yen, state, reason))
    return found


def control(insurer: str, asked: Asked, on: date) -> int:
    """The balance of the receivable account for the same demands."""
    claims = _asked_for(insurer, asked, on)
    return books.receivable(insurer, [c.demand_id for own in claims.values() for c in own], on)


def papers(issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
    """The slips, over what is owed of the year on the day of issue."""
    insurer, on = issue.insurer.code, issue.issued_on
    wanted = [(one, *one.removeprefix(PREFIX).split("/")) for one in references]
    claims: dict[tuple[str, str, str], list[Claim]] = {}
    for year in {year for _one, year, _house, _debtor in wanted}:
        houses = {house for _one, of, house, _debtor in wanted if of == year}
        for (house, debtor), own in _claims(insurer, int(year), on, issue.debited, houses).items():
            claims[year, house, debtor] = own
    owed = books.owed(insurer, (one.demand_id for own in claims.values() for one in own), on)
    people = books.payers(insurer, (debtor for _one, _year, _house, debtor in wanted))
    found: dict[str, tuple[Paper, Recipient]] = {}
    for reference, year, house, debtor in wanted:
        own, payer = claims[year, house, debtor], people[debtor]
        letter, recipient = issue.letter(payer, f"{year}-{debtor}")
        first = min(one.due for one in own)
        paper = Slip(
            letter=letter,
            fiscal_year=int(year),
            number=0,
            payer=schedules.payer_name(issue, payer),
            amount=sum(owed.get(one.demand_id, 0) for one in own),
            due=first,
            usable_until=first,
            pay_at=issue.office.pay_at,
            whole_year=True,
        )
        found[reference] = paper, recipient
    return found


def _asked_for(insurer: str, asked: Asked, on: date) -> Mapping[tuple[str, str], list[Claim]]:
    assert asked.fiscal_year is not None  # it is what tells these slips from those of an issue
    houses = {asked.household} if asked.household else None
    return _claims(insurer, asked.fiscal_year, on, accounts.on_day(insurer, on), houses)


def _claims(
    insurer: str, year: int, on: date, debited: Collection[str], houses: set[str] | None
) -> Mapping[tuple[str, str], list[Claim]]:
    """The demands of ordinary collection of a year by household and debtor, two of them at least.

    Who pays by direct debit (``debited``) is left out; ``houses`` are all if not named.
    """
    rows = Claim.objects.filter(insurer_id=insurer, year_meant=year, recorded_on__lte=on)
    if houses is not None:
        rows = rows.filter(household_id__in=houses)
    latest = {row.demand_id: row for row in rows.order_by("version").iterator(chunk_size=5000)}
    found: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for row in latest.values():
        if row.channel == "ordinary" and row.household_id not in debited:
            found[row.household_id, row.debtor].append(row)
    return {key: own for key, own in found.items() if len(own) > 1}
