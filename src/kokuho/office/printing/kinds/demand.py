"""Letters of demand (催告書) of a run of arrears: what is owed, with interest up to the day.

What has run up and is in no entry stands on the paper and not in the sum of the control list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from kokuho.arrears import Act
from kokuho.base.messages import translator
from kokuho.forms.papers import Demand, Paper
from kokuho.office.arrears.standing import read
from kokuho.office.printing.kinds import acts, schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient

_ = translator("printing")


class _Demand:
    key = "demand"

    def needs(self) -> tuple[str, ...]:
        return ("run",)

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        letters = _acts(insurer, asked)
        return acts.items(insurer, self.key, letters, on, _running(insurer, letters, on))

    def control(self, insurer: str, asked: Asked, on: date) -> int:
        return acts.control(insurer, _acts(insurer, asked), on)

    def papers(self, issue: Issue, references: Sequence[str]) -> dict[str, tuple[Paper, Recipient]]:
        insurer, on = issue.insurer.code, issue.issued_on

        def running(letters: Iterable[Act]) -> dict[str, int]:
            return _running(insurer, letters, on)

        found: dict[str, tuple[Paper, Recipient]] = {}
        for reference, one in acts.called(issue, references, running):
            paper = Demand(
                letter=one.letter,
                payer=schedules.payer_name(issue, one.payer),
                overdue=one.overdue,
                total=one.total,
                as_of=on,
                pay_by=one.act.until or on,
                meeting=issue.office.said.meeting,
            )
            found[reference] = paper, one.recipient
        return found


def _acts(insurer: str, asked: Asked) -> list[Act]:
    """The letters of a run that stand.

    Raises:
        InputError: there was no such run.
    """
    missing = _("There is no run of demands {run}; `kokuho arrears demand` makes one.")
    return acts.of_run(insurer, asked, missing)


def _running(insurer: str, letters: Iterable[Act], on: date) -> dict[str, int]:
    """The interest that has run up on a day, by demand, as arrears counts it."""
    houses = {act.household for act in letters}
    if not houses:
        return {}
    return dict(read(insurer, on, houses).owed.select("demand_id", "running").iter_rows())


DEMAND = _Demand()
