"""The notice of what pensions pay provisionally (仮徴収): provisional bills that a pension pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kokuho.forms.papers import Paper, ProvisionalNotice
from kokuho.office.billing.schedules import Schedule
from kokuho.office.printing.kinds import schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient


class _Provisional:
    key = "provisional"

    def needs(self) -> tuple[str, ...]:
        return ("fiscal_year",)

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        rows = self._rows(insurer, asked)
        if asked.household:
            rows = rows.filter(household__household_number=asked.household)
        return [
            Item(f"schedule/{one.pk}", one.household_id, one.payer_id, one.total)
            for one in rows.order_by("pk")
        ]

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        return schedules.control(self._rows(insurer, asked), asked)

    def _rows(self, insurer: str, asked: Asked) -> Any:
        """Also one in whose place the levy of the year came: its notice went out before."""
        return Schedule.objects.filter(
            insurer_id=insurer, fiscal_year=asked.fiscal_year, made="provisional",
            channel="pension", total__gt=0,
        )  # fmt: skip

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        bills = schedules.bills(references)
        return {reference: self._paper(issue, bill) for reference, bill in bills.items()}

    def _paper(self, issue: Issue, bill: schedules.Bill) -> tuple[Paper, Recipient]:
        schedule = bill.schedule
        letter, recipient = issue.letter(schedule.payer, str(schedule.pk))
        legal = issue.legal(recipient)
        paper = ProvisionalNotice(
            letter=letter,
            fiscal_year=schedule.fiscal_year,
            payer=schedules.payer_name(issue, schedule.payer),
            household_number=schedule.household.household_number,
            total=schedule.total,
            instalments=schedules.instalments(issue, bill),
            legal=replace(legal, basis=(*legal.basis, *issue.text("provisional"))),
        )
        return paper, recipient


PROVISIONAL = _Provisional()
