"""The certificate of payment (納付証明書), on application, by the household's books of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from kokuho.arrears import in_force
from kokuho.forms.papers import Certificate, Paper, YearPaid
from kokuho.forms.papers.certificates import State
from kokuho.office.arrears.standing import read
from kokuho.office.ledger.claims import claims_of
from kokuho.office.ledger.models import Claim, Entry
from kokuho.office.ledger.standing import DemandLine, household_books
from kokuho.office.printing.kinds import books, schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient

_ALL = "all"


class _Certificate:
    """The amount of the control list is what is still owed of the levy itself, due or not."""

    key = "certificate"

    def needs(self) -> tuple[str, ...]:
        return ("household",)

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        lines = _lines(insurer, asked.household, on, asked.fiscal_year)
        claims = claims_of(insurer, (one.demand_id for some in lines.values() for one in some))
        houses, people = books.rows_of(insurer, claims.values())
        year = asked.fiscal_year or _ALL
        return [
            Item(f"certificate/{on}/{asked.household}/{debtor}/{year}", houses[asked.household],
                 people[debtor], sum(one.owed for one in some))
            for debtor, some in sorted(lines.items())
        ]  # fmt: skip

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """The receivables of the levy itself, straight from the entries."""
        rows = Entry.objects.filter(
            insurer_id=insurer, account="receivable", component="principal",
            household_id=asked.household, posted_on__lte=on, value_on__lte=on,
        )  # fmt: skip
        if asked.fiscal_year is not None:
            rows = rows.filter(year_meant=asked.fiscal_year)
        return sum(rows.values_list("amount", flat=True))

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        insurer = issue.insurer.code
        found: dict[str, tuple[Paper, Recipient]] = {}
        for reference in references:
            _name, said, house, debtor, which = reference.split("/")
            on, year = date.fromisoformat(said), None if which == _ALL else int(which)
            payer = books.payers(insurer, [debtor])[debtor]
            letter, recipient = issue.letter(payer, f"{on:%Y%m%d}-{debtor}")
            years = _years(_lines(insurer, house, on, year)[debtor])
            paper = Certificate(
                letter=letter,
                payer=schedules.payer_name(issue, payer),
                as_of=on,
                years=years,
                states=_states(insurer, house, on, years),
            )
            found[reference] = paper, recipient
        return found


def _lines(insurer: str, house: str, on: date, year: int | None) -> dict[str, list[DemandLine]]:
    """The demands of a household by debtor, of a year or of all."""
    if not Claim.objects.filter(insurer_id=insurer, household_id=house).exists():
        return {}
    found: dict[str, list[DemandLine]] = defaultdict(list)
    for line in household_books(insurer, house, on).demands:
        if (year is None or line.year_meant == year) and (line.assessed or line.owed):
            found[line.debtor].append(line)
    return dict(found)


def _years(lines: Sequence[DemandLine]) -> tuple[YearPaid, ...]:
    """By year; what was paid too much is not what was paid of the levy."""
    by_year: dict[int, list[DemandLine]] = defaultdict(list)
    for line in lines:
        by_year[line.year_meant].append(line)
    return tuple(
        YearPaid(
            year,
            sum(one.assessed for one in some),
            sum(min(one.paid, one.assessed) for one in some),
            sum(one.owed for one in some if one.overdue),
            sum(one.owed for one in some if not one.overdue),
        )
        for year, some in sorted(by_year.items())
    )


def _states(insurer: str, house: str, on: date, years: Sequence[YearPaid]) -> tuple[State, ...]:
    """Whether something is overdue, and a deferral or an agreement kept as plainly."""
    if not any(one.overdue for one in years):
        return ("none",)
    said: list[State] = ["overdue"]
    for one in read(insurer, on, [house]).households:
        if in_force("deferral", one.acts, on):
            said.append("deferred")
        if any(agreed.state == "kept" for agreed in one.agreements):
            said.append("agreed")
        if one.state == "consulting":
            said.append("consulting")
    return tuple(said)


CERTIFICATE = _Certificate()
