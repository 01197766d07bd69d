"""Demands (調定の単位): what the ledger needs to know of an instalment of a levy.

This is the only module that knows where demands come from; another room's record becomes one here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date

import polars as pl

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


def frame_of_demands(demands: Iterable[Demand]) -> pl.DataFrame:
    """Demands as a frame, in the order of allocation: oldest due date first."""
    rows = [astuple(demand) for demand in demands]
    return pl.DataFrame(rows, schema=DEMANDS, orient="row").sort(
        "insurer_code", "household_id", "due", "year_meant", "term", "demand_id"
    )
