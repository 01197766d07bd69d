"""What follows from other postings of a demand: settling it, and fixing its interest.

Both depend on the entries alone and not on the order in which they were posted: an event that is
registered late leads to the same balances.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger.accounts import Account, Component, Kind
from kokuho.ledger.assessments import KEYS, change
from kokuho.ledger.demands import INTEREST_FROM
from kokuho.ledger.entries import ENTRIES, no_entries
from kokuho.ledger.interest_steps import spans, steps, totals
from kokuho.ledger.postings import post
from kokuho.ledger.rates import YearRates, law_rates
from kokuho.ledger.rules import AllocationRule, InterestRule, LedgerRules
from kokuho.ledger.standing import open_on, positions
from kokuho.ledger.vouchers import Voucher, headed

_ = translator("ledger")

PAID_BY = [str(one) for one in (Account.RECEIPTS, Account.APPROPRIATION, Account.REFUNDS)]
"""The accounts whose lines are payments of a demand."""
_PRINCIPAL, _INTEREST = str(Component.PRINCIPAL), str(Component.INTEREST)


def settle(
    demands: pl.DataFrame,
    entries: pl.DataFrame,
    voucher: Voucher,
    rule: AllocationRule,
    across: Sequence[str] = (_PRINCIPAL, _INTEREST),
) -> pl.DataFrame:
    """What was overpaid for a demand of which something is owed again pays it.

    Where the principal comes before its interest, money that was booked for one of them pays the
    other too (地方税法20条の9の4第2項). It counts from the last day on which money was overpaid.
    ``across`` are the components that the other one's money pays.
    """
    stand = open_on(positions(demands, entries), voucher.posted_on)
    days = (
        entries.filter(pl.col("account") == str(Account.OVERPAID))
        .group_by(*KEYS, "component")
        .agg(value_on=pl.col("value_on").max())
    )
    both = stand.filter((pl.col("owed") > 0) & (pl.col("overpaid") > 0))
    frame = both.join(days, on=[*KEYS, "component"]).with_columns(
        amount=pl.min_horizontal("owed", "overpaid")
    )
    made = post(Kind.SETTLE, headed(frame, voucher))
    if len(pays_principal(rule)) == 1:
        return made
    rest = stand.join(
        frame.select(*KEYS, "component", "amount"), on=[*KEYS, "component"], how="left"
    )
    less = pl.col("amount").fill_null(0)
    rest = rest.with_columns(owed=pl.col("owed") - less, overpaid=pl.col("overpaid") - less)
    moved = _across_components(rest.drop("amount"), days, voucher.after(made), across)
    return pl.concat([made, moved])


def _across_components(
    stand: pl.DataFrame, days: pl.DataFrame, voucher: Voucher, into: Sequence[str]
) -> pl.DataFrame:
    """One journal for each demand whose interest is overpaid and principal owed, or turned."""
    apart = pl.col("component").is_in([_PRINCIPAL, _INTEREST])
    owed = stand.filter(pl.col("component").is_in(into) & (pl.col("owed") > 0))
    over = stand.filter(apart & (pl.col("overpaid") > 0)).join(days, on=[*KEYS, "component"])
    pairs = (
        over.join(owed.select(*KEYS, "owed", to="component"), on=KEYS, suffix="_to")
        .filter(pl.col("component") != pl.col("to"))
        .with_columns(
            number=pl.int_range(pl.len(), dtype=pl.Int64) + voucher.number,
            moved=pl.min_horizontal("overpaid", "owed_to"),
        )
    )
    paid = pairs.drop("component").rename({"to": "component", "moved": "paid"})
    return post(Kind.SETTLE, headed(pairs.rename({"moved": "out"}), voucher), headed(paid, voucher))


def interest_due(
    stand: pl.DataFrame,
    entries: pl.DataFrame,
    rules: LedgerRules,
    rates: Sequence[YearRates] | None = None,
    deferrals: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The interest of every demand whose principal is paid in full (延滞金の確定).

    Args:
        stand: positions of the demands.
        entries: their entries.
        rules: how interest is computed and allocated.
        rates: rates by year; the law's if left out.
        deferrals: ``insurer_code, demand_id, from, until, relief``.

    Returns:
        ``insurer_code, demand_id, target, value_on``: yen (0 while the principal is owed or where
        it was paid in time), and the day on which the principal was paid in full.
    """
    principal = stand.filter(pl.col("component") == _PRINCIPAL)
    money = entries.filter(
        pl.col("component").is_in(pays_principal(rules.allocation))
        & pl.col("account").is_in(PAID_BY)
    )
    paid = (
        money.group_by(*KEYS, paid_on="value_on")
        .agg(paid=pl.col("amount").sum())
        .filter(pl.col("paid") != 0)
        .with_columns(claim=pl.concat_str(KEYS, separator="/"))
    )
    last = paid.group_by(KEYS).agg(value_on=pl.col("paid_on").max())
    whole = principal.select(
        *KEYS, "assessed", "owed", "written_off", first=first_day_of_interest(stand, rules.interest)
    ).join(last, on=KEYS, how="left")
    claims = whole.filter(
        (pl.col("owed") == 0)
        & (pl.col("written_off") == 0)
        & (pl.col("assessed") > 0)
        & (pl.col("value_on") >= pl.col("first"))
    ).select(
        "first",
        claim=pl.concat_str(KEYS, separator="/"),
        amount="assessed",
        last="value_on",
        band_from="first",
    )
    made = pl.DataFrame(schema={"claim": pl.String, "target": pl.Int64, "settled": pl.Date})
    if claims.height:
        waived = None
        if deferrals is not None:
            waived = deferrals.with_columns(claim=pl.concat_str(KEYS, separator="/"))
        found = spans(claims, paid, waived)
        if rates is None:
            rates = law_rates(_years(found))
        rule = rules.interest
        days = found.group_by("claim").agg(settled=pl.col("last").max())
        sums = totals(steps(found, rates, rule), rule).select("claim", target="interest")
        made = sums.join(days, on="claim")
    return (
        whole.with_columns(claim=pl.concat_str(KEYS, separator="/"))
        .join(made, on="claim", how="left")
        .select(
            *KEYS,
            pl.col("target").fill_null(0),
            value_on=pl.coalesce("settled", "value_on"),
        )
    )


def first_day_of_interest(stand: pl.DataFrame, rule: InterestRule) -> pl.Expr:
    """The first day of interest of each demand, if it is not paid before.

    Raises:
        LedgerError: it follows from the reminders, and the demands do not say it.
    """
    if rule.starts == "due_date":
        return pl.col("due") + pl.duration(days=1)
    if INTEREST_FROM not in stand.columns:
        raise LedgerError(
            _(
                "interest begins with the reminder (collection.interest.starts); the demands have "
                "no column {column}"
            ).format(column=INTEREST_FROM)
        )
    return pl.col(INTEREST_FROM)


def pays_principal(rule: AllocationRule) -> list[str]:
    """The components whose money pays the principal.

    Where it comes before its interest, all money for both pays it first, in the order of value
    dates (地方税法20条の9の4第2項), whatever it was booked for when it was registered.
    """
    if rule.order.index(_PRINCIPAL) < rule.order.index(_INTEREST):
        return [_PRINCIPAL, _INTEREST]
    return [_PRINCIPAL]


def _years(found: pl.DataFrame) -> range:
    first, last = found["first"].min(), found["last"].max()
    if first is None or last is None:
        return range(0)
    assert isinstance(first, date)
    assert isinstance(last, date)
    return range(first.year, last.year + 1)


def fix_interest(
    demands: pl.DataFrame,
    entries: pl.DataFrame,
    voucher: Voucher,
    rules: LedgerRules,
    rates: Sequence[YearRates] | None = None,
    deferrals: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The entries that bring the assessed interest of demands to what is due by their entries.

    Interest of which something was written off is left as it is.
    """
    stand = open_on(positions(demands, entries), voucher.posted_on)
    due = interest_due(stand, entries, rules, rates, deferrals)
    changes = interest_changes(stand, due)
    if not changes.height:
        return no_entries()
    changes = changes.with_columns(value_on=pl.col("value_on").fill_null(voucher.posted_on))
    return change(Kind.FIX_INTEREST, stand, changes, voucher)


def interest_changes(stand: pl.DataFrame, due: pl.DataFrame) -> pl.DataFrame:
    """Where the assessed interest is not what is due: ``…, component, change, value_on``."""
    assessed = stand.filter(pl.col("component") == _INTEREST).select(
        *KEYS, "assessed", "written_off"
    )
    return (
        due.join(assessed, on=KEYS, how="left")
        .filter(pl.col("written_off").fill_null(0) == 0)
        .with_columns(
            change=pl.col("target") - pl.col("assessed").fill_null(0),
            component=pl.lit(_INTEREST, ENTRIES["component"]),
        )
        .filter(pl.col("change") != 0)
        .select(*KEYS, "component", "change", "value_on")
        .sort(KEYS)
    )


def complete(
    demands: pl.DataFrame,
    entries: pl.DataFrame,
    new: pl.DataFrame,
    voucher: Voucher,
    rules: LedgerRules,
    rates: Sequence[YearRates] | None = None,
    deferrals: pl.DataFrame | None = None,
    *,
    also: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """New entries with what follows from them: settling and interest of the demands they touch.

    ``also`` names further demands (``insurer_code, demand_id``), such as those whose due date
    moved.
    """
    touched = new.select(KEYS).drop_nulls()
    if also is not None:
        touched = pl.concat([touched, also.select(KEYS)])
    touched = touched.unique()
    own = demands.join(touched, on=KEYS, how="semi", maintain_order="left")
    before = entries.join(touched, on=KEYS, how="semi", maintain_order="left")

    def add(made: pl.DataFrame) -> pl.DataFrame:
        return pl.concat([new, made])

    while True:
        before_it = new.height
        # interest is paid out of the principal's money when it is known what it is, not before
        for across in ((_PRINCIPAL,), (_PRINCIPAL, _INTEREST)):
            known = pl.concat([before, new])
            new = add(settle(own, known, voucher.after(new), rules.allocation, across))
            known = pl.concat([before, new])
            new = add(fix_interest(own, known, voucher.after(new), rules, rates, deferrals))
        if new.height == before_it:
            return new
