"""Assessments (調定), their changes, reminder fees and write-offs."""

from __future__ import annotations

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger.accounts import Component, Kind
from kokuho.ledger.demands import DEMANDS
from kokuho.ledger.entries import ENTRIES
from kokuho.ledger.postings import post
from kokuho.ledger.rules import settlement_end
from kokuho.ledger.standing import AMOUNTS, open_on, positions
from kokuho.ledger.vouchers import Voucher, headed

_ = translator("ledger")

KEYS = ("insurer_code", "demand_id")


def assess(demands: pl.DataFrame, voucher: Voucher) -> pl.DataFrame:
    """The entries of first assessments (調定): the columns of demands, and ``amount`` in yen.

    A column ``value_on`` gives the day of the notice; without it, it is the posting date.

    Raises:
        LedgerError: an amount of no yen or less, a demand that stands twice, or books that are
            closed.
    """
    wrong = demands.filter(pl.col("amount") <= 0)
    if wrong.height:
        raise LedgerError(
            _("demand {demand}: an amount above 0 is expected, not {amount}").format(
                demand=wrong["demand_id"][0], amount=wrong["amount"][0]
            )
        )
    if demands.select(KEYS).is_duplicated().any():
        raise LedgerError(_("a demand stands twice"))
    for year in demands["year_assessed"].unique():
        if settlement_end(year) < voucher.posted_on:
            raise LedgerError(
                _(
                    "the books of {year} closed on {end}; nothing is assessed in them on {day}"
                ).format(year=year, end=settlement_end(year), day=voucher.posted_on)
            )
    frame = demands.with_columns(book_year="year_assessed")
    return post(Kind.ASSESS, headed(frame, voucher))


def charge_fee(
    demands: pl.DataFrame, entries: pl.DataFrame, fees: pl.DataFrame, voucher: Voucher
) -> pl.DataFrame:
    """The entries of reminder fees (督促手数料): ``insurer_code, demand_id, amount``.

    Raises:
        LedgerError: a demand of which nothing is owed, or an amount of no yen or less.
    """
    stand = open_on(positions(demands, entries), voucher.posted_on)
    owed = stand.filter((pl.col("component") == str(Component.PRINCIPAL)) & (pl.col("owed") > 0))
    frame = fees.join(owed.drop("component"), on=KEYS, maintain_order="left")
    if frame.height < fees.height or (frame["amount"] <= 0).any():
        raise LedgerError(_("a reminder fee is charged for a demand that is owed, and is above 0"))
    fee = pl.lit(str(Component.FEE), ENTRIES["component"])
    return post(Kind.CHARGE_FEE, headed(frame.with_columns(component=fee), voucher))


def reassess(
    demands: pl.DataFrame, entries: pl.DataFrame, changes: pl.DataFrame, voucher: Voucher
) -> pl.DataFrame:
    """The entries of changes of assessments (調定の増減).

    Args:
        demands: the demands concerned.
        entries: all of their entries.
        changes: ``insurer_code, demand_id, change`` in yen, below 0 for a reduction; optionally
            ``component`` (the principal if left out) and ``value_on``.
        voucher: number, posting date, source.

    A reduction first takes what is still owed. What was received beyond it becomes an overpayment
    (過誤納); what closed books received is to be refunded out of expenditure (過年度還付).

    Raises:
        LedgerError: a reduction below zero, or below what was written off; unknown demands; books
            that are closed.
    """
    if "component" not in changes.columns:
        name = pl.lit(str(Component.PRINCIPAL), ENTRIES["component"])
        changes = changes.with_columns(component=name)
    return change(
        Kind.REASSESS, open_on(positions(demands, entries), voucher.posted_on), changes, voucher
    )


def change(
    kind: Kind, stand: pl.DataFrame, changes: pl.DataFrame, voucher: Voucher
) -> pl.DataFrame:
    """The entries of changes of positions; a component without entries yet stands at 0."""
    known = stand.select(*DEMANDS, "book_year").unique(KEYS)
    amounts = stand.select(*KEYS, "component", *AMOUNTS)
    frame = (
        changes.join(known, on=KEYS, maintain_order="left")
        .join(amounts, on=[*KEYS, "component"], how="left", maintain_order="left")
        .with_columns(pl.col(AMOUNTS).fill_null(0))
        .with_columns(
            up=pl.col("change").clip(lower_bound=0), down=(-pl.col("change")).clip(lower_bound=0)
        )
        .with_columns(from_owed=pl.min_horizontal("down", "owed"))
        .with_columns(
            from_received=pl.min_horizontal(pl.col("down") - pl.col("from_owed"), "received")
        )
        .with_columns(from_past=pl.col("down") - pl.col("from_owed") - pl.col("from_received"))
    )
    if frame.height < changes.height:
        raise LedgerError(_("a change of a demand that has no entries"))
    below = frame.filter(pl.col("from_past") > pl.col("received_past"))
    if below.height:
        raise LedgerError(
            _(
                "demand {demand}: a reduction by {amount} yen is more than what is owed and was "
                "received for it; reverse what was written off first"
            ).format(demand=below["demand_id"][0], amount=f"{below['down'][0]:,}")
        )
    return post(kind, headed(frame, voucher))


def write_off(
    demands: pl.DataFrame, entries: pl.DataFrame, decisions: pl.DataFrame, voucher: Voucher
) -> pl.DataFrame:
    """The entries of write-offs (不納欠損) that were decided elsewhere.

    Args:
        demands: the demands concerned.
        entries: all of their entries.
        decisions: ``insurer_code, demand_id, component, amount``; the ledger decides nothing.
        voucher: number, posting date and the decision.

    Raises:
        LedgerError: more than is owed, or an amount of no yen or less.
    """
    stand = open_on(positions(demands, entries), voucher.posted_on)
    frame = decisions.join(stand, on=[*KEYS, "component"], maintain_order="left")
    wrong = (
        frame.height < decisions.height
        or frame.filter((pl.col("amount") <= 0) | (pl.col("amount") > pl.col("owed"))).height
    )
    if wrong:
        raise LedgerError(_("a write-off is above 0 and at most what is owed"))
    return post(Kind.WRITE_OFF, headed(frame, voucher))
