"""Refunds (還付): asked for, approved by two persons in two roles, paid."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db import IntegrityError, transaction

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger import (
    DEMANDS,
    ROLES,
    Approval,
    Component,
    RefundOrder,
    Voucher,
    complete,
    overpayments,
    refund,
)
from kokuho.office.jobs.runs import Run
from kokuho.office.ledger.books import Books, lock, open_books
from kokuho.office.ledger.models import Claim, Posting, RefundApproval, RefundRequest
from kokuho.office.ledger.rules import rules_on
from kokuho.office.ledger.running import once
from kokuho.office.tenancy import seeing

_ = translator("books")

KIND = "refund"


def ask(
    insurer: str,
    demand_id: str,
    amount: int,
    *,
    interest: int = 0,
    component: str = "principal",
    claimed_on: date | None = None,
    reason: str,
    asked_by: str,
    asked_on: date,
) -> int:
    """Ask for a refund (還付伺い); its number.

    Args:
        insurer: the code of the insurer.
        demand_id: the demand for which too much was received.
        amount: yen, at most what can be refunded less what is asked for already.
        interest: interest on it (還付加算金) in yen, as ``kokuho.ledger.refund_interest`` gives it.
        component: of the overpayment.
        claimed_on: the day of the debtor's claim, if there was one.
        reason: why it was overpaid, in words.
        asked_by, asked_on: who asks, and when.

    Raises:
        LedgerError: no such demand, or more than can be refunded.
    """
    with seeing([insurer], writing=True):
        lock(insurer)
        claim = Claim.objects.filter(insurer_id=insurer, demand_id=demand_id).first()
        if claim is None:
            raise LedgerError(_("there is no demand {demand}").format(demand=demand_id))
        books = open_books(insurer, pl.Series([claim.household_id]))
        over = overpayments(books.claims.select(*DEMANDS), books.entries).filter(
            (pl.col("demand_id") == demand_id) & (pl.col("component") == component)
        )
        left = int(over["refundable"].sum()) - sum(
            one.amount for one in waiting(insurer)
            if (one.demand_id, one.component) == (demand_id, component)
        )  # fmt: skip
        if not 0 < amount <= left or interest < 0:
            raise LedgerError(
                _("{demand}: {amount} yen are asked for, and {left} yen can be refunded").format(
                    demand=demand_id, amount=f"{amount:,}", left=f"{left:,}"
                )
            )
        made: RefundRequest = RefundRequest.objects.create(
            insurer_id=insurer, demand_id=demand_id, household_id=claim.household_id,
            component=component, amount=amount, interest=interest, claimed_on=claimed_on,
            reason=reason, asked_by=asked_by, asked_on=asked_on,
        )  # fmt: skip
    return int(made.pk)


def approve(insurer: str, number: int, role: str, by: str, on: date) -> None:
    """Approve a refund in one of the two roles (``order`` 支出命令, ``audit`` 審査).

    Raises:
        LedgerError: no such refund or role; the role is taken; the same person has the other.
    """
    if role not in ROLES:
        raise LedgerError(
            _("{role} is none of the roles: {roles}").format(role=role, roles=", ".join(ROLES))
        )
    with seeing([insurer], writing=True):
        request = _find(insurer, number)
        try:
            with transaction.atomic():
                RefundApproval.objects.create(
                    insurer_id=insurer, request=request, role=role, by=by, on=on
                )
        except IntegrityError:
            raise LedgerError(
                _(
                    "refund {number}: one person approves in each role, and not the same in both"
                ).format(number=number)
            ) from None


def pay(insurer: str, number: int, *, posted_on: date, actor: str) -> Run:
    """Post a refund that two persons approved; asked again, it is paid already.

    Raises:
        LedgerError: not approved, more than is overpaid by now, or the right has lapsed.
    """

    def opened() -> Books:
        return open_books(insurer, pl.Series([_find(insurer, number).household_id]))

    def make(books: Books, voucher: Voucher) -> pl.DataFrame:
        request, rules = _find(insurer, number), rules_on(insurer, posted_on)
        order = RefundOrder(
            insurer_code=insurer,
            demand_id=request.demand_id,
            amount=request.amount,
            interest=request.interest,
            approvals=tuple(
                Approval(one.role, one.by, one.on)
                for one in RefundApproval.objects.filter(request=request)
            ),
            source=voucher.source,
            component=Component(request.component),
            claimed_on=request.claimed_on,
        )
        claims = books.claims.select(*DEMANDS)
        new = refund(claims, books.entries, [order], voucher, rules.kind)
        return complete(claims, books.entries, new, voucher, rules, deferrals=books.reliefs)

    return once(
        insurer, KIND, str(number), opened, make, posted_on=posted_on,
        source=f"還付 {number}", actor=actor,
    )  # fmt: skip


def waiting(insurer: str) -> list[RefundRequest]:
    """Refunds that were asked for and not paid yet, inside ``seeing``."""
    paid = Posting.objects.filter(insurer_id=insurer, kind=KIND).values_list("key", flat=True)
    numbers = [int(key) for key in paid]
    return list(
        RefundRequest.objects.filter(insurer_id=insurer).exclude(pk__in=numbers).order_by("pk")
    )


def _find(insurer: str, number: int) -> RefundRequest:
    found: RefundRequest | None = RefundRequest.objects.filter(
        insurer_id=insurer, pk=number
    ).first()
    if found is None:
        raise LedgerError(_("there is no refund {number}").format(number=number))
    return found
