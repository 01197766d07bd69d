"""What demands are called: the ledger's own id, and the name that a slip (納付書) has room for."""

from __future__ import annotations

import polars as pl

from kokuho.ledger import positions
from kokuho.ledger.demands import DEMANDS
from kokuho.office.ledger.books import KEYS, Books

OF_A_CLAIM = ("household_id", "year_meant", "year_assessed", "channel", "term")
"""The columns of a claim that its :func:`slip_name` is made of."""


def slip_name(*columns: str) -> pl.Expr:
    """The name of a term on a slip: household, years, channel, term (期別番号), in this order.

    Without columns they are those of :data:`kokuho.billing.SCHEMA`.
    """
    listed = columns or (
        "household_id", "fiscal_year_meant", "fiscal_year_levied", "channel", "term",
    )  # fmt: skip
    return pl.concat_str([pl.col(name).cast(pl.String) for name in listed], separator="/")


def demand_id() -> pl.Expr:
    """The id of a demand: :func:`slip_name` and who owes it (``debtor``).

    Two heads of one household in a year may owe the same term.
    """
    return pl.concat_str([slip_name(), "debtor"], separator="/")


def resolved(books: Books, receipts: pl.DataFrame) -> pl.DataFrame:
    """Receipts whose slips name a term without its debtor, with the id of the demand it stands for.

    Where two debtors have such a demand it is that of the one for whom something is assessed;
    where both have, the name stays as it is: no demand is called so, and the money is held (仮受)
    until a person says whose it is.
    """
    unnamed = receipts.join(books.claims.select(KEYS), on=KEYS, how="anti")
    if not unnamed["demand_id"].count():
        return receipts
    own = books.claims.with_columns(slip=slip_name(*OF_A_CLAIM))
    own = own.join(unnamed.select("insurer_code", slip="demand_id").unique(),
                   on=["insurer_code", "slip"], how="semi")  # fmt: skip
    shared = own.filter(pl.struct("insurer_code", "slip").is_duplicated())
    if shared.height:
        stand = positions(shared.select(*DEMANDS), books.entries)
        nothing = stand.filter((pl.col("component") == "principal") & (pl.col("assessed") == 0))
        own = own.join(nothing.select(KEYS), on=KEYS, how="anti")
        own = own.filter(~pl.struct("insurer_code", "slip").is_duplicated())
    ids = own.select("insurer_code", "demand_id", "slip").rename({"demand_id": "_found"})
    return (
        receipts.join(ids, left_on=KEYS, right_on=["insurer_code", "slip"], how="left",
                      maintain_order="left")
        .with_columns(demand_id=pl.coalesce("_found", "demand_id"))
        .drop("_found")
    )  # fmt: skip
