"""A year of fictional claims (レセプト) of a fictional city, for the statistics.

How often people of an age have claims is chosen so that there are some 15 a year for each insured
person, as in the nation (36,005万件 of 2,378万人); kinds, costs and benefits are invented. Shares
are parts of 10,000.
"""

from __future__ import annotations

import polars as pl

from kokuho.base.chance import draw, happens, states

COLUMNS = (
    "insurer_code", "claim_id", "person_id", "month", "kind", "cost", "high_cost",
)  # fmt: skip

MONTHS = 12
_FIRST_MONTH = 3
_BY_AGE = ((15, 5_200), (40, 3_200), (60, 6_200), (75, 9_400))
"""Below which age, and how many of 10,000 have a medical claim in a month."""

_DISPENSING, _DENTAL = 6_800, 1_500
_DPC = ((40, 40), (75, 160))
_BENEFIT_SHARE, _OWN_SHARE_LIMIT = 3, 80_000
"""Of a stay the benefit pays what three tenths of the cost are above this: invented."""


def claims(persons: pl.DataFrame, seed: int, fiscal_year: int) -> pl.DataFrame:
    """Claims of treatment from March of a fiscal year to the next February, by their number.

    Args:
        persons: of the city, as :func:`kokuho.sample.generate` gives them, of one insurer; those
            who are not insured, or joined or left in their own fiscal year, have none.
        seed: the same seed gives the same claims.
        fiscal_year: western year in which it starts.

    Returns:
        The columns of a file of ``kokuho import claims``.
    """
    there = persons.filter(pl.col("insured") & pl.col("joined_on").is_null())
    insurer = str(persons["insurer_code"][0]) if persons.height else ""
    born = pl.col("birth_date").cast(pl.String).str.slice(0, 4).cast(pl.Int32)
    months = pl.DataFrame({"at": range(MONTHS)}, schema={"at": pl.Int32})
    place = pl.col("person_id").cast(pl.UInt64) * 100_000 + (
        fiscal_year % 1_000 * 100 + pl.col("at")
    ).cast(pl.UInt64)
    index = _FIRST_MONTH - 1 + pl.col("at")
    each = (
        there.select("insurer_code", "person_id", age=fiscal_year - born)
        .join(months, how="cross")
        .with_columns(
            _state=states(place, seed, insurer),
            month=pl.format(
                "{}-{}",
                fiscal_year + index // 12,
                (index % 12 + 1).cast(pl.String).str.zfill(2),
            ),
        )
    )
    state = pl.col("_state")
    medical = happens(state, "medical", _share(_BY_AGE))
    kinds = {
        "medical": (medical, 4_000 + _skewed("medical cost") * 60),
        "dispensing": (
            medical & happens(state, "dispensing", _DISPENSING),
            2_000 + _skewed("dispensing cost") * 40,
        ),
        "dpc": (happens(state, "dpc", _share(_DPC)), 250_000 + _skewed("stay cost") * 3_000),
        "other": (happens(state, "dental", _DENTAL), 5_000 + _skewed("dental cost") * 30),
    }
    parts = [
        each.filter(whether).with_columns(kind=pl.lit(kind), cost=cost)
        for kind, (whether, cost) in kinds.items()
    ]
    benefit = pl.col("cost") * _BENEFIT_SHARE // 10 - _OWN_SHARE_LIMIT
    stay = pl.col("kind") == "dpc"
    return (
        pl.concat(parts)
        .with_columns(
            high_cost=pl.when(stay).then(pl.max_horizontal(benefit, 0)).otherwise(0),
            claim_id=pl.format("{}-{}-{}", "month", "person_id", "kind"),
        )
        .sort("claim_id")
        .select(COLUMNS)
    )


def _share(steps: tuple[tuple[int, int], ...]) -> pl.Expr:
    share = pl.lit(steps[-1][1])
    for below, value in reversed(steps):
        share = pl.when(pl.col("age") < below).then(value).otherwise(share)
    return share


def _skewed(purpose: str) -> pl.Expr:
    """A whole number from 0 to some 980, small ones more often: a square, cut."""
    dice = draw(pl.col("_state"), purpose, 1_000).cast(pl.Int64)
    return dice * dice // 1_018
