"""What is overpaid and what becomes of it (過誤納 → 充当、還付): the list, and one refund."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from kokuho.billing import claimable_until
from kokuho.ledger import DEMANDS, ENTRIES, overpayments
from kokuho.office.ledger.books import open_books
from kokuho.office.ledger.models import Claim, Entry, Posting, RefundRequest
from kokuho.office.ledger.refund_interest import interest_of
from kokuho.office.ledger.refunding import KIND
from kokuho.office.ledger.rows import among, read
from kokuho.office.ledger.rules import ordinance_on

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


def lines(insurer: str, today: date) -> list[Line]:
    """Everything overpaid or refunded of an insurer, what lapses first in front, inside ``seeing``.

    Raises:
        LedgerError: no ordinance is kept that says whether tax or premium.
    """
    over = _overpaid(insurer)
    requests = list(
        RefundRequest.objects.filter(insurer_id=insurer)
        .select_related("withdrawal")
        .prefetch_related("approvals")
        .order_by("pk")
    )
    done = _appropriated(insurer)
    wanted = [row["demand_id"] for row in (*over, *done)] + [one.demand_id for one in requests]
    claims = _claims(insurer, wanted)
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
    found = [line for line in lines(insurer, today) if line.request and line.request.pk == pk]
    return found[0] if found else None


def open_one(insurer: str, claim: int, component: str, today: date) -> Line | None:
    """What is overpaid of a demand and not asked for; ``claim`` is the row number of its facts."""
    return next(
        (
            line
            for line in lines(insurer, today)
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


def _order(line: Line) -> tuple[Any, ...]:
    return (
        STATES.index(line.state) >= len(TO_DO),
        line.until or date.max,
        line.claim.household_id,
        line.claim.demand_id,
    )


def _overpaid(insurer: str) -> list[dict[str, Any]]:
    """Of the households alone that have something overpaid."""
    schema = {name: ENTRIES[name] for name in ("household_id", *_KEYS, "account", "amount")}
    rows = read(Entry, schema, insurer, "account IN ('overpaid', 'refund_payable')")
    sums = rows.group_by("household_id", *_KEYS, "account").agg(pl.col("amount").sum())
    houses = sums.filter(pl.col("amount") != 0)["household_id"].unique()
    if not houses.len():
        return []
    books = open_books(insurer, houses)
    over = overpayments(books.claims.select(*DEMANDS), books.entries)
    return over.select(*_KEYS, "refundable", "arose").to_dicts()


def _appropriated(insurer: str) -> list[dict[str, Any]]:
    """What was overpaid of a demand and paid others, less what was reversed."""
    schema = {name: ENTRIES[name] for name in ("value_on", *_KEYS, "amount")}
    where = "kind = 'appropriate' AND account IN ('overpaid', 'refund_payable')"
    return (
        read(Entry, schema, insurer, where)
        .group_by(*_KEYS, maintain_order=True)
        .agg(pl.col("amount").sum(), pl.col("value_on").max())
        .filter(pl.col("amount") > 0)
        .to_dicts()
    )


def _claims(insurer: str, demand_ids: Iterable[str]) -> dict[str, Claim]:
    where, values = among("demand_id", pl.Series(list(demand_ids), dtype=pl.String))
    keys = read(Claim, {"id": pl.Int64()}, insurer, where, values)["id"].to_list()
    found: dict[str, Claim] = {}
    for start in range(0, len(keys), 500):
        for claim in Claim.objects.filter(pk__in=keys[start : start + 500]).order_by("version"):
            found[claim.demand_id] = claim
    return found


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
