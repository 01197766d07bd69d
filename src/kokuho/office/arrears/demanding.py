"""The run of letters of demand (催告): recorded here, printed by ``kokuho print batch demand``.

The acts and the place of the run are one transaction, and what was called for is not due again; so
the run may be killed, cancelled and asked for again at any moment.
"""

from __future__ import annotations

from datetime import date

from kokuho.arrears import Act, LeftOut, LetterDue, LetterRule, letters_due
from kokuho.base.errors import ArrearsError
from kokuho.base.messages import translator
from kokuho.office.arrears.by_household import AT_ONCE, acted_on, by_household
from kokuho.office.arrears.recording import keep
from kokuho.office.arrears.standing import Arrears, read
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger.rules import ordinance_on
from kokuho.office.tenancy import seeing

_ = translator("collecting")

KIND = "arrears demand"


def rule_on(
    insurer: str, on: date, days: int | None = None, again: int | None = None
) -> LetterRule:
    """When letters are sent: as asked for, else as the ordinance's file says; inside ``seeing``.

    Raises:
        ArrearsError: neither says after how many days.
    """
    said = ordinance_on(insurer, on).collection
    found = days if days is not None else said.demand_days
    if found is None:
        raise ArrearsError(
            _(
                "Nothing says how many days overdue a letter of demand calls for: neither --days "
                "nor collection.demand_days of the ordinance."
            )
        )
    return LetterRule(found, again if again is not None else said.demand_again_days)


def due(
    insurer: str, on: date, rule: LetterRule
) -> tuple[tuple[LetterDue, ...], tuple[LeftOut, ...]]:
    """The letters that are due on a day and what is left out, inside ``seeing``."""
    return _due(read(insurer, on), rule)


def _due(found: Arrears, rule: LetterRule) -> tuple[tuple[LetterDue, ...], tuple[LeftOut, ...]]:
    return letters_due(found.households, rule, found.on, found.gone)


def demand(
    insurer: str,
    on: date,
    pay_by: date,
    rule: LetterRule,
    *,
    actor: str,
    progress: Progress | None = None,
    at_once: int = AT_ONCE,
) -> Run:
    """Record a letter to each household to which one is due; asked again for the day, it is done.

    Counts: ``households, demands, yen``.

    Args:
        insurer: the code of the insurer.
        on: the day on which they are sent (発付日).
        pay_by: the day until which they ask for payment or a word.
        rule: when letters are sent.
        actor: who asked for it.
        progress: told after each piece.
        at_once: households in one transaction.

    Raises:
        ArrearsError: the day to pay by is not after the day on which they are sent.
    """
    if pay_by <= on:
        raise ArrearsError(
            _("letters of {on} ask for payment by {pay_by}; it must be a later day").format(
                on=on, pay_by=pay_by
            )
        )
    with seeing([insurer]):
        listed, _left = due(insurer, on, rule)
    houses = sorted({one.household for one in listed})

    def piece(run: Run, found: Arrears) -> None:
        _piece(insurer, run, found, pay_by, rule, actor)

    return by_household(
        insurer, KIND, on, houses, piece, actor=actor, progress=progress, at_once=at_once
    )


def _piece(
    insurer: str, run: Run, found: Arrears, pay_by: date, rule: LetterRule, actor: str
) -> None:
    letters, _left = _due(found, rule)
    acts = [
        Act(
            number=0,
            kind="demand_letter",
            day=found.on,
            household=one.household,
            demands=one.demands,
            until=pay_by,
            actor=actor,
        )
        for one in letters
    ]
    keep(insurer, acts, today=found.on, run=run.key, checked=True)
    run.count(
        households=len(acts),
        demands=sum(len(act.demands) for act in acts),
        yen=sum(one.total for one in letters),
    )


def control_rows(insurer: str, on: date, rule: LetterRule) -> list[tuple[str, str, int, str, str]]:
    """The list of a day: household, demand, yen of the ledger, 対象・済 or empty, why not.

    ``済`` is what a letter of the day calls for, ``対象`` what one would. Inside ``seeing``.
    """
    found = read(insurer, on)
    letters, left = _due(found, rule)
    now = {demand for one in letters for demand in one.demands}
    why = {one.demand: one.why for one in left}
    sent = acted_on(found, "demand_letter")
    columns = ("household_id", "demand_id", "principal", "interest", "fee")
    rows = found.owed.select(columns).sort("household_id", "demand_id").iter_rows()
    listed = []
    for house, name, *parts in rows:
        mark = "済" if name in sent else "対象" if name in now else ""
        if mark or name in why:
            listed.append((house, name, sum(parts), mark, "" if mark else why[name]))
    return listed
