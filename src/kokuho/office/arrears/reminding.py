"""The run of reminders (督促): some hundred households at a time, with their fees in the books.

The acts, the fees and the place of the run are one transaction, and what was reminded of is not due
again; so the run may be killed, cancelled and asked for again at any moment.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.arrears import Act, ReminderDue
from kokuho.base.errors import ArrearsError
from kokuho.base.messages import translator
from kokuho.ledger import DEMANDS, charge_fee, reminder_fee
from kokuho.office.arrears.by_household import AT_ONCE, acted_on, by_household
from kokuho.office.arrears.recording import keep
from kokuho.office.arrears.standing import Arrears, read
from kokuho.office.jobs.runs import Progress, Run
from kokuho.office.ledger import books as store
from kokuho.office.ledger.books import open_books
from kokuho.office.ledger.rules import ordinance_on
from kokuho.office.tenancy import seeing

_ = translator("collecting")

KIND = "arrears remind"


def remind(
    insurer: str,
    on: date,
    pay_by: date,
    *,
    actor: str,
    progress: Progress | None = None,
    at_once: int = AT_ONCE,
) -> Run:
    """Send reminders of all demands that need one on a day; asked again for the day, it is done.

    Each household gets one act with its demands, and each demand its fee, where the ordinance
    charges one. Counts: ``households, demands, yen, fees``.

    Args:
        insurer: the code of the insurer.
        on: the day on which they are sent (発付日).
        pay_by: the day that they set for payment (指定期限).
        actor: who asked for it.
        progress: told after each piece.
        at_once: households in one transaction.

    Raises:
        ArrearsError: the day set for payment is not after the day on which they are sent.
        OrdinanceError: the ordinance does not say what a reminder costs.
    """
    if pay_by <= on:
        raise ArrearsError(
            _("reminders of {on} set {pay_by} for payment; it must be a later day").format(
                on=on, pay_by=pay_by
            )
        )
    with seeing([insurer]):
        fee = reminder_fee(ordinance_on(insurer, on))
        listed = due(insurer, on)
    # what is due may only become less while the run goes on: payments, other reminders
    houses = sorted({one.household for one in listed})

    def piece(run: Run, found: Arrears) -> None:
        _piece(insurer, run, found, pay_by, fee, actor)

    return by_household(
        insurer, KIND, on, houses, piece, actor=actor, progress=progress, at_once=at_once
    )


def due(insurer: str, on: date) -> tuple[ReminderDue, ...]:
    """The reminders that are due on a day, inside ``seeing``."""
    return read(insurer, on).reminders


def control_rows(insurer: str, on: date) -> list[tuple[str, str, str, int, str]]:
    """The control list (督促の対象一覧) of a day: those reminded of on it, and those due still.

    Household, demand, due date, principal that is owed in yen, and ``済`` where it was sent. Inside
    ``seeing``.
    """
    found = read(insurer, on)
    sent = acted_on(found, "reminder")
    due_now = {one.demand for one in found.reminders}
    columns = ("household_id", "demand_id", "due", "principal")
    rows = found.owed.select(columns).sort("household_id", "due", "demand_id").iter_rows()
    return [
        (house, demand, day.isoformat(), yen, "済" if demand in sent else "")
        for house, demand, day, yen in rows
        if demand in sent or demand in due_now
    ]


def _piece(insurer: str, run: Run, found: Arrears, pay_by: date, fee: int, actor: str) -> None:
    by_house: dict[str, list[ReminderDue]] = {}
    for one in found.reminders:
        by_house.setdefault(one.household, []).append(one)
    acts = [
        Act(
            number=0,
            kind="reminder",
            day=found.on,
            household=house,
            demands=tuple(one.demand for one in some),
            until=pay_by,
            amount=sum(one.principal for one in some),
            actor=actor,
        )
        for house, some in sorted(by_house.items())
    ]
    keep(insurer, acts, today=found.on, run=run.key, checked=True)
    demands = [one.demand for one in found.reminders]
    if fee and demands:
        _charge(insurer, found, demands, fee, run.key, actor)
    run.count(
        households=len(acts),
        demands=len(demands),
        yen=sum(act.amount or 0 for act in acts),
        fees=fee * len(demands),
    )


def _charge(
    insurer: str, found: Arrears, demands: list[str], fee: int, key: str, actor: str
) -> None:
    """Post the fees (督促手数料) through the ledger, in the same transaction."""
    voucher = store.voucher(insurer, found.on, f"督促 {key}")
    houses = pl.Series(sorted({one.household for one in found.reminders}))
    books = open_books(insurer, houses)
    fees = pl.DataFrame({"demand_id": demands}).select(
        insurer_code=pl.lit(insurer), demand_id="demand_id", amount=pl.lit(fee, pl.Int64)
    )
    new = charge_fee(books.claims.select(*DEMANDS), books.entries, fees, voucher)
    store.keep(books, new, voucher, "fee", f"督促 {key} {voucher.number}", actor)
