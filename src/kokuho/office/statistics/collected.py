"""What was assessed and collected, demand by demand, with who heads the household: a frame."""

from __future__ import annotations

from datetime import date
from functools import cached_property

import polars as pl

from kokuho.base.calendar import last_day_of_year
from kokuho.ledger import ENTRIES, year_totals
from kokuho.ledger.revenue import collected
from kokuho.office.collection import accounts
from kokuho.office.ledger.models import Claim, Entry
from kokuho.office.ledger.rows import among, read
from kokuho.office.ledger.year import foreign_heads
from kokuho.statistics.collection import LINES

_FACTS = {
    "demand_id": pl.String(), "version": pl.Int16(), "channel": pl.String(), "term": pl.Int32(),
    "year_meant": pl.Int32(),
}  # fmt: skip


class Books:
    """The books of a fiscal year of an insurer, inside ``seeing``; entries are read once."""

    def __init__(self, insurer: str, year: int, known: date) -> None:
        self.insurer, self.year, self.known = insurer, year, known

    def lines(self, until: str, on: date) -> pl.DataFrame:
        """:data:`kokuho.statistics.collection.LINES` as of a day, as known on the other.

        Args:
            until: the code of the day in ids.
            on: what counts from a later day (領収日・調定日) is left out.
        """
        then = self._entries.filter(pl.col("value_on") <= on)
        totals = collected(year_totals(then, by=("household_id", "demand_id"))).filter(
            pl.col("component") == "principal"
        )
        heads = foreign_heads(self.insurer, min(on, last_day_of_year(self.year)), self.known)
        debited = list(accounts.on_day(self.insurer, on))
        of_term = (pl.col("channel") == "ordinary") & (pl.col("year_meant") == self.year)
        by_debit = pl.col("household_id").is_in(debited)
        return (
            totals.join(self._facts, on="demand_id", how="left")
            .join(heads, on=["insurer_code", "household_id"], how="left")
            .with_columns(
                year=pl.lit(str(self.year)),
                until=pl.lit(until),
                term=pl.when(of_term & (pl.col("section") == "current"))
                .then(pl.col("term").cast(pl.String))
                .otherwise(pl.lit("none")),
                prepaid=pl.when(pl.col("channel") == "prepaid")
                .then(pl.lit("yes"))
                .otherwise(pl.lit("no")),
                channel=pl.when(pl.col("channel").is_in(["pension", "prepaid"]))
                .then("channel")
                .when(by_debit)
                .then(pl.lit("direct_debit"))
                .otherwise(pl.lit("slip")),
            )
            .select(pl.col(name).cast(kind) for name, kind in LINES.items())
        )

    @cached_property
    def _entries(self) -> pl.DataFrame:
        where = "book_year = %s AND posted_on <= %s"
        return read(Entry, ENTRIES, self.insurer, where, [self.year, self.known])

    @cached_property
    def _facts(self) -> pl.DataFrame:
        """Way and term of the demands, by their last version."""
        where, values = among("demand_id", self._entries["demand_id"])
        facts = read(Claim, _FACTS, self.insurer, where, values)
        last = pl.col("version") == pl.col("version").max().over("demand_id")
        return facts.filter(last).drop("version")
