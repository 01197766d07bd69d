"""Bills published anew (更正): what of them is new, what changed, which due dates moved.

:func:`reissue` compares the bills that were posted with those that are published now;
:func:`post_reissue` posts the difference. A demand without entries is assessed (調定); of
any other the change is posted (調定の増減), also where it falls to nothing or comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from kokuho.billing import KEY, differences
from kokuho.ledger.assessments import KEYS, assess, reassess
from kokuho.ledger.demands import ORDER, demand_columns, from_bills
from kokuho.ledger.rates import YearRates
from kokuho.ledger.rules import LedgerRules
from kokuho.ledger.settling import complete
from kokuho.ledger.vouchers import Voucher


@dataclass(frozen=True)
class Reissue:
    """The difference of two sets of bills, as the ledger sees it.

    Attributes:
        demands: all demands of both sets, with the due dates (納期限) that hold now. One that is no
            longer published stays, with the due date that it had.
        changes: ``insurer_code, demand_id, change`` in yen: above 0 for a new demand or an
            increase, below 0 for a reduction or a demand that is no longer published.
        moved: ``insurer_code, demand_id, due_before, due`` of demands whose due date is another
            one now; interest counts from that one.
    """

    demands: pl.DataFrame
    changes: pl.DataFrame
    moved: pl.DataFrame


def reissue(before: pl.DataFrame, after: pl.DataFrame, given: pl.DataFrame) -> Reissue:
    """What follows for the ledger when ``after`` is published in place of ``before``.

    Args:
        before: the bills that were posted: the columns of :data:`kokuho.billing.SCHEMA`.
        after: the bills that are published now, of the same households and years.
        given: ``demand_id`` and ``debtor`` of every bill of both, by :data:`kokuho.billing.KEY`; a
            demand that comes back keeps the id that it had.

    Raises:
        LedgerError: a bill without id or debtor, or one that stands twice.
    """
    now = from_bills(after, given)
    gone = from_bills(before, given).join(now, on=KEYS, how="anti")
    ids = given.select(*KEY, "demand_id").cast({name: before.schema[name] for name in KEY})
    found = differences(before, after).join(ids, on=KEY, how="left").sort(KEYS)
    changed, moved = pl.col("difference") != 0, pl.col("due") != pl.col("due_before")
    return Reissue(
        demands=pl.concat([now, gone]).select(demand_columns(now)).sort(ORDER),
        changes=found.filter(changed).select(*KEYS, change="difference"),
        moved=found.filter(moved).select(*KEYS, "due_before", "due"),
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
