"""Reminders (督促状) of a run of arrears: what is owed of the demands that it reminded of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Sum

from kokuho.arrears import Act, standing
from kokuho.base.errors import InputError
from kokuho.base.messages import translator
from kokuho.forms.papers import Overdue, Paper, Reminder
from kokuho.office.arrears.models import ActRow
from kokuho.office.ledger.models import Claim, Entry
from kokuho.office.printing.kinds import books, schedules
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
            for debtor, own in _by_debtor(act, claims).items():
                yen = sum(owed.get(one.demand_id, 0) for one in own)
                found.append(
                    Item(f"reminder/{act.number}/{debtor}", houses[act.household], people[debtor],
                         yen, "print" if yen else "paid")
                )  # fmt: skip
        return found

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """The balance of the receivable account for these demands, straight from the entries."""
        demands = {demand for act in _acts(insurer, asked) for demand in act.demands}
        rows = Entry.objects.filter(
            insurer_id=insurer, account="receivable", posted_on__lte=on, value_on__lte=on
        )
        sums = rows.values_list("demand_id").annotate(yen=Sum("amount"))
        return sum(yen for demand, yen in sums if demand in demands)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        insurer, on = issue.insurer.code, issue.issued_on
        wanted = [(one, *one.split("/")[1:]) for one in references]
        rows = ActRow.objects.filter(
            insurer_id=insurer, number__in=[int(number) for _name, number, _debtor in wanted]
        )
        acts = {row.number: row.act() for row in rows}
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
                for claim in _by_debtor(act, claims)[debtor]
                if (one := _overdue(claim, owed)).total
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
    """The reminders of a run that stand, in the order of their numbers.

    Raises:
        InputError: there was no such run.
    """
    rows = ActRow.objects.filter(insurer_id=insurer)
    own = rows.filter(kind="reminder", run=asked.run)
    if not own.exists():
        raise InputError(
            _("There is no run of reminders {run}; `kokuho arrears remind` makes one.").format(
                run=asked.run
            )
        )
    withdrawn = set(rows.filter(kind="withdrawal").values_list("refers", flat=True))
    if asked.household:
        own = own.filter(household_id=asked.household)
    acts = [row.act() for row in own.order_by("number") if row.number not in withdrawn]
    return [act for act in acts if standing([act])]


def _by_debtor(act: Act, claims: Mapping[str, Claim]) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = defaultdict(list)
    for demand in act.demands:
        found[claims[demand].debtor].append(claims[demand])
    return dict(found)


def _overdue(claim: Claim, owed: Mapping[tuple[str, str], int]) -> Overdue:
    def of(component: str) -> int:
        return owed.get((claim.demand_id, component), 0)

    return Overdue(
        claim.year_meant, claim.term, claim.due, of("principal"), of("interest"), of("fee")
    )


REMINDER = _Reminder()
