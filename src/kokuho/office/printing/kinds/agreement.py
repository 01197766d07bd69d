"""Agreements to pay in instalments (分納誓約書) that are recorded and in force, to be signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kokuho.arrears import Act, in_force, standing
from kokuho.base.messages import translator
from kokuho.forms.papers import Agreement, Paper, Promise
from kokuho.office.arrears.models import ActRow
from kokuho.office.arrears.recording import acts_of
from kokuho.office.ledger.claims import claims_of
from kokuho.office.printing.kinds import books, schedules
from kokuho.office.printing.kinds.acts import by_debtor, numbered
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient

_ = translator("printing")


class _Agreement:
    key = "agreement"

    def needs(self) -> tuple[str, ...]:
        return ()

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        acts = _acts(insurer, asked, on)
        demands = [demand for act in acts for demand in act.demands]
        claims, owed = claims_of(insurer, demands), books.owed(insurer, demands, on)
        houses, people = books.rows_of(insurer, claims.values())
        then = _owed_when_made(insurer, acts)
        found = []
        for act in acts:
            debtors = by_debtor(act, claims)
            planned = sum(one.amount for one in act.plan)
            debtor = sorted(debtors)[0]
            yen = sum(owed.get(one, 0) for one in act.demands)
            state, reason = ("print" if yen else "paid"), ""
            if len(debtors) > 1:
                state, reason = "unfit", _("one plan for demands of {count} debtors").format(
                    count=len(debtors)
                )  # fmt: skip
            elif yen and then[act.number] != yen:
                # the sum on the paper is that of the day of issue: the plan would not fit it
                state, reason = (
                    "other_amount",
                    _("owed {then} yen when it was made, {now} yen now").format(
                        then=f"{then[act.number]:,}", now=f"{yen:,}"
                    ),
                )
            elif planned < yen and act.amount is None:
                state, reason = "short", _short(planned, yen)
            found.append(
                Item(f"agreement/{act.number}", houses[act.household], people[debtor], yen, state,
                     reason)
            )  # fmt: skip
        return found

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        """The receivables of the demands; of two agreements over one demand, each counts it."""
        acts = _acts(insurer, asked, on)
        return books.receivable(insurer, [name for act in acts for name in act.demands], on)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        insurer, on = issue.insurer.code, issue.issued_on
        acts = numbered(insurer, (int(one.partition("/")[2]) for one in references))
        demands = [demand for act in acts.values() for demand in act.demands]
        claims = claims_of(insurer, demands)
        owed = books.owed_by_component(insurer, demands, on)
        people = books.payers(insurer, (claim.debtor for claim in claims.values()))
        found: dict[str, tuple[Paper, Recipient]] = {}
        for number, act in acts.items():
            ((debtor, own),) = by_debtor(act, claims).items()
            payer = people[debtor]
            letter, recipient = issue.letter(payer, str(number))
            overdue = tuple(one for claim in own if (one := books.overdue(claim, owed)).total)
            paper = Agreement(
                letter=letter,
                payer=schedules.payer_name(issue, payer),
                overdue=overdue,
                total=sum(one.total for one in overdue),
                promises=tuple(Promise(one.due, one.amount) for one in act.plan),
                reason=act.text,
            )
            found[f"agreement/{number}"] = paper, recipient
        return found


def _owed_when_made(insurer: str, acts: Sequence[Act]) -> dict[int, int]:
    """What was owed of the demands of each agreement on its own day, by its number, yen."""
    found: dict[int, int] = {}
    for day in {act.day for act in acts}:
        own = [act for act in acts if act.day == day]
        owed = books.owed(insurer, [demand for act in own for demand in act.demands], day)
        found |= {act.number: sum(owed.get(one, 0) for one in act.demands) for act in own}
    return found


def _short(planned: int, owed: int) -> str:
    return _(
        "promised are {planned} yen, owed {owed} yen; where that was meant, record it again with "
        "--partial"
    ).format(planned=f"{planned:,}", owed=f"{owed:,}")


def _acts(insurer: str, asked: Asked, on: date) -> list[Act]:
    """The agreements in force on a day, of those made since the day that was asked for."""
    rows = ActRow.objects.filter(insurer_id=insurer, kind="agreement", day__lte=on)
    if asked.since is not None:
        rows = rows.filter(day__gte=asked.since)
    if asked.household:
        rows = rows.filter(household_id=asked.household)
    houses = set(rows.values_list("household_id", flat=True))
    known = acts_of(insurer, houses)
    wanted = set(rows.values_list("number", flat=True))
    return [
        act
        for house in sorted(houses)
        for act in in_force("agreement", standing(known.get(house, ())), on)
        if act.number in wanted
    ]


AGREEMENT = _Agreement()
