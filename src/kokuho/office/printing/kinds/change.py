"""The notice of a changed levy (更正(決定)通知書・変更決定通知書)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from kokuho.forms.papers import Changed, ChangeNotice, Paper
from kokuho.office.assessment import addressees
from kokuho.office.assessment.decisions import LevyDecision
from kokuho.office.billing.schedules import Schedule
from kokuho.office.printing.kinds import exemptions, schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient
from kokuho.office.register.exemptions import exemptions as decisions
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
        by_decision = _by_decision(bills.values())
        return [
            replace(one, state=_state(bills[one.reference], by_decision))
            if one.state == "print"
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
        over = schedules.overpaid(issue, bills.values())
        return {
            reference: self._paper(issue, bill, found, over[bill.schedule.pk])
            for reference, bill in bills.items()
        }

    def _paper(
        self, issue: Issue, bill: schedules.Bill, found: schedules.Read, overpaid: int
    ) -> tuple[Paper, Recipient]:
        schedule, former = bill.schedule, bill.former
        after, before = bill.assessments, bill.former_assessments
        letter, recipient = issue.letter(schedule.payer, str(schedule.pk))
        named = (after or before)[-1]
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
            instalments=schedules.news(issue, bill),
            overpaid=overpaid,
            channel=schedules.channel(issue, schedule),
            legal=issue.legal(recipient),
            exempted=schedule.exempted,
            exempted_before=former.exempted if former else 0,
        )
        return paper, recipient


def _eve(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _state(bill: schedules.Bill, by_decision: Collection[int]) -> str:
    """Whether a bill is told: not where only its terms differ, or a decision's own notice does."""
    schedule, former = bill.schedule, bill.former
    if former is None:
        return "print"
    if schedule.pk in by_decision and schedule.assessments == former.assessments:
        return "exempted"
    return "print" if former.total != schedule.total else "no_change"


def _by_decision(some: Iterable[schedules.Bill]) -> frozenset[int]:
    """The bills that are the first to take an exemption off: its own notice tells them."""
    houses = {one.schedule.household_id for one in some}
    taken = exemptions.taken(decisions(houses)).values()
    return frozenset(one.bill.pk for one in taken if one.bill)


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
