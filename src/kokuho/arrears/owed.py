"""What is owed on any day: one function over columns, for a household and for a municipality.

Everything else in this room asks it: reminders, the work list, the counts of foreign residents.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from kokuho.ledger import DEMANDS, LedgerRules, YearRates, law_rates, positions
from kokuho.ledger.demands import demand_columns
from kokuho.ledger.interest_steps import spans, steps, totals
from kokuho.ledger.settling import PAID_BY, first_day_of_interest, pays_principal
from kokuho.ledger.standing import seen

KEYS = ["insurer_code", "demand_id"]

OWED: dict[str, pl.DataType] = DEMANDS | {
    "assessed": pl.Int64(),
    "paid": pl.Int64(),
    "principal": pl.Int64(),
    "interest": pl.Int64(),
    "fee": pl.Int64(),
    "running": pl.Int64(),
    "days": pl.Int64(),
    "months": pl.Int64(),
}
"""The columns of what is owed, one row a demand of which something is owed; yen.

``assessed`` is the principal as it is assessed, ``paid`` what was received for it; ``principal``,
``interest`` (fixed) and ``fee`` are what is owed of each, ``running`` the interest that would be
fixed if the principal were paid on the day, and is in no entry (null where :func:`without_rates`
says that nobody knows it). ``days`` and full ``months`` are
those since the due date; 0 where it has not passed.
"""

_PARTS = ("principal", "interest", "fee")


def owed(
    demands: pl.DataFrame,
    entries: pl.DataFrame,
    on: date,
    *,
    known: date | None = None,
    rules: LedgerRules | None = None,
    rates: Sequence[YearRates] | None = None,
    deferrals: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """What was owed on a day, as it was known on a day, one row a demand: :data:`OWED`.

    Args:
        demands: the demands.
        entries: their entries.
        on: the day; what counts from a later day is left out.
        known: as it was known on this day; on ``on`` if left out.
        rules: how interest runs; without them ``running`` is 0.
        rates: the rates by year; the law's if left out.
        deferrals: ``insurer_code, demand_id, from, until, relief``: days with less interest.

    Raises:
        LawError: the law's rates of a year are not known; another year's are never used.
    """
    counted = seen(entries, on, known or on)
    stand = positions(demands, counted)
    amount = {name: pl.col("component") == name for name in _PARTS}
    table = (
        stand.group_by(demand_columns(demands), maintain_order=True)
        .agg(
            *(pl.when(amount[name]).then("owed").otherwise(0).sum().alias(name) for name in _PARTS),
            assessed=pl.when(amount["principal"]).then("assessed").otherwise(0).sum(),
            paid=pl.when(amount["principal"])
            .then(pl.col("received") + pl.col("received_past"))
            .otherwise(0)
            .sum(),
        )
        .filter(pl.sum_horizontal(_PARTS) > 0)
    )
    late = (pl.lit(on) - pl.col("due")).dt.total_days().clip(lower_bound=0)
    table = table.with_columns(days=late, months=_months("due", on)).join(
        _running(table, counted, on, rules, rates, deferrals), on=KEYS, how="left",
        maintain_order="left",
    )  # fmt: skip
    return table.with_columns(pl.col("running").fill_null(0)).select(
        *(pl.col(name).cast(dtype) for name, dtype in OWED.items())
    )


def without_rates(table: pl.DataFrame) -> pl.DataFrame:
    """What is owed where the law's rates of a year are missing: ``running`` is null, not 0.

    ``table`` is of :func:`owed` without rules. Nothing runs before the due date has passed.
    """
    late = (pl.col("days") > 0) & (pl.col("principal") > 0)
    return table.with_columns(running=pl.when(~late).then(pl.col("running")))


def _months(column: str, on: date) -> pl.Expr:
    """Full months from a day to ``on``, 0 if it lies later."""
    day = pl.col(column)
    months = (on.year - day.dt.year()) * 12 + on.month - day.dt.month()
    return (months - (pl.lit(on).dt.day() < day.dt.day()).cast(pl.Int32)).clip(lower_bound=0)


def _running(
    table: pl.DataFrame,
    counted: pl.DataFrame,
    on: date,
    rules: LedgerRules | None,
    rates: Sequence[YearRates] | None,
    deferrals: pl.DataFrame | None,
) -> pl.DataFrame:
    """The interest on what is owed of each overdue demand, if it were paid on ``on``."""
    none = pl.DataFrame(
        schema={"insurer_code": pl.String, "demand_id": pl.String, "running": pl.Int64}
    )
    if rules is None:
        return none
    claim = pl.concat_str(KEYS, separator="/")
    late = table.filter((pl.col("principal") > 0) & (pl.col("due") < on))
    if not late.height:
        return none
    money = counted.filter(
        pl.col("component").is_in(pays_principal(rules.allocation))
        & pl.col("account").is_in(PAID_BY)
    )
    paid = (
        money.join(late.select(KEYS), on=KEYS, how="semi")
        .group_by(*KEYS, paid_on="value_on")
        .agg(paid=pl.col("amount").sum())
        .filter(pl.col("paid") != 0)
        .with_columns(claim=claim)
    )
    before = paid.group_by("claim").agg(before=pl.col("paid").sum())
    claims = (
        late.with_columns(claim=claim, first=first_day_of_interest(late, rules.interest))
        .filter(pl.col("first") <= on)
        .join(before, on="claim", how="left")
        .select(
            *KEYS, "claim", "first",
            amount=pl.col("principal") + pl.col("before").fill_null(0).clip(lower_bound=0),
            last=pl.lit(on), band_from="first",
        )
    )  # fmt: skip
    waived = None
    if deferrals is not None:
        waived = deferrals.with_columns(claim=claim)
    found = spans(claims, paid, waived)
    if rates is None:
        first = found["first"].min()
        rates = law_rates(range(first.year, on.year + 1)) if isinstance(first, date) else ()
    sums = totals(steps(found, rates, rules.interest), rules.interest)
    return claims.join(sums, on="claim").select(*KEYS, running="interest")
