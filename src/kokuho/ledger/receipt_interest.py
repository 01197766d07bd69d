"""Which interest the receipts of a run fix, and how that changes what they pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from kokuho.ledger.accounts import Account, Component
from kokuho.ledger.allocation import Allocation, allocate
from kokuho.ledger.assessments import KEYS
from kokuho.ledger.entries import ENTRIES
from kokuho.ledger.rates import YearRates
from kokuho.ledger.rules import LedgerRules
from kokuho.ledger.settling import PAID_BY, interest_changes, interest_due, pays_principal
from kokuho.ledger.standing import wide

_HOUSE = ("insurer_code", "household_id")
_PRINCIPAL = str(Component.PRINCIPAL)


@dataclass(frozen=True)
class ReceiptInterest:
    """Positions, entries and rules of a run, from which its allocation follows.

    Interest that is fixed or lowered changes what is left for what comes after it, and so may move
    the payment that settles a later demand; it never moves one before it. So it is computed again
    until nothing changes, for the households concerned alone.
    """

    stand: pl.DataFrame
    entries: pl.DataFrame
    rules: LedgerRules
    rates: Sequence[YearRates] | None = None
    deferrals: pl.DataFrame | None = None

    def allocate(self, receipts: pl.DataFrame) -> tuple[Allocation, pl.DataFrame]:
        """The allocation, and the changes of interest that it brings."""
        owed = wide(self.stand)
        done = allocate(owed, receipts, self.rules.allocation)
        bearing = self._bearing(done, receipts)
        if not bearing.height:
            return done, _no_changes()
        households = bearing.select(_HOUSE).unique()
        mine = owed.join(households, on=_HOUSE, how="semi", maintain_order="left")
        concerned = _receipts_of(receipts, mine)
        part, changes = _part(done, concerned), _no_changes()
        while True:
            found = self._fixed_by(part, concerned, bearing)
            if found.equals(changes):
                return _put(part, done, concerned), changes
            changes = found
            part = allocate(_with_fixed(mine, changes), concerned, self.rules.allocation)
            bearing = self._bearing(part, concerned)

    def _bearing(self, done: Allocation, receipts: pl.DataFrame) -> pl.DataFrame:
        """The positions of demands with new money whose interest may change.

        Some of their money, new or old, was late, or interest of them was fixed before.
        """
        days = receipts.select("receipt", "value_on")
        lines = [frame.select("receipt", *KEYS) for frame in (done.paid, done.over)]
        new = pl.concat(lines).join(days, on="receipt").select(*KEYS, "value_on")
        stand = self.stand.join(new, on=KEYS, how="semi", maintain_order="left")
        old = self.entries.filter(pl.col("account").is_in(PAID_BY)).select(*KEYS, "value_on")
        last = pl.concat([new, old]).group_by(KEYS).agg(pl.col("value_on").max())
        fixed = (pl.col("component") == str(Component.INTEREST)) & (pl.col("assessed") > 0)
        bears = (
            stand.join(last, on=KEYS)
            .filter((pl.col("value_on") > pl.col("due")) | fixed)
            .select(KEYS)
        )
        return stand.join(bears, on=KEYS, how="semi", maintain_order="left")

    def _fixed_by(
        self, part: Allocation, receipts: pl.DataFrame, stand: pl.DataFrame
    ) -> pl.DataFrame:
        """How the fixed interest of these positions changes if the receipts are posted."""
        paid = part.paid.group_by(*KEYS, "component").agg(now=pl.col("amount").sum())
        after = stand.join(paid, on=[*KEYS, "component"], how="left").with_columns(
            owed=pl.col("owed") - pl.col("now").fill_null(0)
        )
        counts = pl.col("component").is_in(pays_principal(self.rules.allocation))
        money = pl.concat([part.paid.filter(counts), part.over], how="diagonal").join(
            receipts.select("receipt", "value_on"), on="receipt"
        )
        received = money.select(
            *KEYS,
            "value_on",
            "amount",
            component=pl.lit(_PRINCIPAL, ENTRIES["component"]),
            account=pl.lit(str(Account.RECEIPTS), ENTRIES["account"]),
        )
        known = pl.concat([self.entries.select(received.columns), received]).join(
            stand, on=KEYS, how="semi"
        )
        due = interest_due(after, known, self.rules, self.rates, self.deferrals)
        return interest_changes(stand, due)


def _no_changes() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "insurer_code": pl.String(),
            "demand_id": pl.String(),
            "component": ENTRIES["component"],
            "change": pl.Int64(),
            "value_on": pl.Date(),
        }
    )


def _receipts_of(receipts: pl.DataFrame, owed: pl.DataFrame) -> pl.DataFrame:
    """The receipts that may touch these demands: they name one of them, or a household."""
    named = receipts.join(owed, on=KEYS, how="semi")
    housed = receipts.join(owed, on=_HOUSE, how="semi")
    either = pl.concat([named, housed]).select("receipt").unique()
    return receipts.join(either, on="receipt", how="semi", maintain_order="left")


def _with_fixed(owed: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    more = changes.select(*KEYS, "change")
    return (
        owed.join(more, on=KEYS, how="left", maintain_order="left")
        .with_columns(pl.col("change").fill_null(0))
        .with_columns(
            fixed=pl.col("change").clip(lower_bound=0),
            interest=(pl.col("interest") + pl.col("change").clip(upper_bound=0)).clip(0),
        )
        .drop("change")
    )


def _part(done: Allocation, receipts: pl.DataFrame) -> Allocation:
    """What an allocation says of some of its receipts."""
    frames = (done.paid, done.over, done.unknown)
    return Allocation(*(one.join(receipts, on="receipt", how="semi") for one in frames))


def _put(part: Allocation, done: Allocation, concerned: pl.DataFrame) -> Allocation:
    """The first allocation with the receipts of the second in place of its own."""

    def put(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
        kept = one.join(concerned, on="receipt", how="anti", maintain_order="left")
        return pl.concat([kept, other]).sort("receipt", maintain_order=True)

    return Allocation(
        put(done.paid, part.paid), put(done.over, part.over), put(done.unknown, part.unknown)
    )
