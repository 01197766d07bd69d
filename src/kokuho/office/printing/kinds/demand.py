"""Letters of demand (催告書) of a run of arrears: what is owed, with interest up to the day.

What has run up and is in no entry stands on the paper and not in the sum of the control list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from kokuho.arrears import Act
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.forms.papers import Demand, Paper
from kokuho.office.arrears.standing import read
from kokuho.office.printing.kinds import books, schedules
from kokuho.office.printing.kinds.acts import by_debtor, numbered, of_run
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient

_ = translator("printing")


class _Demand:
    key = "demand"

    def needs(self) -> tuple[str, ...]:
        return ("run",)

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        acts = _acts(insurer, asked)
        demands = [demand for act in acts for demand in act.demands]
        claims, owed = books.claims(insurer, demands), books.owed(insurer, demands, on)
        running = _running(insurer, acts, on)
        houses, people = books.rows_of(insurer, claims.values())
        found = []
        for act in acts:
            for debtor, own in by_debtor(act, claims).items():
                yen = sum(owed.get(one.demand_id, 0) for one in own)
                more = sum(running.get(one.demand_id, 0) for one in own)
                reason = ""
                if more:
                    reason = _("beside it {yen} yen of interest that runs").format(yen=f"{more:,}")
                found.append(
                    Item(f"demand/{act.number}/{debtor}", houses[act.household], people[debtor],
                         yen, "print" if yen else "paid", reason)
                )  # fmt: skip
        return found

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        acts = _acts(insurer, asked)
        return books.receivable(insurer, {name for act in acts for name in act.demands}, on)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        insurer, on = issue.insurer.code, issue.issued_on
        wanted = [(one, *one.split("/")[1:]) for one in references]
        acts = numbered(insurer, (int(number) for _name, number, _debtor in wanted))
        demands = [demand for act in acts.values() for demand in act.demands]
        claims = books.claims(insurer, demands)
        owed = books.owed_by_component(insurer, demands, on)
        running = _running(insurer, acts.values(), on)
        people = books.payers(insurer, (debtor for _name, _number, debtor in wanted))
        found: dict[str, tuple[Paper, Recipient]] = {}
        for reference, number, debtor in wanted:
            act, payer = acts[int(number)], people[debtor]
            letter, recipient = issue.letter(payer, f"{number}-{debtor}")
            overdue = tuple(
                one
                for claim in by_debtor(act, claims)[debtor]
                if (one := books.overdue(claim, owed, running.get(claim.demand_id, 0))).total
            )
            paper = Demand(
                letter=letter,
                payer=schedules.payer_name(issue, payer),
                overdue=overdue,
                total=sum(one.total for one in overdue),
                as_of=on,
                pay_by=act.until or on,
                meeting=issue.office.said.meeting,
            )
            found[reference] = paper, recipient
        return found


def _acts(insurer: str, asked: Asked) -> list[Act]:
    """The letters of a run that stand.

    Raises:
        InputError: there was no such run.
    """
    found = of_run(insurer, "demand_letter", asked.run, asked.household)
    if found is None:
        raise InputError(
            _("There is no run of demands {run}; `kokuho arrears demand` makes one.").format(
                run=asked.run
            )
        )
    return found


def _running(insurer: str, acts: Iterable[Act], on: date) -> dict[str, int]:
    """The interest that has run up on a day, by demand, as arrears counts it."""
    houses = {act.household for act in acts}
    if not houses:
        return {}
    return dict(read(insurer, on, houses).owed.select("demand_id", "running").iter_rows())


DEMAND = _Demand()
