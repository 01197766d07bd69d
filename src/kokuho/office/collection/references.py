"""Numbers under which files and slips know a demand (収納番号), and what is owed of it."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import polars as pl
from django.db import models

from kokuho.collection import PAYABLES
from kokuho.office.ledger.models import Claim, Entry
from kokuho.office.ledger.rows import among, append, read
from kokuho.office.store.owned import Kept, Owned


class Reference(Owned):
    """The number of a demand, given out when a file or slip first needs it, and never again.

    ``payer`` is the debtor's address number (宛名番号) at that time, where it is a row of digits,
    without the zeros that pad it. Every slip of the demand bears the same, so that one printed
    earlier still matches.
    """

    kept: ClassVar[Kept] = Kept.FOR_GOOD

    number = models.BigIntegerField()
    demand_id = models.TextField()
    household_id = models.TextField()
    payer = models.TextField(null=True)
    given_on = models.DateField()

    class Meta(Owned.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["insurer", "number"], name="reference_number"),
            models.UniqueConstraint(fields=["insurer", "demand_id"], name="reference_demand"),
        ]


_KNOWN: dict[str, Any] = {
    "number": pl.Int64(),
    "demand_id": pl.String(),
    "household_id": pl.String(),
    "payer": pl.String(),
}


def give(insurer: str, claims: pl.DataFrame, given_on: date) -> None:
    """Give numbers to demands that have none, after ``lock``.

    Args:
        insurer: the code of the insurer.
        claims: ``demand_id, household_id, debtor``; numbers go in its order.
        given_on: today.
    """
    new = claims.join(
        numbers(insurer, claims["demand_id"]), on="demand_id", how="anti", maintain_order="left"
    )
    if not new.height:
        return
    given = Reference.objects.filter(insurer_id=insurer)
    last = given.aggregate(last=models.Max("number"))["last"] or 0
    digits = pl.col("debtor").str.contains(r"^[0-9]{1,20}$")
    append(
        Reference,
        new.select("demand_id", "household_id", "debtor")
        .with_row_index("place", last + 1)
        .select(
            insurer_code=pl.lit(insurer),
            number=pl.col("place").cast(pl.Int64),
            demand_id="demand_id",
            household_id="household_id",
            payer=pl.when(digits).then(pl.col("debtor").str.replace(r"^0+(\d)", "$1")),
            given_on=pl.lit(given_on),
        ),
    )


def owed(insurer: str, demand_ids: pl.Series) -> pl.DataFrame:
    """What is owed of demands by the entries: ``demand_id, principal, total``, yen.

    ``total`` has interest that is fixed and fees beside the principal.
    """
    where, values = among("demand_id", demand_ids)
    schema = {"demand_id": pl.String(), "component": pl.String(), "amount": pl.Int64()}
    rows = read(Entry, schema, insurer, f"account = 'receivable' AND {where}", values)
    principal = pl.col("amount").filter(pl.col("component") == "principal").sum()
    return rows.group_by("demand_id").agg(principal=principal, total=pl.col("amount").sum())


def claims_of(insurer: str, where: str, values: list[Any]) -> pl.DataFrame:
    """Claims as they are now: ``demand_id, household_id, debtor, channel, year_meant, due``."""
    schema: dict[str, Any] = {
        "demand_id": pl.String(), "household_id": pl.String(), "debtor": pl.String(),
        "channel": pl.String(), "year_meant": pl.Int32(), "due": pl.Date(), "version": pl.Int16(),
    }  # fmt: skip
    found = read(Claim, schema, insurer, where, values)
    last = pl.col("version") == pl.col("version").max().over("demand_id")
    return found.filter(last).drop("version").sort("due", "demand_id")


def due_on(insurer: str, due: date) -> pl.DataFrame:
    """The claims whose due date is this one by their last version."""
    listed = claims_of(insurer, "due = %s", [due.isoformat()])
    where, values = among("demand_id", listed["demand_id"])
    return claims_of(insurer, where, values).filter(pl.col("due") == due)


def numbers(insurer: str, demand_ids: pl.Series) -> pl.DataFrame:
    """The numbers that demands have: ``number, demand_id, payer``."""
    where, values = among("demand_id", demand_ids)
    return read(Reference, _KNOWN, insurer, where, values).drop("household_id")


def payables(insurer: str, claims: pl.DataFrame) -> pl.DataFrame:
    """:data:`kokuho.collection.PAYABLES` with ``principal``, of demands that have a number.

    ``amount`` is all that is owed at the moment: principal, fixed interest and fees.
    """
    stand = owed(insurer, claims["demand_id"])
    columns = claims.select("demand_id", "household_id", "due")
    return (
        columns.join(numbers(insurer, claims["demand_id"]), on="demand_id", maintain_order="left")
        .join(stand, on="demand_id", how="left", maintain_order="left")
        .with_columns(
            insurer_code=pl.lit(insurer),
            reference=pl.col("number").cast(pl.String),
            amount=pl.col("total").fill_null(0),
            principal=pl.col("principal").fill_null(0),
        )
        .select(*(pl.col(name).cast(dtype) for name, dtype in PAYABLES.items()), "principal")
    )


def reported(insurer: str, incoming: pl.DataFrame) -> pl.DataFrame:
    """The payables that incoming payments speak of.

    A slip that was printed before a reminder fee or interest was added bears the principal: that is
    an exact payment of it as well, and the amount to match with.
    """
    wanted = incoming["reference"].unique()
    asked = [int(text) for text in wanted if text.isascii() and text.isdigit() and len(text) < 19]
    marks = ", ".join(map(str, asked)) or "NULL"
    known = read(Reference, _KNOWN, insurer, f"number IN ({marks})")
    where, values = among("demand_id", known["demand_id"])
    frame = payables(insurer, claims_of(insurer, where, values))
    paid = incoming.group_by("reference").agg(amounts=pl.col("amount"))
    whole = pl.col("amounts").list.contains(pl.col("amount"))
    return (
        frame.join(paid, on="reference", how="left", maintain_order="left")
        .with_columns(amount=pl.when(whole).then("amount").otherwise("principal"))
        .select(*PAYABLES)
    )
