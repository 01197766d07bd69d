"""Interest on what is appropriated (充当に係る還付加算金), from the entries alone.

The law grants interest where an overpayment is refunded *or* appropriated (地方税法17条の4第1項; a
premium follows it by 地方自治法231条の3第4項), until the day on which the appropriation became
possible. It is computed once for each overpayment and day of appropriation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from kokuho.ledger.accounts import Account, Kind
from kokuho.ledger.assessments import KEYS
from kokuho.ledger.entries import COMPONENT
from kokuho.ledger.interest_on_refunds import (
    Cause,
    Overpaid,
    interest_from,
    last_paid_first,
    refund_interests,
)
from kokuho.ledger.payments import payments_left
from kokuho.ledger.rates import YearRates

CAUSES: dict[str, pl.DataType] = {
    "insurer_code": pl.String(),
    "demand_id": pl.String(),
    "component": COMPONENT,
    "cause": pl.String(),
    "happened_on": pl.Date(),
    "objected_on": pl.Date(),
}
"""Why demands are overpaid, where a person decided on it; days as in :class:`Overpaid`."""

_OF = (*KEYS, "component")
_BY_CHANGE = [str(Kind.REASSESS), str(Kind.FIX_INTEREST)]


@dataclass(frozen=True, slots=True)
class Earned:
    """Interest of one appropriation: the journal that it is posted with, and how it came about."""

    number: int
    demand_id: str
    component: str
    overpaid: Overpaid
    until: date
    yen: int


def earned_interest(
    pairs: pl.DataFrame,
    entries: pl.DataFrame,
    causes: pl.DataFrame | None = None,
    rates: Sequence[YearRates] | None = None,
) -> tuple[Earned, ...]:
    """The interest that appropriations earn; those that earn none are left out.

    Args:
        pairs: ``number, value_on, insurer_code, from_demand, from_component, money`` of each
            journal: ``money`` is what was overpaid, without interest that was earned before.
        entries: all entries of the demands before them.
        causes: :data:`CAUSES`; of the others what was received too much is a mistake (誤納), what
            a reduction made too much follows from the assessment (過納).
        rates: rates of interest on refunds by year; the law's if left out.

    Raises:
        LedgerError: a day that a cause needs is missing.
        LawError: the law's rates of a year are not known.
    """
    concerned = (
        pairs.filter(pl.col("money") > 0)
        .select(
            "insurer_code",
            "number",
            "value_on",
            "money",
            demand_id="from_demand",
            component="from_component",
        )
        .group_by(*_OF, "value_on")
        .agg(pl.col("number").min(), pl.col("money").sum())
        .sort(*_OF, "value_on")
    )
    own = entries.join(concerned, on=_OF, how="semi")
    known = _causes(own, causes)
    money = {
        key: list(rows.select("value_on", "paid").iter_rows())
        for key, rows in payments_left(own).group_by(_OF)
    }
    found = list(_overpaid(concerned.join(known, on=_OF, how="left"), money))
    yen = refund_interests(
        ((str(row["number"]), one, row["value_on"]) for row, one in found), rates
    )
    return tuple(
        Earned(row["number"], row["demand_id"], row["component"], one, row["value_on"], amount)
        for row, one in found
        if (amount := yen.get(str(row["number"]), 0))
    )


def _causes(entries: pl.DataFrame, stated: pl.DataFrame | None) -> pl.DataFrame:
    """The cause of each overpayment with its days: the stated one, or what the entries say."""
    made_too_much = (
        pl.col("account").is_in([str(Account.OVERPAID), str(Account.REFUND_PAYABLE)])
        & pl.col("kind").is_in(_BY_CHANGE)
    )  # fmt: skip
    reduced = pl.col("amount").filter(made_too_much).sum() < 0
    found = entries.group_by(_OF).agg(
        by_entries=pl.when(reduced)
        .then(pl.lit(str(Cause.ASSESSMENT)))
        .otherwise(pl.lit(str(Cause.MISTAKE)))
    )
    stated = pl.DataFrame(schema=CAUSES) if stated is None else stated.select(*CAUSES)
    return found.join(stated, on=_OF, how="left").with_columns(
        cause=pl.coalesce("cause", "by_entries")
    )


def _overpaid(
    rows: pl.DataFrame, money: dict[tuple[Any, ...], list[tuple[date, int]]]
) -> Iterator[tuple[dict[str, Any], Overpaid]]:
    """Each row with the payments that it consists of; what an earlier one took is gone."""
    for row in rows.iter_rows(named=True):
        key = tuple(row[name] for name in _OF)
        parts = last_paid_first(money.get(key, []), row["money"])
        taken = dict.fromkeys((day for day, _yen in parts), 0)
        for day, yen in parts:
            taken[day] += yen
        money[key] = [
            (day, left) for day, yen in money.get(key, []) if (left := yen - taken.get(day, 0))
        ]
        one = Overpaid(
            row["money"],
            Cause(row["cause"]),
            tuple(sorted(parts)),
            row["happened_on"],
            row["objected_on"],
        )
        if any(interest_from(one, day) <= row["value_on"] for day, _yen in parts):
            yield row, one
