"""Demands that a bank is not asked for: their payment is deferred (猶予) or agreed on (分納)."""

from __future__ import annotations

from datetime import date

import polars as pl

from kokuho.arrears import in_force, kind_title, standing
from kokuho.base.messages import translator
from kokuho.office.arrears.recording import acts_of

_ = translator("office_collection")

KINDS = ("deferral", "agreement")
"""Acts that say when the demands that they name are paid; a debit would break what they say."""


def left_out(insurer: str, claims: pl.DataFrame, day: date) -> dict[str, str]:
    """The demands that may not be debited on a day, each with the reason, inside ``seeing``.

    An act holds for the demands that it names: other demands of the household are asked for.

    Args:
        insurer: the code of the insurer.
        claims: ``demand_id, household_id``.
        day: the day of the debit.
    """
    acts = {
        house: standing(some)
        for house, some in acts_of(insurer, claims["household_id"].unique()).items()
    }
    found: dict[str, str] = {}
    for demand, house in claims.select("demand_id", "household_id").iter_rows():
        for kind in KINDS:
            for act in in_force(kind, acts.get(house, ()), day):
                if demand in act.demands:
                    until = f" - {act.until}" if act.until else ""
                    text = _("household {household}, {demand}: {kind}, record {number} ({days})")
                    found[demand] = text.format(
                        household=house, demand=demand, kind=kind_title(kind), number=act.number,
                        days=f"{act.day}{until}",
                    )  # fmt: skip
    return found
