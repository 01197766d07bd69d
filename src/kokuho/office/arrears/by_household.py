"""Runs of a day over households: some hundred of them in one transaction, with the run's place.

What was done for a household is not due again; so a run may be killed, cancelled and asked for
again at any moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from kokuho.arrears import standing
from kokuho.office.arrears.standing import Arrears, read
from kokuho.office.jobs import runs
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger.books import lock

AT_ONCE = 300
"""Households in one transaction."""


def by_household(
    insurer: str,
    kind: str,
    on: date,
    houses: Sequence[str],
    piece: Callable[[Run, Arrears], None],
    *,
    actor: str,
    progress: Progress | None = None,
    at_once: int = AT_ONCE,
) -> Run:
    """Do a piece of work for some households at a time; asked again for the day, it is done.

    Args:
        insurer: the code of the insurer.
        kind: the kind of the run; its key is the day.
        on: the day.
        houses: numbers of households, ascending.
        piece: what is done, given the run and the arrears of some households; in a transaction.
        actor: who asked for it.
        progress: told after each piece.
        at_once: households in one transaction.
    """

    def step(run: Run) -> bool:
        lock(insurer)
        run.total = run.total or len(houses)
        start = run.cursor.get("after", "")
        some = [number for number in houses if number > start][:at_once]
        if some:
            piece(run, read(insurer, on, some))
            run.cursor = {"after": some[-1]}
        return bool(some) and some[-1] != houses[-1]

    return runs.work(insurer, kind, on.isoformat(), step, actor=actor, progress=progress)


def acted_on(found: Arrears, kind: str) -> set[str]:
    """The demands of the acts of a kind that were recorded on the day and stand."""
    return {
        demand
        for acts in found.acts.values()
        for act in standing(acts)
        if act.kind == kind and act.day == found.on
        for demand in act.demands
    }
