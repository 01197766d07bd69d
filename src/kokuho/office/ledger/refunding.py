"""Refunds (還付): asked for, approved by two signed-in users in two roles, paid; or withdrawn."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger import (
    DEMANDS,
    Approval,
    Cause,
    Component,
    RefundOrder,
    Voucher,
    complete,
    overpayments,
    refund,
)
from kokuho.office.accounts.rights import refund_role
from kokuho.office.accounts.users import User
from kokuho.office.jobs.runs import Run
from kokuho.office.ledger.books import Books, lock, open_books
from kokuho.office.ledger.models import (
    Claim,
    Posting,
    RefundApproval,
    RefundRequest,
    RefundWithdrawal,
)
from kokuho.office.ledger.refund_interest import interest_of
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
    cause: str,
    component: str = "principal",
    happened_on: date | None = None,
    objected_on: date | None = None,
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
        cause: why it is overpaid, a :class:`kokuho.ledger.Cause`; interest (還付加算金) follows it.
        component: of the overpayment.
        happened_on, objected_on: days that some causes need (``kokuho.ledger.Overpaid``).
        claimed_on: the day of the debtor's claim, if there was one.
        reason: why it was overpaid, in words.
        asked_by, asked_on: who asks (of users their name), and when.

    Raises:
        LedgerError: no such demand, more than can be refunded, no such cause, or a day is missing.
        LawError: the rate of interest of a year is not known.
    """
    if cause not in list(Cause):
        raise LedgerError(
            _("{cause} is none of the causes: {causes}").format(
                cause=cause, causes=", ".join(Cause)
            )
        )
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
        if not 0 < amount <= left:
            raise LedgerError(
                _("{demand}: {amount} yen are asked for, and {left} yen can be refunded").format(
                    demand=demand_id, amount=f"{amount:,}", left=f"{left:,}"
                )
            )
        made = RefundRequest(
            insurer_id=insurer, demand_id=demand_id, household_id=claim.household_id,
            component=component, amount=amount, cause=cause, happened_on=happened_on,
            objected_on=objected_on, claimed_on=claimed_on, reason=reason, asked_by=asked_by,
            asked_on=asked_on,
        )  # fmt: skip
        # what is missing for its interest is said now, and not to whom it goes next
        interest_of(made, books.entries, asked_on)
        made.save()
    return int(made.pk)


def approve(insurer: str, number: int, user: User, on: date) -> int:
    """Approve a refund as a signed-in user, in the role that they have; interest on it in yen.

    The order (支出命令) comes first and decides until when interest runs; then the examination
    (審査) by another user.

    Args:
        insurer: the code of the insurer.
        number: of the refund.
        user: who signed in; their role is a right that was granted
            (:mod:`kokuho.office.accounts.rights`).
        on: the day of the approval.

    Raises:
        LedgerError: no such refund, or it is withdrawn; the user may not approve, or asked for
            it; the role is taken, or its turn has not come; a day before the refund was asked for
            or ordered.
    """
    role = refund_role(user, insurer)
    if role is None:
        raise LedgerError(_("{user} may not approve refunds").format(user=user.username))
    with seeing([insurer], writing=True):
        lock(insurer)
        request = _find(insurer, number)
        if user.username == request.asked_by:
            raise LedgerError(
                _("refund {number}: who asked for it does not approve it").format(number=number)
            )
        given = {one.role: one for one in RefundApproval.objects.filter(request=request)}
        order = given.get("order")
        if role in given or user.username in {one.by for one in given.values()}:
            raise LedgerError(
                _(
                    "refund {number}: one person approves in each role, and not the same in both"
                ).format(number=number)
            )
        if role == "audit" and order is None:
            raise LedgerError(
                _("refund {number}: it is examined after it was ordered").format(number=number)
            )
        if on < (order.on if order else request.asked_on):
            raise LedgerError(
                _("refund {number}: {day} is before what comes first").format(number=number, day=on)
            )
        interest: int
        if order is None:
            entries = open_books(insurer, pl.Series([request.household_id])).entries
            interest = interest_of(request, entries, on)
        else:
            interest = order.interest
        RefundApproval.objects.create(
            insurer_id=insurer, request=request, role=role, by=user.username, on=on,
            interest=None if order else interest,
        )  # fmt: skip
    return interest


def withdraw(insurer: str, number: int, *, reason: str, by: str, on: date) -> None:
    """Withdraw a refund that is not paid yet; what was asked for can be asked for again.

    Raises:
        LedgerError: no such refund, or it is paid or withdrawn already.
    """
    with seeing([insurer], writing=True):
        lock(insurer)
        request = _find(insurer, number)
        if Posting.objects.filter(insurer_id=insurer, kind=KIND, key=str(number)).exists():
            raise LedgerError(_("refund {number} is paid already").format(number=number))
        RefundWithdrawal.objects.create(
            insurer_id=insurer, request=request, reason=reason, by=by, on=on
        )


def pay(insurer: str, number: int, *, posted_on: date, actor: str) -> Run:
    """Post a refund that two persons approved; asked again, it is paid already.

    Raises:
        LedgerError: not approved, more than is overpaid by now, or the right has lapsed.
    """

    def opened() -> Books:
        return open_books(insurer, pl.Series([_find(insurer, number).household_id]))

    def make(books: Books, voucher: Voucher) -> pl.DataFrame:
        request, rules = _find(insurer, number), rules_on(insurer, posted_on)
        approvals = list(RefundApproval.objects.filter(request=request))
        order = RefundOrder(
            insurer_code=insurer,
            demand_id=request.demand_id,
            amount=request.amount,
            interest=sum(one.interest or 0 for one in approvals),
            approvals=tuple(Approval(one.role, one.by, one.on) for one in approvals),
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
    """Refunds that were asked for and neither paid nor withdrawn, inside ``seeing``."""
    paid = Posting.objects.filter(insurer_id=insurer, kind=KIND).values_list("key", flat=True)
    numbers = [int(key) for key in paid]
    return list(
        RefundRequest.objects.filter(insurer_id=insurer, withdrawal=None)
        .exclude(pk__in=numbers)
        .order_by("pk")
    )


def _find(insurer: str, number: int) -> RefundRequest:
    found: RefundRequest | None = RefundRequest.objects.filter(
        insurer_id=insurer, pk=number
    ).first()
    if found is None:
        raise LedgerError(_("there is no refund {number}").format(number=number))
    if RefundWithdrawal.objects.filter(request=found).exists():
        raise LedgerError(_("refund {number} is withdrawn").format(number=number))
    return found
