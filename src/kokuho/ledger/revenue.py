"""A year's revenue (歳入) from the entries, and collection rates (収納率)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from kokuho.ledger.accounts import Account, Kind
from kokuho.ledger.standing import sum_of

A = Account


def year_totals(entries: pl.DataFrame, by: Sequence[str] = ()) -> pl.DataFrame:
    """Each year's books by insurer, section and component.

    Args:
        entries: the entries that count.
        by: further columns to tell apart, such as ``year_assessed`` (調定年度) and ``year_meant``
            (相当年度).

    Returns:
        ``insurer_code, book_year, section`` (``current`` 現年分, ``carried`` 滞納繰越分),
        ``component, assessed`` 調定額, ``received`` 収入済額, ``written_off`` 不納欠損額,
        ``unrefunded`` 還付未済額, ``outstanding`` 収入未済額; yen. Then
        ``outstanding = assessed - received - written_off + unrefunded``. The columns of ``by``
        stand before ``component``.
    """
    section = (
        pl.when(pl.col("book_year") > pl.col("year_assessed"))
        .then(pl.lit("carried"))
        .otherwise(pl.lit("current"))
    )
    keys = ("insurer_code", "book_year", "section", *by, "component")
    return (
        entries.filter(pl.col("demand_id").is_not_null())
        .with_columns(section=section)
        .group_by(keys)
        .agg(
            assessed=sum_of(A.ASSESSED, A.CARRIED_IN, sign=-1),
            received=sum_of(A.RECEIPTS, A.APPROPRIATION, A.REFUNDS),
            written_off=sum_of(A.WRITTEN_OFF),
            unrefunded=sum_of(A.OVERPAID, A.REFUND_OUT, sign=-1),
            outstanding=sum_of(A.RECEIVABLE, A.CARRIED_OUT),
        )
        .sort(keys)
    )


def year_refunds(entries: pl.DataFrame) -> pl.DataFrame:
    """What each year's books paid back, and what is still to be paid out of expenditure.

    Returns:
        ``insurer_code, book_year``; ``from_revenue`` 歳入還付(戻出); ``from_expenditure`` 歳出還付,
        overpayments of closed years that were refunded or appropriated; ``interest`` 還付加算金,
        paid or appropriated; ``payable`` what is still to be refunded out of expenditure,
        interest that appropriations earned included (過年度の還付未払); ``lapsed`` refunds whose
        right lapsed; yen.
    """
    out = pl.col("kind").is_in([str(Kind.REFUND), str(Kind.APPROPRIATE)])
    past = pl.col("account") == str(A.REFUND_PAYABLE)
    keys = ("insurer_code", "book_year")
    return (
        entries.filter(pl.col("demand_id").is_not_null())
        .group_by(keys)
        .agg(
            from_revenue=sum_of(A.REFUNDS, sign=-1),
            from_expenditure=pl.col("amount").filter(out & past).sum(),
            spent=sum_of(A.EXPENDITURE, sign=-1),
            payable=sum_of(A.REFUND_PAYABLE, A.INTEREST_PAYABLE, sign=-1),
            lapsed=sum_of(A.LAPSED, sign=-1),
        )
        # what expenditure paid and no overpayment of a closed year was, is interest
        .with_columns(interest=pl.col("spent") - pl.col("from_expenditure"))
        .select(*keys, "from_revenue", "from_expenditure", "interest", "payable", "lapsed")
        .sort(keys)
    )


def collected(totals: pl.DataFrame) -> pl.DataFrame:
    """The collected amount of each row of totals: 収入済 − 還付未済 as ``collected``."""
    return totals.with_columns(collected=pl.col("received") - pl.col("unrefunded"))


def collection_rates(totals: pl.DataFrame) -> dict[tuple[str, int, str], Fraction]:
    """Collection rates (収納率) of the principal: collected ÷ assessed.

    Args:
        totals: of :func:`year_totals`.

    Returns:
        (insurer, year, section) to the exact rate; ``section`` is ``current``, ``carried`` or
        ``all``. Where nothing was assessed there is no rate.
    """
    principal = collected(totals).filter(pl.col("component") == "principal")
    both = principal.with_columns(section=pl.lit("all"))
    sums = (
        pl.concat([principal, both])
        .group_by("insurer_code", "book_year", "section")
        .agg(pl.col("collected").sum(), pl.col("assessed").sum())
        .filter(pl.col("assessed") > 0)
        .sort("insurer_code", "book_year", "section")
    )
    return {
        (row["insurer_code"], row["book_year"], row["section"]): Fraction(
            row["collected"], row["assessed"]
        )
        for row in sums.iter_rows(named=True)
    }


def rate_by_flag(
    households: pl.DataFrame, entries: pl.DataFrame, flag: str, book_year: int
) -> pl.DataFrame:
    """Collected and levied of the households that share a flag, current and carried together.

    With the flag "headed by a foreign national" this is the ministry's figure: 外国人世帯主の世帯
    に係る収納金額 ÷ 外国人世帯主の世帯に係る総賦課額. The ledger does not know nationalities: the
    flag is handed in, as of the day that the figure is for, and so are the entries up to it.

    Args:
        households: ``insurer_code, household_id`` and the flag's column.
        entries: the entries that count.
        flag: name of the flag's column.
        book_year: the fiscal year of the books.

    Returns:
        ``insurer_code``, the flag, ``households``, ``collected``, ``levied`` in yen, and
        ``rate_permyriad``: hundredths of a percent, half up; empty where nothing was levied.
    """
    keys = ["insurer_code", "household_id"]
    sums = (
        entries.filter(
            (pl.col("book_year") == book_year)
            & (pl.col("component") == "principal")
            & pl.col("demand_id").is_not_null()
        )
        .group_by(keys)
        .agg(
            levied=sum_of(A.ASSESSED, A.CARRIED_IN, sign=-1),
            collected=sum_of(A.RECEIPTS, A.APPROPRIATION, A.REFUNDS, A.OVERPAID, A.REFUND_OUT),
        )
    )
    twice = 2 * pl.col("levied")
    return (
        sums.join(households.select(*keys, flag), on=keys, how="left")
        .group_by("insurer_code", flag)
        .agg(pl.len().alias("households"), pl.col("collected").sum(), pl.col("levied").sum())
        .with_columns(
            rate_permyriad=pl.when(pl.col("levied") > 0).then(
                (20_000 * pl.col("collected") + pl.col("levied")) // twice
            )
        )
        .sort("insurer_code", flag)
    )
