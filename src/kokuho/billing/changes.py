"""An amount that changed within the year (更正): what was due stays, the difference goes on.

Somebody joins or leaves, an income is declared late, a relief is granted: the levy is made again
with other months, and its new amount meets a schedule that is partly due. Instalments whose due
date a notice can no longer precede stay as they are; the rest of the new amount is spread over the
terms that are left, or out of term (随時期).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import polars as pl

from kokuho.base.errors import BillingError
from kokuho.base.messages import translator
from kokuho.billing.demand import KEY, KEYS, in_order
from kokuho.billing.instalments import prepaid_slot
from kokuho.billing.settings import instalment_unit, notice_days, pension_increase, prepayment
from kokuho.billing.spread import spread
from kokuho.billing.terms import Slot, open_slots, term_slots
from kokuho.billing.withholding import month_of, payment_months
from kokuho.ordinance import OrdinanceYear

_ = translator("billing")


@dataclass(frozen=True)
class Changed:
    """The outcome of a change.

    Attributes:
        demands: the schedules of all households after it.
        households: those whose amount changed: ``former``, ``total``, ``difference`` in yen.
        missing: those that have demands and no new amount; their schedules are as they were.
    """

    demands: pl.DataFrame
    households: pl.DataFrame
    missing: pl.DataFrame


def compare(former: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """Households of two assessments whose amounts differ: ``former``, ``total``, ``difference``.

    A household that is in one of them alone has 0 in the other.
    """
    return (
        former.select(*KEYS, former=pl.col("total").cast(pl.Int64))
        .join(
            totals.select(*KEYS, pl.col("total").cast(pl.Int64)),
            on=KEYS,
            how="full",
            coalesce=True,
        )
        .with_columns(pl.col("former", "total").fill_null(0))
        .with_columns(difference=pl.col("total") - pl.col("former"))
        .filter(pl.col("difference") != 0)
        .sort(KEYS)
    )


def change(
    demands: pl.DataFrame,
    totals: pl.DataFrame,
    year: OrdinanceYear,
    notice: date,
    *,
    stop_pension_from: date | None = None,
) -> Changed:
    """The schedules of one insurer and fiscal year after a new assessment.

    A decrease ends collection from a pension, and so does an increase where the ordinance says so;
    what is then not withheld is collected in the ordinary terms that are left (地方税法718条の10).

    Args:
        demands: the schedules as they are.
        totals: the new assessment: ``insurer_code``, ``household_id``, ``total``.
        year: the ordinance of the fiscal year that the demands are meant for.
        notice: the day of the notice of the change.
        stop_pension_from: the first of the month from whose pension nothing is withheld any more;
            it follows from when the payer of the pension is told.

    Raises:
        BillingError: a setting that is needed is not stated, or ``stop_pension_from`` is needed.
    """
    missing = demands.select(KEYS).unique().join(totals, on=KEYS, how="anti").sort(KEYS)
    sums = demands.group_by(KEYS).agg(total=pl.col("amount").sum())
    changed = compare(sums.join(missing, on=KEYS, how="anti"), totals)
    concerned = demands.join(changed, on=KEYS, how="semi")
    parts = [demands.join(changed, on=KEYS, how="anti")]
    for group in _groups(concerned, changed, year, notice):
        if group.households.is_empty():
            continue
        if group.stops and stop_pension_from is None:
            raise BillingError(
                _(
                    "{count} households pay from a pension and are to stop: say from which month "
                    "nothing is withheld any more (stop_pension_from)."
                ).format(count=group.households.height)
            )
        own = concerned.join(group.households, on=KEYS, how="semi")
        stop = stop_pension_from if group.stops else None
        stands = own.filter(_stands(year, notice, stop))
        unit = group.unit(year)
        parts.append(spread(group.households, stands, group.places, unit, year, notice))
    return Changed(in_order(pl.concat(parts)), changed, missing)


@dataclass(frozen=True)
class _Group:
    """Households that are treated alike: where the rest goes, and whether a pension stops."""

    households: pl.DataFrame
    places: Callable[[], list[Slot]]
    unit: Callable[[OrdinanceYear], int] = instalment_unit
    stops: bool = False


def _groups(
    concerned: pl.DataFrame, changed: pl.DataFrame, year: OrdinanceYear, notice: date
) -> Iterator[_Group]:
    """Those who prepaid, those who still pay from a pension, and all others."""
    ordinary = partial(open_slots, year, notice, "change")
    is_prepaid = pl.col("channel") == "prepaid"
    prepaid = changed.join(concerned.filter(is_prepaid), on=KEYS, how="semi")
    if not prepaid.is_empty() and prepayment(year).increase == "prepayment":
        places = partial(_prepaid_places, year, notice)
        yield _Group(prepaid, places, unit=lambda _year: 1)
    else:
        yield _Group(prepaid, ordinary)
    coming = concerned.filter(_withheld_from(year, notice))
    pension = changed.join(coming, on=KEYS, how="semi").join(prepaid, on=KEYS, how="anti")
    rising = pension.filter(pl.col("difference") > 0)
    stops = not rising.is_empty() and pension_increase(year) == "stop"
    yield _Group(rising, ordinary, stops=stops)
    yield _Group(pension.filter(pl.col("difference") < 0), ordinary, stops=True)
    others = changed.join(prepaid, on=KEYS, how="anti").join(pension, on=KEYS, how="anti")
    yield _Group(others, ordinary)


def _prepaid_places(year: OrdinanceYear, notice: date) -> list[Slot]:
    return [prepaid_slot(year, notice, increase=True)]


def _withheld_from(year: OrdinanceYear, day: date) -> pl.Expr:
    """The pension instalments that are withheld in a month that begins on or after a day."""
    numbers = range(1, len(payment_months(year)) + 1)
    later = [number for number in numbers if month_of(number, year) >= day]
    return (pl.col("channel") == "pension") & pl.col("term").is_in(later)


def _stands(year: OrdinanceYear, notice: date, stop: date | None) -> pl.Expr:
    """What is not spread again: all but the terms still open, and what a pension has yet to pay."""
    earliest = notice + timedelta(days=notice_days(year))
    terms = term_slots(year, "change", final_only=True)
    still_open = [slot.term for slot in terms if slot.due >= earliest]
    again = (pl.col("channel") == "ordinary") & pl.col("term").is_in(still_open)
    if stop is not None:
        again = again | _withheld_from(year, stop)
    return ~again


def differences(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """What two sets of schedules differ in, demand by demand: what a ledger posts.

    Columns: those of the key, ``kind``, ``before``, ``after`` and ``difference`` in yen,
    ``due_before`` and ``due`` (empty where there is no such demand), ``reason``.
    """
    old = before.select(*KEY, "kind", before="amount", due_before="due", reason_before="reason")
    new = after.select(*KEY, "kind", "due", "reason", after="amount")
    return (
        old.join(new, on=[*KEY, "kind"], how="full", coalesce=True)
        .with_columns(
            pl.col("before", "after").fill_null(0),
            reason=pl.coalesce("reason", "reason_before"),
        )
        .with_columns(difference=pl.col("after") - pl.col("before"))
        .filter((pl.col("difference") != 0) | (pl.col("due") != pl.col("due_before")))
        .select(*KEY, "kind", "before", "after", "difference", "due_before", "due", "reason")
        .sort(KEY)
    )
