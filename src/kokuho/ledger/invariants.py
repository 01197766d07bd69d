"""What always holds in the books; looked at after every posting run.

Each check takes entries and gives what is wrong, so that a store can run it over a year or over the
demands of one run. Codes are a closed list, documented in ``docs/ledger.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger.accounts import CASH, MONEY_IN, MONEY_OUT, REVENUE, Account
from kokuho.ledger.standing import sum_of

_ = translator("ledger")

A = Account


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that does not hold: its code, where, and by how much (yen or rows)."""

    code: str
    place: str
    amount: int


def _found(code: str, frame: pl.DataFrame, amount: str = "amount") -> list[Violation]:
    """One violation for each row; all other columns say where."""
    keys = [name for name in frame.columns if name != amount]
    return [
        Violation(code, " ".join(f"{key}={row[key]}" for key in keys), int(row[amount]))
        for row in frame.sort(keys).iter_rows(named=True)
    ]


def journals_sum_to_zero(entries: pl.DataFrame) -> list[Violation]:
    """Every journal sums to zero, in each year's books."""
    sums = entries.group_by("number", "book_year").agg(pl.col("amount").sum())
    return _found("journal_sum", sums.filter(pl.col("amount") != 0))


def rows_are_whole(entries: pl.DataFrame) -> list[Violation]:
    """Number and line are a key, lines count from 1, and a journal has one kind and one day."""
    journals = entries.group_by("number").agg(
        rows=pl.len(),
        lines=pl.col("line").n_unique(),
        last=pl.col("line").max(),
        kinds=pl.col("kind").n_unique(),
        days=pl.col("posted_on").n_unique(),
        zero=(pl.col("amount") == 0).sum(),
    )
    wrong = journals.filter(
        (pl.col("rows") != pl.col("lines"))
        | (pl.col("last") != pl.col("rows"))
        | (pl.col("kinds") != 1)
        | (pl.col("days") != 1)
        | (pl.col("zero") > 0)
    )
    return _found("journal_rows", wrong.select("number", amount="rows"))


def nothing_is_below_zero(entries: pl.DataFrame) -> list[Violation]:
    """No claim, overpayment, refund of past years or write-off is below zero."""
    keys = ("insurer_code", "demand_id", "component", "book_year")
    claims = entries.filter(pl.col("demand_id").is_not_null())
    payable = ((one, -1) for one in (A.OVERPAID, A.REFUND_PAYABLE, A.INTEREST_PAYABLE))
    signs = ((A.RECEIVABLE, 1), *payable, (A.WRITTEN_OFF, 1))
    found = []
    for account, sign in signs:
        sums = claims.group_by(keys).agg(amount=sum_of(account, sign=sign))
        below = sums.filter(pl.col("amount") < 0).with_columns(account=pl.lit(str(account)))
        found += _found("below_zero", below)
    return found


def nothing_held_is_below_zero(entries: pl.DataFrame) -> list[Violation]:
    """No more leaves suspense than was held under a source (仮受)."""
    held = entries.filter(pl.col("account") == str(A.SUSPENSE))
    sums = held.group_by("insurer_code", "source").agg(amount=-pl.col("amount").sum())
    return _found("below_zero", sums.filter(pl.col("amount") < 0))


def carried_amounts_arrive(entries: pl.DataFrame) -> list[Violation]:
    """What leaves one year's books at closing stands in the next year's."""
    keys = ("insurer_code", "demand_id", "component")
    found = []
    for pair in ((A.CARRIED_OUT, A.CARRIED_IN), (A.REFUND_OUT, A.REFUND_IN)):
        sums = entries.group_by(keys).agg(amount=sum_of(*pair))
        found += _found("carried", sums.filter(pl.col("amount") != 0))
    return found


def revenue_adds_up(entries: pl.DataFrame) -> list[Violation]:
    """収入未済 = 調定 − 収入済 − 不納欠損 + 還付未済, of each year, section and component."""
    revenue = entries.filter(pl.col("account").is_in([str(one) for one in REVENUE]))
    keys = ("insurer_code", "book_year", "carried", "component")
    sums = (
        revenue.with_columns(carried=pl.col("book_year") > pl.col("year_assessed"))
        .group_by(keys)
        .agg(pl.col("amount").sum())
    )
    return _found("revenue", sums.filter(pl.col("amount") != 0))


def money_moves_by_receipts_and_refunds(entries: pl.DataFrame) -> list[Violation]:
    """A receipt brings money in, a refund or return takes it out, nothing else moves any."""
    turned = pl.when(pl.col("reverses").is_null()).then(1).otherwise(-1)
    cash = pl.col("account").is_in([str(one) for one in CASH])
    sums = (
        entries.filter(cash)
        .with_columns(amount=pl.col("amount") * turned)
        .group_by("number", "kind")
        .agg(pl.col("amount").sum())
    )
    into = pl.col("kind").is_in([str(one) for one in MONEY_IN])
    out = pl.col("kind").is_in([str(one) for one in MONEY_OUT])
    right = (
        pl.when(into)
        .then(pl.col("amount") > 0)
        .when(out)
        .then(pl.col("amount") < 0)
        .otherwise(pl.col("amount") == 0)
    )
    return _found("money", sums.filter(~right))


def reversals_mirror(entries: pl.DataFrame) -> list[Violation]:
    """A reversing journal undoes exactly one earlier one, once, row by row."""
    reds = entries.filter(pl.col("reverses").is_not_null())
    pairs = reds.group_by("reverses").agg(
        by=pl.col("number").n_unique(), first=pl.col("number").min()
    )
    found = _found(
        "reversal",
        pairs.filter((pl.col("by") != 1) | (pl.col("first") <= pl.col("reverses"))).select(
            number="reverses", amount="by"
        ),
    )
    keys = ["reverses", "line", "account", "component", "demand_id", "book_year", "value_on"]
    blacks = entries.filter(pl.col("reverses").is_null()).with_columns(reverses="number")
    rows = pl.concat([blacks.join(pairs, on="reverses", how="semi"), reds])
    sums = rows.group_by(keys).agg(pl.col("amount").sum())
    return found + _found(
        "reversal",
        sums.filter(pl.col("amount") != 0).group_by(number="reverses").agg(pl.col("amount").sum()),
    )


CHECKS: tuple[Callable[[pl.DataFrame], list[Violation]], ...] = (
    rows_are_whole,
    journals_sum_to_zero,
    nothing_is_below_zero,
    carried_amounts_arrive,
    revenue_adds_up,
    money_moves_by_receipts_and_refunds,
    reversals_mirror,
)
"""Every check that needs the entries alone."""


def violations(entries: pl.DataFrame, sources: pl.Series | None = None) -> list[Violation]:
    """What does not hold in some entries.

    Args:
        entries: all entries of the demands that they touch.
        sources: those under which all that was held and left is among the entries; money that was
            held under others and went to these demands is looked at where it came in. All of them
            if left out.
    """
    found = [one for check in CHECKS for one in check(entries)]
    whole = (
        entries if sources is None else entries.filter(pl.col("source").is_in(sources.implode()))
    )
    return found + nothing_held_is_below_zero(whole)


def require(entries: pl.DataFrame, sources: pl.Series | None = None) -> None:
    """Refuse entries that do not hold together; asked before a run is stored.

    Args:
        entries, sources: as for :func:`violations`.

    Raises:
        LedgerError: the first thing that does not hold.
    """
    if found := violations(entries, sources):
        raise LedgerError(
            _("the books would not hold together: {code} ({place}, {amount})").format(
                code=found[0].code, place=found[0].place, amount=f"{found[0].amount:,}"
            )
        )


def money_received(entries: pl.DataFrame, handed_in: Iterable[tuple[str, int]]) -> list[Violation]:
    """Each source brought in exactly the yen that were handed in under it (no yen is lost or made).

    Args:
        entries: the entries of a run.
        handed_in: source and yen of each receipt; several of one source count together.
    """
    wanted = pl.DataFrame(
        list(handed_in), schema={"source": pl.String, "wanted": pl.Int64}, orient="row"
    )
    received = entries.filter(
        pl.col("kind").is_in([str(one) for one in MONEY_IN])
        & pl.col("account").is_in([str(one) for one in CASH])
    )
    sums = received.group_by("source").agg(got=pl.col("amount").sum())
    both = (
        wanted.group_by("source")
        .agg(pl.col("wanted").sum())
        .join(sums, on="source", how="full", coalesce=True)
        .select("source", amount=pl.col("got").fill_null(0) - pl.col("wanted").fill_null(0))
    )
    return _found("control_total", both.filter(pl.col("amount") != 0))


def balances_replay(stored: pl.DataFrame, entries: pl.DataFrame) -> list[Violation]:
    """Stored balances are those of the entries.

    Args:
        stored: columns of :func:`kokuho.ledger.balance.balances`.
        entries: all entries.
    """
    from kokuho.ledger.balance import KEYS, balances

    both = balances(entries).join(
        stored.rename({"amount": "kept"}), on=KEYS, how="full", coalesce=True, nulls_equal=True
    )
    apart = both.with_columns(amount=pl.col("kept").fill_null(0) - pl.col("amount").fill_null(0))
    return _found("balance", apart.filter(pl.col("amount") != 0).select(*KEYS, "amount"))
