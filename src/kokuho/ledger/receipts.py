"""Receipts (収納): allocated, with the interest that they fix, as entries.

A run is computed before anything is stored; showing it *is* the preview. One receipt goes the same
way as a million.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import date

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger.accounts import Kind
from kokuho.ledger.allocation import Allocation
from kokuho.ledger.assessments import KEYS, change
from kokuho.ledger.entries import no_entries
from kokuho.ledger.rates import YearRates
from kokuho.ledger.receipt_entries import receipt_entries
from kokuho.ledger.receipt_interest import ReceiptInterest
from kokuho.ledger.rules import LedgerRules
from kokuho.ledger.standing import open_on, positions
from kokuho.ledger.vouchers import Voucher

_ = translator("ledger")

RECEIVED: dict[str, pl.DataType] = {
    "insurer_code": pl.String(),
    "household_id": pl.String(),
    "demand_id": pl.String(),
    "amount": pl.Int64(),
    "value_on": pl.Date(),
    "payer": pl.String(),
    "source": pl.String(),
}
"""A frame of receipts, in their recorded order."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money received (収納) on ``value_on`` (収納日).

    ``demand_id`` is the instalment that the slip names, if it names one. ``payer`` is given when
    somebody other than the debtor paid. ``source`` names the slip, file line or cash book.
    """

    insurer_code: str
    household_id: str | None
    demand_id: str | None
    amount: int
    value_on: date
    payer: str | None
    source: str


@dataclass(frozen=True)
class ReceiptRun:
    """Receipts as they would be posted: the preview, and the entries to store.

    ``allocation`` has the receipts by their journal numbers; ``interest`` is how the fixed interest
    changes: ``insurer_code, demand_id, change, value_on``.
    """

    entries: pl.DataFrame
    allocation: Allocation
    interest: pl.DataFrame

    def lines(self) -> pl.DataFrame:
        """What becomes of each receipt, for people to look at before it is posted.

        Columns ``receipt, insurer_code, demand_id, component, outcome, amount``; the outcome is
        ``paid``, ``overpaid`` or ``suspense``.
        """
        pieces = (
            (self.allocation.paid, "paid"),
            (self.allocation.over, "overpaid"),
            (self.allocation.unknown, "suspense"),
        )
        return (
            pl.concat(
                [frame.with_columns(outcome=pl.lit(outcome)) for frame, outcome in pieces],
                how="diagonal",
            )
            .select("receipt", "insurer_code", "demand_id", "component", "outcome", "amount")
            .sort("receipt", maintain_order=True)
        )


def frame_of_receipts(receipts: Iterable[Receipt]) -> pl.DataFrame:
    """Receipts as a frame, in the given order."""
    return pl.DataFrame([astuple(one) for one in receipts], schema=RECEIVED, orient="row")


def receive(
    demands: pl.DataFrame,
    entries: pl.DataFrame,
    receipts: pl.DataFrame,
    voucher: Voucher,
    rules: LedgerRules,
    rates: Sequence[YearRates] | None = None,
    deferrals: pl.DataFrame | None = None,
) -> ReceiptRun:
    """Allocate receipts and make their entries; one journal a receipt.

    Where a receipt pays the last of a principal that was late, the interest is fixed (延滞金の確定)
    and the rest of the same receipt pays it before anything becomes an overpayment. Money that is
    registered late and counts from an earlier day lowers interest that had been fixed.

    Args:
        demands: all demands of the households that the receipts may touch.
        entries: all entries of those demands.
        receipts: columns of :data:`RECEIVED`, in their recorded order; one receipt:
            ``frame_of_receipts([receipt])``.
        voucher: first free number, posting date.
        rules: the insurer's rules.
        rates: rates of interest by year; the law's if left out.
        deferrals: days on which interest is waived, as in :mod:`kokuho.ledger.settling`.

    Raises:
        LedgerError: a receipt of no yen or less, one that counts after its posting date, demands
            open in closed books.
    """
    return post_receipts(Kind.RECEIVE, demands, entries, receipts, voucher, rules, rates, deferrals)


def post_receipts(
    kind: Kind,
    demands: pl.DataFrame,
    entries: pl.DataFrame,
    receipts: pl.DataFrame,
    voucher: Voucher,
    rules: LedgerRules,
    rates: Sequence[YearRates] | None,
    deferrals: pl.DataFrame | None,
) -> ReceiptRun:
    """:func:`receive`, for new money (``RECEIVE``) or money out of suspense (``RELEASE``)."""
    ahead = receipts.filter(pl.col("value_on") > voucher.posted_on)
    if ahead.height:
        raise LedgerError(
            _("{source}: received on {day}, after the posting date {posted}").format(
                source=ahead["source"][0], day=ahead["value_on"][0], posted=voucher.posted_on
            )
        )
    stand = open_on(positions(demands, entries), voucher.posted_on)
    numbered = receipts.select(*RECEIVED).with_row_index("receipt").cast({"receipt": pl.Int64})
    fixing = ReceiptInterest(stand, entries, rules, rates, deferrals)
    allocation, changes = fixing.allocate(numbered)
    fixed = change(Kind.FIX_INTEREST, stand, changes, voucher) if changes.height else no_entries()
    first = voucher.after(fixed)
    journals = receipt_entries(kind, stand, numbered, allocation, first)
    return ReceiptRun(
        entries=pl.concat([fixed, journals]),
        allocation=_by_number(allocation, first.number),
        interest=changes.select(*KEYS, "change", "value_on"),
    )


def _by_number(allocation: Allocation, first: int) -> Allocation:
    """An allocation with journal numbers in place of the receipts' places."""

    def numbered(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(pl.col("receipt") + first)

    return Allocation(
        numbered(allocation.paid), numbered(allocation.over), numbered(allocation.unknown)
    )
