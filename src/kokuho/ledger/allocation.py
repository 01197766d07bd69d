"""Allocation (充当の順序): which claims a payment pays, over columns.

One definition for one receipt and for a million. Receipts of a debtor are taken in their
recorded order; each pays its claims in the order of the rule until it is used up. Receipts that
cannot touch the same claim go side by side, in *rounds*: a receipt stands in a later round than
every earlier one that may touch the same claim.

- A receipt for a named instalment (the payer's designation, 民法488条1項) pays that one, in the
  order of its components. What is too much is an overpayment (過誤納) of it, or pays the oldest
  others, as the rule says.
- A receipt for no instalment pays the oldest due date first (民法488条4項3号).
- Money pays what one debtor owes. Where the head of a household changed and two owe demands of it,
  a receipt for no instalment is that of the debtor whom it names as payer; named by nobody, or by
  somebody else, it is left over.
- What finds no claim at all is left over (仮受).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from kokuho.base.errors import LedgerError
from kokuho.base.messages import translator
from kokuho.ledger.entries import COMPONENT
from kokuho.ledger.rules import AllocationRule

_ = translator("ledger")

OWED: dict[str, pl.DataType] = {
    "demand_id": pl.String(),
    "insurer_code": pl.String(),
    "household_id": pl.String(),
    "debtor": pl.String(),
    "due": pl.Date(),
    "year_meant": pl.Int32(),
    "term": pl.Int32(),
    "principal": pl.Int64(),
    "interest": pl.Int64(),
    "fee": pl.Int64(),
    "fixed": pl.Int64(),
}
"""What is owed: one row a demand, paid ones included; amounts in yen. ``fixed`` is interest that
the payment of the principal itself fixes: it can never be paid before the principal."""

RECEIPTS: dict[str, pl.DataType] = {
    "receipt": pl.Int64(),
    "insurer_code": pl.String(),
    "household_id": pl.String(),
    "demand_id": pl.String(),
    "payer": pl.String(),
    "amount": pl.Int64(),
}
"""Receipts in their recorded order; ``receipt`` is their number; all but it and the amount may be
empty."""

_HOUSE = ("insurer_code", "household_id")
_ORDER = ("due", "year_meant", "term", "demand_id")


@dataclass(frozen=True)
class Allocation:
    """What receipts paid.

    ``paid``: ``receipt, insurer_code, demand_id, component, amount``, in the order in which it was
    paid. ``over``: ``receipt, insurer_code, demand_id, amount``, the overpayments. ``unknown``:
    ``receipt, insurer_code, amount``, what found no claim. Together they are the receipts, to the
    yen.
    """

    paid: pl.DataFrame
    over: pl.DataFrame
    unknown: pl.DataFrame


def allocate(owed: pl.DataFrame, receipts: pl.DataFrame, rule: AllocationRule) -> Allocation:
    """Allocate receipts to what is owed.

    Raises:
        LedgerError: a receipt of no yen or less, or a number that stands twice.
    """
    _check(receipts)
    demands = (
        owed.select(*OWED)
        .sort("insurer_code", "household_id", "debtor", *_ORDER)
        .with_row_index("demand")
        # what one debtor of a household owes: nobody else's money pays it
        .with_columns(household=pl.struct("insurer_code", "household_id", "debtor").rle_id())
    )
    claims = _claims(demands, rule)
    left = claims["amount"].clone()
    rows = _in_rounds(receipts, demands, rule)
    rest = rows["amount"].clone()
    paid = []
    for batch in _rounds(rows):
        lines = _pay(batch, claims.with_columns(left=left).filter(pl.col("left") > 0))
        left = left.scatter(lines["claim"], lines["left"] - lines["take"])
        spent = lines.group_by("row").agg(pl.col("take").sum())
        rest = rest.scatter(spent["row"], rest.gather(spent["row"]) - spent["take"])
        paid.append(lines.select("row", "claim", "take"))
    return _result(rows.with_columns(rest=rest), demands, claims, paid)


def _check(receipts: pl.DataFrame) -> None:
    wrong = receipts.filter(pl.col("amount") <= 0)
    if wrong.height:
        raise LedgerError(
            _("receipt {number}: an amount above 0 is expected, not {amount}").format(
                number=wrong["receipt"][0], amount=wrong["amount"][0]
            )
        )
    if receipts["receipt"].n_unique() < receipts.height:
        raise LedgerError(_("a receipt number stands twice"))


def _claims(demands: pl.DataFrame, rule: AllocationRule) -> pl.DataFrame:
    """Everything that is owed, one row a demand and component, in the order of allocation."""
    places = {name: 2 * place for place, name in enumerate(rule.order)}
    columns = [(name, name, place) for name, place in places.items()]
    # beside the interest, or after the principal where interest comes before it
    columns.append(("fixed", "interest", max(places["interest"], places["principal"] + 1)))
    long = [
        demands.select(
            "demand",
            "household",
            pl.lit(component, COMPONENT).alias("component"),
            pl.lit(place, pl.UInt8).alias("place"),
            pl.col(column).alias("amount"),
        )
        for column, component, place in columns
    ]
    # demands are numbered household by household, oldest due date first
    within = ("demand", "place") if rule.across == "by_demand" else ("place", "demand")
    return (
        pl.concat(long)
        .filter(pl.col("amount") > 0)
        .sort("household", *within)
        .drop("place")
        .with_row_index("claim")
    )


def _in_rounds(receipts: pl.DataFrame, demands: pl.DataFrame, rule: AllocationRule) -> pl.DataFrame:
    """Receipts with the numbers of their demand and debtor, and the round that each stands in.

    A debtor's receipts fall into phases: named ones that touch their own demand alone, and
    others that may touch everything. Within a phase those of one demand or household queue.
    """
    rows = receipts.select(*RECEIPTS).with_row_index("row")
    by_name = ["insurer_code", "demand_id"]
    home = pl.col("household_id")
    named = (
        rows.filter(pl.col("demand_id").is_not_null())
        .join(
            demands.select(*by_name, "demand", "household", home="household_id"),
            on=by_name,
            how="left",
        )
        # a name of another household than the receipt says is no better than none
        .with_columns(right=home.is_null() | home.eq_missing(pl.col("home")))
        .with_columns(
            demand=pl.when("right").then("demand"), household=pl.when("right").then("household")
        )
        .drop("home", "right")
    )
    unnamed = (
        rows.filter(pl.col("demand_id").is_null())
        .join(_only_debtors(demands), on=_HOUSE, how="left")
        .join(_debtors(demands), on=[*_HOUSE, "payer"], how="left")
        .with_columns(
            demand=pl.lit(None, pl.UInt32), household=pl.coalesce("household", "only_debtor")
        )
        .drop("only_debtor")
    )
    placed = pl.concat([named, unnamed], how="diagonal").with_columns(
        alone=pl.col("demand").is_not_null() & pl.lit(rule.excess == "overpaid")
    )
    ordered = placed.sort("household", "row").with_columns(
        switched=_differs("alone") & ~_differs("household")
    )
    count = pl.col("switched").cum_sum()
    phased = ordered.with_columns(
        phase=_since(count, _differs("household")),
        queue=pl.when("alone").then("demand"),
    ).sort("household", "phase", "queue", "row")
    begins = _differs("household") | _differs("phase") | _differs("queue")
    return phased.with_columns(place=_since(pl.int_range(pl.len()), begins)).sort("row")


def _debtors(demands: pl.DataFrame) -> pl.DataFrame:
    """Each debtor of a household, as the ``payer`` that a receipt may name."""
    return demands.select(*_HOUSE, "household", payer="debtor").unique()


def _only_debtors(demands: pl.DataFrame) -> pl.DataFrame:
    """The debtor of each household that has one alone."""
    alone = _debtors(demands).group_by(_HOUSE).agg(pl.col("household"))
    return alone.filter(pl.col("household").list.len() == 1).select(
        *_HOUSE, only_debtor=pl.col("household").list.first()
    )


def _differs(column: str) -> pl.Expr:
    """Whether a row begins a new run of a column's values; the first row does."""
    return pl.col(column).ne_missing(pl.col(column).shift(1)) | (pl.int_range(pl.len()) == 0)


def _since(count: pl.Expr, begins: pl.Expr) -> pl.Expr:
    """How far a count has gone since the last row that began a group (rows lie group by group)."""
    return count - pl.when(begins).then(count).forward_fill()


def _rounds(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """The receipts that have a household, round by round."""
    known = rows.filter(pl.col("household").is_not_null()).sort("phase", "place", "row")
    starts = known.select((_differs("phase") | _differs("place")).arg_true()).to_series()
    ends = [*starts[1:], known.height]
    return [known.slice(start, end - start) for start, end in zip(starts, ends, strict=False)]


def _pay(batch: pl.DataFrame, claims: pl.DataFrame) -> pl.DataFrame:
    """What each receipt of a round pays; none of them can touch a claim of another.

    Gives ``row, claim, left, take``: ``left`` is what was open before.
    """
    mine = batch.filter("alone").select("row", "demand", "amount")
    all_of_household = batch.filter(~pl.col("alone")).select(
        "row", "household", "amount", named="demand"
    )
    claims = claims.select("claim", "demand", "household", "left")
    candidates = pl.concat(
        [
            mine.join(claims, on="demand").select("row", "claim", "left", "amount", other=False),
            all_of_household.join(claims, on="household").select(
                "row",
                "claim",
                "left",
                "amount",
                other=(pl.col("demand") != pl.col("named")).fill_null(False),
            ),
        ]
    ).sort("row", "other", "claim")
    before = _since(pl.col("left").cum_sum() - pl.col("left"), _differs("row"))
    taken = pl.min_horizontal("left", pl.col("amount") - before)
    return (
        candidates.with_columns(take=taken)
        .filter(pl.col("take") > 0)
        .select("row", "claim", "left", "take")
    )


def _result(
    rows: pl.DataFrame, demands: pl.DataFrame, claims: pl.DataFrame, paid: list[pl.DataFrame]
) -> Allocation:
    nothing = {"row": pl.UInt32, "claim": pl.UInt32, "take": pl.Int64}
    lines = pl.concat([pl.DataFrame(schema=nothing), *paid]).sort("row", maintain_order=True)
    at = lines["claim"]
    of_receipt = rows["receipt"].gather(lines["row"])
    of_demand = demands["demand_id"].gather(claims["demand"].gather(at))
    rest = rows.filter(pl.col("rest") > 0)
    named = pl.col("demand").is_not_null()
    return Allocation(
        paid=pl.DataFrame(
            [
                of_receipt,
                rows["insurer_code"].gather(lines["row"]),
                of_demand,
                claims["component"].gather(at),
                lines["take"].alias("amount"),
            ]
        ),
        over=rest.filter(named).select("receipt", "insurer_code", "demand_id", amount="rest"),
        unknown=rest.filter(~named).select("receipt", "insurer_code", amount="rest"),
    )
