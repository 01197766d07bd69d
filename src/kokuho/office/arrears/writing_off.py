"""Write-offs (不納欠損): decided here, posted by the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.arrears import Act
from kokuho.base.errors import ArrearsError
from kokuho.base.messages import translator
from kokuho.ledger import DEMANDS, write_off
from kokuho.office.arrears.recording import keep
from kokuho.office.arrears.standing import Arrears, read
from kokuho.office.ledger import books as store
from kokuho.office.ledger.books import lock, open_books
from kokuho.office.tenancy import seeing

_ = translator("collecting")


@dataclass(frozen=True)
class Proposal:
    """A demand whose right is gone, with what is owed of it; yen."""

    household: str
    demand: str
    ground: str
    since: date
    principal: int
    interest: int
    fee: int

    @property
    def total(self) -> int:
        """Everything of it."""
        return self.principal + self.interest + self.fee


def proposals(found: Arrears) -> tuple[Proposal, ...]:
    """What may be written off on a day, oldest ground first."""
    made = []
    for house, ground in found.write_offs():
        row = house.owed.row(
            by_predicate=pl.col("demand_id") == ground.demand, named=True
        )  # one row a demand
        made.append(
            Proposal(
                house.number, ground.demand, ground.ground, ground.since,
                row["principal"], row["interest"], row["fee"],
            )
        )  # fmt: skip
    return tuple(sorted(made, key=lambda one: (one.since, one.household, one.demand)))


def decide(
    insurer: str, demands: Sequence[str], on: date, *, actor: str, text: str
) -> tuple[Proposal, ...]:
    """Record the decision for some demands and let the ledger post it, in one transaction.

    Raises:
        ArrearsError: a demand whose right is not gone on the day.
        LedgerError: the ledger refuses the posting; nothing is recorded then.
    """
    with seeing([insurer], writing=True):
        lock(insurer)
        by_demand = {one.demand: one for one in proposals(read(insurer, on))}
        if unknown := sorted(set(demands) - set(by_demand)):
            raise ArrearsError(
                _("demand {demand} cannot be written off on {on}: its right is not gone").format(
                    demand=unknown[0], on=on
                )
            )
        chosen = [by_demand[demand] for demand in dict.fromkeys(demands)]
        acts = [
            Act(
                number=0, kind="write_off", day=on, household=one.household, demands=(one.demand,),
                code=one.ground, amount=one.total, text=text, actor=actor,
            )
            for one in chosen
        ]  # fmt: skip
        kept = keep(insurer, acts, today=on)
        _post(insurer, chosen, on, actor, f"不納欠損 {kept[0].number}" if kept else "")
    return tuple(chosen)


def _post(insurer: str, chosen: Sequence[Proposal], on: date, actor: str, key: str) -> None:
    if not chosen:
        return
    rows = [
        (insurer, one.demand, part, yen)
        for one in chosen
        for part, yen in (
            ("principal", one.principal), ("interest", one.interest), ("fee", one.fee),
        )
        if yen
    ]  # fmt: skip
    books = open_books(insurer, pl.Series(sorted({one.household for one in chosen})))
    component = books.entries.schema["component"]
    decisions = pl.DataFrame(
        rows,
        schema={
            "insurer_code": pl.String,
            "demand_id": pl.String,
            "component": component,
            "amount": pl.Int64,
        },
        orient="row",
    )
    voucher = store.voucher(insurer, on, key)
    new = write_off(books.claims.select(*DEMANDS), books.entries, decisions, voucher)
    store.keep(books, new, voucher, "write_off", key, actor)
