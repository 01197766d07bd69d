"""Reminders (督促状) of a run of arrears: what is owed of the demands that it reminded of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kokuho.arrears import Act
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.forms.papers import Paper, Reminder
from kokuho.office.printing.kinds import books, schedules
from kokuho.office.printing.kinds.acts import by_debtor, numbered, of_run
from kokuho.office.printing.kinds.issue import APPEAL_MONTHS, Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient

_ = translator("printing")


class _Reminder:
    key = "reminder"

    def needs(self) -> tuple[str, ...]:
        return ("run",)

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        acts = _acts(insurer, asked)
        demands = [demand for act in acts for demand in act.demands]
        claims, owed = books.claims(insurer, demands), books.owed(insurer, demands, on)
        houses, people = books.rows_of(insurer, claims.values())
        found = []
        for act in acts:
            for debtor, own in by_debtor(act, claims).items():
                yen = sum(owed.get(one.demand_id, 0) for one in own)
                found.append(
                    Item(f"reminder/{act.number}/{debtor}", houses[act.household], people[debtor],
                         yen, "print" if yen else "paid")
                )  # fmt: skip
        return found

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """The balance of the receivable account for these demands, straight from the entries."""
        acts = _acts(insurer, asked)
        return books.receivable(insurer, {name for act in acts for name in act.demands}, on)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        insurer, on = issue.insurer.code, issue.issued_on
        wanted = [(one, *one.split("/")[1:]) for one in references]
        acts = numbered(insurer, (int(number) for _name, number, _debtor in wanted))
        demands = [demand for act in acts.values() for demand in act.demands]
        claims = books.claims(insurer, demands)
        owed = books.owed_by_component(insurer, demands, on)
        people = books.payers(insurer, (debtor for _name, _number, debtor in wanted))
        found: dict[str, tuple[Paper, Recipient]] = {}
        for reference, number, debtor in wanted:
            act, payer = acts[int(number)], people[debtor]
            letter, recipient = issue.letter(payer, f"{number}-{debtor}")
            overdue = tuple(
                one
                for claim in by_debtor(act, claims)[debtor]
                if (one := books.overdue(claim, owed)).total
            )
            legal = issue.legal(recipient)
            paper = Reminder(
                letter=letter,
                payer=schedules.payer_name(issue, payer),
                overdue=overdue,
                total=sum(one.total for one in overdue),
                pay_by=act.until or on,
                basis=issue.text("reminder"),
                redress=legal.redress,
                appeal_months=APPEAL_MONTHS,
            )
            found[reference] = paper, recipient
        return found


def _acts(insurer: str, asked: Asked) -> list[Act]:
    """The reminders of a run that stand.

    Raises:
        InputError: there was no such run.
    """
    found = of_run(insurer, "reminder", asked.run, asked.household)
    if found is None:
        raise InputError(
            _("There is no run of reminders {run}; `kokuho arrears remind` makes one.").format(
                run=asked.run
            )
        )
    return found


REMINDER = _Reminder()
