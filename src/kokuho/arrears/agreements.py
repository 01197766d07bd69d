"""Instalment agreements (分納誓約): whether they are kept, by what the ledger received."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kokuho.arrears.acts import Act, Promise, end_of

State = Literal["kept", "missed", "completed", "ended"]


@dataclass(frozen=True, slots=True)
class Followup:
    """Where an agreement stands on a day; yen.

    Attributes:
        state: ``kept``: everything that was promised until the day before was paid by then;
            ``missed``: something was not; ``completed``: all was paid; ``ended``: an act ended it
            (``ended_by``: its code). The office decides whether a missed agreement is broken.
        promised: what was promised until the day before.
        paid: what was paid for its demands since the agreement.
        missed: the promises of the past that what was paid does not cover.
        next: the next promise that is not covered, from the day on.
        in_time: how many promises were covered on their day; ``due``: how many have passed.
    """

    agreement: Act
    state: State
    promised: int
    paid: int
    missed: tuple[Promise, ...]
    next: Promise | None
    in_time: int
    due: int
    ended_by: str = ""


def follow_up(
    agreement: Act, acts: Sequence[Act], paid: Iterable[tuple[date, int]], on: date
) -> Followup:
    """Compare an agreement with what was paid for its demands since.

    Payments count together, in order: what was paid too early or too much covers what comes next.
    A promise may be paid on its day; it is missed from the day after.

    Args:
        agreement: an act of kind ``agreement``.
        acts: the standing acts of the household.
        paid: day and yen of payments for its demands, from its day on.
        on: the day.
    """
    payments = [(day, yen) for day, yen in paid if agreement.day <= day <= on]
    total = sum(yen for _day, yen in payments)
    missed: list[Promise] = []
    ahead: list[Promise] = []
    running = promised = in_time = passed = 0
    for promise in agreement.plan:
        running += promise.amount
        if promise.due < on:
            passed += 1
            promised = running
            by_then = sum(yen for day, yen in payments if day <= promise.due)
            in_time += by_then >= running
        if total < running:
            (missed if promise.due < on else ahead).append(promise)
    end = end_of(agreement, acts)
    state: State = "missed" if missed else "kept"
    if total >= running:
        state = "completed"
    if end is not None and end.day <= on:
        state = "ended"
    return Followup(
        agreement=agreement,
        state=state,
        promised=promised,
        paid=total,
        missed=tuple(missed),
        next=ahead[0] if ahead else None,
        in_time=in_time,
        due=passed,
        ended_by=end.code if state == "ended" and end else "",
    )
