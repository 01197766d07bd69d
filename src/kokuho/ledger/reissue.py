"""Bills published anew (更正): what of them is new, what changed, which due dates moved.

:func:`reissue` compares the demands that stand in the books with the bills that are published now;
:func:`post_reissue` posts the difference. A demand without entries is assessed (調定); of
any other the change is posted (調定の増減), also where it falls to nothing or comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.ledger.assessments import KEYS, assess, reassess
from kokuho.ledger.demands import DEMANDS, ORDER, demand_columns
from kokuho.ledger.rates import YearRates
from kokuho.ledger.rules import LedgerRules
from kokuho.ledger.settling import complete
from kokuho.ledger.standing import positions
from kokuho.ledger.vouchers import Voucher


@dataclass(frozen=True)
class Reissue:
    """The difference of the books and a set of bills.

    Attributes:
        demands: all demands of both, with the due dates (納期限) that hold now. One that is no
            longer published stays, with the due date that it had.
        changes: ``insurer_code, demand_id, change`` in yen: above 0 for a new demand or an
            increase, below 0 for a reduction or a demand that is no longer published.
        moved: ``insurer_code, demand_id, due_before, due`` of demands whose due date is another
            one now; interest counts from that one.
    """

    demands: pl.DataFrame
    changes: pl.DataFrame
    moved: pl.DataFrame


def reissue(known: pl.DataFrame, entries: pl.DataFrame, published: pl.DataFrame) -> Reissue:
    """What follows for the ledger when bills are published in place of those that were posted.

    Args:
        known: the demands that were posted, of the households and years that are published anew:
            what is not published any more falls to nothing.
        entries: all entries of them.
        published: the bills that are published now, as :func:`kokuho.ledger.from_bills` gives them
            (demands with ``amount``); a demand that comes back keeps the id that it had.
    """
    columns = demand_columns(published)
    gone = known.join(published, on=KEYS, how="anti").select(demand_columns(known))
    stand = positions(known.select(*DEMANDS), entries).filter(pl.col("component") == "principal")
    both = (
        published.select(*KEYS, "amount", "due")
        .join(stand.select(*KEYS, "assessed"), on=KEYS, how="full", coalesce=True)
        .with_columns(change=pl.col("amount").fill_null(0) - pl.col("assessed").fill_null(0))
    )
    moved = published.join(known.select(*KEYS, due_before="due"), on=KEYS).filter(
        pl.col("due") != pl.col("due_before")
    )
    return Reissue(
        demands=pl.concat([published.select(columns), gone], how="diagonal").sort(ORDER),
        changes=both.filter(pl.col("change") != 0).select(*KEYS, "change").sort(KEYS),
        moved=moved.select(*KEYS, "due_before", "due").sort(KEYS),
    )


def post_reissue(
    issued: Reissue,
    entries: pl.DataFrame,
    voucher: Voucher,
    rules: LedgerRules,
    *,
    notice: date | None = None,
    rates: Sequence[YearRates] | None = None,
    deferrals: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The entries of a reissue, with the settling and the interest that follow from it.

    Args:
        issued: what :func:`reissue` found.
        entries: all entries of its demands.
        voucher: first free number, posting date, source.
        rules: the insurer's rules.
        notice: the day of the notice, from which the amounts count; the posting date if left out.
        rates: rates of interest by year; the law's if left out.
        deferrals: days on which interest is waived, as in :mod:`kokuho.ledger.settling`.

    What was received for a demand that shrinks becomes an overpayment of it: :func:`appropriate`
    brings it to the demands that came in its place once they are due.

    Raises:
        LedgerError: as :func:`kokuho.ledger.assess` and :func:`kokuho.ledger.reassess`.
    """
    changes = issued.changes.with_columns(value_on=pl.lit(notice or voucher.posted_on))
    known = entries.select(KEYS).unique()
    fresh = changes.join(known, on=KEYS, how="anti").rename({"change": "amount"})
    first = assess(issued.demands.join(fresh, on=KEYS, maintain_order="left"), voucher)
    posted = changes.join(known, on=KEYS, how="semi", maintain_order="left")
    later = reassess(issued.demands, entries, posted, voucher.after(first))
    new = pl.concat([first, later])
    return complete(
        issued.demands, entries, new, voucher, rules, rates, deferrals, also=issued.moved
    )
