"""The suspense list (仮受): money whose purpose is not certain, as the ledger holds it, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Sum

from kokuho.office.collection import references
from kokuho.office.collection.cancellations import Cancellation
from kokuho.office.collection.payments import Payment
from kokuho.office.collection.releases import Release
from kokuho.office.ledger.models import Entry, Receipt
from kokuho.office.ledger.rows import among, read

WHY = ("partial", "over", "paid", "no_demand", "payer_differs", "not_asked", "account_differs",
       "amount_differs", "after_final", "after_cancelled", "other")  # fmt: skip
"""The reasons by which the list is filtered; ``other`` is money that no file of ours brought."""


@dataclass(frozen=True)
class Held:
    """Money under one receipt that is in suspense, or (``released``) was.

    ``household_id`` and ``demand_id`` are those that it may be for; ``owed`` is what was owed of
    that demand when it was matched, ``owed_now`` what is owed by now.
    """

    source: str
    amount: int
    value_on: date
    channel: str
    why: str
    pk: int
    household_id: str | None = None
    demand_id: str | None = None
    reference: str | None = None
    owed: int | None = None
    owed_now: int | None = None
    file: str | None = None
    record: int | None = None
    released: Release | None = None


def held(insurer: str) -> list[Held]:
    """All money that is in suspense, the oldest first, inside ``seeing``."""
    rows = read(
        Entry,
        {"source": pl.String(), "amount": pl.Int64(), "value_on": pl.Date()},
        insurer,
        "account = 'suspense'",
    )
    sums = (
        rows.group_by("source")
        .agg(amount=-pl.col("amount").sum(), value_on=pl.col("value_on").min())
        .filter(pl.col("amount") > 0)
        .sort("value_on", "source")
    )
    return _told(insurer, sums)


def held_count(insurers: Sequence[str]) -> int:
    """How much is in suspense, by one query."""
    # what is held is no household's, and the index of households finds it
    rows = Entry.objects.filter(
        insurer_id__in=insurers, household_id__isnull=True, account="suspense"
    )
    sums = rows.values("insurer_id", "source").annotate(yen=Sum("amount"))
    return int(sums.filter(yen__lt=0).count())


def one(insurer: str, pk: int) -> Held | None:
    """One receipt that is or was in suspense, by its row number; none if there is no such."""
    receipt = Receipt.objects.filter(insurer_id=insurer, pk=pk).first()
    if receipt is None:
        return None
    found = [line for line in held(insurer) if line.source == receipt.reference]
    release = Release.objects.filter(insurer_id=insurer, source=receipt.reference).first()
    if found:
        return found[0]
    if release is None:
        return None
    sums = pl.DataFrame(
        {"source": [receipt.reference], "amount": [receipt.amount], "value_on": [receipt.value_on]}
    )
    gone = _told(insurer, sums)[0]
    return Held(**{**vars(gone), "released": release})


def counts(lines: list[Held]) -> dict[str, int]:
    """How many there are for each reason that there is."""
    return {why: number for why in WHY if (number := sum(line.why == why for line in lines))}


def _told(insurer: str, sums: pl.DataFrame) -> list[Held]:
    sources = sums["source"].to_list()
    where, values = among("reference", sums["source"])
    schema = {"reference": pl.String(), "id": pl.Int64(), "household_id": pl.String()}
    receipts = {
        name: (pk, household)
        for name, pk, household in read(Receipt, schema, insurer, where, values).rows()
    }
    paid: dict[str, Payment] = {}
    contested: dict[str, Payment] = {}
    for start in range(0, len(sources), 500):
        some = Payment.objects.filter(insurer_id=insurer, source__in=sources[start : start + 500])
        paid |= {str(row.source): row for row in some.select_related("delivered")}
        again = Cancellation.objects.filter(
            insurer_id=insurer, held_as__in=sources[start : start + 500]
        ).select_related("final__delivered")
        contested |= {str(row.held_as): row.final for row in again}
    meant = [row.demand_id for row in (*paid.values(), *contested.values())]
    demands = pl.Series(meant, dtype=pl.String)
    now = dict(references.owed(insurer, demands).select("demand_id", "total").rows())
    return [
        _line(
            row, receipts[row["source"]], paid.get(row["source"]), contested.get(row["source"]), now
        )
        for row in sums.iter_rows(named=True)
    ]


def _line(
    row: dict[str, Any],
    receipt: tuple[int, str | None],
    payment: Payment | None,
    contested: Payment | None,
    now: dict[str, int],
) -> Held:
    pk, household = receipt
    common = {name: row[name] for name in ("source", "amount", "value_on")}
    why = "after_final" if contested else ""
    payment = payment or contested
    if payment is None:
        return Held(**common, channel="", why="other", pk=pk, household_id=household)
    why = why or payment.doubt or payment.outcome
    return Held(
        **common,
        channel=payment.channel,
        why=why if why in WHY else "other",
        household_id=payment.household_id,
        demand_id=payment.demand_id,
        reference=payment.reference,
        owed=payment.owed,
        owed_now=now.get(payment.demand_id, 0) if payment.demand_id else None,
        file=payment.delivered.name,
        record=payment.record,
        pk=pk,
    )
