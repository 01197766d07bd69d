"""Demands (調定の単位): what the ledger needs to know of an instalment of a levy.

This is the only module that knows where demands come from: what :mod:`kokuho.billing` publishes
becomes a demand of the ledger here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.billing import KEY, SCHEMA
from kokuho.billing import Demand as Bill

_ = translator("ledger")

DEMANDS: dict[str, pl.DataType] = {
    "demand_id": pl.String(),
    "insurer_code": pl.String(),
    "household_id": pl.String(),
    "debtor": pl.String(),
    "year_assessed": pl.Int32(),
    "year_meant": pl.Int32(),
    "term": pl.Int32(),
    "due": pl.Date(),
}
"""The columns of a frame of demands."""

INTEREST_FROM = "interest_from"
"""A further column, where the ordinance counts interest from the reminder (督促): its first day in
the case of each demand, null while there is no reminder."""

ORDER = ("insurer_code", "household_id", "due", "year_meant", "term", "demand_id")
"""The order of a frame of demands, which is that of allocation: oldest due date first."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One instalment (期別) that a household owes.

    ``debtor`` is who owes it (納税義務者・納付義務者), ``year_assessed`` the fiscal year of the
    assessment (調定年度), ``year_meant`` the one that is levied for (相当年度), ``due`` the due
    date (納期限) after any shift for holidays. How much it is follows from the entries.
    """

    demand_id: str
    insurer_code: str
    household_id: str
    debtor: str
    year_assessed: int
    year_meant: int
    term: int
    due: date


def demand_columns(demands: pl.DataFrame) -> list[str]:
    """The columns of a frame that belong to the demand: :data:`DEMANDS` and what may come on."""
    return [*DEMANDS, *({INTEREST_FROM} & set(demands.columns))]


def frame_of_demands(demands: Iterable[Demand]) -> pl.DataFrame:
    """Demands as a frame, in their :data:`ORDER`."""
    rows = [astuple(demand) for demand in demands]
    return pl.DataFrame(rows, schema=DEMANDS, orient="row").sort(ORDER)


def from_bill(bill: Bill, demand_id: str, debtor: str) -> Demand:
    """A demand of the bills (期別調定) as one of the ledger; id and debtor are the caller's."""
    return Demand(
        demand_id=demand_id,
        insurer_code=bill.insurer_code,
        household_id=bill.household_id,
        debtor=debtor,
        year_assessed=bill.fiscal_year_levied,
        year_meant=bill.fiscal_year_meant,
        term=bill.term,
        due=bill.due,
    )


def from_bills(bills: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    """:func:`from_bill` for a frame, with ``amount``: what :func:`kokuho.ledger.assess` takes.

    Args:
        bills: the columns of :data:`kokuho.billing.SCHEMA`, and ``debtor`` where two heads of one
            household may owe the same term: it belongs to the key then.
        given: ``demand_id`` and ``debtor`` of each, by :data:`kokuho.billing.KEY`; where needed
            :data:`INTEREST_FROM`.

    Raises:
        LedgerError: a demand without id or debtor, or one that stands twice.
    """
    more = {INTEREST_FROM} & set(given.columns)
    named = given.select(*KEY, "demand_id", "debtor", *more).cast(
        {name: SCHEMA[name] for name in KEY}
    )
    key = [*KEY, *({"debtor"} & set(bills.columns))]
    frame = bills.join(named, on=key, how="left")
    lacking = frame.filter(pl.any_horizontal(pl.col("demand_id", "debtor").is_null()))
    if lacking.height:
        raise LedgerError(
            _("household {household}, {year}, term {term}: no id or no debtor is given").format(
                household=lacking["household_id"][0],
                year=lacking["fiscal_year_meant"][0],
                term=lacking["term"][0],
            )
        )
    ids = frame.select("insurer_code", "demand_id")
    if frame.height > bills.height or ids.is_duplicated().any():
        raise LedgerError(_("a demand stands twice"))
    years = {"fiscal_year_levied": "year_assessed", "fiscal_year_meant": "year_meant"}
    demands = frame.rename(years)
    return demands.select(*demand_columns(demands), "amount").sort(ORDER)
