"""Reminders (督促状) of a run of arrears: what is owed of the demands that it reminded of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from kokuho.arrears import Act
from kokuho.base.messages import translator
from kokuho.forms.papers import Paper, Reminder
from kokuho.office.printing.kinds import acts, schedules
from kokuho.office.printing.kinds.issue import APPEAL_MONTHS, Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient

_ = translator("printing")


class _Reminder:
    key = "reminder"

    def needs(self) -> tuple[str, ...]:
        return ("run",)

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        return acts.items(insurer, self.key, _acts(insurer, asked), on, {})

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        return acts.control(insurer, _acts(insurer, asked), on)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        found: dict[str, tuple[Paper, Recipient]] = {}
        for reference, one in acts.called(issue, references):
            paper = Reminder(
                letter=one.letter,
                payer=schedules.payer_name(issue, one.payer),
                overdue=one.overdue,
                total=one.total,
                pay_by=one.act.until or issue.issued_on,
                basis=issue.text("reminder"),
                redress=issue.legal(one.recipient).redress,
                appeal_months=APPEAL_MONTHS,
            )
            found[reference] = paper, one.recipient
        return found


def _acts(insurer: str, asked: Asked) -> list[Act]:
    """The reminders of a run that stand.

    Raises:
        InputError: there was no such run.
    """
    missing = _("There is no run of reminders {run}; `kokuho arrears remind` makes one.")
    return acts.of_run(insurer, asked, missing)


REMINDER = _Reminder()
