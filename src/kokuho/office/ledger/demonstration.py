"""The ledger of a fictional city for ``kokuho demo``: stored bills, receipts, closing, rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl

from kokuho.office.billing.schedules import demands
from kokuho.office.ledger.acts import appropriate_all, close_year
from kokuho.office.ledger.bills import post_bills
from kokuho.office.ledger.books import open_books
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.ledger.rules import keep_ordinance
from kokuho.office.ledger.year import year_figures
from kokuho.office.tenancy import seeing
from kokuho.ordinance import Ordinance
from kokuho.sample.receipts import receipts
from kokuho.tables import write_csv

_ACTOR = "見本"


@dataclass(frozen=True)
class Collected:
    """What the demonstration shows, exact: rates by year and section, and by the head's flag.

    ``rates``: (fiscal year, ``current``, ``carried`` or ``all``) to the rate. ``foreign``:
    collected and levied yen of households with a foreign head, of the first year. ``owed``:
    yen by ``on``, the day that the later year has come to.
    """

    rates: dict[tuple[int, str], Fraction]
    foreign: tuple[int, int]
    on: date
    owed: int


def post_year(
    folder: Path, insurer: str, ordinance: Ordinance, year: int, seed: int, until: date
) -> None:
    """Post the stored bills of a year in July, and its receipts until a day."""
    with seeing([insurer], writing=True):
        keep_ordinance(insurer, ordinance.year(year))
    post_bills(insurer, year, posted_on=date(year, 7, 15), actor=_ACTOR)
    with seeing([insurer]):
        bills = demands(insurer, year)
    path = folder / f"receipts_{year}.csv"
    write_csv(receipts(bills, seed, until), path)
    import_receipts(path, posted_on=until, actor=_ACTOR)


def close(insurer: str, year: int) -> None:
    """Close the books of a year on 1 June (出納閉鎖), and carry over what is open."""
    close_year(insurer, year, posted_on=date(year + 1, 6, 1), actor=_ACTOR)


def post_changes(insurer: str, years: Sequence[int], on: date) -> None:
    """Post what changed in the bills since, and let what is overpaid by it pay what is due."""
    for year in years:
        post_bills(insurer, year, posted_on=on, actor=_ACTOR)
    appropriate_all(insurer, posted_on=on, actor=_ACTOR)


def collected(insurer: str, years: Sequence[int], on: date) -> Collected:
    """The rates of the years' books; those of households with a foreign head of the first."""
    with seeing([insurer]):
        figures = [year_figures(insurer, year, on) for year in years]
        entries = open_books(insurer).entries
    owed = entries.filter((pl.col("account") == "receivable") & (pl.col("value_on") <= on))
    foreign = figures[0].foreign
    return Collected(
        {(own.year, section): rate for own in figures for section, rate in own.rates.items()},
        (foreign.collected, foreign.levied),
        on,
        int(owed["amount"].sum()),
    )
