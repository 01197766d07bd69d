"""When money that is too much was paid (納めすぎの額の払った日), as the ledger has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.ledger import Account

_CASH = tuple(
    map(str, (Account.RECEIPTS, Account.APPROPRIATION, Account.REFUNDS, Account.EXPENDITURE))
)


@dataclass(frozen=True)
class Payments:
    """The payments of demands that nothing took back, the last one first: day and yen."""

    of: Mapping[str, Sequence[tuple[date, int]]]

    def days(self, demand: str, yen: int) -> list[tuple[date | None, int]]:
        """The days on which the last ``yen`` were paid, in order, with what was paid on each.

        What was paid last is what was too much. ``None`` stands for money of which the ledger knows
        no payment: interest that an appropriation earned.
        """
        found: list[tuple[date | None, int]] = []
        for day, paid in self.of.get(demand, ()):
            if yen > 0:
                found.append((day, min(paid, yen)))
                yen -= min(paid, yen)
        return [*reversed(found), *([(None, yen)] if yen > 0 else [])]


def payments(entries: pl.DataFrame, demands: Iterable[str]) -> Payments:
    """Read payments out of the entries of demands, in the columns of ``kokuho.ledger.ENTRIES``.

    What went back or to another demand was what had been paid last.
    """
    undone = entries["reverses"].drop_nulls().unique()
    money = entries.filter(
        pl.col("demand_id").is_in(sorted(set(demands)))
        & pl.col("account").is_in(_CASH)
        & pl.col("reverses").is_null()
        & ~pl.col("number").is_in(undone.implode())
    )
    found: dict[str, list[tuple[date, int]]] = defaultdict(list)
    rows = money.sort("value_on", "number", "line").select("demand_id", "value_on", "amount")
    for demand, day, yen in rows.iter_rows():
        if yen > 0:
            found[demand].append((day, yen))
        else:
            _take_back(found[demand], -yen)
    return Payments({demand: _by_day(own)[::-1] for demand, own in found.items()})


def _take_back(paid: list[tuple[date, int]], yen: int) -> None:
    while yen > 0 and paid:
        day, last = paid.pop()
        if last > yen:
            paid.append((day, last - yen))
        yen -= last


def _by_day(paid: Sequence[tuple[date, int]]) -> list[tuple[date, int]]:
    days: dict[date, int] = defaultdict(int)
    for day, yen in paid:
        days[day] += yen
    return list(days.items())
