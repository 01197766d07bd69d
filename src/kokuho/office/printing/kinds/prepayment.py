"""The notice of prepayment (前納通知書): the first bill of who pays ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Count

from kokuho.base.messages import translator
from kokuho.forms.papers import Paper, PrepaymentNotice
from kokuho.office.billing.schedules import Schedule
from kokuho.office.printing.kinds import schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient

_ = translator("printing")


class _Prepayment:
    key = "prepayment"

    def needs(self) -> tuple[str, ...]:
        return ("fiscal_year",)

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        rows = self._rows(insurer, asked)
        several = set(
            rows.annotate(demands=Count("instalments"))
            .filter(demands__gt=1)
            .values_list("pk", flat=True)
        )
        return [
            replace(one, state="unfit", reason=_("more than one due date"))
            if one.state == "print" and int(one.reference.partition("/")[2]) in several
            else one
            for one in schedules.items(rows, asked)
        ]

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        return schedules.control(self._rows(insurer, asked), asked)

    def _rows(self, insurer: str, asked: Asked) -> Any:
        return Schedule.objects.filter(
            insurer_id=insurer, fiscal_year=asked.fiscal_year, made="levy", channel="prepaid",
            total__gt=0,
        )  # fmt: skip

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        bills = schedules.bills(references)
        found = schedules.read(one for bill in bills.values() for one in bill.assessments)
        return {reference: self._paper(issue, bill, found) for reference, bill in bills.items()}

    def _paper(
        self, issue: Issue, bill: schedules.Bill, found: schedules.Read
    ) -> tuple[Paper, Recipient]:
        schedule, some = bill.schedule, bill.assessments
        letter, recipient = issue.letter(schedule.payer, str(schedule.pk))
        year = found.ordinances[some[0].pk]
        people = schedules.insured(issue, some, found)
        months = sorted(
            (month.year, month.month, month) for one in people for month in (one.first, one.last)
        )
        paper = PrepaymentNotice(
            letter=letter,
            fiscal_year=schedule.fiscal_year,
            payer=schedules.payer_name(issue, schedule.payer),
            household_number=schedule.household.household_number,
            first=months[0][2],
            last=months[-1][2],
            parts=schedules.parts(some, year),
            total=schedule.total,
            due=schedules.instalments(issue, bill)[0].due,
            rule=year.prepayment.legal_text_reference or "",
            legal=issue.legal(recipient),
            exempted=schedule.exempted,
        )
        return paper, recipient


PREPAYMENT = _Prepayment()
