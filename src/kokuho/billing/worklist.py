"""The work list of prepayment: whom to look into, whose declaration to ask for, whom to notify."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kokuho.billing.declaration import BothAmounts
from kokuho.billing.prepayment import Standing

Todo = Literal["look_into", "ask_declaration", "notify"]
TODOS: tuple[Todo, ...] = ("look_into", "ask_declaration", "notify")
"""What is to be done, the most urgent first: without the earlier the later must wait."""

Household = tuple[str, str]
"""Insurer's code and household."""


@dataclass(frozen=True)
class WorkItem:
    """One household on the list: what is to be done, why, and the amounts if they are known."""

    household: Household
    todo: Todo
    standing: Standing
    amounts: BothAmounts | None = None


def work_list(
    standings: Mapping[Household, Standing], amounts: Sequence[BothAmounts] = ()
) -> list[WorkItem]:
    """The households that somebody has to do something about.

    Undecided ones are to be looked into; of those that prepay the declaration is asked for first,
    and only then the notice goes out.
    """
    known = {(found.insurer_code, found.household_id): found for found in amounts}
    items = []
    for household, standing in standings.items():
        both = known.get(household)
        if standing.status == "undecided":
            items.append(WorkItem(household, "look_into", standing, both))
        elif standing.prepays:
            waits = both is not None and both.waiting
            todo: Todo = "ask_declaration" if waits else "notify"
            items.append(WorkItem(household, todo, standing, both))
    return sorted(items, key=lambda item: (TODOS.index(item.todo), item.household))
