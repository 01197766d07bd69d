"""What was paid for a demand and is still there: the money that an overpayment consists of."""

from __future__ import annotations

import polars as pl

from kokuho.ledger.accounts import Account, Kind
from kokuho.ledger.assessments import KEYS

_OF = (*KEYS, "component")
_APPROPRIATION = pl.col("account") == str(Account.APPROPRIATION)
# a reversal stands on the side of the journal that it undoes
_TURNED = pl.when(pl.col("reverses").is_null()).then("amount").otherwise(-pl.col("amount"))


def payments_left(entries: pl.DataFrame) -> pl.DataFrame:
    """What was paid and is not given back: ``insurer_code, demand_id, component, value_on, paid``.

    Reversed payments are none. Refunds, appropriations to other demands and lapsed refunds take
    from the last payments (地方税法17条の4第3項). Days ascend within each demand and component.
    """
    gone = given_back(entries)
    came_in = (pl.col("account") == str(Account.RECEIPTS)) | (_APPROPRIATION & (_TURNED > 0))
    came = (
        entries.filter(came_in)
        .group_by(*_OF, "value_on")
        .agg(paid=pl.col("amount").sum())
        .filter(pl.col("paid") > 0)
    )
    later = pl.col("paid").cum_sum().over(_OF) - pl.col("paid")
    taken = (pl.col("gone").fill_null(0) - later).clip(lower_bound=0)
    return (
        came.join(gone, on=_OF, how="left")
        .sort(*_OF, "value_on", descending=[False, False, False, True])
        .with_columns(paid=pl.col("paid") - pl.min_horizontal(taken, "paid"))
        .filter(pl.col("paid") > 0)
        .sort(*_OF, "value_on")
        .select(*_OF, "value_on", "paid")
    )


def given_back(entries: pl.DataFrame) -> pl.DataFrame:
    """What of the payments was given back: ``insurer_code, demand_id, component, gone``.

    Refunded, appropriated to another demand, or lapsed as a refund (還付・充当).
    """
    past_out = (pl.col("account") == str(Account.REFUND_PAYABLE)) & pl.col("kind").is_in(
        [str(Kind.REFUND), str(Kind.APPROPRIATE), str(Kind.LAPSE)]
    )
    went_out = (pl.col("account") == str(Account.REFUNDS)) | (_APPROPRIATION & (_TURNED < 0))
    return (
        entries.filter(past_out | went_out)
        .with_columns(gone=pl.when(past_out).then("amount").otherwise(-pl.col("amount")))
        .group_by(_OF)
        .agg(pl.col("gone").sum())
    )
