"""The notice of a levy (納税通知書・納入通知書): the first bill after an assessment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from kokuho.forms.papers import LevyNotice, Paper
from kokuho.office.billing.schedules import Schedule
from kokuho.office.printing.kinds import schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient


class _Levy:
    key = "levy"

    def needs(self) -> tuple[str, ...]:
        return ("fiscal_year",)

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        return schedules.items(self._rows(insurer, asked), asked)

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        return schedules.control(self._rows(insurer, asked), asked)

    def _rows(self, insurer: str, asked: Asked) -> Any:
        """Also one that was changed since: its notice went out, or goes out, before the change's.

        Who pays ahead gets the notice of prepayment instead.
        """
        rows = Schedule.objects.filter(
            insurer_id=insurer, fiscal_year=asked.fiscal_year, made="levy", total__gt=0
        )
        return rows.exclude(channel="prepaid")

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        bills = schedules.bills(references)
        found = schedules.read(one for bill in bills.values() for one in bill.assessments)
        return {reference: self._paper(issue, bill, found) for reference, bill in bills.items()}

    def _paper(
        self, issue: Issue, bill: schedules.Bill, found: schedules.Read
    ) -> tuple[Paper, Recipient]:
        schedule, some = bill.schedule, bill.assessments
        letter, recipient = issue.letter(schedule.payer, str(schedule.pk))
        paper = LevyNotice(
            letter=letter,
            fiscal_year=schedule.fiscal_year,
            payer=schedules.payer_name(issue, schedule.payer),
            household_number=schedule.household.household_number,
            parts=schedules.parts(some, found.ordinances[some[0].pk]),
            total=schedule.total,
            reduction=some[-1].reduction,
            persons=schedules.insured(issue, some, found),
            instalments=schedules.instalments(issue, bill),
            channel=schedules.channel(issue, schedule),
            legal=issue.legal(recipient),
            exempted=schedule.exempted,
        )
        return paper, recipient


LEVY = _Levy()
