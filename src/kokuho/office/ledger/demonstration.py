"""Two years of a fictional city's ledger for ``kokuho demo``: demands, receipts, rates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
from django.db.models import Max, Sum

from kokuho.base.calendar import last_day_of_year
from kokuho.billing import schedules
from kokuho.ledger import (
    collection_rates,
    rate_by_flag,
    settlement_end,
    year_totals,
)
from kokuho.office.ledger.acts import appropriate_all, close_year
from kokuho.office.ledger.assessing import post_demands
from kokuho.office.ledger.books import open_books
from kokuho.office.ledger.importing import import_receipts
from kokuho.office.ledger.rules import keep_ordinance
from kokuho.office.register.models import Assessment, Headship, Identity
from kokuho.office.tenancy import seeing
from kokuho.ordinance import Ordinance
from kokuho.sample.receipts import receipts
from kokuho.tables import write_csv

_ACTOR = "見本"


@dataclass(frozen=True)
class Collected:
    """What the demonstration shows, exact: rates by year and section, and by the head's flag.

    ``rates``: (fiscal year, ``current``, ``carried`` or ``all``) to the rate. ``foreign``:
    collected and levied yen of households with a foreign head, of the year closed last. ``owed``:
    yen by the day that was looked at.
    """

    rates: dict[tuple[int, str], Fraction]
    foreign: tuple[int, int]
    on: date
    owed: int


def collect(
    folder: Path,
    insurer: str,
    ordinance: Ordinance,
    fiscal_year: int,
    seed: int,
    tell: Callable[[str], None],
) -> Collected:
    """Post two years of demands and receipts; the first is closed, the second runs to December.

    The year before is levied like this one: the register of the demonstration knows one year. Its
    demands come straight from :mod:`kokuho.billing`; once an office stores bills, they are read
    from there (:func:`demands_of`).
    """
    before, on = fiscal_year - 1, date(fiscal_year, 12, 31)
    _year(folder, insurer, ordinance, before, fiscal_year, seed, settlement_end(before))
    tell(f"{before}年度の調定と収納")
    june = date(fiscal_year, 6, 1)
    close_year(insurer, before, posted_on=june, actor=_ACTOR)
    tell(f"{before}年度の出納閉鎖と繰越")
    _year(folder, insurer, ordinance, fiscal_year, fiscal_year, seed, on)
    appropriate_all(insurer, posted_on=on, actor=_ACTOR)
    tell(f"{fiscal_year}年度の調定と収納")
    with seeing([insurer]):
        entries = open_books(insurer).entries
        flags = _foreign_heads(insurer, last_day_of_year(before))
    totals = year_totals(entries)
    by_flag = rate_by_flag(flags, entries, "foreign", before).filter("foreign")
    owed = entries.filter((pl.col("account") == "receivable") & (pl.col("value_on") <= on))
    return Collected(
        {
            (year, section): rate
            for (_code, year, section), rate in collection_rates(totals).items()
        },
        (int(by_flag["collected"].sum()), int(by_flag["levied"].sum())),
        on,
        int(owed["amount"].sum()),
    )


def demands_of(insurer: str, ordinance: Ordinance, year: int, assessed: int) -> pl.DataFrame:
    """The demands of a year with their debtors, made from the assessments of ``assessed``.

    The one seam to the bills: what an office stores of them takes this place.
    """
    with seeing([insurer]):
        rows = list(
            Assessment.objects.known()
            .of_year(assessed)
            .values_list("household__household_number")
            .annotate(total=Sum("total"), debtor=Max("payer__address_number"))
        )
    schema = {"household_id": pl.String, "total": pl.Int64, "debtor": pl.String}
    owing = pl.DataFrame(rows, schema=schema, orient="row").filter(pl.col("total") > 0)
    owing = owing.with_columns(insurer_code=pl.lit(insurer))
    demands = schedules(owing.drop("debtor"), ordinance.year(year))
    return demands.join(owing.select("household_id", "debtor"), on="household_id", how="left")


def _year(
    folder: Path,
    insurer: str,
    ordinance: Ordinance,
    year: int,
    assessed: int,
    seed: int,
    until: date,
) -> None:
    with seeing([insurer], writing=True):
        keep_ordinance(insurer, ordinance.year(year))
    demands = demands_of(insurer, ordinance, year, assessed)
    post_demands(insurer, year, demands, posted_on=date(year, 7, 15), actor=_ACTOR)
    path = folder / f"receipts_{year}.csv"
    write_csv(receipts(demands.drop("debtor"), seed, until), path)
    import_receipts(path, posted_on=until, actor=_ACTOR)


def _foreign_heads(insurer: str, day: date) -> pl.DataFrame:
    """Whether a household's head is no Japanese national on a day, as the register knows today."""
    heads = Headship.objects.as_of(day).filter(insurer_id=insurer)
    nationality = dict(
        Identity.objects.as_of(day)
        .filter(insurer_id=insurer)
        .values_list("resident_id", "nationality")
    )
    rows = [
        (insurer, number, nationality.get(head, "JPN") != "JPN")
        for number, head in heads.values_list("household__household_number", "head_id")
    ]
    schema = {"insurer_code": pl.String, "household_id": pl.String, "foreign": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")
