"""Declaration first: the year's amount with and without it, before a notice of prepayment goes out.

Without everybody's declaration of income the levy has no reduction (7/5/2割軽減); a newcomer
without income in Japan then owes more than three times as much as after a 簡易申告.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kokuho.billing.demand import KEYS
from kokuho.levy import levy
from kokuho.ordinance import OrdinanceYear


@dataclass(frozen=True)
class BothAmounts:
    """A household's amounts of the year in yen, and whose declaration is still missing."""

    insurer_code: str
    household_id: str
    declared: int
    undeclared: int
    waiting: tuple[str, ...]

    @property
    def amount(self) -> int:
        """The amount as things stand now."""
        return self.undeclared if self.waiting else self.declared


def both_amounts(
    persons: pl.DataFrame, households: pl.DataFrame, year: OrdinanceYear
) -> list[BothAmounts]:
    """The amounts of each household with all declarations made, and without.

    Args:
        persons: accepted rows of a persons file.
        households: those of the households file.
        year: the ordinance of the levy year.

    Raises:
        LevyError: the levy cannot be made.
    """
    kind = persons.schema["declared"]
    missing = pl.col("declared") == "undeclared"
    declared = pl.when(missing).then(pl.lit("declared", dtype=kind)).otherwise("declared")
    made = levy(persons.with_columns(declared=declared), households, [year], steps=False).households
    # one declaration that is missing is enough; the head's is always asked for
    undeclared = pl.when(missing | pl.col("head")).then(pl.lit("undeclared", dtype=kind))
    without = persons.with_columns(declared=undeclared.otherwise("declared"))
    not_made = levy(without, households, [year], steps=False).households
    both = made.select(*KEYS, declared="total").join(
        not_made.select(*KEYS, undeclared="total"), on=KEYS
    )
    waiting = persons.filter(missing).group_by(KEYS).agg(waiting=pl.col("person_id").sort())
    rows = both.join(waiting, on=KEYS, how="left").sort(KEYS)
    return [
        BothAmounts(code, household, with_it, without_it, tuple(names or ()))
        for code, household, with_it, without_it, names in rows.iter_rows()
    ]
