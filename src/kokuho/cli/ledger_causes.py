"""Why demands are overpaid, as a clerk says it: ``--cause 期別番号=income_tax,2026-05-20``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kokuho.base.errors import InputError
from kokuho.base.messages import translator

if TYPE_CHECKING:
    import polars as pl

_ = translator("books")


def causes_of(insurer: str, stated: Sequence[str] | None) -> pl.DataFrame | None:
    """The causes (:data:`kokuho.ledger.CAUSES`) that were stated, of principals; ``None`` if none.

    Raises:
        InputError: not of the form ``DEMAND=CAUSE[,HAPPENED[,OBJECTED]]``, or a demand twice.
    """
    import polars as pl

    from kokuho.ledger import CAUSES

    if not stated:
        return None
    frame = pl.DataFrame([_row(insurer, one) for one in stated], schema=CAUSES, orient="row")
    if (twice := frame.filter(pl.col("demand_id").is_duplicated())).height:
        raise InputError(
            _("{demand}: more than one cause is stated").format(demand=twice["demand_id"][0])
        )
    return frame


def _row(insurer: str, text: str) -> tuple[object, ...]:
    from kokuho.base.calendar import complete_date
    from kokuho.ledger import Cause

    demand, _sign, said = text.rpartition("=")
    cause, *days = said.split(",")
    try:
        if not demand or len(days) > 2:
            raise ValueError(text)
        dates = [complete_date(day) for day in days]
        return (insurer, demand, "principal", str(Cause(cause)), *dates, *[None] * (2 - len(dates)))
    except ValueError:
        raise InputError(
            _(
                "{text} is not of the form DEMAND=CAUSE[,DATE[,DATE]]; the causes are: {causes}"
            ).format(text=text, causes=", ".join(Cause))
        ) from None
