"""What is overpaid and what becomes of it (過誤納 → 充当、還付): the list, and one refund."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.billing import claimable_until
from kokuho.ledger import ENTRIES, Interest, Overpaid, refund_interest
from kokuho.office.ledger.books import open_books
from kokuho.office.ledger.claims import claims_of
from kokuho.office.ledger.models import Claim, Entry, Posting, RefundRequest
from kokuho.office.ledger.overpaid import positions_overpaid
from kokuho.office.ledger.refund_interest import bearing_of, interest_of
from kokuho.office.ledger.refunding import KIND
from kokuho.office.ledger.rows import read
from kokuho.office.ledger.rules import ordinance_on

_ = translator("books")

STATES = ("overpaid", "asked", "ordered", "approved", "paid", "withdrawn", "appropriated")
"""Where an overpayment stands: not asked for, asked for (還付伺い), ordered (支出命令), approved
(審査済), paid; withdrawn; or paid to another demand (充当)."""

TO_DO = STATES[:4]
"""The states in which somebody has something to do."""

_KEYS = ("demand_id", "component")


@dataclass(frozen=True)
class Line:
    """An overpayment, or a part of it for which a refund was asked for; ``amount`` in yen.

    Attributes:
        claim: the demand for which it was received, as its facts are now.
        state: one of :data:`STATES`.
        until: the last day on which the debtor can claim it (時効); none for what is done.
        request: the refund, if one was asked for.
        day: of the last act.
        interest: 還付加算金 in yen, as it was ordered; none before.
    """

    claim: Claim
    component: str
    amount: int
    state: str
    until: date | None
    request: RefundRequest | None
    day: date | None
    interest: int | None = None


def lines(insurer: str, today: date, household: str | None = None) -> list[Line]:
    """Everything overpaid or refunded of an insurer, what lapses first in front, inside ``seeing``.

    Args:
        insurer: its code.
        today: the day on which the list is read.
        household: the number of one household, which alone is read; all if left out.

    Raises:
        LedgerError: no ordinance is kept that says whether tax or premium.
    """
    houses = None if household is None else [household]
    over = positions_overpaid(insurer, houses).rows(named=True)
    rows = RefundRequest.objects.filter(insurer_id=insurer)
    if household is not None:
        rows = rows.filter(household_id=household)
    requests = list(rows.select_related("withdrawal").prefetch_related("approvals").order_by("pk"))
    done = _appropriated(insurer, household)
    wanted = [row["demand_id"] for row in (*over, *done)] + [one.demand_id for one in requests]
    claims = claims_of(insurer, wanted)
    kind = ordinance_on(insurer, today).insurer.kind if over else "tax"
    until = {
        (row["demand_id"], row["component"]): claimable_until(row["arose"], kind) for row in over
    }
    paid = _paid(insurer)
    asked = [_asked(one, claims[one.demand_id], paid, until) for one in requests]
    waiting = dict.fromkeys(until, 0)
    for line in asked:
        if line.state in TO_DO:
            key = (line.claim.demand_id, line.component)
            waiting[key] = waiting.get(key, 0) + line.amount
    found = [
        Line(claims[row["demand_id"]], row["component"], left, "overpaid", until[key], None,
             row["arose"])
        for row in over
        if (left := row["refundable"] - waiting[key := (row["demand_id"], row["component"])]) > 0
    ]  # fmt: skip
    found += asked
    found += [
        Line(claims[row["demand_id"]], row["component"], row["amount"], "appropriated", None, None,
             row["value_on"])
        for row in done
    ]  # fmt: skip
    return sorted(found, key=_order)


def one(insurer: str, pk: int, today: date) -> Line | None:
    """One refund by its number; none if there is no such, inside ``seeing``."""
    asked = RefundRequest.objects.filter(insurer_id=insurer, pk=pk).first()
    if asked is None:
        return None
    own = lines(insurer, today, asked.household_id)
    return next((line for line in own if line.request and line.request.pk == pk), None)


def open_one(insurer: str, claim: int, component: str, today: date) -> Line | None:
    """What is overpaid of a demand and not asked for; ``claim`` is the row number of its facts."""
    facts = Claim.objects.filter(insurer_id=insurer, pk=claim).first()
    if facts is None:
        return None
    return next(
        (
            line
            for line in lines(insurer, today, facts.household_id)
            if line.state == "overpaid" and (line.claim.pk, line.component) == (claim, component)
        ),
        None,
    )


def counts(found: Iterable[Line]) -> dict[str, int]:
    """How many there are in each state, in the order of the states."""
    rows = list(found)
    return {state: sum(line.state == state for line in rows) for state in STATES}


def waiting_count(insurers: Sequence[str]) -> int:
    """Refunds that were asked for and are neither paid nor withdrawn, cheaply."""
    asked: int = RefundRequest.objects.filter(insurer_id__in=insurers, withdrawal=None).count()
    return asked - int(Posting.objects.filter(insurer_id__in=insurers, kind=KIND).count())


def interest_if(insurer: str, request: RefundRequest, day: date) -> int:
    """Interest (還付加算金) if payment were ordered on a day; inside ``seeing``."""
    books = open_books(insurer, pl.Series([request.household_id]))
    return interest_of(request, books.entries, day)


@dataclass(frozen=True)
class Shown:
    """One refund with the calculation of its interest (還付加算金).

    ``overpaid`` is the part that bears interest, ``calculation`` none where nothing of it does.
    ``ordered`` is the interest that was ordered, in yen; none before the order.
    """

    request: RefundRequest
    state: str
    overpaid: Overpaid
    calculation: Interest | None
    ordered: int | None


def shown(insurer: str, number: int, on: date) -> Shown:
    """A refund and its interest until the day of its order, or until ``on`` before that.

    Inside ``seeing``. What was posted with the refund and after it is left out.

    Raises:
        LedgerError: no such refund, or a day that its cause needs is missing.
        LawError: the rate of a year is not known.
    """
    request = (
        RefundRequest.objects.filter(insurer_id=insurer, pk=number)
        .select_related("withdrawal")
        .prefetch_related("approvals")
        .first()
    )
    if request is None:
        raise LedgerError(_("there is no refund {number}").format(number=number))
    posting = Posting.objects.filter(insurer_id=insurer, kind=KIND, key=str(number)).first()
    entries = open_books(insurer, pl.Series([request.household_id])).entries
    if posting is not None:
        entries = entries.filter(pl.col("number") < posting.first_number)
    claim = claims_of(insurer, [request.demand_id])[request.demand_id]
    paid = {} if posting is None else {number: posting.posted_on}
    line = _asked(request, claim, paid, {})
    order = next((one for one in request.approvals.all() if one.role == "order"), None)
    overpaid = bearing_of(request, entries)
    made = refund_interest(overpaid, order.on if order else on) if overpaid.amount else None
    return Shown(request, line.state, overpaid, made, line.interest)


def _order(line: Line) -> tuple[Any, ...]:
    return (
        STATES.index(line.state) >= len(TO_DO),
        line.until or date.max,
        line.claim.household_id,
        line.claim.demand_id,
    )


def _appropriated(insurer: str, household: str | None) -> list[dict[str, Any]]:
    """What was overpaid of a demand and paid others, less what was reversed."""
    schema = {name: ENTRIES[name] for name in ("value_on", *_KEYS, "amount")}
    own, values = _own(household)
    where = f"kind = 'appropriate' AND account IN ('overpaid', 'refund_payable') AND {own}"
    return (
        read(Entry, schema, insurer, where, values)
        .group_by(*_KEYS, maintain_order=True)
        .agg(pl.col("amount").sum(), pl.col("value_on").max())
        .filter(pl.col("amount") > 0)
        .to_dicts()
    )


def _own(household: str | None) -> tuple[str, list[Any]]:
    """SQL for the rows of one household, or of all, and its values."""
    return ("TRUE", []) if household is None else ("household_id = %s", [household])


def _paid(insurer: str) -> dict[int, date]:
    rows = Posting.objects.filter(insurer_id=insurer, kind=KIND).values_list("key", "posted_on")
    return {int(key): day for key, day in rows}


def _asked(
    request: RefundRequest,
    claim: Claim,
    paid: dict[int, date],
    until: dict[tuple[str, str], date],
) -> Line:
    approvals = {one.role: one for one in request.approvals.all()}
    last = until.get((request.demand_id, request.component))
    withdrawal = getattr(request, "withdrawal", None)
    order, audit = approvals.get("order"), approvals.get("audit")
    if withdrawal is not None:
        state, day, last = "withdrawn", withdrawal.on, None
    elif request.pk in paid:
        state, day, last = "paid", paid[request.pk], None
    elif audit is not None:
        state, day = "approved", audit.on
    elif order is not None:
        state, day = "ordered", order.on
    else:
        state, day = "asked", request.asked_on
    return Line(
        claim, request.component, request.amount, state, last, request, day,
        order.interest if order else None,
    )  # fmt: skip
