"""Refunds (還付), approved by two persons.

Money of the year's books goes back out of its revenue (歳入還付: 戻出), money of closed books out
of expenditure (歳出還付).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.billing import claimable_until
from kokuho.ledger.accounts import Component, Kind
from kokuho.ledger.assessments import KEYS
from kokuho.ledger.entries import ENTRIES
from kokuho.ledger.overpaid import overpayments
from kokuho.ledger.postings import post
from kokuho.ledger.standing import open_on, positions
from kokuho.ledger.vouchers import Voucher, headed

_ = translator("ledger")

ROLES = ("order", "audit")
"""Who approves a refund: 支出命令 by the mayor's side, 審査 by the accounting officer (会計管理者);
地方自治法232条の4."""


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's approval of a refund; ``role`` is one of :data:`ROLES`."""

    role: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """A refund (還付) of so much of what was overpaid for a demand.

    ``interest`` is the interest on it (還付加算金, :mod:`kokuho.ledger.interest_on_refunds`);
    ``claimed_on`` the day of the debtor's claim, if there was one.
    """

    insurer_code: str
    demand_id: str
    amount: int
    interest: int
    approvals: tuple[Approval, ...]
    source: str
    component: Component = Component.PRINCIPAL
    claimed_on: date | None = None


def refund(
    demands: pl.DataFrame,
    entries: pl.DataFrame,
    orders: Iterable[RefundOrder],
    voucher: Voucher,
    kind: Literal["tax", "premium"],
) -> pl.DataFrame:
    """The entries of refunds (還付), one journal an order.

    Raises:
        LedgerError: not approved by two persons in the two roles, more than was overpaid, an amount
            of no yen or less, a right that has lapsed, or demands that are open in closed books.
    """
    listed = list(orders)
    for order in listed:
        _check_approvals(order, voucher.posted_on)
    frame = pl.DataFrame(
        [
            (
                one.insurer_code,
                one.demand_id,
                str(one.component),
                one.amount,
                one.interest,
                one.source,
                one.claimed_on,
            )
            for one in listed
        ],
        schema={
            "insurer_code": pl.String,
            "demand_id": pl.String,
            "component": ENTRIES["component"],
            "amount": pl.Int64,
            "extra": pl.Int64,
            "source": pl.String,
            "claimed_on": pl.Date,
        },
        orient="row",
    )
    if frame.select(*KEYS, "component").is_duplicated().any():
        raise LedgerError(_("two refunds of one demand; make them one"))
    stand = open_on(positions(demands, entries), voucher.posted_on)
    arose = overpayments(demands, entries).select(*KEYS, "component", "arose")
    placed = frame.join(stand, on=[*KEYS, "component"], how="left", maintain_order="left").join(
        arose, on=[*KEYS, "component"], how="left", maintain_order="left"
    )
    for row in placed.iter_rows(named=True):
        _check_refund(row, voucher.posted_on, kind)
    # what was overpaid first, then interest that an appropriation of it earned
    split = (
        placed.with_columns(out=pl.min_horizontal("amount", "overpaid"))
        .with_columns(out_past=pl.min_horizontal(pl.col("amount") - pl.col("out"), "past"))
        .with_columns(out_earned=pl.col("amount") - pl.col("out") - pl.col("out_past"))
    )
    return post(Kind.REFUND, headed(split, voucher))


def _check_approvals(order: RefundOrder, posted_on: date) -> None:
    roles = [one.role for one in order.approvals]
    persons = {one.by for one in order.approvals}
    if sorted(roles) != sorted(ROLES) or len(persons) < len(ROLES):
        raise LedgerError(
            _(
                "{source}: a refund is approved by two different persons, one who orders it and "
                "one who examines it"
            ).format(source=order.source)
        )
    if any(one.on > posted_on for one in order.approvals):
        raise LedgerError(
            _("{source}: a refund is not posted before it is approved").format(source=order.source)
        )


def _check_refund(row: dict[str, object], posted_on: date, kind: Literal["tax", "premium"]) -> None:
    amount, extra = cast("int", row["amount"]), cast("int", row["extra"])
    refundable = sum(cast("int", row[name] or 0) for name in ("overpaid", "past", "earned"))
    if amount <= 0 or extra < 0 or amount > refundable:
        raise LedgerError(
            _("{source}: {amount} yen are to be refunded, and {refundable} yen can be").format(
                source=row["source"], amount=f"{amount:,}", refundable=f"{refundable:,}"
            )
        )
    claimed = cast("date", row["claimed_on"] or posted_on)
    last = claimable_until(cast("date", row["arose"]), kind)
    if claimed > last:
        raise LedgerError(
            _("{source}: the right to this refund lapsed after {day}").format(
                source=row["source"], day=last
            )
        )
