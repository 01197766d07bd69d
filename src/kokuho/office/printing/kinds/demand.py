"""Letters of demand (催告書) of a run of arrears: what is owed, with interest up to the day.

What has run up and is in no entry stands on the paper and not in the sum of the control list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from kokuho.arrears import Act, left_out_title, spared
from kokuho.base.messages import translator
from kokuho.forms.papers import Demand, Paper
from kokuho.office.arrears.standing import Arrears, read
from kokuho.office.printing.kinds import acts, schedules
from kokuho.office.printing.kinds.issue import Asked, Issue, Item
from kokuho.office.printing.recipients import Recipient

_ = translator("printing")


class _Demand:
    key = "demand"

    def needs(self) -> tuple[str, ...]:
        return ("run",)

    def items(self, insurer: str, asked: Asked, on: date) -> Sequence[Item]:
        """One for each letter; one that calls for what is agreed on by now is held back."""
        letters = _acts(insurer, asked)
        houses = {act.household for act in letters}
        if not houses:
            return []
        found = read(insurer, on, houses)
        running = _running_of(found)
        held = _held(letters, found)
        return [
            replace(one, state="spared", reason=held[number])
            if one.state == "print" and (number := int(one.reference.split("/")[1])) in held
            else one
            for one in acts.items(insurer, self.key, letters, on, running)
        ]

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
    return _running_of(read(insurer, on, houses))


def _running_of(found: Arrears) -> dict[str, int]:
    return {name: yen or 0 for name, yen in found.owed.select("demand_id", "running").iter_rows()}


def _held(letters: Iterable[Act], found: Arrears) -> dict[int, str]:
    """Of letters by number why they are held back, where something that they call for is spared.

    A letter is one sum: where only a part of it is agreed on, it is to be made anew without that.
    """
    houses = {one.number: one for one in found.households}
    held: dict[int, str] = {}
    for act in letters:
        house = houses.get(act.household)
        if house is None:
            continue
        owed = set(house.due["demand_id"])
        whys = [spared(house, demand, found.on) for demand in act.demands if demand in owed]
        named = dict.fromkeys(why for why in whys if why)
        if named:
            held[act.number] = _("{why}: {count} of {all} demands").format(
                why="、".join(map(left_out_title, named)), count=len(list(filter(None, whys))),
                all=len(act.demands),
            )  # fmt: skip
    return held


DEMAND = _Demand()
