"""The notice of a changed levy (更正(決定)通知書・変更決定通知書)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kokuho.forms.papers import Changed, ChangeNotice, Paper
from kokuho.office.assessment import addressees
from kokuho.office.assessment.decisions import LevyDecision
from kokuho.office.billing.schedules import Schedule
from kokuho.office.ledger.standing import household_books
from kokuho.office.printing.kinds import schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient
from kokuho.office.store.versions import end_of


class _Change:
    key = "change"

    def needs(self) -> tuple[str, ...]:
        return ("since",)

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        found = schedules.items(self._rows(insurer, asked), asked)
        bills: dict[str, schedules.Bill] = {}
        for start in range(0, len(found), 500):
            bills |= schedules.bills([one.reference for one in found[start : start + 500]])
        return [
            replace(one, state="no_change")
            if one.state == "print" and not _differs(bills[one.reference])
            else one
            for one in found
        ]

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        return schedules.control(self._rows(insurer, asked), asked)

    def _rows(self, insurer: str, asked: Asked) -> Any:
        assert asked.since is not None
        rows = Schedule.objects.filter(
            insurer_id=insurer, made="change", recorded_at__gt=end_of(_eve(asked.since))
        )
        return rows if asked.fiscal_year is None else rows.filter(fiscal_year=asked.fiscal_year)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        bills = schedules.bills(references)
        found = schedules.read(
            one for bill in bills.values() for one in (*bill.assessments, *bill.former_assessments)
        )
        return {reference: self._paper(issue, bill, found) for reference, bill in bills.items()}

    def _paper(
        self, issue: Issue, bill: schedules.Bill, found: schedules.Read
    ) -> tuple[Paper, Recipient]:
        schedule, former = bill.schedule, bill.former
        after, before = bill.assessments, bill.former_assessments
        letter, recipient = issue.letter(schedule.payer, str(schedule.pk))
        named = (after or before)[-1]
        books = household_books(
            issue.insurer.code, schedule.household.household_number, issue.issued_on
        )
        paper = ChangeNotice(
            letter=letter,
            fiscal_year=schedule.fiscal_year,
            payer=schedules.payer_name(issue, schedule.payer),
            household_number=schedule.household.household_number,
            parts=schedules.parts(after, found.ordinances[named.pk], before),
            before=former.total if former else 0,
            total=schedule.total,
            reduction=after[-1].reduction if after else 0,
            causes=_causes(issue, bill),
            # what was due already and stays as it was is no news
            instalments=tuple(
                one
                for one in schedules.instalments(issue, bill)
                if one.due >= issue.issued_on or one.amount != one.before
            ),
            overpaid=sum(
                line.overpaid
                for line in books.demands
                if line.year_meant == schedule.fiscal_year
                and line.debtor == schedule.payer.address_number
            ),
            channel=schedules.channel(issue, schedule),
            legal=issue.legal(recipient),
        )
        return paper, recipient


def _eve(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _differs(bill: schedules.Bill) -> bool:
    return bill.former is None or bill.former.total != bill.schedule.total


def _causes(issue: Issue, bill: schedules.Bill) -> tuple[Changed, ...]:
    """The causes of the decisions between the two bills, each once."""
    schedule, former = bill.schedule, bill.former
    rows = LevyDecision.objects.filter(
        household=schedule.household_id,
        payer=schedule.payer_id,
        fiscal_year=schedule.fiscal_year,
        former__isnull=False,
        recording__recorded_at__lte=schedule.recorded_at,
    )
    if former is not None:
        rows = rows.filter(recording__recorded_at__gt=former.recorded_at)
    told = [cause for row in rows.order_by("pk") for cause in row.causes]
    people = {cause["person"] for cause in told if "person" in cause}
    names = addressees.names(issue.insurer.code, people, issue.issued_on)
    found = [Changed(cause["cause"], names.get(cause.get("person", ""), "")) for cause in told]
    return tuple(dict.fromkeys(found))


CHANGE = _Change()
